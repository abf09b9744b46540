// What every case of a kernel needs: seeded numbers on the GPU, the result, and how far it is from the reference.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { dequantize } from '../../gpu/gguf/dequantize.ts';
import { type ComputedType, ggmlType } from '../../gpu/gguf/ggml-types.ts';
import { bytesOnGpu } from '../../gpu/gguf/layouts.ts';
import { createWeight, uploadAll } from '../../gpu/model/weights.ts';
import type { Recorder } from '../../gpu/runtime/recorder.ts';
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
export const padded = (rows: number) => Math.ceil(rows / 16) * 16;

export function fill(
  r: Recorder,
  arena: Arena,
  values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ...shape: number[]
): Tensor {
  const tensor = arena.tensor('test', padded(shape[0]), ...shape.slice(1));
  r.device.gpu.queue.writeBuffer(tensor.buffer, 0, values);
  return tensor;
}

export async function result(r: Recorder, tensor: Tensor, rows: number): Promise<Float32Array> {
  await r.run();
  return new Float32Array(await r.read(tensor.buffer, 4 * rows * sizeOf(tensor.shape.slice(1))));
}

/** A matrix (rows, columns) of seeded numbers on the GPU, and what it holds after rounding to `type`. */
export async function weightOf(
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
  const unpacked = arena.unpacked(columns * 24, limits.texels);
  const weight: Weight = createWeight(arena, limits, tensor, unpacked);
  await uploadAll(r.device.gpu, bytesSource(bytes), [{ tensor, to: weight }], {});
  return { weight, values: dequantize(type, bytes) };
}

export const withArena =
  (run: (r: Recorder, arena: Arena) => Promise<number>): KernelCase['run'] =>
  async (r) => {
    const arena = new Arena(r.device.gpu);
    try {
      return await run(r, arena);
    } finally {
      arena.destroy();
    }
  };

export async function worstOf(
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

export const activated = { silu: reference.swiglu, gelu: reference.geglu };

/** Shortest rows: an odd number of scales where a row may have one. */
export const columnsOf = (type: ComputedType) => (ggmlType(type).blockSize === 256 ? 256 : 96);

/** Blocks of 8 rows: a binding holds no more. */
export const eightRows = (type: ComputedType, columns: number) => bytesOnGpu(type, columns).weights * 8;
