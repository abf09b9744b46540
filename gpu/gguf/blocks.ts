// The blocks of ggml's quantised formats taken apart, one function a format: `quants`, whole numbers from 0, one byte each in the order
// of the columns (four to a word, so that a word is what the shaders call a vec4), and `scales` as bytes in the order that layouts.ts
// describes. Written after the structures of ggml-common.h; tests/gpu/gguf/vectors.json holds what another implementation makes of them.
import type { QuantisedType } from './ggml-types.ts';

/** Reads the block at `at`; fills `quants` (a word for every 4 columns) and the scales from `to` on. */
export type Unpack = (block: DataView, at: number, quants: Uint32Array, scales: Uint8Array, to: number) => void;

const low4 = 0x0f0f0f0f;
const low2 = 0x03030303;
const low1 = 0x01010101;

const word = (block: DataView, at: number) => block.getUint32(at, true);

function copy(block: DataView, from: number, count: number, scales: Uint8Array, to: number): void {
  for (let i = 0; i < count; i++) scales[to + i] = block.getUint8(from + i);
}

/** 16 bytes of nibbles: the low ones are columns 0 to 15, the high ones columns 16 to 31. */
function nibbles32(block: DataView, from: number, quants: Uint32Array, first: number): void {
  for (let i = 0; i < 4; i++) {
    const both = word(block, from + 4 * i);
    quants[first + i] = both & low4;
    quants[first + 4 + i] = (both >>> 4) & low4;
  }
}

/** 128 bytes of nibbles: in each 32 bytes the low ones are 32 columns, the high ones the 32 after them. */
function nibbles256(block: DataView, from: number, quants: Uint32Array): void {
  for (let i = 0; i < 32; i++) {
    const both = word(block, from + 4 * i);
    const to = (i >> 3) * 16 + (i & 7);
    quants[to] = both & low4;
    quants[to + 8] = (both >>> 4) & low4;
  }
}

/** 64 bytes of two bits: in each 32 bytes the lowest are 32 columns, the next two bits the 32 after them, and so on. */
function pairs256(block: DataView, from: number, quants: Uint32Array): void {
  for (let i = 0; i < 16; i++) {
    const four = word(block, from + 4 * i);
    const to = (i >> 3) * 32 + (i & 7);
    for (let j = 0; j < 4; j++) quants[to + 8 * j] = (four >>> (2 * j)) & low2;
  }
}

/** A fifth bit for each of 32 columns, in their order. */
function fifthBits(bits: number, quants: Uint32Array): void {
  for (let i = 0; i < 8; i++) {
    const four = bits >>> (4 * i);
    // Bits 0 to 3 to the fifth bits of four bytes.
    quants[i] |= ((four & 1) << 4) | ((four & 2) << 11) | ((four & 4) << 18) | ((four & 8) << 25);
  }
}

/** Eight scales and eight offsets of 6 bits in 12 bytes, to alternating bytes. */
function sixBitPairs(block: DataView, from: number, scales: Uint8Array, to: number): void {
  for (let i = 0; i < 4; i++) {
    const a = block.getUint8(from + i);
    const b = block.getUint8(from + 4 + i);
    const c = block.getUint8(from + 8 + i);
    scales[to + 2 * i] = a & 63;
    scales[to + 2 * i + 1] = b & 63;
    scales[to + 2 * i + 8] = (c & 15) | ((a >> 6) << 4);
    scales[to + 2 * i + 9] = (c >> 4) | ((b >> 6) << 4);
  }
}

export const unpackers: Readonly<Record<QuantisedType, Unpack>> = {
  /** f16 scale, 32 int8: the only quants that are signed. */
  Q8_0(block, at, quants, scales, to) {
    copy(block, at, 2, scales, to);
    for (let i = 0; i < 8; i++) quants[i] = word(block, at + 2 + 4 * i);
  },
  /** f16 scale, nibbles. */
  Q4_0(block, at, quants, scales, to) {
    copy(block, at, 2, scales, to);
    nibbles32(block, at + 2, quants, 0);
  },
  /** f16 scale and offset, nibbles. */
  Q4_1(block, at, quants, scales, to) {
    copy(block, at, 4, scales, to);
    nibbles32(block, at + 4, quants, 0);
  },
  /** f16 scale, fifth bits, nibbles. */
  Q5_0(block, at, quants, scales, to) {
    copy(block, at, 2, scales, to);
    nibbles32(block, at + 6, quants, 0);
    fifthBits(word(block, at + 2), quants);
  },
  /** f16 scale and offset, fifth bits, nibbles. */
  Q5_1(block, at, quants, scales, to) {
    copy(block, at, 4, scales, to);
    nibbles32(block, at + 8, quants, 0);
    fifthBits(word(block, at + 4), quants);
  },
  /** As Q4_0; the nibbles count into a codebook. */
  IQ4_NL(block, at, quants, scales, to) {
    unpackers.Q4_0(block, at, quants, scales, to);
  },
  /** 16 times a scale and an offset of 4 bits, two-bit quants, f16 scale of the scales and of the offsets. */
  Q2_K(block, at, quants, scales, to) {
    copy(block, at + 80, 4, scales, to);
    copy(block, at, 16, scales, to + 4);
    pairs256(block, at + 16, quants);
  },
  /** Third bits, two-bit quants, 16 scales of 6 bits, f16 scale of the scales. */
  Q3_K(block, at, quants, scales, to) {
    copy(block, at + 108, 2, scales, to);
    for (let i = 0; i < 8; i++) {
      const low = block.getUint8(at + 96 + i);
      for (const half of [0, 1]) {
        const high = block.getUint8(at + 104 + (i & 3)) >> (4 * half + 2 * (i >> 2));
        scales[to + 4 + 8 * half + i] = ((low >> (4 * half)) & 15) | ((high & 3) << 4);
      }
    }
    pairs256(block, at + 32, quants);
    for (let i = 0; i < 64; i++) quants[i] |= ((word(block, at + 4 * (i & 7)) >>> (i >> 3)) & low1) << 2;
  },
  /** f16 scale of the scales and of the offsets, eight of each in 6 bits, nibbles. */
  Q4_K(block, at, quants, scales, to) {
    copy(block, at, 4, scales, to);
    sixBitPairs(block, at + 4, scales, to + 4);
    nibbles256(block, at + 16, quants);
  },
  /** As Q4_K, with fifth bits before the nibbles. */
  Q5_K(block, at, quants, scales, to) {
    copy(block, at, 4, scales, to);
    sixBitPairs(block, at + 4, scales, to + 4);
    nibbles256(block, at + 48, quants);
    for (let i = 0; i < 64; i++) quants[i] |= ((word(block, at + 16 + 4 * (i & 7)) >>> (i >> 3)) & low1) << 4;
  },
  /** Nibbles (64 bytes are 64 columns and, in their high halves, the 64 after them), fifth and sixth bits, 16 int8 scales, f16 scale. */
  Q6_K(block, at, quants, scales, to) {
    copy(block, at + 208, 2, scales, to);
    for (let i = 0; i < 16; i++) scales[to + 4 + i] = block.getUint8(at + 192 + i) ^ 0x80;
    for (let i = 0; i < 32; i++) {
      const both = word(block, at + 4 * i);
      const first = (i >> 4) * 32 + (i & 15);
      quants[first] = both & low4;
      quants[first + 16] = (both >>> 4) & low4;
    }
    for (let i = 0; i < 16; i++) {
      const high = word(block, at + 128 + 4 * i);
      const first = (i >> 3) * 32 + (i & 7);
      for (let j = 0; j < 4; j++) quants[first + 8 * j] |= ((high >>> (2 * j)) & low2) << 4;
    }
  },
  /** f16 scale of the scales, eight of 6 bits in two parts, nibbles that count into the codebook. */
  IQ4_XS(block, at, quants, scales, to) {
    copy(block, at, 2, scales, to);
    const high = block.getUint16(at + 2, true);
    for (let i = 0; i < 8; i++) {
      const low = block.getUint8(at + 4 + (i >> 1)) >> (4 * (i & 1));
      scales[to + 4 + i] = (low & 15) | (((high >> (2 * i)) & 3) << 4);
      nibbles32(block, at + 8 + 16 * i, quants, 8 * i);
    }
  },
};
