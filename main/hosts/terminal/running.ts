// One command from its start to its exit code: 0 done, 1 it could not (one sentence on stderr), 130 stopped by Ctrl+C.

import { say } from './output.ts';
import { detailsOf, sentenceOf } from './problems.ts';
import { type ProgressView, showProgress } from './progress.ts';

export interface Running {
  readonly signal: AbortSignal;
  readonly progress: ProgressView;
  /** A line on stderr, beside the progress bar and not into it. */
  say(line: string): void;
  /** Says what is wrong with one of several files; the command goes on with the next and ends with 1. */
  fail(error: unknown, path?: string): void;
  /** Called in reverse order when the command ends, however it ends. */
  atEnd(release: () => unknown): void;
}

export const STOPPED = 130;

/** Resolves to the exit code; never rejects. */
export async function runCommand(work: (running: Running) => Promise<void>, debug: boolean): Promise<number> {
  const abort = new AbortController();
  const progress = showProgress();
  const releases: (() => unknown)[] = [];
  let failed = false;
  const fail = (error: unknown, path?: string) => {
    failed = true;
    progress.end();
    say(sentenceOf(error, path));
    if (debug) say(detailsOf(error));
  };
  const stop = () => {
    // Whoever presses it again does not want to wait for the current step.
    if (abort.signal.aborted) process.exit(STOPPED);
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const running: Running = {
    signal: abort.signal,
    progress,
    fail,
    say: (line) => {
      progress.end();
      say(line);
    },
    atEnd: (release) => {
      releases.push(release);
    },
  };
  try {
    await work(running);
  } catch (error) {
    if (!abort.signal.aborted) fail(error);
  } finally {
    progress.end();
    for (const release of releases.reverse()) await Promise.resolve(release()).catch(() => undefined);
  }
  if (!abort.signal.aborted) return failed ? 1 : 0;
  say('Stopped.');
  return STOPPED;
}
