// A job under way: its stages, how far the present one is, how long it will take, and Stop.
import { Check } from 'lucide-react';
import type { Stage } from '../../reading/document.ts';
import { count, share, timeLeft } from '../format.ts';
import type { Job } from '../state.ts';

const STAGES: readonly Stage[] = ['model', 'window', 'rank'];

export function stageName(stage: Stage | undefined, kind: Job['kind']): string {
  if (stage === 'pages') return 'Reading the pages';
  if (stage === 'window') return 'Reading the document into the model';
  if (stage === 'rank') return kind === 'summary' ? 'Choosing the sentences that carry it' : 'Looking for the answer';
  return 'Waking the model';
}

const UNIT: Partial<Record<Stage, string>> = { window: 'tokens', rank: 'sentences' };

function amount({ stage, done, total }: { stage: Stage; done: number; total: number }): string {
  const unit = UNIT[stage];
  return unit && total ? `${count(done)} of ${count(total)} ${unit}` : '';
}

export function JobProgress({ job, onStop }: { job: Job; onStop(): void }) {
  const { progress } = job;
  const at = Math.max(0, STAGES.indexOf(progress?.stage ?? 'model'));
  const done = progress ? share(progress.done, progress.total) : 0;
  const left = progress?.secondsLeft;
  return (
    <section className="job" aria-label={job.kind === 'summary' ? 'Summary under way' : 'Answer under way'}>
      <ol className="stages">
        {STAGES.map((stage, i) => (
          <li key={stage} data-state={i < at ? 'done' : i === at ? 'now' : 'later'}>
            <span className="stage-dot">{i < at && <Check size={11} strokeWidth={3} aria-hidden="true" />}</span>
            <span className="stage-name">{stageName(stage, job.kind)}</span>
            {i === at && progress && (
              <span className="stage-share">{progress.total > 0 && `${Math.floor(done * 100)} %`}</span>
            )}
          </li>
        ))}
      </ol>
      <progress className="bar" max={1} value={done} aria-label={stageName(progress?.stage, job.kind)} />
      {job.notice && <p role="status">{job.notice}</p>}
      <div className="job-foot">
        <p>{[progress && amount(progress), left !== undefined && timeLeft(left)].filter(Boolean).join(' · ')}</p>
        <button type="button" className="button" onClick={onStop} disabled={job.stopping}>
          {job.stopping ? 'Stopping…' : 'Stop'} <kbd>Esc</kbd>
        </button>
      </div>
    </section>
  );
}
