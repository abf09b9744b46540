// The summary: an invitation to make one, its progress, or its sentences with the pages they lead to.
import { ScrollText } from 'lucide-react';
import type { RunRow } from '../../main/common/api.ts';
import type { ViewProps } from '../app.tsx';
import { pagesPhrase, plural } from '../format.ts';
import { shownSummary } from '../state.ts';
import { ChoiceCard } from './choice-card.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Interrupted } from './interrupted.tsx';
import { JobProgress } from './progress.tsx';
import { Receipt } from './receipt.tsx';
import { Sentences } from './sentences.tsx';
import { OpeningBar } from './start.tsx';
import { StatusCount } from './status.tsx';
import { SummaryOptions } from './summary-options.tsx';

export function SummaryTab(props: ViewProps) {
  const { now, session, store } = props;
  const { document, opening, job } = now;
  const run = shownSummary(now);
  if (opening || !document?.read)
    return (
      <div className="reply-scroll">
        <Title {...props} />
        {opening && <OpeningBar opening={opening} onStop={session.closeDocument} />}
      </div>
    );
  if (job?.kind === 'summary')
    return (
      <div className="reply-scroll">
        <Title {...props} />
        <JobProgress job={job} parts={document.parts} onStop={session.stop} />
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
      <Sentences run={run} now={now} store={store} />
      <Receipt reply={run.reply} pages={document.read.pages.length} />
      <footer className="reply-foot">
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
  return (
    <header className="reply-title" data-landing tabIndex={-1}>
      <h2 dir="auto">{read?.title ?? document?.name}</h2>
      {read && (
        <p>
          {plural(read.pages.length, 'page')} · {plural(read.words, 'word')}
        </p>
      )}
      {read?.pages.some((page) => page.state === 'scanned') && (
        <button type="button" className="button" onClick={() => void session.recognise()}>
          Recognise the text of scanned pages
        </button>
      )}
      {read?.notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </header>
  );
}

const about = ({ sentences, window, mode, purpose, parts }: RunRow['reply']): string => {
  const words = mode === 'prose' ? 'told by the model' : 'word for word';
  const read = parts ? `, read in ${plural(parts.length, 'part')}` : '';
  const what = purpose ? ` (${purpose})` : '';
  return `${plural(sentences.length, 'sentence')} from ${pagesPhrase(window.pagesRead)}${read}, ${words}${what}`;
};

function Invitation(props: ViewProps) {
  const { now, session } = props;
  const { refused, chosen } = now.document!;
  return (
    <section className="invite" aria-label="Make a summary">
      {!refused && (
        <p>
          The whole document is laid before the model, and the sentences that carry it come back. Each one leads to its
          place on the page.
        </p>
      )}
      <SummaryOptions {...props} />
      {refused && !chosen.inParts ? (
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
