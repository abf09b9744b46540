// Beside every reply: what read it, how much of the document, how far the window was stretched, and how long it took.
import type { RunRow } from '../../main/common/api.ts';
import { count, ranges, replyTime, span } from '../format.ts';

export function Receipt({ reply }: { reply: RunRow['reply'] }) {
  const { window, model, adapter, timing } = reply;
  const facts: [string, string][] = [
    ['Model', `${model.name}, ${model.types.join(' + ')}`],
    ['Pages read', ranges(window.pagesRead) || 'none'],
    ...(window.pagesLeftOut.length ? [['Left out', ranges(window.pagesLeftOut)] as [string, string]] : []),
    [
      'Window',
      `${count(window.tokens)} tokens${timing.reusedTokens ? ` (${count(timing.reusedTokens)} read before)` : ''}`,
    ],
    ['Stretched', window.factor > 1 ? `×${window.factor} from ${count(window.native)}` : 'not at all'],
    ['Time', span(replyTime(reply))],
    ['Computed by', adapter.software ? `${adapter.name} (software)` : adapter.name],
  ];
  return (
    <dl className="receipt" aria-label="How this was read">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
