// Numbers on the GPU: activations as tensors, weights in their file's number format, and the arena, the list of all buffers that one
// engine made, so that they can be freed together.
import type { ComputedType } from '../gguf/ggml-types.ts';
import { usage } from './usage.ts';

/** f32, row-major. The first dimension is what was allocated; a call says how many rows it uses. */
export interface Tensor {
  readonly buffer: GPUBuffer;
  readonly shape: readonly number[];
}

/** Rows `first` … `first + count - 1` of a weight matrix: as many as one binding can hold. */
export interface WeightBlock {
  readonly first: number;
  readonly count: number;
  /** F32, F16 and BF16 as in the file; quants of the other formats (gguf/layouts.ts). */
  readonly weights: GPUBuffer;
  /** Scales of the other formats. */
  readonly scales?: GPUBuffer;
}

/** A weight matrix (rows, columns), row-major. */
export interface Weight {
  readonly type: ComputedType;
  readonly rows: number;
  readonly columns: number;
  readonly blocks: readonly WeightBlock[];
  /** Where rows of it may be unpacked to f32, shared by all weights of a model; absent where unpacking in the kernel is faster. */
  readonly unpacked?: Tensor;
}

/** What a buffer for so many bytes takes. */
export const bufferBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

export class Arena {
  readonly #device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** A storage buffer; zeros at first. */
  buffer(label: string, bytes: number): GPUBuffer {
    const buffer = this.#device.createBuffer({
      label,
      size: bufferBytes(bytes),
      usage: usage.storage | usage.copySource | usage.copyTarget,
    });
    this.#buffers.push(buffer);
    return buffer;
  }

  tensor(label: string, ...shape: number[]): Tensor {
    return { buffer: this.buffer(label, 4 * sizeOf(shape)), shape };
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.length = 0;
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
