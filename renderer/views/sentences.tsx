// The sentences of a reply, as text and nothing else, each with the pages it leads to in the margin.
import { ScanText } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { RunRow } from '../../main/common/api.ts';
import type { Selection, State } from '../state.ts';
import { QUOTE_STATUS, RECOGNISED_QUOTE, STATUS_ICON, StatusMark } from './status.tsx';

type CitationValue = RunRow['reply']['sentences'][number]['citations'][number];

interface SentencesProps {
  run: RunRow;
  selection: State['selection'];
  /** Of the document, where it stands above them: a part of that name needs no heading of its own. */
  title?: string;
  /** Shows what a sentence was taken from. */
  choose(selection: Selection): void;
}

export function Sentences({ run, selection, title, choose }: SentencesProps) {
  return (
    <ol className="sentences">
      {run.reply.sentences.map((sentence, s, all) => {
        const section = sentence.section !== all[s - 1]?.section ? sentence.section : undefined;
        const chosen = selection?.run === run.id && selection.sentence === s;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stored reply never changes
          <li key={s} className="sentence" data-chosen={chosen || undefined}>
            {section && section !== title && (
              <h3 className="sentence-section" dir="auto">
                {section}
              </h3>
            )}
            <p dir="auto">{sentence.text}</p>
            <span className="chips">
              {sentence.citations.map((citation, c) => (
                <Chip
                  key={`${citation.start}-${citation.end}`}
                  citation={citation}
                  text={sentence.text}
                  chosen={chosen && selection.citation === c}
                  onChoose={() => choose({ run: run.id, sentence: s, citation: c })}
                />
              ))}
            </span>
            <StatusMark sentence={sentence} />
            {sentence.citations.some(({ recognised }) => recognised) && <RecognisedMark />}
          </li>
        );
      })}
    </ol>
  );
}

/** Under a sentence that quotes a scan. */
const RecognisedMark = () => (
  <span className="status" data-status="recognised">
    <ScanText size={13} strokeWidth={2} aria-hidden="true" />
    Recognised from a scan; it may hold mistakes
  </span>
);

interface ChipProps {
  citation: CitationValue;
  /** Of the sentence that it stands beside. */
  text: string;
  chosen: boolean;
  onChoose(): void;
}

function Chip({ citation, text, chosen, onChoose }: ChipProps) {
  const { page, label, quote, status, recognised } = citation;
  const Icon = STATUS_ICON[status];
  return (
    <TooltipTrigger delay={600}>
      <Button
        className="chip"
        data-status={status}
        data-chosen={chosen || undefined}
        aria-label={`p. ${page}, ${recognised ? 'recognised from a scan, ' : ''}${status}, show in the document`}
        aria-current={chosen || undefined}
        onPress={onChoose}
      >
        <Icon size={12} strokeWidth={2.2} aria-hidden="true" />
        p. {page}
      </Button>
      <Tooltip className={quote === text ? 'tooltip' : 'tooltip quote'} placement="top end" offset={6}>
        {quote !== text && (
          <span className="quote-words">{quote.length > 240 ? `${quote.slice(0, 240)}…` : quote}</span>
        )}
        {label && `Printed page ${label}. `}
        {recognised ? RECOGNISED_QUOTE : QUOTE_STATUS[status]}
      </Tooltip>
    </TooltipTrigger>
  );
}
