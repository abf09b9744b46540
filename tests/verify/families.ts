// Every model family on synthetic files with seeded weights, against llama.cpp on the processor in F32.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { halfToNumber, numberToHalf } from '../../gpu/gguf/half.ts';
import { openModel } from '../../gpu/index.ts';
import { allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, passRows, runPass } from '../../gpu/model/pass.ts';
import { typed } from '../gpu/gguf/write-gguf.ts';
import { forward, geglu, type ReferenceModel } from '../gpu/reference.ts';
import { openBoth, worstDifference, wrongTop } from '../gpu/reference-model.ts';
import {
  type Architecture,
  deepShape,
  type SyntheticOptions,
  seeded,
  smallShape,
  syntheticModel,
} from '../gpu/synthetic-model.ts';
import type { Bench, Check } from './check.ts';
import { logitsByLlamaCpp } from './llama-cpp.ts';

const next = seeded(99);
const ids = Array.from({ length: 2048 }, () => 3 + Math.floor(((next() + 1) / 2) * (smallShape.vocabulary - 3)));

export async function logitsOf(
  { device, recorder }: Bench,
  bytes: Uint8Array<ArrayBuffer>,
  text: number[],
  ropeFactor?: number,
) {
  const open = await openModel(bytesSource(bytes));
  const { vocabulary } = open.config;
  const allocated = await allocateModel(device, open, { contextLength: text.length, ropeFactor });
  try {
    await fillModel(device, open, allocated);
    const all = new Float32Array(text.length * vocabulary);
    const width = allocated.sizes.logitWidth;
    for (let first = 0; first < text.length; ) {
      const pass = continuing(text, first, passRows(recorder, allocated.model, first, text.length - first));
      const collect = (rows: Float32Array, at: number) => {
        for (let row = 0; row * width < rows.length; row++) {
          all.set(rows.subarray(row * width, row * width + vocabulary), (first + at + row) * vocabulary);
        }
      };
      await runPass(recorder, allocated.model, pass, 'logits', { collect });
      first += pass.rows.length;
    }
    return all;
  } finally {
    allocated.arena.destroy();
  }
}

interface Case {
  name: string;
  bytes: () => Uint8Array<ArrayBuffer>;
  tokens?: number;
  limit?: number;
  /** Position Interpolation by the option, not by the file. */
  ropeFactor?: number;
  overrides?: object;
}

const check = ({ name, bytes, tokens = 192, limit = 1e-3, ropeFactor, overrides }: Case): Check => ({
  name,
  figure: `<= ${limit.toExponential()}, top-1 ${tokens} of ${tokens}`,
  async run(bench) {
    const file = bytes();
    const text = ids.slice(0, tokens);
    const expected = await logitsByLlamaCpp(file, text, { overrides });
    const found = await logitsOf(bench, file, text, ropeFactor);
    const worst = worstDifference(found, expected);
    const wrong = wrongTop(found, expected, found.length / tokens);
    const measured = `${worst.toExponential(1)}, ${tokens - wrong} of ${tokens}`;
    return { measured, ok: worst <= limit && wrong === 0 };
  },
});

/** llama.cpp rounds activations to half precision before products with half-precision weights; the engine does not. */
const halfPrecision: Check = {
  name: 'llama F16',
  figure: '<= 1e-2 of double precision; top-1 >= 99.5 % of llama.cpp',
  async run(bench) {
    const file = syntheticModel(smallShape, { type: 'F16' });
    const text = ids.slice(0, 192);
    const { model } = await openBoth(file);
    const found = await logitsOf(bench, file, text);
    const worst = worstDifference(found, forward(model, text));
    const theirs = await logitsByLlamaCpp(file, text);
    const wrong = wrongTop(found, theirs, smallShape.vocabulary);
    const apart = worstDifference(found, theirs).toExponential(1);
    const measured = `${worst.toExponential(1)}; ${192 - wrong} of 192 (${apart} apart)`;
    return { measured, ok: worst <= 1e-2 && wrong === 0 };
  },
};

/** llama.cpp looks GELU up in a table of half precision; the reference does so too for the comparison with it. */
const tabledGelu: NonNullable<ReferenceModel['activation']> = (gate, up) => {
  const half = (x: number) => halfToNumber(numberToHalf(x));
  const ones = new Float32Array(gate.length).fill(1);
  const rounded = Float64Array.from(gate, (z) => half(z));
  return geglu(rounded, ones).map((y, i) => (gate[i] <= -10 ? 0 : gate[i] >= 10 ? gate[i] : half(y)) * up[i]);
};

const gemma = (name: string, options: SyntheticOptions): Check => ({
  name,
  figure: '<= 1e-3 of double precision; that with GELU from a table <= 2e-3 of llama.cpp; top-1 192 of 192',
  async run(bench) {
    const file = syntheticModel(deepShape, { architecture: 'gemma3', ...options });
    const text = ids.slice(0, 192);
    const { model } = await openBoth(file);
    const found = await logitsOf(bench, file, text);
    const theirs = await logitsByLlamaCpp(file, text);
    const worst = worstDifference(found, forward(model, text));
    const tabled = worstDifference(forward({ ...model, activation: tabledGelu }, text), theirs);
    const wrong = wrongTop(found, theirs, deepShape.vocabulary);
    const apart = worstDifference(found, theirs).toExponential(1);
    const measured = `${worst.toExponential(1)}; ${tabled.toExponential(1)}; ${192 - wrong} of 192 (${apart} apart)`;
    return { measured, ok: worst <= 1e-3 && tabled <= 2e-3 && wrong === 0 };
  },
});

const linear = (factor: number) => ({ llama: { rope: { scaling: { type: 'linear', factor } } } });
const f32 = (value: number) => typed('f32', value);
const family =
  (architecture: Architecture, options: SyntheticOptions = {}) =>
  () =>
    syntheticModel(deepShape, { architecture, ...options });

/** As Llama 3.2 has them, for the pairs of small heads. */
const freqs = [1, 1, 1, 1.6, 4.2, 20, 32, 32];
const longrope: SyntheticOptions = {
  divisors: {
    short: [1, 1.05, 1.1, 1.2, 1.4, 1.9, 2.2, 2.4],
    long: [1.1, 1.5, 2.4, 6, 14, 31, 44, 58],
  },
  metadata: {
    context_length: 2048,
    'rope.scaling.original_context_length': 256,
    'rope.scaling.attn_factor': f32(1.19),
  },
};
const yarn = (more: SyntheticOptions['metadata'] = {}): SyntheticOptions => ({
  metadata: {
    context_length: 1024,
    'rope.scaling.type': 'yarn',
    'rope.scaling.factor': f32(4),
    'rope.scaling.original_context_length': 256,
    ...more,
  },
});

export const familyChecks: readonly Check[] = [
  check({ name: 'llama F32', bytes: () => syntheticModel(smallShape, { tied: false }) }),
  check({ name: 'llama F32, 2,048 positions', bytes: () => syntheticModel(smallShape), tokens: 2048 }),
  halfPrecision,
  ...[4, 8, 16].flatMap((factor) => [
    check({
      name: `llama, linear ${factor} from the file`,
      bytes: () => syntheticModel(smallShape, { ropeFactor: factor }),
    }),
    check({
      name: `llama, linear ${factor} from the option`,
      bytes: () => syntheticModel(smallShape),
      ropeFactor: factor,
      // A whole number would be written as one, and not read.
      overrides: linear(factor * (1 + 2 ** -23)),
    }),
  ]),
  check({ name: 'llama, divisors of Llama 3', bytes: family('llama', { divisors: { freqs } }) }),
  check({
    name: 'llama, divisors of Llama 3 and linear 4',
    bytes: family('llama', { divisors: { freqs } }),
    ropeFactor: 4,
    overrides: linear(4 * (1 + 2 ** -23)),
  }),
  check({ name: 'llama, yarn 4', bytes: family('llama', yarn()) }),
  check({ name: 'qwen2', bytes: family('qwen2') }),
  check({ name: 'qwen3', bytes: family('qwen3') }),
  check({ name: 'qwen3, yarn 4', bytes: family('qwen3', yarn()) }),
  check({ name: 'smollm3', bytes: family('smollm3') }),
  check({ name: 'granite', bytes: family('granite') }),
  check({
    name: 'granite without positions',
    bytes: family('granite', { metadata: { 'rope.scaling.finetuned': false } }),
  }),
  check({ name: 'phi3', bytes: family('phi3') }),
  check({ name: 'phi3, longrope, short', bytes: family('phi3', longrope) }),
  check({ name: 'phi3, longrope, long', bytes: family('phi3', longrope), tokens: 400 }),
  gemma('gemma3', {}),
  gemma('gemma3, linear 8 on global layers', { ropeFactor: 8 }),
];
