// Attention over lengths at the edges of its tiles: grouped heads, every format of the cache, branches, sliding windows.
import { halfToNumber, numberToHalf } from '../../gpu/gguf/half.ts';
import { attention, attentionTile } from '../../gpu/kernels/attention.ts';
import { appendToCache, cacheTexel, type KvType, storedBytes } from '../../gpu/kernels/cache-append.ts';
import { fill, type KernelCase, padded, result, withArena } from './kernel-case.ts';
import * as reference from './reference.ts';
import { seededArray } from './synthetic-model.ts';

/** What a cache in `kv` holds of `x`. */
function roundedTo(kv: KvType, x: Float32Array): Float32Array {
  if (kv === 'f32') return x;
  if (kv === 'f16') return x.map((value) => halfToNumber(numberToHalf(value)));
  const y = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += 32) {
    const block = x.subarray(from, from + 32);
    const scale = Math.fround(Math.max(...block.map(Math.abs)) / 127);
    block.forEach((value, i) => {
      y[from + i] = Math.sign(value) * Math.round(Math.abs(value) / scale) * scale;
    });
  }
  return y;
}

interface AttentionCase extends reference.Heads {
  T: number;
  start: number;
  kv?: KvType;
  /** Rows are branches of this length each, which see a prefix one shorter than `start` and themselves. */
  branch?: number;
  /** Slots that all rows see, when not those below `start`. */
  sees?: number;
  /** Sliding window. */
  window?: number;
  /** Slots of the cache where later tokens take the place of earlier ones. */
  ring?: number;
}

function attentionCase({
  T,
  start,
  heads,
  kvHeads,
  headDim,
  kv = 'f32',
  branch,
  sees: seen,
  window,
  ring,
}: AttentionCase): KernelCase {
  const prefix = seen ?? (branch ? start - 1 : start);
  const own = (t: number) => start + (branch ? t - (t % branch) : 0);
  const position = (t: number) => prefix + t - (own(t) - start);
  const slots = start + T;
  const what = `T=${T} after ${start}, heads ${heads}/${kvHeads} of ${headDim}, ${kv}`;
  return {
    name: `attention ${what}${branch ? `, branches of ${branch}` : ''}${seen === undefined ? '' : `, ${seen} seen`}${window ? `, window ${window}` : ''}${ring ? `, a ring of ${ring}` : ''}`,
    run: withArena(async (r, arena) => {
      const q = seededArray(T * heads * headDim, 21, 3);
      const k = seededArray(slots * kvHeads * headDim, 22, 3);
      const v = seededArray(slots * kvHeads * headDim, 23);
      const bytes = (ring ?? slots) * kvHeads * headDim * storedBytes[kv];
      const texel = cacheTexel(kv, r.device.capabilities);
      const side = () => arena.stored('side', bytes, texel);
      const cache = { type: kv, ring, keys: side(), values: side() };
      const most = ring ?? slots;
      for (let first = 0; first < slots; first += most) {
        const rows = Math.min(most, slots - first);
        const part = (x: Float32Array<ArrayBuffer>) =>
          fill(
            r,
            arena,
            x.subarray(first * kvHeads * headDim, (first + rows) * kvHeads * headDim),
            rows,
            kvHeads,
            headDim,
          );
        appendToCache(r, part(k), part(v), cache, first, rows);
      }
      const scratch = {
        rows: fill(r, arena, Uint32Array.from(Array.from({ length: T }, (_, t) => [position(t), own(t)]).flat()), T, 2),
        scores: arena.tensor('scores', heads, padded(T), attentionTile),
        stats: arena.tensor('stats', heads, padded(T), 4),
      };
      const y = arena.tensor('y', padded(T), heads, headDim);
      const span = { rows: T, start, prefix };
      const found = await result(
        r,
        attention(r, fill(r, arena, q, T, heads, headDim), cache, kvHeads, scratch, span, y, { window }),
        T,
      );
      const stored = (x: Float32Array) => roundedTo(kv, x);
      const positionOf = (t: number, slot: number) => (slot < prefix ? slot : position(t) - (start + t - slot));
      const sees = (t: number, slot: number) =>
        (slot < prefix || (slot >= own(t) && slot <= start + t)) &&
        positionOf(t, slot) > position(t) - (window ?? Number.POSITIVE_INFINITY);
      const shape = { heads, kvHeads, headDim };
      return reference.normalisedError(found, reference.attention(q, stored(k), stored(v), shape, T, slots, sees));
    }),
  };
}

const grouped = { heads: 6, kvHeads: 2, headDim: 16 };

export const attentionCases: KernelCase[] = [
  ...[1, 4, 5, 15, 16, 17].map((T) => attentionCase({ T, start: 0, ...grouped })),
  attentionCase({ T: 1, start: 40, ...grouped }),
  attentionCase({ T: 1, start: 40, ...grouped, sees: 30 }),
  attentionCase({ T: 1, start: 130, heads: 4, kvHeads: 4, headDim: 8 }),
  attentionCase({ T: 1, start: 130, heads: 5, kvHeads: 1, headDim: 8 }),
  attentionCase({ T: 16, start: attentionTile - 16, ...grouped }),
  attentionCase({ T: 17, start: attentionTile - 16, ...grouped }),
  attentionCase({ T: 5, start: 2 * attentionTile + 3, heads: 4, kvHeads: 4, headDim: 8 }),
  attentionCase({ T: 1, start: 2 * attentionTile + 3, ...grouped }),
  attentionCase({ T: 16, start: attentionTile + 9, ...grouped, sees: 0 }),
  attentionCase({ T: 18, start: 30, heads: 4, kvHeads: 2, headDim: 64 }),
  attentionCase({ T: 3, start: 7, heads: 2, kvHeads: 1, headDim: 132 }),
  // Many rows, beyond a block of 128 of them, and heads of one stretch of K and of several.
  attentionCase({ T: 131, start: attentionTile - 70, heads: 2, kvHeads: 2, headDim: 64 }),
  ...[32, 64, 128].map((headDim) => attentionCase({ T: 65, start: 3, heads: 4, kvHeads: 2, headDim, window: 40 })),
  attentionCase({ T: 33, start: 20, ...grouped, branch: 11 }),
  attentionCase({ T: 40, start: attentionTile + 10, ...grouped, branch: 7 }),
  attentionCase({ T: 17, start: 40, ...grouped, kv: 'f16' }),
  ...[1, 17, 64].map((T) => attentionCase({ T, start: 40, ...grouped, kv: 'q8_0' })),
  attentionCase({ T: 70, start: 3, heads: 4, kvHeads: 2, headDim: 64, kv: 'f16' }),
  ...[80, 96, 112, 128, 256].map((headDim) => attentionCase({ T: 19, start: 15, heads: 2, kvHeads: 1, headDim })),
  ...[80, 128].map((headDim) => attentionCase({ T: 1, start: 33, heads: 8, kvHeads: 2, headDim, kv: 'q8_0' })),
  attentionCase({ T: 1, start: 5, heads: 2, kvHeads: 1, headDim: 256, kv: 'f16' }),
  ...[1, 3, 17, 57].map((T) => attentionCase({ T, start: 40, ...grouped, window: 19 })),
  attentionCase({ T: 1, start: 2 * attentionTile + 3, ...grouped, window: attentionTile }),
  attentionCase({ T: 17, start: attentionTile + 30, ...grouped, window: 5 }),
  attentionCase({ T: 40, start: attentionTile + 10, ...grouped, branch: 7, window: 12 }),
  attentionCase({ T: 17, start: 40, ...grouped, window: 1 }),
  // Rings that hold a window, a pass and the slots that a first tile begins before; passes over their ends.
  ...(['f32', 'f16', 'q8_0'] as const).flatMap((kv) =>
    [1, 17, 40].map((T) => attentionCase({ T, start: 500, ...grouped, kv, window: 19, ring: 512 })),
  ),
  attentionCase({ T: 1, start: 2 * attentionTile + 3, ...grouped, window: 700, ring: attentionTile }),
  attentionCase({ T: 60, start: 2 * attentionTile - 30, ...grouped, window: 700, ring: attentionTile }),
  attentionCase({ T: 40, start: attentionTile - 10, ...grouped, branch: 7, window: 12, ring: 512 }),
];
