// Whether what a reply says stands in the document: a sign and words, never colour alone.
import { BadgeCheck, CircleDashed, CircleHelp, type LucideIcon, Wrench } from 'lucide-react';
import type { ReplySentence, Status } from '../../reading/document.ts';

export type { Status };

export const STATUS_ICON: Record<Status, LucideIcon> = {
  verified: BadgeCheck,
  repaired: Wrench,
  near: CircleDashed,
  unverified: CircleHelp,
};

/** Of a quotation, in the words of a tooltip. */
export const QUOTE_STATUS: Record<Status, string> = {
  verified: 'These words stand on the page.',
  repaired: 'Found on the page after small repairs.',
  near: 'The nearest sentence of the document.',
  unverified: 'Not found word for word; only the page is known.',
};

/** Of a quotation from a scan: what was compared is what was recognised. */
export const RECOGNISED_QUOTE = 'These words were recognised in a picture of the page. Compare them with it.';

const SENTENCE_STATUS: Record<Status, string> = {
  verified: 'Borne out by the pages cited',
  repaired: 'Repaired: a quotation in it was set right',
  near: 'Near: its names and numbers stand on the page cited; read there whether it says so',
  unverified: 'Unverified: no sentence of the document was found that says this',
};

const QUOTE_WORDS: Record<Status, string> = {
  verified: 'Verified, word for word',
  repaired: 'Repaired: found after small repairs',
  near: 'Near: not word for word',
  unverified: 'Unverified: not found word for word',
};

const WORST: readonly Status[] = ['unverified', 'near', 'repaired', 'verified'];

/** Of a sentence: its own, or the worst of its quotations. */
export const statusOf = ({ status, citations }: ReplySentence): Status =>
  status ?? WORST.find((one) => citations.some((citation) => citation.status === one)) ?? 'unverified';

/** Under a sentence that is not simply verified. */
export function StatusMark({ sentence }: { sentence: ReplySentence }) {
  const status = statusOf(sentence);
  if (status === 'verified') return null;
  const Icon = STATUS_ICON[status];
  return (
    <span className="status" data-status={status}>
      <Icon size={13} strokeWidth={2} aria-hidden="true" />
      {(sentence.status ? SENTENCE_STATUS : QUOTE_WORDS)[status]}
      {sentence.status === 'unverified' && sentence.citations.length > 0 && '; the nearest is cited'}
    </span>
  );
}

/** How many of a reply's sentences are what, in words. */
export function StatusCount({ sentences }: { sentences: readonly ReplySentence[] }) {
  const counts = WORST.toReversed().map((status) => ({
    status,
    count: sentences.filter((sentence) => statusOf(sentence) === status).length,
  }));
  return (
    <span className="status-counts">
      {counts
        .filter(({ count }) => count > 0)
        .map(({ status, count }) => {
          const Icon = STATUS_ICON[status];
          return (
            <span key={status} className="status" data-status={status}>
              <Icon size={13} strokeWidth={2} aria-hidden="true" />
              {count === sentences.length ? `all ${status}` : `${count} ${status}`}
            </span>
          );
        })}
    </span>
  );
}
