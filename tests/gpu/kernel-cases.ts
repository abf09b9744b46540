// Every kernel over shapes at the edges of its tiles. One list, run by dawn.node (kernels.test.ts) and in a browser (chromium/): it
// knows neither Node nor a page.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { dequantize } from '../../gpu/gguf/dequantize.ts';
import { type ComputedType, computedTypes, ggmlType } from '../../gpu/gguf/ggml-types.ts';
import { halfToNumber, numberToHalf } from '../../gpu/gguf/half.ts';
import { bytesOnGpu } from '../../gpu/gguf/layouts.ts';
import { add } from '../../gpu/kernels/add.ts';
import { addBias } from '../../gpu/kernels/add-bias.ts';
import { attention, attentionTile } from '../../gpu/kernels/attention.ts';
import { appendToCache, type KvType, storedBytes } from '../../gpu/kernels/cache-append.ts';
import { embed } from '../../gpu/kernels/embed.ts';
import { type Activation, gated } from '../../gpu/kernels/gated.ts';
import { headNorm } from '../../gpu/kernels/head-norm.ts';
import { logprob } from '../../gpu/kernels/logprob.ts';
import { addMatmul, gatedMatmul, matmul, matmul3 } from '../../gpu/kernels/matmul.ts';
import { rmsnorm } from '../../gpu/kernels/rmsnorm.ts';
import { rope, ropeHalves } from '../../gpu/kernels/rope.ts';
import { scale } from '../../gpu/kernels/scale.ts';
import { ropeAngles, ropeTable } from '../../gpu/model/rope-scaling.ts';
import { createWeight, uploadAll } from '../../gpu/model/weights.ts';
import type { Dispatch, Recorder } from '../../gpu/runtime/recorder.ts';
import { Arena, sizeOf, type Tensor, type Weight } from '../../gpu/runtime/tensor.ts';
import { encodeTensor } from './gguf/encode-tensor.ts';
import * as reference from './reference.ts';
import { seededArray } from './synthetic-model.ts';

export interface KernelCase {
  name: string;
  /** Normalised error; throws what the kernel throws. */
  run(r: Recorder): Promise<number>;
}

/** What single precision leaves of sums of a few hundred products. */
export const tolerance = 2e-6;

/** Rows as they are allocated: whole tiles. */
const padded = (rows: number) => Math.ceil(rows / 16) * 16;

function fill(
  r: Recorder,
  arena: Arena,
  values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ...shape: number[]
): Tensor {
  const tensor = arena.tensor('test', padded(shape[0]), ...shape.slice(1));
  r.device.gpu.queue.writeBuffer(tensor.buffer, 0, values);
  return tensor;
}

async function result(r: Recorder, tensor: Tensor, rows: number): Promise<Float32Array> {
  await r.run();
  return new Float32Array(await r.read(tensor.buffer, 4 * rows * sizeOf(tensor.shape.slice(1))));
}

/** A matrix (rows, columns) of seeded numbers on the GPU, and what it holds after rounding to `type`. */
async function weightOf(
  r: Recorder,
  arena: Arena,
  type: ComputedType,
  rows: number,
  columns: number,
  maxBinding?: number,
) {
  const bytes = encodeTensor(type, seededArray(rows * columns, 7));
  const tensor = { name: 'w', type, dimensions: [columns, rows], offset: 0, bytes: bytes.length };
  const limits = { ...r.device.capabilities, ...(maxBinding ? { maxBinding } : {}) };
  const unpacked = arena.tensor('unpacked', columns * 24);
  const weight: Weight = createWeight(arena, limits, tensor, unpacked);
  await uploadAll(r.device.gpu, bytesSource(bytes), [{ tensor, to: weight }], {});
  return { weight, values: dequantize(type, bytes) };
}

const withArena =
  (run: (r: Recorder, arena: Arena) => Promise<number>): KernelCase['run'] =>
  async (r) => {
    const arena = new Arena(r.device.gpu);
    try {
      return await run(r, arena);
    } finally {
      arena.destroy();
    }
  };

/** `maxBinding`: bytes, small enough to need several blocks of rows. */
function matmulCase(type: ComputedType, T: number, K: number, N: number, maxBinding?: number): KernelCase {
  return {
    name: `matmul ${type} T=${T} K=${K} N=${N}${maxBinding ? ' in blocks' : ''}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * K, 3);
      const { weight, values } = await weightOf(r, arena, type, N, K, maxBinding);
      if (maxBinding && weight.blocks.length < 2) throw new Error('one block is no test of several');
      const width = Math.ceil(N / 4) * 4;
      const y = await result(r, matmul(r, fill(r, arena, x, T, K), weight, arena.tensor('y', padded(T), width), T), T);
      const found = y.filter((_, i) => i % width < N);
      return reference.normalisedError(found, reference.matmul(x, values, T, K, N));
    }),
  };
}

async function worstOf(
  tensors: readonly Tensor[],
  expected: readonly reference.Numbers[],
  read: (tensor: Tensor) => Promise<Float32Array>,
): Promise<number> {
  let worst = 0;
  for (const [i, tensor] of tensors.entries()) {
    worst = Math.max(worst, reference.normalisedError(await read(tensor), expected[i]));
  }
  return worst;
}

/** A recorder that takes any dispatch for too long. */
const slow = (r: Recorder) =>
  ({ device: r.device, longestDispatch: 1, dispatch: (one: Dispatch) => r.dispatch(one) }) as unknown as Recorder;

/** A product that is so long that it is computed in parts. */
function longMatmulCase(type: ComputedType, T: number): KernelCase {
  const [K, N] = [64, 1030];
  return {
    name: `matmul ${type} in parts T=${T} K=${K} N=${N}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * K, 3);
      const { weight, values } = await weightOf(r, arena, type, N, K);
      const [input, y] = [fill(r, arena, x, T, K), arena.tensor('y', padded(T), 1032)];
      const found = await result(r, matmul(slow(r), input, weight, y, T), T);
      return reference.normalisedError(
        found.filter((_, i) => i % 1032 < N),
        reference.matmul(x, values, T, K, N),
      );
    }),
  };
}

/** As `matmulCase`, on top of what is there. */
function addMatmulCase(type: ComputedType, T: number, K: number, N: number): KernelCase {
  return {
    name: `matmul ${type} added T=${T} K=${K} N=${N}`,
    run: withArena(async (r, arena) => {
      const [x, before] = [seededArray(T * K, 3), seededArray(T * N, 4, 5)];
      const { weight, values } = await weightOf(r, arena, type, N, K);
      const y = fill(r, arena, before, T, N);
      const found = await result(r, addMatmul(r, y, fill(r, arena, x, T, K), weight, T), T);
      return reference.normalisedError(found, reference.add(before, reference.matmul(x, values, T, K, N)));
    }),
  };
}

/** Three matrices, each in a format of its own and with a length of its own. */
function matmul3Case(types: readonly [ComputedType, ComputedType, ComputedType], T: number, K: number): KernelCase {
  const lengths = [36, 8, 20];
  return {
    name: `matmul of three ${types.join(' ')} T=${T} K=${K}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * K, 3);
      const ws: Awaited<ReturnType<typeof weightOf>>[] = [];
      for (const [i, type] of types.entries()) ws.push(await weightOf(r, arena, type, lengths[i], K));
      const [q, k, v] = ws.map(({ weight }) => weight);
      const [qs, ks, vs] = lengths.map((N) => arena.tensor('y', padded(T), N));
      const ys = matmul3(r, fill(r, arena, x, T, K), [q, k, v], [qs, ks, vs], T);
      const expected = ws.map(({ values }, i) => reference.matmul(x, values, T, K, lengths[i]));
      return worstOf(ys, expected, (tensor) => result(r, tensor, T));
    }),
  };
}

function gatedMatmulCase(types: readonly [ComputedType, ComputedType], T: number, activation: Activation): KernelCase {
  const [K, ff] = [256, 44];
  return {
    name: `matmul gated by ${activation} ${types.join(' ')} T=${T} K=${K} ff=${ff}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * K, 3);
      const [gate, up] = [await weightOf(r, arena, types[0], ff, K), await weightOf(r, arena, types[1], ff, K)];
      const [y, scratch] = [arena.tensor('y', padded(T), ff), arena.tensor('up', padded(T), ff)];
      const both = [gate.weight, up.weight] as const;
      const found = await result(r, gatedMatmul(r, fill(r, arena, x, T, K), both, y, scratch, T, activation), T);
      const product = (values: Float32Array) => reference.matmul(x, values, T, K, ff);
      return reference.normalisedError(found, activated[activation](product(gate.values), product(up.values)));
    }),
  };
}

const activated = { silu: reference.swiglu, gelu: reference.geglu };

function embedCase(type: ComputedType, maxBinding?: number): KernelCase {
  const [vocabulary, d] = [40, columnsOf(type)];
  const tokens = [0, 39, 7, 8, 7, 16, 15];
  return {
    name: `embed ${type}${maxBinding ? ' in blocks' : ''}`,
    run: withArena(async (r, arena) => {
      const { weight, values } = await weightOf(r, arena, type, vocabulary, d, maxBinding);
      const ids = fill(r, arena, Uint32Array.from(tokens), tokens.length);
      const found = await result(r, embed(r, ids, weight, arena.tensor('x', 16, d), tokens.length), tokens.length);
      return reference.normalisedError(found, reference.embed(tokens, values, d));
    }),
  };
}

function rmsnormCase(T: number, d: number, first = 0): KernelCase {
  return {
    name: `rmsnorm T=${T} d=${d}${first ? ` from row ${first}` : ''}`,
    run: withArena(async (r, arena) => {
      const x = seededArray((first + T) * d, 5, 30);
      const gain = seededArray(d, 6);
      const at = fill(r, arena, x, first + T, d);
      const gains = arena.tensor('gain', d);
      r.device.gpu.queue.writeBuffer(gains.buffer, 0, gain);
      const found = await result(r, rmsnorm(r, at, gains, 1e-5, arena.tensor('y', padded(T), d), T, first), T);
      return reference.normalisedError(found, reference.rmsnorm(x.subarray(first * d), gain, 1e-5));
    }),
  };
}

/** A table of the positions that are used only: the kernel looks up whatever row it is told. `halves`: so many rotated dimensions. */
function ropeCase(heads: number, headDim: number, positions: number[], factor: number, halves?: number): KernelCase {
  const T = positions.length;
  const kvHeads = Math.ceil(heads / 2);
  const dimensions = halves ?? headDim;
  const layout = halves ? `, ${halves} in halves` : '';
  return {
    name: `rope heads=${heads} head_dim=${headDim}${layout} positions ${positions.join(' ')} factor ${factor}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * heads * headDim, 11);
      const rotation = { base: 10_000, factor, dimensions, halves: halves !== undefined };
      const scaling = { type: 'linear', factor, originalContext: 1 } as const;
      const first = Math.min(...positions);
      const count = Math.max(...positions) - first + 1;
      const angles = ropeTable(ropeAngles({ dimensions, base: 10_000, scaling }), first, count);
      const table = fill(r, arena, angles, count, dimensions / 2, 2);
      const rows = fill(r, arena, Uint32Array.from(positions.flatMap((p) => [p - first, 0])), T, 2);
      const keys = seededArray(T * kvHeads * headDim, 12);
      const both = [fill(r, arena, x, T, heads, headDim), fill(r, arena, keys, T, kvHeads, headDim)] as const;
      (halves ? ropeHalves : rope)(r, both, table, rows, T);
      const expected = [
        reference.rope(x, positions, heads, headDim, rotation),
        reference.rope(keys, positions, kvHeads, headDim, rotation),
      ];
      return worstOf(both, expected, (tensor) => result(r, tensor, T));
    }),
  };
}

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
}: AttentionCase): KernelCase {
  const prefix = seen ?? (branch ? start - 1 : start);
  const own = (t: number) => start + (branch ? t - (t % branch) : 0);
  const position = (t: number) => prefix + t - (own(t) - start);
  const slots = start + T;
  const what = `T=${T} after ${start}, heads ${heads}/${kvHeads} of ${headDim}, ${kv}`;
  return {
    name: `attention ${what}${branch ? `, branches of ${branch}` : ''}${seen === undefined ? '' : `, ${seen} seen`}${window ? `, window ${window}` : ''}`,
    run: withArena(async (r, arena) => {
      const q = seededArray(T * heads * headDim, 21, 3);
      const k = seededArray(slots * kvHeads * headDim, 22, 3);
      const v = seededArray(slots * kvHeads * headDim, 23);
      const bytes = slots * kvHeads * headDim * storedBytes[kv];
      const cache = { type: kv, keys: arena.buffer('keys', bytes), values: arena.buffer('values', bytes) };
      appendToCache(
        r,
        fill(r, arena, k, slots, kvHeads, headDim),
        fill(r, arena, v, slots, kvHeads, headDim),
        cache,
        0,
        slots,
      );
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

function gatedCase(activation: Activation, T: number, ff: number, spread: number): KernelCase {
  return {
    name: `gated by ${activation} T=${T} ff=${ff}`,
    run: withArena(async (r, arena) => {
      const [gate, up] = [seededArray(T * ff, 31, spread), seededArray(T * ff, 32)];
      const on = [fill(r, arena, gate, T, ff), fill(r, arena, up, T, ff)] as const;
      const found = await result(r, gated(r, ...on, T, activation), T);
      return reference.normalisedError(found, activated[activation](gate, up));
    }),
  };
}

function biasCase(T: number, heads: number, headDim: number): KernelCase {
  return {
    name: `add-bias T=${T} n=${heads}x${headDim}`,
    run: withArena(async (r, arena) => {
      const [x, bias] = [seededArray(T * heads * headDim, 43), seededArray(heads * headDim, 44)];
      const on = arena.tensor('bias', heads * headDim);
      r.device.gpu.queue.writeBuffer(on.buffer, 0, bias);
      const found = await result(r, addBias(r, fill(r, arena, x, T, heads, headDim), on, T), T);
      return reference.normalisedError(found, reference.addBias(x, bias));
    }),
  };
}

function scaleCase(T: number, d: number): KernelCase {
  return {
    name: `scale T=${T} d=${d}`,
    run: withArena(async (r, arena) => {
      const x = seededArray(T * d, 45);
      const found = await result(r, scale(r, fill(r, arena, x, T, d), 0.375, T), T);
      return reference.normalisedError(found, reference.scale(x, 0.375));
    }),
  };
}

function headNormCase(T: number, heads: number, headDim: number): KernelCase {
  return {
    name: `head-norm T=${T} heads=${heads} head_dim=${headDim}`,
    run: withArena(async (r, arena) => {
      const [x, gain] = [seededArray(T * heads * headDim, 46, 3), seededArray(headDim, 47)];
      const on = arena.tensor('gain', headDim);
      r.device.gpu.queue.writeBuffer(on.buffer, 0, gain);
      const found = await result(r, headNorm(r, fill(r, arena, x, T, heads, headDim), on, 1e-5, T), T);
      return reference.normalisedError(found, reference.rmsnorm(x, gain, 1e-5));
    }),
  };
}

function addCase(T: number, d: number): KernelCase {
  return {
    name: `add T=${T} d=${d}`,
    run: withArena(async (r, arena) => {
      const [x, y] = [seededArray(T * d, 41), seededArray(T * d, 42)];
      const found = await result(r, add(r, fill(r, arena, x, T, d), fill(r, arena, y, T, d), T), T);
      return reference.normalisedError(found, reference.add(x, y));
    }),
  };
}

function logprobCase(T: number, vocabulary: number, spread: number): KernelCase {
  return {
    name: `logprob T=${T} vocabulary=${vocabulary} logits up to ${spread}`,
    run: withArena(async (r, arena) => {
      const width = Math.ceil(vocabulary / 4) * 4;
      const logits = seededArray(T * width, 51, spread);
      const targets = Uint32Array.from({ length: T + 1 }, (_, t) => (t * 37) % vocabulary);
      const out = arena.tensor('out', padded(T + 1));
      const at = fill(r, arena, targets, T + 1);
      const found = await result(r, logprob(r, fill(r, arena, logits, T, width), vocabulary, at, out, T, 1), T + 1);
      const row = (t: number) => logits.subarray(t * width, t * width + vocabulary);
      const expected = Array.from({ length: T }, (_, t) => reference.logprob(row(t), targets[t + 1]));
      return reference.normalisedError(found.subarray(1), expected);
    }),
  };
}

/** Shortest rows: an odd number of scales where a row may have one. */
const columnsOf = (type: ComputedType) => (ggmlType(type).blockSize === 256 ? 256 : 96);
/** One of each kind of reader; the others differ in constants, and their tiles take a second each to compile. */
const tiled: ComputedType[] = ['F16', 'Q8_0', 'Q5_1', 'Q4_K', 'IQ4_XS'];
/** Blocks of 8 rows: a binding holds no more. */
const eightRows = (type: ComputedType, columns: number) => bytesOnGpu(type, columns).weights * 8;
const grouped = { heads: 6, kvHeads: 2, headDim: 16 };

export const kernelCases: KernelCase[] = [
  ...[1, 3, 4, 15, 16, 17, 64].map((T) => matmulCase('F32', T, 96, 100)),
  ...tiled.flatMap((type) => [17, 64].map((T) => matmulCase(type, T, columnsOf(type), 70))),
  ...computedTypes.map((type) => matmulCase(type, 1, columnsOf(type), 30, eightRows(type, columnsOf(type)))),
  matmulCase('F32', 16, 32, 323),
  matmulCase('F32', 65, 68, 130),
  matmulCase('F16', 70, 64, 132),
  matmulCase('F32', 17, 4, 1),
  matmulCase('F32', 64, 64, 90, 64 * 12),
  // Blocks of 68 rows.
  matmulCase('F16', 64, 64, 136, 2 * 64 * 68),
  matmulCase('Q8_0', 64, 64, 136, 64 * 68),
  matmulCase('Q6_K', 64, 512, 136, (512 * 6 * 68) / 8),
  ...[1, 3, 17].map((T) => longMatmulCase('F32', T)),
  longMatmulCase('Q8_0', 64),
  ...[1, 3, 17].map((T) => addMatmulCase('F32', T, 96, 100)),
  addMatmulCase('Q8_0', 64, 96, 100),
  ...[1, 3, 17].map((T) => matmul3Case(['F32', 'F32', 'F32'], T, 96)),
  matmul3Case(['Q4_K', 'Q8_0', 'Q6_K'], 1, 512),
  ...[1, 2, 16].map((T) => gatedMatmulCase(['F32', 'F32'], T, 'silu')),
  gatedMatmulCase(['Q4_K', 'F16'], 1, 'gelu'),
  ...(['F32', 'Q5_K'] as const).map((type) => embedCase(type)),
  ...computedTypes.map((type) => embedCase(type, eightRows(type, columnsOf(type)))),
  rmsnormCase(1, 4),
  rmsnormCase(17, 260),
  rmsnormCase(3, 96, 5),
  ropeCase(1, 8, [0], 1),
  ropeCase(3, 16, [0, 1, 255, 2047, 2048, 4100], 1),
  ropeCase(2, 64, [32_000, 32_001, 32_767], 16),
  ropeCase(3, 16, [0, 1, 255, 4100], 1, 16),
  ropeCase(5, 64, [7, 32_767], 8, 48),
  ...[1, 4, 5, 15, 16, 17].map((T) => attentionCase({ T, start: 0, ...grouped })),
  attentionCase({ T: 1, start: 40, ...grouped }),
  attentionCase({ T: 16, start: attentionTile - 16, ...grouped }),
  attentionCase({ T: 17, start: attentionTile - 16, ...grouped }),
  attentionCase({ T: 5, start: 2 * attentionTile + 3, heads: 4, kvHeads: 4, headDim: 8 }),
  attentionCase({ T: 1, start: 2 * attentionTile + 3, ...grouped }),
  attentionCase({ T: 16, start: attentionTile + 9, ...grouped, sees: 0 }),
  attentionCase({ T: 18, start: 30, heads: 4, kvHeads: 2, headDim: 64 }),
  attentionCase({ T: 3, start: 7, heads: 2, kvHeads: 1, headDim: 132 }),
  attentionCase({ T: 33, start: 20, ...grouped, branch: 11 }),
  attentionCase({ T: 40, start: attentionTile + 10, ...grouped, branch: 7 }),
  attentionCase({ T: 17, start: 40, ...grouped, kv: 'f16' }),
  ...[1, 17, 64].map((T) => attentionCase({ T, start: 40, ...grouped, kv: 'q8_0' })),
  attentionCase({ T: 70, start: 3, heads: 4, kvHeads: 2, headDim: 64, kv: 'f16' }),
  ...[80, 96, 112, 128, 256].map((headDim) => attentionCase({ T: 19, start: 15, heads: 2, kvHeads: 1, headDim })),
  ...[80, 128].map((headDim) => attentionCase({ T: 1, start: 33, heads: 8, kvHeads: 2, headDim, kv: 'q8_0' })),
  ...[1, 3, 17, 57].map((T) => attentionCase({ T, start: 40, ...grouped, window: 19 })),
  attentionCase({ T: 1, start: 2 * attentionTile + 3, ...grouped, window: attentionTile }),
  attentionCase({ T: 17, start: attentionTile + 30, ...grouped, window: 5 }),
  attentionCase({ T: 40, start: attentionTile + 10, ...grouped, branch: 7, window: 12 }),
  attentionCase({ T: 17, start: 40, ...grouped, window: 1 }),
  gatedCase('silu', 5, 172, 100),
  gatedCase('gelu', 5, 172, 30),
  addCase(17, 96),
  biasCase(17, 6, 16),
  biasCase(1, 1, 4),
  scaleCase(17, 96),
  headNormCase(1, 1, 4),
  headNormCase(17, 6, 20),
  logprobCase(1, 323, 5),
  logprobCase(17, 1027, 80),
];
