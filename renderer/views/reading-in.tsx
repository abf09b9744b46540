// Under the ribbon: how far the model has read the document behind the reader's back, and Stop; and when it was stopped, Go on.
import { BookOpenCheck, TriangleAlert } from 'lucide-react';
import { share, timeLeft } from '../format.ts';
import type { ViewProps } from './view-props.ts';

export function ReadingInLine({ now, session }: Pick<ViewProps, 'now' | 'session'>) {
  const readIn = now.document?.readIn;
  if (!readIn || readIn.done || now.job) return null;
  const { progress, stopped, problem } = readIn;
  if (problem)
    return (
      <p className="reading-in">
        <TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" /> <span>{problem}</span>
      </p>
    );
  // How long it takes to wake the model says nothing of the reading.
  const left = progress?.stage === 'window' ? progress.secondsLeft : undefined;
  const done = progress?.stage === 'window' ? Math.floor(100 * share(progress.done, progress.total)) : 0;
  return (
    <p className="reading-in">
      <BookOpenCheck size={15} strokeWidth={1.75} aria-hidden="true" />
      <span>
        {stopped
          ? 'The model has not read all of it. Answers are chosen by words alone.'
          : `The model reads it too, for your questions: ${done} %${left === undefined ? '' : ` · ${timeLeft(left)}`}`}
      </span>
      <button
        type="button"
        className="link"
        onClick={() => (stopped ? void session.readIn() : session.stopReadingIn())}
      >
        {stopped ? 'Go on' : 'Stop'}
        <span className="unseen"> reading it into the model</span>
      </button>
    </p>
  );
}
