// What summaries and answers share: laying the plan into the window, and asking the model where it looks, or how likely each candidate
// is.
import type { Engine, Model, Progress } from '../../gpu/api.ts';
import type { Reply, StageProgress, Timing, WindowPlan, WindowReceipt, Written } from '../document.ts';

export interface RankOptions {
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** Of a reply in prose. */
export interface WritingOptions {
  /** Called with every token, and once at the begin of one that goes on. */
  onWritten?: (written: Written) => void;
  /** What was written before it was interrupted: it goes on from there. Models that think first begin anew. */
  written?: string;
}

/** What stands in for an engine where the model's view would count nothing, or is not waited for. */
export interface WordsAlone extends Pick<Engine, 'model' | 'tokenizer' | 'contextLength'> {
  readonly wordsAlone: true;
}

/** What chooses sentences: words, with a model or without. */
export type Chooser = Engine | WordsAlone;

export const wordsAlone = (
  { info, tokenizer }: Model,
  { contextLength }: Pick<WindowPlan, 'contextLength'>,
): WordsAlone => ({ model: info, tokenizer, contextLength, wordsAlone: true });

export const isEngine = (chooser: Chooser): chooser is Engine => !('wordsAlone' in chooser);

export type RunReport = Partial<Timing>;

/** Lays ids into the window (stage `window`); what is there already is not read again. Words alone need none of it. */
export const fillWindow = async (
  engine: Chooser,
  ids: readonly number[],
  report: RunReport,
  options: RankOptions,
): Promise<void> => {
  options.signal?.throwIfAborted();
  if (!isEngine(engine)) return;
  const began = performance.now();
  const onProgress = (progress: Progress): void => options.onProgress?.({ stage: 'window', ...progress });
  const { reused, computed } = await engine.prefill(ids, { onProgress, signal: options.signal });
  options.signal?.throwIfAborted();
  add(report, { prefillMs: performance.now() - began, prefillTokens: computed, reusedTokens: reused });
};

/** Adds figures to those that are there. */
export const add = (report: RunReport, more: RunReport): void => {
  for (const [name, value] of Object.entries(more) as [keyof Timing, number][])
    report[name] = (report[name] ?? 0) + value;
};

/**
 * log P(candidate | prefix) per token, natural, of every candidate (stage `rank`, in tokens). `part` says which one of how many passes over the
 * same candidates this is.
 */
export const scoreCandidates = async (
  engine: Engine,
  prefix: readonly number[],
  candidates: readonly (readonly number[])[],
  options: RankOptions,
  part: { index: number; of: number } = { index: 0, of: 1 },
): Promise<number[]> => {
  options.signal?.throwIfAborted();
  const onProgress = ({ done, total, secondsLeft }: Progress): void =>
    options.onProgress?.({
      stage: 'rank',
      done: part.index * total + done,
      total: part.of * total,
      ...(secondsLeft === undefined || part.index < part.of - 1 ? {} : { secondsLeft }),
    });
  const found = await engine.logprobs(prefix, candidates, { onProgress, signal: options.signal });
  options.signal?.throwIfAborted();
  return found.map((logprobs) => logprobs.reduce((sum, logprob) => sum + logprob, 0) / Math.max(1, logprobs.length));
};

/** Of keys in this format the engine reads no single head (gpu/api.ts, `attentionOver`). */
const UNREADABLE_KEYS = 'q8_0';
/** Far below what a sentence gets that is looked at: keeps the logarithm finite. */
const LEAST_SHARE = 1e-6;

export const readsHeads = ({ kvType }: Engine): boolean => kvType !== UNREADABLE_KEYS;

/** How much `head` attends from the end of the prompt to each of some spans of it: natural logs of shares of 1. One pass of one token. */
export const pointAt = async (
  engine: Engine,
  prompt: readonly number[],
  spans: readonly { start: number; end: number }[],
  head: number,
  { onProgress, signal }: RankOptions,
): Promise<number[]> => {
  signal?.throwIfAborted();
  onProgress?.({ stage: 'rank', done: 0, total: 1 });
  const places = spans.map(({ start, end }) => [start, end] as const);
  const shares = await engine.attentionOver(prompt, places, head, { signal });
  signal?.throwIfAborted();
  onProgress?.({ stage: 'rank', done: 1, total: 1 });
  return Array.from(shares, (share) => Math.log(share + LEAST_SHARE));
};

/** What every reply says of how it was made. */
export const replyOf = (
  engine: Chooser,
  receipt: WindowReceipt,
  report: RunReport,
): Pick<Reply, 'window' | 'model' | 'kvType' | 'adapter' | 'byWords' | 'timing'> => ({
  window: receipt,
  model: {
    name: engine.model.name,
    architecture: engine.model.architecture,
    types: Object.keys(engine.model.types),
    rope: engine.model.rope.type,
  },
  ...(isEngine(engine)
    ? { kvType: engine.kvType, adapter: { name: engine.adapter.name, software: engine.adapter.software } }
    : { byWords: true as const }),
  timing: { extractMs: 0, prefillMs: 0, prefillTokens: 0, reusedTokens: 0, rankMs: 0, ...report },
});
