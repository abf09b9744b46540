// The summary: an invitation to make one, its progress, or its sentences with the pages they lead to.
import { ScanText, ScrollText } from 'lucide-react';
import type { RunRow } from '../../main/common/api.ts';
import { scanNote } from '../../reading/layout/assemble.ts';
import { pagesPhrase, plural } from '../format.ts';
import { citationChosen } from '../places.ts';
import { shownSummary } from '../state.ts';
import { blindTo, PLACE } from './blind-to.ts';
import { ChoiceCard } from './choice-card.tsx';
import { CopyButton } from './copy-button.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Interrupted } from './interrupted.tsx';
import { JobProgress } from './progress.tsx';
import { Receipt } from './receipt.tsx';
import { Sentences } from './sentences.tsx';
import { OpeningBar } from './start.tsx';
import { StatusCount } from './status.tsx';
import { SummaryOptions } from './summary-options.tsx';
import type { ViewProps } from './view-props.ts';

export const SummaryTab = blindTo(Summary, PLACE);

function Summary(props: ViewProps) {
  const { now, session, store } = props;
  const { document, opening, job } = now;
  const run = shownSummary(now);
  if (opening || !document?.read)
    return (
      <div className="reply-scroll">
        <Title {...props} />
        {opening && <OpeningBar opening={opening} onStop={session.stopOpening} />}
      </div>
    );
  if (job?.kind === 'summary')
    return (
      <div className="reply-scroll">
        <Title {...props} />
        <JobProgress job={job} parts={document.parts} byShell={now.notifies} onStop={session.stop} />
      </div>
    );
  if (!run)
    return (
      <div className="reply-scroll">
        <Title {...props} />
        <Interrupted {...props} kind="summary" />
        <Invitation {...props} />
      </div>
    );
  return (
    <article className="reply-scroll" id={`run-${run.id}`} aria-label="Summary">
      <Title {...props} />
      <Interrupted {...props} kind="summary" />
      <p className="reply-about">
        <span>{about(run.reply)}</span>
        <StatusCount sentences={run.reply.sentences} />
      </p>
      <Sentences
        run={run}
        selection={now.selection}
        title={document.read.title}
        choose={(selection) => store.update((s) => citationChosen(s, selection))}
      />
      {run.reply.sentences.length === 0 && <p className="not-found">{nothing(run.reply)}</p>}
      <Receipt reply={run.reply} pages={document.read.pages.length} />
      <footer className="reply-foot">
        <CopyButton reply={run.reply} title={document.read.title} />
        <ExportMenu
          choices={[
            { name: 'This summary', save: (format) => void session.exportRuns([run], format) },
            { name: 'All replies', save: (format) => void session.exportRuns(now.runs, format) },
          ]}
        />
        <details className="again">
          <summary>Summarise again</summary>
          <Invitation {...props} />
        </details>
      </footer>
    </article>
  );
}

function Title({ now, session }: ViewProps) {
  const { document } = now;
  const read = document?.read;
  const scans = read && scanNote(read.pages);
  return (
    <header className="reply-title" data-landing tabIndex={-1}>
      <h2 dir="auto">{read?.title ?? document?.name}</h2>
      {read && (
        <p>
          {plural(read.pages.length, 'page')} · {plural(read.words, 'word')}
        </p>
      )}
      {read?.notes
        .filter((note) => note !== scans)
        .map((note) => (
          <p key={note} className="note">
            {note}
          </p>
        ))}
      {scans && <Scans note={scans} onRecognise={() => void session.recognise()} />}
    </header>
  );
}

/** What can be done about pages that are pictures, beside the note that they are. */
const Scans = ({ note, onRecognise }: { note: string; onRecognise(): void }) => (
  <div className="todo scans">
    <ScanText size={18} strokeWidth={1.7} aria-hidden="true" />
    <p>
      <strong>{note}</strong> What is printed there can be recognised on this machine: English, some seconds a page.
    </p>
    <div className="todo-acts">
      <button type="button" className="button primary" onClick={onRecognise}>
        Recognise the text
      </button>
    </div>
  </div>
);

const about = ({ sentences, window, mode, purpose, parts }: RunRow['reply']): string => {
  const words = mode === 'prose' ? 'told by the model' : 'word for word';
  const read = parts ? `, read in ${plural(parts.length, 'part')}` : '';
  const what = purpose ? ` (${purpose})` : '';
  return `${plural(sentences.length, 'sentence')} from ${pagesPhrase(window.pagesRead)}${read}, ${words}${what}`;
};

const nothing = ({ mode }: RunRow['reply']): string =>
  mode === 'prose'
    ? 'The model wrote nothing that can be shown. Summarise it word for word, or choose another model.'
    : 'No sentence was found that carries this document. Its text is beside this, under Text.';

function Invitation(props: ViewProps) {
  const { now, session } = props;
  const { refused, chosen, wordsChoose } = now.document!;
  return (
    <section className="invite" aria-label="Make a summary">
      {(!refused || wordsChoose) && (
        <p>
          {wordsChoose
            ? 'The sentences that carry the document come back at once, chosen by their words out of all of its pages.'
            : 'The whole document is laid before the model, and the sentences that carry it come back.'}{' '}
          Each one leads to its place on the page.
        </p>
      )}
      <SummaryOptions {...props} />
      {refused && !chosen.inParts && !wordsChoose ? (
        <ChoiceCard {...props} />
      ) : (
        <button
          type="button"
          className="button primary large"
          onClick={() => void session.summarise()}
          disabled={now.job !== undefined}
        >
          <ScrollText size={17} strokeWidth={1.75} aria-hidden="true" /> Summarise
        </button>
      )}
    </section>
  );
}
