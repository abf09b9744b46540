// The number formats of weights as parts of shaders: `weight(row, k, k4)` and its bindings. For quantised formats there are also
// `quants(at)` and `scaling(at)`, of which `weight` is made.
import { type ComputedType, computedTypes, isPlain, type PlainType } from '../gguf/ggml-types.ts';
import { type Layout, layouts } from '../gguf/layouts.ts';
import { joinShader, specialise } from '../runtime/kernel.ts';
import type { Bindings } from '../runtime/recorder.ts';
import { isTexture, type WeightBlock } from '../runtime/tensor.ts';
import groupedScales from './scales-grouped.wgsl?raw';
import halfScales from './scales-half.wgsl?raw';
import bf16 from './weight-bf16.wgsl?raw';
import bf16Texels from './weight-bf16-texels.wgsl?raw';
import f16 from './weight-f16.wgsl?raw';
import f16Texels from './weight-f16-texels.wgsl?raw';
import f32 from './weight-f32.wgsl?raw';
import f32Texels from './weight-f32-texels.wgsl?raw';
import quantised from './weight-quantised.wgsl?raw';
import words from './words.wgsl?raw';
import wordsTexels from './words-texels.wgsl?raw';

const plain: Readonly<Record<PlainType, string>> = { F32: f32, F16: f16, BF16: bf16 };
const plainTexels: Readonly<Record<PlainType, string>> = { F32: f32Texels, F16: f16Texels, BF16: bf16Texels };

function readerOf({ low, high, zero, coded, scales }: Layout, wordsFrom: string): string {
  const quants = specialise(joinShader(wordsFrom, quantised), {
    LOW: low,
    HIGH: high,
    ZERO: zero,
    CODED: Number(coded),
  });
  if (scales.kind === 'half') return joinShader(quants, specialise(halfScales, { OFFSETS: Number(scales.offsets) }));
  const { group, scaleBits, offsetBits } = scales;
  const constants = { GROUP: group, SCALE_BITS: scaleBits, OFFSET_BITS: offsetBits, SCALE_ZERO: scales.zero };
  return joinShader(quants, specialise(groupedScales, constants));
}

type Readers = Readonly<Record<ComputedType, string>>;

const readers = (plainOnes: Readonly<Record<PlainType, string>>, wordsFrom: string) =>
  Object.fromEntries(
    computedTypes.map((type) => [type, isPlain(type) ? plainOnes[type] : readerOf(layouts[type], wordsFrom)]),
  ) as Readers;

const inBuffers = readers(plain, words);
const inTextures = readers(plainTexels, wordsTexels);

/** WGSL of `weight` for numbers that lie as `block`'s do. */
export const weightShader = (type: ComputedType, { weights }: WeightBlock): string =>
  (isTexture(weights) ? inTextures : inBuffers)[type];

/** Columns that share a scale, in fours; undefined for formats without scales. */
export function sharedFours(type: ComputedType): number | undefined {
  if (isPlain(type)) return undefined;
  const { scales } = layouts[type];
  return scales.kind === 'half' ? 8 : scales.group / 4;
}

export const weightBindings = ({ weights, scales }: WeightBlock): Bindings =>
  scales ? { weights, scales } : { weights };
