// Weights as numbers: F32, F16 and Q8_0 bytes to f32, and Q8_0 taken apart into the two arrays that the GPU wants. Pure functions on
// any whole number of blocks, so that a tensor can pass through in pieces.

import { ggmlTypes, isComputed } from './ggml-types.ts';
import { halfTable } from './half.ts';
import { damaged, unsupported } from './refusals.ts';

export { halfToNumber, numberToHalf } from './half.ts';

/** Values per Q8_0 block, and bytes: an f16 scale and 32 int8. */
export const q8_0 = { blockSize: 32, blockBytes: 34 } as const;

const byName = new Map([...ggmlTypes.values()].map((type) => [type.name, type]));

/** The values of `bytes`, a whole number of blocks of `type` (F32, F16 or Q8_0), in their order. */
export function dequantize(type: string, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (!isComputed(type)) throw unsupported(type);
  const { blockSize, blockBytes } = byName.get(type)!;
  if (bytes.length % blockBytes !== 0) throw damaged(`${type} weights end within a block`);
  const values = new Float32Array((bytes.length / blockBytes) * blockSize);
  if (type === 'F32') new Uint8Array(values.buffer).set(bytes);
  else if (type === 'F16') dequantizeF16(bytes, values);
  else dequantizeQ8_0(bytes, values);
  return values;
}

function dequantizeF16(bytes: Uint8Array, values: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < values.length; i++) values[i] = half[bytes[2 * i] | (bytes[2 * i + 1] << 8)];
}

/** x = scale * q for each block of 32. */
function dequantizeQ8_0(bytes: Uint8Array, values: Float32Array): void {
  const half = halfTable();
  for (let at = 0, out = 0; at < bytes.length; ) {
    const scale = half[bytes[at] | (bytes[at + 1] << 8)];
    at += 2;
    for (let i = 0; i < q8_0.blockSize; i++) values[out++] = scale * ((bytes[at++] << 24) >> 24);
  }
}

/**
 * Takes Q8_0 blocks apart for the GPU: quants (blocks * 32,) int8, four to a u32 word in little-endian order, and scales (blocks,)
 * as f32. Rows follow each other in both, K quants and K / 32 scales a row, so a piece that begins at block b of a tensor belongs at
 * quants[32 b] and scales[b].
 */
export function splitQ8_0(blocks: Uint8Array): { quants: Int8Array<ArrayBuffer>; scales: Float32Array<ArrayBuffer> } {
  if (blocks.length % q8_0.blockBytes !== 0) throw damaged('Q8_0 weights end within a block');
  const half = halfTable();
  const count = blocks.length / q8_0.blockBytes;
  const scales = new Float32Array(count);
  const quants = new Int8Array(count * q8_0.blockSize);
  const unsigned = new Uint8Array(quants.buffer);
  for (let b = 0; b < count; b++) {
    const at = b * q8_0.blockBytes;
    scales[b] = half[blocks[at] | (blocks[at + 1] << 8)];
    unsigned.set(blocks.subarray(at + 2, at + q8_0.blockBytes), b * q8_0.blockSize);
  }
  return { quants, scales };
}
