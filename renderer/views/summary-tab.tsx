// The summary: an invitation to make one, its progress, or its sentences with the pages they lead to.
import { ScrollText } from 'lucide-react';
import type { ViewProps } from '../app.tsx';
import { pagesPhrase, plural } from '../format.ts';
import type { Problem } from '../problems.ts';
import { shownSummary } from '../state.ts';
import { JobProgress } from './progress.tsx';
import { Receipt } from './receipt.tsx';
import { Sentences } from './sentences.tsx';
import { OpeningBar } from './start.tsx';

export function SummaryTab(props: ViewProps) {
  const { now, session, store } = props;
  const { document, opening, job } = now;
  const run = shownSummary(now);
  if (opening || !document?.read)
    return (
      <div className="reply-scroll">
        <Title {...props} />
        {opening && <OpeningBar opening={opening} />}
      </div>
    );
  if (job?.kind === 'summary')
    return (
      <div className="reply-scroll">
        <Title {...props} />
        <JobProgress job={job} onStop={session.stop} />
      </div>
    );
  if (!run)
    return (
      <div className="reply-scroll">
        <Title {...props} />
        <Invitation {...props} />
      </div>
    );
  return (
    <article className="reply-scroll" id={`run-${run.id}`} aria-label="Summary">
      <Title {...props} />
      <p className="reply-about">
        {plural(run.reply.sentences.length, 'sentence')} from {pagesPhrase(run.reply.window.pagesRead)}, word for word
      </p>
      <Sentences run={run} now={now} store={store} />
      <Receipt reply={run.reply} />
      <p className="reply-again">
        <button
          type="button"
          className="button"
          onClick={() => void session.summarise(document.refused && run.reply.window.pagesRead)}
          disabled={job !== undefined}
        >
          Summarise again
        </button>
      </p>
    </article>
  );
}

function Title({ now }: ViewProps) {
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
      {read?.notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </header>
  );
}

function Invitation(props: ViewProps) {
  const { now, session } = props;
  const { refused } = now.document!;
  if (refused) return <TooLong {...props} problem={refused} />;
  return (
    <section className="invite" aria-label="Make a summary">
      <p>
        The whole document is laid before the model, and the sentences that carry it come back word for word. Each one
        leads to its place on the page.
      </p>
      <button
        type="button"
        className="button primary large"
        onClick={() => void session.summarise()}
        disabled={now.job !== undefined}
      >
        <ScrollText size={17} strokeWidth={1.75} aria-hidden="true" /> Summarise
      </button>
    </section>
  );
}

/** The choice when the document does not fit: nothing is left out unless the reader says which pages to read. */
function TooLong({ now, session, problem }: ViewProps & { problem: Problem }) {
  const { remedy } = problem;
  return (
    <section className="invite" aria-label="Make a summary">
      <p>{problem.sentence}</p>
      {remedy?.kind === 'pages' && (
        <button
          type="button"
          className="button primary large"
          onClick={() => void session.summarise([remedy.pages])}
          disabled={now.job !== undefined}
        >
          <ScrollText size={17} strokeWidth={1.75} aria-hidden="true" /> Summarise {pagesPhrase([remedy.pages])}
        </button>
      )}
    </section>
  );
}
