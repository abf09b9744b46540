// What a reader who looks elsewhere is shown of long work: how far it is, in the taskbar and the window's title, and a word when it has
// ended. The word names no document: systems keep notifications, and show them on locked screens.
import { share } from './format.ts';
import { endedWords } from './models/model-words.ts';
import { comparingShown, type State } from './state.ts';
import type { Store } from './store.ts';

/** Milliseconds. Who waits less has not looked elsewhere. */
const LONG = 10_000;

/** How far the one thing is that is under way, 0 … 1; undefined when nothing is that can tell. */
export function workShare({ opening, job, comparing, testing }: State): number | undefined {
  if (job) return job.progress ? share(job.progress.done, job.progress.total) : 0;
  if (comparing?.running) {
    const parts = comparing.rows.map(({ state, progress }) =>
      state === 'done' || state === 'failed' ? 1 : progress ? share(progress.done, progress.total) : 0,
    );
    return parts.reduce((sum, part) => sum + part, 0) / Math.max(1, parts.length);
  }
  if (testing) return testing.progress?.stage === 'measure' ? share(testing.progress.done, testing.progress.total) : 0;
  return opening?.total ? share(opening.done, opening.total) : undefined;
}

/** Of the window: "61 % · Report – Longleaf", and what has ended while nobody looked. */
export function windowTitle(now: State, ended: string | undefined): string {
  const done = workShare(now);
  const { document } = now;
  const together = comparingShown(now);
  const shown = together ? `${together.rows.length} documents` : (document?.read?.title ?? document?.name);
  const name = shown ? `${shown} – Longleaf` : 'Longleaf';
  if (done !== undefined) return `${Math.floor(done * 100)} % · ${name}`;
  return ended ? `${ended.replace(/\.$/, '')} · ${name}` : name;
}

const kindsOfWork = ['job', 'comparing', 'testing', 'recognising'] as const;
type Work = (typeof kindsOfWork)[number];

const isUnderWay = (now: State, work: Work): boolean => {
  if (work === 'comparing') return now.comparing?.running === true;
  return work === 'recognising' ? now.opening?.recognising === true : now[work] !== undefined;
};

/** What has become of work that was under way `before` and is not now, unless it was stopped; one sentence. */
function outcomeOf(work: Work, before: State, now: State): string | undefined {
  if (work === 'testing') return before.testing?.stopping ? undefined : 'The self-test is done.';
  if (now.problem && !now.problem.notice) return 'A reading could not be finished.';
  if (work === 'comparing') return now.comparing && 'The documents have been read.';
  if (work === 'recognising') return now.document?.read && 'The text of the pictures was recognised.';
  if (before.job?.stopping || now.runs.length <= before.runs.length) return undefined;
  if (before.job?.kind === 'summary') return 'The summary is ready.';
  return now.runs.at(-1)?.reply.found ? 'The answer is ready.' : 'The document does not say.';
}

export interface AttentionMeans {
  /** For the taskbar; undefined: nothing is under way. */
  showProgress(share: number | undefined): void;
  showTitle(title: string): void;
  notify(sentence: string): void;
  /** Whether the reader looks elsewhere. */
  isAway(): boolean;
  /** Milliseconds. */
  now(): number;
}

/** Watches the store. Returns what is to be called when the reader looks here again. */
export function watchWork(store: Store, means: AttentionMeans): () => void {
  let before = store.get();
  let shown: number | undefined;
  let title = '';
  let ended: string | undefined;
  const began = new Map<Work, number>();

  const show = (now: State) => {
    const whole = workShare(now);
    const percent = whole === undefined ? undefined : Math.floor(whole * 100) / 100;
    if (percent !== shown) means.showProgress(percent);
    shown = percent;
    const next = windowTitle(now, ended);
    if (next !== title) means.showTitle(next);
    title = next;
  };
  const endings = (now: State): string | undefined => {
    const words: (string | undefined)[] = [endedWords(before.downloads, now.downloads)];
    for (const work of kindsOfWork) {
      if (isUnderWay(now, work)) began.set(work, began.get(work) ?? means.now());
      else if (began.has(work)) {
        if (means.now() - began.get(work)! >= LONG) words.push(outcomeOf(work, before, now));
        began.delete(work);
      }
    }
    return words.filter(Boolean).join(' ') || undefined;
  };
  const look = () => {
    const now = store.get();
    const sentence = endings(now);
    if (sentence && means.isAway()) {
      ended = sentence;
      if (now.settings.notify) means.notify(sentence);
    }
    before = now;
    show(now);
  };
  store.subscribe(look);
  look();
  return () => {
    ended = undefined;
    show(store.get());
  };
}
