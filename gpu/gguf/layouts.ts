// How quantised weights lie on the GPU: whatever the format, quants in planes of whole bits and, apart from them, scales. One reader
// (kernels/weight-quantised.wgsl) serves all formats, and memory stays within 6 % of the file's (the figures: tests/gpu/gguf/layouts.test.ts).
//
// weight = quant * scale + offset, where the quant is a whole number less `zero`, or an entry of a codebook.
//
// Quants: 32 columns take as many words as a quant has bits: first the low plane (`low` bits of each), then the high one. Four columns
// that follow each other are the same bits of a word's four bytes, so that a shift and a mask unpack a vec4; the next four columns
// are the bits above, and then the next word.
//
// Scales, 'half': one f16 for 32 columns, or two, scale and offset. 'grouped': for 256 columns one word with the f16 scale of the
// scales and that of the offsets, then for each group of columns its whole-numbered scale and offset, in so many bits.
import { unpackers } from './blocks.ts';
import { type ComputedType, ggmlType, isPlain, type QuantisedType } from './ggml-types.ts';
import { halfTable } from './half.ts';

export type ScaleLayout =
  | { readonly kind: 'half'; readonly offsets: boolean }
  | {
      readonly kind: 'grouped';
      /** Columns that share a scale. */
      readonly group: 16 | 32;
      readonly scaleBits: 4 | 8;
      readonly offsetBits: 0 | 4 | 8;
      /** What a stored scale is too large by. */
      readonly zero: number;
    };

export interface Layout {
  /** Bits of a quant in the two planes. */
  readonly low: 2 | 4 | 8;
  readonly high: 0 | 1 | 2;
  /** What a stored quant is too large by. */
  readonly zero: number;
  /** Quants are entries of `codebook`. */
  readonly coded: boolean;
  readonly scales: ScaleLayout;
  /** Where the f16 numbers of a block of the file lie in it, in bytes. */
  readonly halves: readonly number[];
}

/** Of IQ4_NL and IQ4_XS. */
export const codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const;

const half = (low: 4 | 8, high: 0 | 1, zero: number, offsets: boolean, coded = false): Layout => ({
  low,
  high,
  zero,
  coded,
  scales: { kind: 'half', offsets },
  halves: offsets ? [0, 2] : [0],
});

const grouped = (
  bits: readonly [low: 2 | 4, high: 0 | 1 | 2],
  zero: number,
  scales: Omit<ScaleLayout & { kind: 'grouped' }, 'kind'>,
  halves: readonly number[],
  coded = false,
): Layout => ({ low: bits[0], high: bits[1], zero, coded, scales: { kind: 'grouped', ...scales }, halves });

/** Q8_0 quants are signed bytes; those of the other formats count from 0. */
export const layouts: Readonly<Record<QuantisedType, Layout>> = {
  Q8_0: half(8, 0, 0, false),
  Q4_0: half(4, 0, 8, false),
  Q4_1: half(4, 0, 0, true),
  Q5_0: half(4, 1, 16, false),
  Q5_1: half(4, 1, 0, true),
  IQ4_NL: half(4, 0, 0, false, true),
  Q2_K: grouped([2, 0], 0, { group: 16, scaleBits: 4, offsetBits: 4, zero: 0 }, [80, 82]),
  Q3_K: grouped([2, 1], 4, { group: 16, scaleBits: 8, offsetBits: 0, zero: 32 }, [108]),
  Q4_K: grouped([4, 0], 0, { group: 32, scaleBits: 8, offsetBits: 8, zero: 0 }, [0, 2]),
  Q5_K: grouped([4, 1], 0, { group: 32, scaleBits: 8, offsetBits: 8, zero: 0 }, [0, 2]),
  Q6_K: grouped([4, 2], 32, { group: 16, scaleBits: 8, offsetBits: 0, zero: 128 }, [208]),
  IQ4_XS: grouped([4, 0], 0, { group: 32, scaleBits: 8, offsetBits: 0, zero: 32 }, [0], true),
};

/** Words of scales for 256 columns of a 'grouped' layout. */
export const groupedWords = ({ group, scaleBits, offsetBits }: ScaleLayout & { kind: 'grouped' }): number =>
  1 + ((256 / group) * (scaleBits + offsetBits)) / 32;

/** Bytes of scales for a block of the file. */
const scaleBytesOfBlock = ({ scales }: Layout): number =>
  scales.kind === 'half' ? (scales.offsets ? 4 : 2) : 4 * groupedWords(scales);

/** Bytes on the GPU of `columns` weights, a whole number of blocks. */
export function bytesOnGpu(type: ComputedType, columns: number): { weights: number; scales: number } {
  const { blockSize, blockBytes } = ggmlType(type);
  if (isPlain(type)) return { weights: columns * blockBytes, scales: 0 };
  const layout = layouts[type];
  return {
    weights: (columns * (layout.low + layout.high)) / 8,
    scales: (columns / blockSize) * scaleBytesOfBlock(layout),
  };
}

export interface Planes {
  readonly quants: Uint32Array<ArrayBuffer>;
  readonly scales: Uint8Array<ArrayBuffer>;
}

/** Blocks of the file, a whole number of them, as they lie on the GPU. Pieces that follow each other give parts that do. */
export function toPlanes(type: QuantisedType, bytes: Uint8Array): Planes {
  const { blockSize, blockBytes } = ggmlType(type);
  const layout = layouts[type];
  const count = bytes.length / blockBytes;
  const sizes = bytesOnGpu(type, count * blockSize);
  const quants = new Uint32Array(sizes.weights / 4);
  const scales = new Uint8Array(sizes.scales);
  const perBlock = scaleBytesOfBlock(layout);
  const unpack = unpackers[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const columns = new Uint32Array(blockSize / 4);
  for (let block = 0, to = 0; block < count; block++) {
    unpack(view, block * blockBytes, columns, scales, block * perBlock);
    for (let first = 0; first < columns.length; first += 8) to = pack(columns, first, layout, quants, to);
  }
  return { quants, scales };
}

/** 32 columns, eight words of `columns` from `first` on, into the planes at `to`; where the next 32 go. */
function pack(columns: Uint32Array, first: number, { low, high }: Layout, quants: Uint32Array, to: number): number {
  let at = to;
  if (low === 8) for (let i = 0; i < 8; i++) quants[at++] = columns[first + i];
  else if (low === 4) for (let i = first; i < first + 8; i += 2) quants[at++] = lows(columns, i, 4, 0x0f0f0f0f);
  else for (let i = first; i < first + 8; i += 4) quants[at++] = fours(columns, i, 0, 0x03030303);
  if (high === 2) for (let i = first; i < first + 8; i += 4) quants[at++] = fours(columns, i, low, 0x03030303);
  if (high === 1) {
    let bits = 0;
    for (let i = 0; i < 8; i++) bits |= ((columns[first + i] >>> low) & 0x01010101) << i;
    quants[at++] = bits;
  }
  return at;
}

const lows = (columns: Uint32Array, i: number, bits: number, mask: number): number =>
  (columns[i] & mask) | ((columns[i + 1] & mask) << bits);

const fours = (columns: Uint32Array, i: number, shift: number, mask: number): number =>
  ((columns[i] >>> shift) & mask) |
  (((columns[i + 1] >>> shift) & mask) << 2) |
  (((columns[i + 2] >>> shift) & mask) << 4) |
  (((columns[i + 3] >>> shift) & mask) << 6);

/** Column `index` of `planes`, read as the shader reads it: the two say the same thing twice. */
export function weightAt(type: QuantisedType, planes: Planes, index: number): number {
  const { low, high, zero, coded } = layouts[type];
  const first = Math.floor(index / 32) * (low + high);
  const [four, lane] = [(index % 32) >> 2, index & 3];
  const bitsOf = (plane: number, bits: number) =>
    (planes.quants[plane + Math.floor((four * bits) / 8)] >>> (((four * bits) % 8) + 8 * lane)) & ((1 << bits) - 1);
  let quant = bitsOf(first, low);
  if (high > 0) quant |= bitsOf(first + low, high) << low;
  if (low === 8) quant = (quant << 24) >> 24;
  const [scale, offset] = scalingAt(layouts[type].scales, planes.scales, index);
  return Math.fround(Math.fround((coded ? codebook[quant] : quant - zero) * scale) + offset);
}

function scalingAt(layout: ScaleLayout, scales: Uint8Array, index: number): [scale: number, offset: number] {
  const table = halfTable();
  const halfAt = (at: number) => table[scales[at] | (scales[at + 1] << 8)];
  if (layout.kind === 'half') {
    const group = Math.floor(index / 32);
    return layout.offsets ? [halfAt(4 * group), halfAt(4 * group + 2)] : [halfAt(2 * group), 0];
  }
  const { group, scaleBits, offsetBits, zero } = layout;
  const first = Math.floor(index / 256) * 4 * groupedWords(layout);
  const bit = Math.floor((index % 256) / group) * (scaleBits + offsetBits);
  const entry = scales[first + 4 + (bit >> 3)] | (scales[first + 5 + (bit >> 3)] << 8);
  const scale = ((entry >> (bit & 7)) & ((1 << scaleBits) - 1)) - zero;
  const offset = (entry >> ((bit & 7) + scaleBits)) & ((1 << offsetBits) - 1);
  return [halfAt(first) * scale, offsetBits > 0 ? -halfAt(first + 2) * offset : 0];
}
