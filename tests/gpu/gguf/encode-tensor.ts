// Values to the bytes of every ggml format that the engine computes with, as plainly as can be: one quant at a time is put where the
// format has it. Rounding is simple, not clever: what is written needs to be right, not small in error.
import { type ComputedType, ggmlType, isPlain, type QuantisedType } from '../../../gpu/gguf/ggml-types.ts';
import { numberToHalf } from '../../../gpu/gguf/half.ts';

/** `count` bits of a quant, from its bit `from` on, at bit `shift` of byte `byte` of the block. */
type Place = [byte: number, shift: number, from: number, count: number];

interface Format {
  bits: number;
  /** Stored quants are larger by that; undefined where there are offsets, or a codebook. */
  zero?: number;
  coded?: boolean;
  /** Of column c. */
  places(c: number): Place[];
  /** Of the f16 scale, and of the f16 offset where there is one. */
  halves: number[];
  /** 'K' formats: columns of a group, largest scale, what stored scales are too large by, and where scale | offset << 8 of j goes. */
  group?: { columns: number; largest: number; zero: number; places(j: number): Place[] };
}

const nibbles = (first: number) => (c: number) => [[first + (c % 16), 4 * (c >> 4), 0, 4] as Place];
const nibblesK = (first: number) => (c: number) =>
  [[first + 32 * (c >> 6) + (c % 32), 4 * ((c >> 5) & 1), 0, 4]] as Place[];
const pairs = (first: number) => (c: number) => [first + 32 * (c >> 7) + (c % 32), 2 * ((c >> 5) & 3), 0, 2] as Place;

/** Six bits each of scale and offset j in the twelve bytes from 4 on; places count bits of scale | offset << 8. */
const sixBits = (j: number): Place[] =>
  j < 4
    ? [
        [4 + j, 0, 0, 6],
        [8 + j, 0, 8, 6],
      ]
    : [
        [8 + j, 0, 0, 4],
        [8 + j, 4, 8, 4],
        [j, 6, 4, 2],
        [4 + j, 6, 12, 2],
      ];
const pairK = { columns: 32, largest: 63, zero: 0, places: sixBits };

const formats: Readonly<Record<QuantisedType, Format>> = {
  Q8_0: { bits: 8, zero: 0, places: (c) => [[2 + c, 0, 0, 8]], halves: [0] },
  Q4_0: { bits: 4, zero: 8, places: nibbles(2), halves: [0] },
  Q4_1: { bits: 4, places: nibbles(4), halves: [0, 2] },
  Q5_0: { bits: 5, zero: 16, places: (c) => [...nibbles(6)(c), [2 + (c >> 3), c & 7, 4, 1]], halves: [0] },
  Q5_1: { bits: 5, places: (c) => [...nibbles(8)(c), [4 + (c >> 3), c & 7, 4, 1]], halves: [0, 2] },
  IQ4_NL: { bits: 4, coded: true, places: nibbles(2), halves: [0] },
  Q2_K: {
    bits: 2,
    places: (c) => [pairs(16)(c)],
    halves: [80, 82],
    group: {
      columns: 16,
      largest: 15,
      zero: 0,
      places: (j) => [
        [j, 0, 0, 4],
        [j, 4, 8, 4],
      ],
    },
  },
  Q3_K: {
    bits: 3,
    zero: 4,
    places: (c) => [pairs(32)(c), [c % 32, c >> 5, 2, 1]],
    halves: [108],
    group: {
      columns: 16,
      largest: 31,
      zero: 32,
      places: (j) => [
        [96 + (j % 8), 4 * (j >> 3), 0, 4],
        [104 + (j % 4), 2 * (j >> 2), 4, 2],
      ],
    },
  },
  Q4_K: { bits: 4, places: nibblesK(16), halves: [0, 2], group: pairK },
  Q5_K: {
    bits: 5,
    places: (c) => [...nibblesK(48)(c), [16 + (c % 32), c >> 5, 4, 1]],
    halves: [0, 2],
    group: pairK,
  },
  Q6_K: {
    bits: 6,
    zero: 32,
    places: (c) => [
      [64 * (c >> 7) + (c % 64), 4 * ((c >> 6) & 1), 0, 4],
      [128 + 32 * (c >> 7) + (c % 32), 2 * ((c >> 5) & 3), 4, 2],
    ],
    halves: [208],
    group: { columns: 16, largest: 127, zero: 0, places: (j) => [[192 + j, 0, 0, 8]] },
  },
  IQ4_XS: {
    bits: 4,
    coded: true,
    places: (c) => [[8 + 16 * (c >> 5) + (c % 16), 4 * ((c >> 4) & 1), 0, 4]],
    halves: [0],
    group: {
      columns: 32,
      largest: 31,
      zero: 32,
      places: (j) => [
        [4 + (j >> 1), 4 * (j & 1), 0, 4],
        [2 + (j >> 2), 2 * (j & 3), 4, 2],
      ],
    },
  },
};

const codes = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** Bytes of `values`, a whole number of blocks. */
export function encodeTensor(type: ComputedType, values: Float32Array): Uint8Array<ArrayBuffer> {
  const { blockSize, blockBytes } = ggmlType(type);
  if (values.length % blockSize !== 0) throw new Error(`${values.length} values are no whole number of ${type} blocks`);
  const bytes = new Uint8Array((values.length / blockSize) * blockBytes);
  const view = new DataView(bytes.buffer);
  if (isPlain(type)) {
    values.forEach((value, i) => {
      if (type === 'F32') view.setFloat32(4 * i, value, true);
      else view.setUint16(2 * i, type === 'F16' ? numberToHalf(value) : upperHalf(value), true);
    });
    return bytes;
  }
  for (let block = 0; block < values.length / blockSize; block++) {
    const part = values.subarray(block * blockSize, (block + 1) * blockSize);
    encodeBlock(formats[type], part, new DataView(bytes.buffer, block * blockBytes, blockBytes));
  }
  return bytes;
}

/** Of an f32, rounded away from zero at half. */
function upperHalf(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return (view.getUint32(0) + 0x8000) >>> 16;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, Math.round(value)));

/** What a group of values wants: a step, and an offset at most 0 (0 where the format has none). */
function wish({ bits, zero, coded }: Format, values: Float32Array): [scale: number, offset: number] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (coded) return [largest / 113, 0];
  if (zero !== undefined) return [largest / (2 ** (bits - 1) - 1), 0];
  const least = values.reduce((a, b) => Math.min(a, b), 0);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return [(most - least) / (2 ** bits - 1), least];
}

function encodeBlock(format: Format, values: Float32Array, block: DataView): void {
  const { halves, group } = format;
  const columns = group?.columns ?? values.length;
  const parts = Array.from({ length: values.length / columns }, (_, j) =>
    values.subarray(j * columns, (j + 1) * columns),
  );
  const wishes = parts.map((part) => wish(format, part));
  const scale = Math.max(...wishes.map(([step]) => step)) / (group?.largest ?? 1);
  const offset = Math.min(...wishes.map(([, least]) => least)) / (group?.largest ?? 1);
  block.setUint16(halves[0], numberToHalf(scale), true);
  if (halves.length > 1) block.setUint16(halves[1], numberToHalf(group ? -offset : offset), true);
  parts.forEach((part, j) => {
    let [step, least] = wishes[j];
    if (group) {
      const s = scale > 0 ? clamp(step / scale, 1, group.largest) : 1;
      const o = offset < 0 ? clamp(least / offset, 0, group.largest) : 0;
      for (const place of group.places(j)) put(block, place, (s + group.zero) | (o << 8));
      [step, least] = [s * scale, o * offset];
    }
    part.forEach((value, i) => {
      for (const place of format.places(j * columns + i)) put(block, place, quantOf(format, value, step, least));
    });
  });
}

function quantOf({ bits, zero, coded }: Format, value: number, step: number, least: number): number {
  const wanted = step > 0 ? (value - least) / step : 0;
  if (coded)
    return codes.reduce((best, code, i) => (Math.abs(code - wanted) < Math.abs(codes[best] - wanted) ? i : best), 0);
  if (bits === 8) return clamp(wanted, -127, 127) & 255;
  return clamp(wanted + (zero ?? 0), 0, 2 ** bits - 1);
}

function put(block: DataView, [byte, shift, from, count]: Place, number: number): void {
  const part = (number >> from) & (2 ** count - 1);
  block.setUint8(byte, block.getUint8(byte) | (part << shift));
}
