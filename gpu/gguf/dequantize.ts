// Weights as numbers, the reference of what the shaders compute, and the check that they are numbers. Pure functions on any whole
// number of blocks, so that a tensor can pass through in pieces.
import { type ComputedType, ggmlType, isComputed, isPlain } from './ggml-types.ts';
import { halfTable } from './half.ts';
import { layouts, toPlanes, weightAt } from './layouts.ts';
import { damaged, unsupported } from './refusals.ts';

export { halfToNumber, numberToHalf } from './half.ts';

/** The values of `bytes`, a whole number of blocks of `type`, in their order. */
export function dequantize(type: string, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (!isComputed(type)) throw unsupported(type);
  const values = new Float32Array(blocksOf(type, bytes) * ggmlType(type).blockSize);
  if (type === 'F32') new Uint8Array(values.buffer).set(bytes);
  else if (type === 'F16') {
    const half = halfTable();
    for (let i = 0; i < values.length; i++) values[i] = half[bytes[2 * i] | (bytes[2 * i + 1] << 8)];
  } else if (type === 'BF16') {
    // The upper half of an f32.
    const words = new Uint32Array(values.buffer);
    for (let i = 0; i < values.length; i++) words[i] = (bytes[2 * i] << 16) | (bytes[2 * i + 1] << 24);
  } else {
    const planes = toPlanes(type, bytes);
    for (let i = 0; i < values.length; i++) values[i] = weightAt(type, planes, i);
  }
  return values;
}

function blocksOf(type: ComputedType, bytes: Uint8Array): number {
  const { blockBytes } = ggmlType(type);
  if (bytes.length % blockBytes !== 0) throw damaged(`${type} weights end within a block`);
  return bytes.length / blockBytes;
}

/** False when a NaN or an infinity is among the values, or among the scales that they are made with. */
export function areNumbers(type: ComputedType, bytes: Uint8Array): boolean {
  const blocks = blocksOf(type, bytes);
  const { blockBytes } = ggmlType(type);
  if (isPlain(type)) {
    // All exponent bits set: in F32 and BF16 eight of them, in the last two bytes; in F16 five, in the last one.
    const [mask, size] = type === 'F16' ? [0x7c00, 2] : [0x7f80, blockBytes];
    for (let at = size - 2; at < bytes.length; at += size) {
      if (((bytes[at] | (bytes[at + 1] << 8)) & mask) === mask) return false;
    }
    return true;
  }
  for (const offset of layouts[type].halves) {
    for (let block = 0, at = offset + 1; block < blocks; block++, at += blockBytes) {
      if ((bytes[at] & 0x7c) === 0x7c) return false;
    }
  }
  return true;
}
