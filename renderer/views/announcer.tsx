// What a screen reader is told while a job runs: the beginning of a stage and its end, never every percent. Downloads go on beside
// whatever else is done, and are told of apart.
import { useEffect, useRef, useState } from 'react';
import type { DownloadRow } from '../../main/common/api.ts';
import { endedWords } from '../models/model-words.ts';
import { comparingShown, type State } from '../state.ts';
import { stageName } from './progress.tsx';

export function Announcer({ now }: { now: State }) {
  return (
    <>
      <div className="unseen" role="status">
        {sentence(now)}
      </div>
      <EndedDownloads downloads={now.downloads} />
    </>
  );
}

function EndedDownloads({ downloads }: { downloads: readonly DownloadRow[] }) {
  const before = useRef(downloads);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = endedWords(before.current, downloads);
    before.current = downloads;
    if (words) setSaid(words);
  }, [downloads]);
  return (
    <div className="unseen" role="status">
      {said}
    </div>
  );
}

function sentence(now: State): string {
  const { opening, job, document, runs } = now;
  // Its view says itself how far it is.
  if (comparingShown(now)) return '';
  if (opening) return `Reading the pages of ${opening.name}.`;
  if (job) return job.stopping ? 'Stopping.' : `${stageName(job.progress?.stage, job.kind)}.`;
  const last = runs.at(-1)?.reply;
  if (last?.kind === 'summary') return `The summary has ${last.sentences.length} sentences.`;
  if (last) return last.found ? 'The answer is ready.' : 'The document does not say.';
  return document?.read ? `${document.read.title} is open.` : '';
}
