// Every kernel over shapes at the edges of its tiles. One list, run by dawn.node (kernels.test.ts) and in a browser (chromium/): it
// knows neither Node nor a page.
import { type ComputedType, computedTypes } from '../../gpu/gguf/ggml-types.ts';
import { add } from '../../gpu/kernels/add.ts';
import { addBias } from '../../gpu/kernels/add-bias.ts';
import { embed } from '../../gpu/kernels/embed.ts';
import { type Activation, gated } from '../../gpu/kernels/gated.ts';
import { headNorm } from '../../gpu/kernels/head-norm.ts';
import { logprob } from '../../gpu/kernels/logprob.ts';
import { rmsnorm } from '../../gpu/kernels/rmsnorm.ts';
import { rope, ropeHalves } from '../../gpu/kernels/rope.ts';
import { scale } from '../../gpu/kernels/scale.ts';
import { ropeAngles, ropeTable } from '../../gpu/model/rope-scaling.ts';
import { attentionCases } from './attention-cases.ts';
import {
  activated,
  columnsOf,
  eightRows,
  fill,
  type KernelCase,
  padded,
  result,
  weightOf,
  withArena,
  worstOf,
} from './kernel-case.ts';
import { productCases } from './product-cases.ts';
import * as reference from './reference.ts';
import { seededArray } from './synthetic-model.ts';

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

export const kernelCases: KernelCase[] = [
  ...productCases,
  ...attentionCases,
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
