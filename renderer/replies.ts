// Summaries and answers: one at a time, with progress, stopped at once when asked, stored when done.
import type { Subject } from './engine-protocol.ts';
import { type Problem, problemOf } from './problems.ts';
import { Stopped } from './reader-client.ts';
import type { Means } from './session.ts';
import * as state from './state.ts';

export interface Replies {
  /** `pages`: physical page ranges; the whole document when absent. */
  summarise(pages?: [number, number][]): Promise<void>;
  ask(question: string, pages?: [number, number][]): Promise<void>;
  stop(): void;
  /** What failed for want of room, over fewer pages. */
  againWith(pages: [number, number]): void;
}

interface Wanted {
  kind: 'summary' | 'answer';
  question: string;
  pages?: [number, number][];
}

const NOT_DONE = 'The document could not be read into the model; your document and history are kept. Try again.';
const NO_MODEL: Problem = { sentence: 'No model is installed, so nothing can be summarised yet.' };

/** The open document and the chosen model, or nothing when either is missing. */
export function subjectOf({ document, models, settings }: state.State): Subject | undefined {
  const model = models.find(({ id }) => id === settings.model) ?? models.find(({ embedded }) => embedded);
  if (!document?.read || !model) return undefined;
  const url = `/models/${encodeURIComponent(model.id)}`;
  return { url, bytes: model.bytes, id: document.id, document: document.read };
}

export function createReplies(means: Means): Replies {
  const { store } = means;
  let running: AbortController | undefined;
  let last: Wanted | undefined;

  async function run(wanted: Wanted) {
    const now = store.get();
    if (!now.document?.read || now.job) return;
    const subject = subjectOf(now);
    if (!subject) return store.update((s) => ({ ...s, problem: NO_MODEL }));
    const mine = new AbortController();
    running = mine;
    last = wanted;
    means.remember(() => run(wanted));
    store.update((s) => state.jobStarted(s, wanted.kind, wanted.question || undefined));
    try {
      const reply = await askReader(means, wanted, { ...subject, pages: wanted.pages }, mine.signal);
      const row = await means.api.addRun(subject.id, reply);
      if (running === mine) store.update((s) => state.runAdded(s, row));
    } catch (error) {
      if (running !== mine) return;
      store.update((s) => state.jobEnded(s, error instanceof Stopped ? undefined : problemOf(error, NOT_DONE)));
    }
  }

  return {
    summarise: (pages) => run({ kind: 'summary', question: '', pages }),
    ask: (question, pages) => run({ kind: 'answer', question: question.trim(), pages }),
    stop() {
      if (!store.get().job) return;
      store.update(state.jobStopping);
      running?.abort();
    },
    againWith(pages) {
      if (last) void run({ ...last, pages: [pages] });
    },
  };
}

function askReader({ store, reader }: Means, { kind, question }: Wanted, of: Subject, signal: AbortSignal) {
  const options: Parameters<typeof reader.ask>[1] = {
    signal,
    onProgress: (progress) => {
      if (!signal.aborted) store.update((s) => state.jobProgressed(s, progress));
    },
    onNotice: (notice) => store.update((s) => state.jobNoticed(s, notice)),
  };
  return kind === 'summary'
    ? reader.ask({ ask: 'summary', of }, options)
    : reader.ask({ ask: 'answer', of, question }, options);
}
