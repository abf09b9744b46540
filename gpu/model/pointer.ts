// Where one attention head of the last layer looks: a model can be trained to point at the tokens that matter with it. Queries of the
// pass that ran last are still in the scratch, keys of all tokens are in the cache; one row of weights is computed from them here, in
// double precision, so that no kernel has to give its weights away.
import { halfTable } from '../gguf/half.ts';
import { unsupportedWith } from '../gguf/refusals.ts';
import { cacheParts, type KvType } from '../kernels/cache-append.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { windowOf } from './config.ts';
import type { LoadedModel } from './family.ts';

/** Throws RangeError for a head that is not there, 'unsupported-model' where its weights cannot be told. */
export function expectPointer({ config, cache }: LoadedModel, head: number): void {
  if (!(Number.isInteger(head) && head >= 0 && head < config.heads))
    throw new RangeError(`Head ${head} of ${config.heads}`);
  if (windowOf(config, config.layers - 1) !== undefined)
    throw unsupportedWith('a last layer that sees a part of the window');
  if (!(cache[0].type in readers)) throw unsupportedWith(`a pointing head and keys in ${cache[0].type}`);
}

/** Bytes of keys that are read at once. */
const pieceBytes = 2 ** 20;

/**
 * Weights (tokens,) of head `head` in the last layer, from the last of `tokens` tokens to each of them; they add up to 1. Right after a pass of
 * one row, the last of those tokens; the layer sees all tokens (no sliding window).
 */
export async function pointerWeights(r: Recorder, m: LoadedModel, tokens: number, head: number): Promise<Float64Array> {
  const { heads, kvHeads, headDim, attentionScale = 1 / Math.sqrt(headDim) } = m.config;
  const query = new Float32Array(await r.read(m.scratch.q.buffer, 4 * headDim, 4 * headDim * head));
  const cache = m.cache[m.cache.length - 1];
  const read = readers[cache.type]!;
  const [{ buffer, bytesPerSlot }] = cacheParts(cache, m.config);
  const own = Math.floor(head / (heads / kvHeads)) * headDim;
  const most = Math.max(1, Math.floor(pieceBytes / bytesPerSlot));
  const scores = new Float64Array(tokens);
  for (let first = 0; first < tokens; first += most) {
    const count = Math.min(most, tokens - first);
    const keys = read(await r.read(buffer, count * bytesPerSlot, first * bytesPerSlot));
    for (let slot = 0; slot < count; slot++) {
      const at = slot * kvHeads * headDim + own;
      let dot = 0;
      for (let i = 0; i < headDim; i++) dot += query[i] * keys[at + i];
      scores[first + slot] = dot * attentionScale;
    }
  }
  const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = scores.map((score) => Math.exp(score - highest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Numbers of a cache by its format. */
const readers: Partial<Record<KvType, (bytes: ArrayBuffer) => Float32Array>> = {
  f32: (bytes) => new Float32Array(bytes),
  f16: (bytes) => {
    const table = halfTable();
    return Float32Array.from(new Uint16Array(bytes), (half) => table[half]);
  },
};
