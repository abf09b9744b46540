// From logits to a token, in double precision on the host: one row of a vocabulary is quick to read, and every step that changes what is
// likely is a small function over it (a LogitsProcessor of api.ts). What a step rules out becomes -Infinity, so steps can follow one
// another in any order; `samplingSteps` has the order of llama.cpp: penalty, top-k, top-p, min-p, temperature.
import { EngineError, type LogitsProcessor, type SamplingOptions } from '../api.ts';

/** Index of the largest; the first of equals. */
export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return best;
}

/** Natural-log probability of `id` under softmax(logits). */
export function logprobAt(logits: Float32Array, id: number): number {
  const highest = logits[argmax(logits)];
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return logits[id] - highest - Math.log(sum);
}

/** Throws EngineError 'invalid-numbers' when any of them is NaN or infinite: weights that are damaged in a way no header shows. */
export function expectNumbers(values: Float32Array): void {
  if (values.every((value) => Number.isFinite(value))) return;
  throw new EngineError('invalid-numbers', 'This model produces invalid numbers. Download it again or choose another.');
}

const ruledOut = Number.NEGATIVE_INFINITY;

/** How far back a repetition is looked for, in tokens of this reply. */
const penalisedTokens = 64;

/** Divides positive logits of what was just said by `penalty` and multiplies negative ones (Keskar et al. 2019, arXiv 1909.05858). */
export const repetitionPenalty =
  (penalty: number): LogitsProcessor =>
  (logits, generated) => {
    for (const id of new Set(generated.slice(-penalisedTokens))) {
      logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    }
  };

/** Keeps the `k` likeliest; of equals at the border, the first. */
export const topK =
  (k: number): LogitsProcessor =>
  (logits) => {
    if (k >= logits.length) return;
    // The k largest so far, ascending: a vocabulary is long and k is short, so few values ever enter.
    const largest = new Float32Array(k).fill(ruledOut);
    for (const logit of logits) {
      if (!(logit > largest[0])) continue;
      let at = 1;
      while (at < k && largest[at] < logit) at++;
      largest.copyWithin(0, 1, at);
      largest[at - 1] = logit;
    }
    let equals = largest.reduce((count, value) => count + Number(value === largest[0]), 0);
    logits.forEach((logit, id) => {
      if (logit < largest[0] || (logit === largest[0] && equals-- <= 0)) logits[id] = ruledOut;
    });
  };

/** Keeps the fewest likeliest tokens that hold `p` of the probability (nucleus sampling, Holtzman et al. 2019, arXiv 1904.09751). */
export const topP =
  (p: number): LogitsProcessor =>
  (logits) => {
    const probabilities = softmax(logits);
    // All tokens below this share hold less than 1 - p together, so none of them is needed and only the others are sorted.
    const share = (1 - p) / logits.length;
    const ids = [...probabilities.keys()].filter((id) => probabilities[id] >= share && logits[id] > ruledOut);
    ids.sort((a, b) => probabilities[b] - probabilities[a] || a - b);
    const kept = new Set<number>();
    for (let held = 0, i = 0; i < ids.length && held < p; i++) {
      kept.add(ids[i]);
      held += probabilities[ids[i]];
    }
    logits.forEach((_, id) => {
      if (!kept.has(id)) logits[id] = ruledOut;
    });
  };

/** Keeps what is at least `p` times as likely as the likeliest (Nguyen et al. 2024, arXiv 2407.01082). */
export const minP =
  (p: number): LogitsProcessor =>
  (logits) => {
    const least = logits[argmax(logits)] + Math.log(p);
    logits.forEach((logit, id) => {
      if (logit < least) logits[id] = ruledOut;
    });
  };

/** Flattens the distribution above 1, sharpens it below. */
export const temperature =
  (t: number): LogitsProcessor =>
  (logits) => {
    logits.forEach((logit, id) => {
      logits[id] = logit / t;
    });
  };

/** Token at which the cumulative probability passes `u` of [0, 1): the inverse of the distribution function. */
export function draw(logits: Float32Array, u: number): number {
  const probabilities = softmax(logits);
  let last = 0;
  for (let id = 0, held = 0; id < logits.length; id++) {
    if (probabilities[id] === 0) continue;
    held += probabilities[id];
    if (u < held) return id;
    // Rounding may leave the sum just below u.
    last = id;
  }
  return last;
}

function softmax(logits: Float32Array): Float64Array {
  const highest = logits[argmax(logits)];
  const probabilities = Float64Array.from(logits, (logit) => Math.exp(logit - highest));
  const sum = probabilities.reduce((a, b) => a + b, 0);
  return probabilities.map((value) => value / sum);
}

/** Numbers of [0, 1) that look random and are the same for the same seed: a counter under the finaliser of MurmurHash3. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** The steps that `options` ask for, in their order. Throws RangeError for what is out of range. */
export function samplingSteps(options: SamplingOptions): LogitsProcessor[] {
  const steps: LogitsProcessor[] = [];
  const take = (
    name: keyof SamplingOptions,
    step: (value: number) => LogitsProcessor,
    fits: (value: number) => boolean,
    idle: number,
  ) => {
    const value = options[name] ?? idle;
    if (value === idle) return;
    if (!fits(value)) throw new RangeError(`${name} ${value} is out of range`);
    steps.push(step(value));
  };
  take('repetitionPenalty', repetitionPenalty, (value) => value > 0 && value < 100, 1);
  take('topK', topK, (value) => Number.isInteger(value) && value > 0, 0);
  take('topP', topP, (value) => value > 0 && value <= 1, 1);
  take('minP', minP, (value) => value > 0 && value <= 1, 0);
  take('temperature', temperature, (value) => value > 0 && value <= 100, 0);
  return steps;
}

/** Chooses tokens one after another: the likeliest at temperature 0, one drawn by the seed above it. Changes the logits. */
export function sampler(options: SamplingOptions = {}): (logits: Float32Array, generated: readonly number[]) => number {
  const steps = samplingSteps(options);
  const greedy = (options.temperature ?? 0) === 0;
  const next = uniform(options.seed ?? 0);
  return (logits, generated) => {
    for (const step of steps) step(logits, generated);
    return greedy ? argmax(logits) : draw(logits, next());
  };
}
