// From logits to a token, in double precision on the host: one row of a vocabulary is quick to read, and processors work on it there.
import { EngineError } from '../api.ts';

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
