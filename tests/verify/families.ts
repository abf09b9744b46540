// Every model family on synthetic files with seeded weights, against llama.cpp on the processor in F32.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { openModel } from '../../gpu/index.ts';
import { allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, passRows, runPass } from '../../gpu/model/pass.ts';
import { forward } from '../gpu/reference.ts';
import { openBoth, worstDifference, wrongTop } from '../gpu/reference-model.ts';
import { seeded, smallShape, syntheticModel } from '../gpu/synthetic-model.ts';
import type { Bench, Check } from './check.ts';
import { logitsByLlamaCpp } from './llama-cpp.ts';

const next = seeded(99);
const ids = Array.from({ length: 2048 }, () => 3 + Math.floor(((next() + 1) / 2) * (smallShape.vocabulary - 3)));

async function logitsOf(
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
      const pass = continuing(text, first, passRows(recorder, allocated.model, first));
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

const linear = (factor: number) => ({ llama: { rope: { scaling: { type: 'linear', factor } } } });

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
];
