// Beside every reply: what read it, how much of the document, how far the window was stretched, and how long it took; the same
// lines that an export has.
import type { RunRow } from '../../main/common/api.ts';
import { receiptFacts } from '../../reading/replies/receipt.ts';

/** `pages` of the document. */
export function Receipt({ reply, pages }: { reply: RunRow['reply']; pages: number }) {
  return (
    <dl className="receipt" aria-label="How this was read">
      {receiptFacts(reply, pages).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{name.includes('SHA-256') ? <Hash value={value} /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Its beginning is enough to tell files apart by eye; all of it is there to be copied. */
const Hash = ({ value }: { value: string }) => (
  <code className="hash" title={value}>
    {value}
  </code>
);
