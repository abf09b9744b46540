// Copies a reply with its pages, and says for a moment that it did.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RunRow } from '../../main/common/api.ts';
import { copyOf, putOnClipboard } from '../replies/copying.ts';

/** Milliseconds that it is said. */
const MOMENT = 2_000;

interface CopyButtonProps {
  reply: RunRow['reply'];
  /** Of its document. */
  title: string;
  quiet?: boolean;
}

export function CopyButton({ reply, title, quiet }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), MOMENT);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => setSaid(putOnClipboard(copyOf(reply, title)) ? 'Copied' : 'Could not be copied');
  const Icon = said === 'Copied' ? Check : Copy;
  return (
    <button type="button" className={quiet ? 'button quiet' : 'button'} onClick={copy}>
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" /> <span aria-live="polite">{said || 'Copy'}</span>
    </button>
  );
}
