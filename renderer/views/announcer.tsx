// What a screen reader is told while a job runs: the beginning of a stage and its end, never every percent.
import type { State } from '../state.ts';
import { stageName } from './progress.tsx';

export function Announcer({ now }: { now: State }) {
  return (
    <div className="unseen" role="status" aria-live="polite">
      {sentence(now)}
    </div>
  );
}

function sentence({ opening, job, document, runs, comparing, downloads }: State): string {
  const coming = downloads.find(({ state }) => state === 'fetching');
  // Its view says itself how far it is.
  if (comparing) return '';
  if (opening) return `Reading the pages of ${opening.name}.`;
  if (job) return job.stopping ? 'Stopping.' : `${stageName(job.progress?.stage, job.kind)}.`;
  if (coming) return `${coming.name} is being downloaded.`;
  const last = runs.at(-1)?.reply;
  if (last?.kind === 'summary') return `The summary has ${last.sentences.length} sentences.`;
  if (last) return last.found ? 'The answer is ready.' : 'The document does not say.';
  return document?.read ? `${document.read.title} is open.` : '';
}
