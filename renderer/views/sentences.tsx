// The sentences of a reply, as text and nothing else, each with the pages it leads to in the margin.
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { RunRow } from '../../main/common/api.ts';
import { citationChosen, type Selection, type State } from '../state.ts';
import type { Store } from '../store.ts';

type CitationValue = RunRow['reply']['sentences'][number]['citations'][number];

export function Sentences({ run, now, store }: { run: RunRow; now: State; store: Store }) {
  const { selection } = now;
  return (
    <ol className="sentences">
      {run.reply.sentences.map((sentence, s) => {
        const chosen = selection?.run === run.id && selection.sentence === s;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stored reply never changes
          <li key={s} className="sentence" data-chosen={chosen || undefined}>
            <p dir="auto">{sentence.text}</p>
            <span className="chips">
              {sentence.citations.map((citation, c) => (
                <Chip
                  key={`${citation.start}-${citation.end}`}
                  citation={citation}
                  text={sentence.text}
                  chosen={chosen && selection.citation === c}
                  onChoose={() => {
                    const choice: Selection = { run: run.id, sentence: s, citation: c };
                    store.update((state) => citationChosen(state, choice));
                  }}
                />
              ))}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const STATUS = {
  verified: 'These words stand on the page.',
  repaired: 'Found on the page after small repairs.',
  unverified: 'Not found word for word; only the page is known.',
};

interface ChipProps {
  citation: CitationValue;
  /** Of the sentence that it stands beside. */
  text: string;
  chosen: boolean;
  onChoose(): void;
}

function Chip({ citation, text, chosen, onChoose }: ChipProps) {
  const { page, label, quote, status } = citation;
  return (
    <TooltipTrigger delay={600}>
      <Button
        className="chip"
        data-status={status}
        data-chosen={chosen || undefined}
        aria-label={`p. ${page}, show in the document`}
        aria-current={chosen || undefined}
        onPress={onChoose}
      >
        p. {page}
      </Button>
      <Tooltip className={quote === text ? 'tooltip' : 'tooltip quote'} placement="top end" offset={6}>
        {quote !== text && (
          <span className="quote-words">{quote.length > 240 ? `${quote.slice(0, 240)}…` : quote}</span>
        )}
        {label && `Printed page ${label}. `}
        {STATUS[status]}
      </Tooltip>
    </TooltipTrigger>
  );
}
