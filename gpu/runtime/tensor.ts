// Numbers on the GPU: activations as tensors, weights in their file's number format, and the arena, the list of all buffers that one
// engine made, so that they can be freed together.
import type { ComputedType } from '../gguf/ggml-types.ts';
import { createTexels, type TexelBytes, textureBytes, writeTexels } from './texels.ts';
import { usage } from './usage.ts';

/** Numbers that shaders only read, in a buffer or, where that is faster, in a texture (texels.ts). */
export type Stored = GPUBuffer | GPUTexture;

export const isTexture = (stored: Stored): stored is GPUTexture => 'format' in stored;

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
  readonly weights: Stored;
  /** Scales of the other formats. */
  readonly scales?: GPUBuffer;
}

/** Room for weights in f32. */
export interface Unpacked {
  readonly weights: Stored;
  readonly numbers: number;
}

/** A weight matrix (rows, columns), row-major. */
export interface Weight {
  readonly type: ComputedType;
  readonly rows: number;
  readonly columns: number;
  readonly blocks: readonly WeightBlock[];
  /** Where rows of it may be unpacked to f32, shared by all weights of a model; absent where unpacking in the kernel is faster. */
  readonly unpacked?: Unpacked;
}

/** What a buffer for so many bytes takes. */
export const bufferBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

/** What `Arena.stored` takes for so many bytes. */
export const storedSize = (bytes: number, texel: TexelBytes | undefined): number =>
  texel ? textureBytes(bytes, texel) : bufferBytes(bytes);

/** `offset` and the length of `data` in bytes: whole texels, or multiples of four. */
export function writeStored(queue: GPUQueue, to: Stored, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
  if (isTexture(to)) writeTexels(queue, to, offset, data);
  else queue.writeBuffer(to, offset, data.buffer, data.byteOffset, data.byteLength);
}

export class Arena {
  readonly #device: GPUDevice;
  readonly #made: Stored[] = [];

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
    this.#made.push(buffer);
    return buffer;
  }

  /** Room for what shaders only read: in texels of so many bytes, or in a buffer. */
  stored(label: string, bytes: number, texel: TexelBytes | undefined): Stored {
    if (!texel) return this.buffer(label, bytes);
    const texture = createTexels(this.#device, label, bytes, texel);
    this.#made.push(texture);
    return texture;
  }

  unpacked(numbers: number, texels: boolean): Unpacked {
    return { weights: this.stored('unpacked weights', 4 * numbers, texels ? 16 : undefined), numbers };
  }

  tensor(label: string, ...shape: number[]): Tensor {
    return { buffer: this.buffer(label, 4 * sizeOf(shape)), shape };
  }

  destroy(): void {
    for (const made of this.#made) made.destroy();
    this.#made.length = 0;
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
