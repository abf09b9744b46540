// Products with weight matrices over shapes at the edges of their tiles: alone, added, gated, three at once, in blocks and in parts.
import { type ComputedType, computedTypes } from '../../gpu/gguf/ggml-types.ts';
import type { Activation } from '../../gpu/kernels/gated.ts';
import { addMatmul, gatedMatmul, matmul, matmul3 } from '../../gpu/kernels/matmul.ts';
import type { Dispatch, Recorder } from '../../gpu/runtime/recorder.ts';
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
import * as reference from './reference.ts';
import { seededArray } from './synthetic-model.ts';

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

/** One of each kind of reader; the others differ in constants, and their tiles take a second each to compile. */
const tiled: ComputedType[] = ['F16', 'Q8_0', 'Q5_1', 'Q4_K', 'IQ4_XS'];

export const productCases: KernelCase[] = [
  ...[1, 3, 4, 15, 16, 17, 64].map((T) => matmulCase('F32', T, 96, 100)),
  ...tiled.flatMap((type) => [17, 64].map((T) => matmulCase(type, T, columnsOf(type), 70))),
  ...computedTypes.map((type) => matmulCase(type, 1, columnsOf(type), 30, eightRows(type, columnsOf(type)))),
  matmulCase('F32', 16, 32, 323),
  matmulCase('F32', 65, 68, 130),
  matmulCase('F32', 129, 192, 130),
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
  addMatmulCase('F32', 64, 128, 20),
  ...[1, 3, 17].map((T) => matmul3Case(['F32', 'F32', 'F32'], T, 96)),
  matmul3Case(['Q4_K', 'Q8_0', 'Q6_K'], 1, 512),
  ...[1, 2, 16].map((T) => gatedMatmulCase(['F32', 'F32'], T, 'silu')),
  gatedMatmulCase(['Q4_K', 'F16'], 1, 'gelu'),
];
