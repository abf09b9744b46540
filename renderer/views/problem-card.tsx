// What went wrong, in one sentence, with one thing to do about it. The rest of the window goes on.
import { CircleAlert, X } from 'lucide-react';
import { pagesPhrase } from '../format.ts';
import type { Problem, Remedy } from '../problems.ts';
import type { ViewProps } from './view-props.ts';

const words = (remedy: Remedy): string =>
  remedy.kind === 'open'
    ? 'Open another document'
    : remedy.kind === 'retry'
      ? 'Try again'
      : remedy.kind === 'recognise'
        ? 'Recognise the text'
        : `Read ${pagesPhrase([remedy.pages])}`;

export function ProblemCard({ problem, store, session, chooseFile }: ViewProps & { problem: Problem }) {
  const { remedy } = problem;
  const close = () => store.update((s) => ({ ...s, problem: undefined }));
  const act = () => {
    close();
    if (remedy?.kind === 'open') chooseFile();
    else if (remedy?.kind === 'pages') session.againWith(remedy.pages);
    else if (remedy?.kind === 'recognise') void session.recogniseRefused();
    else session.again();
  };
  return (
    <section className="problem" role="alert" aria-label="Problem">
      <CircleAlert className="problem-icon" size={20} strokeWidth={1.75} aria-hidden="true" />
      <p>{problem.sentence}</p>
      {remedy && (
        <button type="button" className="button" onClick={act}>
          {words(remedy)}
        </button>
      )}
      <button type="button" className="icon-button" onClick={close} aria-label="Close this message">
        <X size={16} aria-hidden="true" />
      </button>
    </section>
  );
}
