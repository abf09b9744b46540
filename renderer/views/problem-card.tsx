// What went wrong, or was done and can be undone, in one sentence, with one thing to do about it. The rest of the window goes on.
import { CircleAlert, Undo2, X } from 'lucide-react';
import { pagesPhrase } from '../format.ts';
import type { Problem, Remedy } from '../problems.ts';
import type { ViewProps } from './view-props.ts';

const WORDS: Record<Exclude<Remedy['kind'], 'pages'>, string> = {
  open: 'Open another document',
  retry: 'Try again',
  recognise: 'Recognise the text',
  undo: 'Undo',
};

const words = (remedy: Remedy): string =>
  remedy.kind === 'pages' ? `Read ${pagesPhrase([remedy.pages])}` : WORDS[remedy.kind];

export function ProblemCard({ problem, store, session, chooseFile }: ViewProps & { problem: Problem }) {
  const { remedy, notice } = problem;
  const Icon = notice ? Undo2 : CircleAlert;
  const close = () => store.update((s) => ({ ...s, problem: undefined }));
  const act = () => {
    close();
    if (remedy?.kind === 'open') chooseFile();
    else if (remedy?.kind === 'pages') session.againWith(remedy.pages);
    else if (remedy?.kind === 'recognise') void session.recogniseRefused();
    else session.again();
  };
  return (
    <section
      className="problem"
      role={notice ? 'status' : 'alert'}
      aria-label={notice ? 'Done' : 'Problem'}
      data-notice={notice}
    >
      <Icon className="problem-icon" size={20} strokeWidth={1.75} aria-hidden="true" />
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
