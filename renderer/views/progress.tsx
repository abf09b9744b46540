// A job under way: its stages, how far the present one is, how long it will take, and Stop.
import { Bell, Check } from 'lucide-react';
import { useState } from 'react';
import type { Stage } from '../../reading/document.ts';
import type { PartSpan } from '../engine/engine-protocol.ts';
import { partAt } from '../engine/ribbon.ts';
import { count, pagesPhrase, share, timeLeft } from '../format.ts';
import { askLeave, notifyState } from '../notifications.ts';
import type { Job } from '../state.ts';

const STAGES: readonly Stage[] = ['model', 'window', 'rank'];
const STAGES_IN_PARTS: readonly Stage[] = ['model', 'parts'];
const STAGES_OF_PROSE: readonly Stage[] = ['model', 'window', 'write'];

export function stageName(stage: Stage | undefined, kind: Job['kind']): string {
  if (stage === 'pages') return 'Reading the pages';
  if (stage === 'recognise') return 'Recognising text in pictures';
  if (stage === 'parts') return 'Reading part by part';
  if (stage === 'write') return 'Writing';
  if (stage === 'window') return 'Reading the document into the model';
  if (stage === 'rank') return kind === 'summary' ? 'Choosing the sentences that carry it' : 'Looking for the answer';
  return 'Waking the model';
}

const UNIT: Partial<Record<Stage, string>> = { window: 'tokens', parts: 'tokens', rank: 'sentences' };

function amount({ stage, done, total }: { stage: Stage; done: number; total: number }): string {
  const unit = UNIT[stage];
  return unit && total ? `${count(done)} of ${count(total)} ${unit}` : '';
}

interface JobProgressProps {
  job: Job;
  /** Of a document beyond the window. */
  parts?: readonly PartSpan[];
  /** The shell can notify. */
  byShell: boolean;
  onStop(): void;
}

/** Seconds. */
const WORTH_TELLING = 20;

/** The browser is asked for leave to notify here, where it is of use, and only once. */
function Tell({ shown, byShell }: { shown: boolean; byShell: boolean }) {
  const [leave, setLeave] = useState(() => notifyState(byShell));
  if (!shown || leave !== 'ask') return null;
  return (
    <button type="button" className="button quiet" onClick={() => void askLeave(byShell).then(setLeave)}>
      <Bell size={15} strokeWidth={1.75} aria-hidden="true" /> Tell me when it is done
    </button>
  );
}

const stagesOf = ({ inParts, prose, progress }: Job): readonly Stage[] =>
  inParts || progress?.stage === 'parts' ? STAGES_IN_PARTS : prose ? STAGES_OF_PROSE : STAGES;

/** "Part 3 of 12, pages 40–61", or that the parts are summed up. */
function partWords(parts: readonly PartSpan[], done: number): string {
  const at = partAt(parts, done);
  if (at === undefined) return 'Every page was read; summing up';
  return `Part ${at + 1} of ${parts.length}, ${pagesPhrase([parts[at]!.pages])}`;
}

export function JobProgress({ job, parts, byShell, onStop }: JobProgressProps) {
  const { progress } = job;
  const stages = stagesOf(job);
  const at = Math.max(0, stages.indexOf(progress?.stage ?? 'model'));
  const done = progress ? share(progress.done, progress.total) : 0;
  const left = progress?.secondsLeft;
  return (
    <section className="job" aria-label={job.kind === 'summary' ? 'Summary under way' : 'Answer under way'}>
      <ol className="stages">
        {stages.map((stage, i) => (
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
      {parts && progress?.stage === 'parts' && <p className="job-part">{partWords(parts, progress.done)}</p>}
      {job.notice && <p role="status">{job.notice}</p>}
      {job.written && <p className="job-written">{job.written.text}</p>}
      <div className="job-foot">
        <p>{[progress && amount(progress), left !== undefined && timeLeft(left)].filter(Boolean).join(' · ')}</p>
        <Tell shown={(left ?? 0) > WORTH_TELLING} byShell={byShell} />
        <button type="button" className="button" onClick={onStop} disabled={job.stopping}>
          {job.stopping ? 'Stopping…' : 'Stop'} <kbd>Esc</kbd>
        </button>
      </div>
    </section>
  );
}
