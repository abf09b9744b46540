// What summaries and answers share: laying the plan into the window, and asking the model how likely each candidate is.
import type { Engine } from '../gpu/api.ts';
import type { Reply, StageProgress, Timing, WindowPlan } from './document.ts';

export interface RankOptions {
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

export type RunReport = Partial<Timing>;

/** Candidates scored in one call: few enough that Stop is soon heard. */
const BATCH = 8;

/** Reads the plan into the window (stage `window`). */
export const fillWindow = async (
  engine: Engine,
  plan: WindowPlan,
  report: RunReport,
  options: RankOptions,
): Promise<void> => {
  options.signal?.throwIfAborted();
  const began = performance.now();
  const onProgress =
    options.onProgress &&
    ((p: object) => options.onProgress?.({ stage: 'window', ...(p as { done: number; total: number }) }));
  const { reused, computed } = await engine.prefill(plan.ids, { onProgress, signal: options.signal });
  options.signal?.throwIfAborted();
  report.prefillMs = performance.now() - began;
  report.prefillTokens = computed;
  report.reusedTokens = reused;
};

export interface CandidateScore {
  /** Natural log of the candidate's probability. */
  sum: number;
  /** The same per token. */
  mean: number;
}

/** log P(candidate | prefix) of every candidate (stage `rank`). */
export const scoreCandidates = async (
  engine: Engine,
  prefix: readonly number[],
  candidates: readonly (readonly number[])[],
  options: RankOptions,
  progress: { before: number; total: number } = { before: 0, total: candidates.length },
): Promise<CandidateScore[]> => {
  const scores: CandidateScore[] = [];
  for (let start = 0; start < candidates.length; start += BATCH) {
    options.signal?.throwIfAborted();
    const found = await engine.logprobs(prefix, candidates.slice(start, start + BATCH), { signal: options.signal });
    for (const logprobs of found) {
      const sum = logprobs.reduce((total, logprob) => total + logprob, 0);
      scores.push({ sum, mean: sum / Math.max(1, logprobs.length) });
    }
    options.onProgress?.({ stage: 'rank', done: progress.before + scores.length, total: progress.total });
  }
  return scores;
};

/** What every reply says of how it was made. */
export const replyOf = (
  engine: Engine,
  plan: WindowPlan,
  report: RunReport,
): Pick<Reply, 'window' | 'model' | 'adapter' | 'timing'> => ({
  window: plan.receipt,
  model: { name: engine.model.name, architecture: engine.model.architecture, types: Object.keys(engine.model.types) },
  adapter: { name: engine.adapter.name, software: engine.adapter.software },
  timing: { extractMs: 0, prefillMs: 0, prefillTokens: 0, reusedTokens: 0, rankMs: 0, ...report },
});
