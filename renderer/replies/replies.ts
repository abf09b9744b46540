// Summaries and answers: one at a time, with progress, stopped at once when asked, stored when done. That a reply is being made is
// noted before it begins, so that one which a kill interrupted can be continued.
import type { BegunRun, MainApi, RunRequest, RunRow, Written } from '../../main/common/api.ts';
import type { Subject, Turn } from '../engine/engine-protocol.ts';
import { Stopped } from '../engine/reader-client.ts';
import type { Means } from '../means.ts';
import { type Problem, problemOf } from '../problems.ts';
import * as state from '../state.ts';
import { createReadingIn, type ReadingIn } from './reading-in.ts';
import { subjectOf } from './subject.ts';

export interface Replies extends ReadingIn {
  /** As the reader wishes it, of what the reader chose. */
  summarise(chosen?: state.Chosen): Promise<void>;
  ask(question: string): Promise<void>;
  /** Looks for questions that the open document answers; another job ends it. */
  suggest(): Promise<void>;
  stop(): void;
  /** What failed for want of room, over fewer pages. */
  againWith(pages: [number, number]): void;
  /** An interrupted reply is made after all: a reading in parts, and prose, go on where they were. */
  continueRun(begun: BegunRun): Promise<void>;
}

/** Questions that are remembered. */
const LONGEST_THREAD = 3;

const NOT_DONE = 'The document could not be read into the model; your document and history are kept. Try again.';
const NO_MODEL: Problem = { sentence: 'No model is installed, so nothing can be summarised yet.' };

export function createReplies(means: Means): Replies {
  const { store, api } = means;
  let running: AbortController | undefined;
  let last: RunRequest | undefined;
  const suggestions = createSuggestions(means);
  const readingIn = createReadingIn(means);

  /** `from`: an interrupted one that goes on. */
  async function run(request: RunRequest, from?: BegunRun) {
    const now = store.get();
    if (!now.document?.read || now.job) return;
    const subject = subjectOf(now);
    if (!subject) return store.update((s) => ({ ...s, problem: NO_MODEL }));
    suggestions.stop();
    const mine = new AbortController();
    running = mine;
    last = request;
    means.remember(() => run(request, from));
    store.update((s) => state.jobStarted(s, request));
    // Where it cannot be noted it is made all the same.
    const begun = await api.beginRun(subject.id, request).catch(() => undefined);
    const kept = keeping(api, begun, from?.written);
    if (from) await endOf(api, from.id);
    try {
      const row = await makeReply(means, subject, request, { begun, kept, from: from?.written?.text }, mine.signal);
      if (running !== mine) return;
      store.update((s) => state.runAdded(s, row));
      // The window holds the document now, or words do without: looking costs little.
      if (request.kind === 'summary' && !request.inParts) void suggestions.suggest();
      void readingIn.readIn();
    } catch (error) {
      const stopped = error instanceof Stopped;
      const ended = { stopped, written: await kept.last() };
      const rest =
        begun === undefined ? undefined : await endOrKeep(means, { id: begun, documentId: subject.id, request }, ended);
      if (running !== mine) return;
      if (rest) means.remember(() => continueRun(rest));
      store.update((s) => state.jobEnded(s, stopped ? undefined : problemOf(error, NOT_DONE)));
    }
  }

  async function continueRun(begun: BegunRun) {
    const { id, request } = begun;
    const subject = store.get().document?.id;
    if (store.get().job || subject === undefined) return;
    const { pages, ropeFactor, inParts } = request;
    const chosen = { pages, ropeFactor, inParts };
    store.update((s) => {
      const now = state.interruptionGone(s, id);
      return inParts ? state.documentChanged(now, subject, { chosen }) : state.layoutForgotten(now, chosen);
    });
    await run(request, begun);
  }

  const chosenNow = () => store.get().document?.chosen ?? {};

  return {
    ...readingIn,
    summarise: (chosen = chosenNow()) => run({ kind: 'summary', ...wishOf(store.get()), ...chosen }),
    ask: (question) => run(questionOf(store.get(), question)),
    suggest: suggestions.suggest,
    stop() {
      suggestions.stop();
      if (!store.get().job) return;
      store.update(state.jobStopping);
      running?.abort();
    },
    againWith(pages) {
      if (!last) return;
      const { inParts: _, ...request } = last;
      store.update((s) => state.layoutForgotten(s, { pages: [pages] }));
      void run({ ...request, pages: [pages] });
    },
    continueRun,
  };
}

/** Looks for questions while nothing else is asked. */
function createSuggestions({ store, reader }: Means) {
  let running: AbortController | undefined;
  return {
    stop: () => running?.abort(),
    async suggest() {
      const of = subjectOf(store.get());
      if (!of || store.get().job || store.get().document?.suggested) return;
      running = new AbortController();
      const { signal } = running;
      const change = (facts: Partial<state.OpenDocument>) =>
        store.update((s) => state.documentChanged(s, of.id, facts));
      change({ suggesting: true });
      const suggested = await reader.ask({ ask: 'suggest', of }, { signal }).catch(() => undefined);
      change({ suggesting: false, suggested });
    },
  };
}

const endOf = async (api: MainApi, id: number): Promise<undefined> => {
  await api.endRun(id).catch(() => undefined);
};

/** A reading in parts that was stopped, and whatever has written something, can be continued: resolves to it. Anything else is over. */
async function endOrKeep(
  { store, api }: Means,
  begun: Pick<BegunRun, 'id' | 'documentId' | 'request'>,
  { stopped, written }: { stopped: boolean; written?: Written },
): Promise<BegunRun | undefined> {
  if (!(stopped && begun.request.inParts) && !written) return endOf(api, begun.id);
  const rest = { ...begun, createdAt: new Date().toISOString(), written };
  store.update((s) => state.runInterrupted(s, rest));
  return rest;
}

/** What is beyond the window is searched for the passages that answer. */
const questionOf = ({ document, wish, settings }: state.State, question: string): RunRequest => ({
  kind: 'answer',
  question: question.trim(),
  ...(document?.refused && { inParts: true }),
  ...proseOf({ wish, document, settings }),
  ...document?.chosen,
});

/** Only what differs from the usual is asked for. */
function wishOf({ wish, document, settings }: state.State): Partial<RunRequest> {
  const purpose = wish.purpose.trim();
  return {
    length: wish.length,
    ...(wish.bySection && { bySection: true }),
    ...(purpose && { purpose }),
    ...proseOf({ wish, document, settings }),
  };
}

/** Prose, where the reader wishes it and the model writes it, and how its words are drawn. */
function proseOf({
  wish,
  document,
  settings,
}: Pick<state.State, 'wish' | 'document' | 'settings'>): Partial<RunRequest> {
  if (!document?.prose || wish.mode !== 'prose') return {};
  const { temperature, seed } = settings;
  const drawing = { temperature, seed: seed || crypto.getRandomValues(new Uint32Array(1))[0]! };
  return { mode: 'prose', ...(temperature > 0 && { drawing }) };
}

/** The last answers about the open document: a question may lean on them. */
const threadOf = (now: state.State): Turn[] =>
  state
    .answers(now)
    .filter(({ reply }) => reply.found)
    .slice(-LONGEST_THREAD)
    .map(({ reply }) => ({
      question: reply.question ?? '',
      answer: reply.sentences.map(({ text }) => text).join(' '),
    }));

/** Keeps what is being written, one save after the other, so that a kill loses at most what came since the last one. */
function keeping(api: MainApi, begun: number | undefined, before: Written | undefined) {
  let [last, saved] = [before, undefined as Written | undefined];
  let saving: Promise<void> | undefined;
  const save = async () => {
    while (begun !== undefined && last && saved !== last) {
      saved = last;
      await api.keepWritten(begun, last).catch(() => undefined);
    }
  };
  const keep = () => {
    saving ??= save().finally(() => {
      saving = undefined;
    });
  };
  keep();
  return {
    hear(written: Written) {
      last = written;
      keep();
    },
    /** What there is, once it is kept. */
    async last(): Promise<Written | undefined> {
      await saving;
      return last;
    },
  };
}

/** Where the model has no say, or has not read the document yet, nothing waits for it. Beyond the window it reads the passages that answer. */
async function isByWords(
  { store, reader }: Pick<Means, 'store' | 'reader'>,
  of: Subject,
  { kind, inParts }: RunRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { document } = store.get();
  if (kind === 'answer' && (inParts || document?.readIn?.done)) return false;
  return document?.wordsChoose ?? (await reader.ask({ ask: 'manner', of }, { signal })).wordsChoose;
}

interface Begun {
  begun: number | undefined;
  kept: ReturnType<typeof keeping>;
  from: string | undefined;
}

async function makeReply(
  { store, api, reader }: Means,
  of: Subject,
  request: RunRequest,
  { begun, kept, from }: Begun,
  signal: AbortSignal,
): Promise<RunRow> {
  const asked = { ...of, pages: request.pages, ropeFactor: request.ropeFactor };
  const byWords = await isByWords({ store, reader }, of, request, signal);
  const reply = await reader.ask(
    {
      ask: 'reply',
      of: asked,
      request,
      thread: request.kind === 'answer' ? threadOf(store.get()) : undefined,
      written: from,
      byWords,
    },
    {
      signal,
      onProgress: (progress) => {
        if (!signal.aborted) store.update((s) => state.jobProgressed(s, progress));
      },
      onWritten: (written) => {
        kept.hear(written);
        if (!signal.aborted) store.update((s) => state.jobWritten(s, written));
      },
      onNotice: (notice) => {
        if (!signal.aborted) store.update((s) => state.jobNoticed(s, notice));
      },
    },
  );
  return begun === undefined ? api.addRun(of.id, reply) : api.addRun(of.id, reply, begun);
}
