// Every number format of weights: our logits of a file in that format against llama.cpp's of the same weights written in F32, because
// llama.cpp rounds activations too where weights are quantised. How far it is from itself by that is shown beside.
import { type ComputedType, computedTypes } from '../../gpu/gguf/ggml-types.ts';
import { worstDifference, wrongTop } from '../gpu/reference-model.ts';
import { type SyntheticOptions, seeded, smallShape, syntheticModel } from '../gpu/synthetic-model.ts';
import type { Check } from './check.ts';
import { logitsOf } from './families.ts';
import { logitsByLlamaCpp } from './llama-cpp.ts';

const limit = 1e-3;
const rows = 192;
/** Rows of 256 numbers, the block of most formats. */
const shape = { ...smallShape, embedding: 256, heads: 8, kvHeads: 4, headDim: 32, feedForward: 512 };
const next = seeded(7);
const ids = Array.from({ length: rows }, () => 3 + Math.floor(((next() + 1) / 2) * (shape.vocabulary - 3)));

/** More bits for values and down projections, blocks of 32 where 256 do not fit: a file called "Q4_K_M". */
const mixed = (name: string, columns: number): ComputedType => {
  const more = /token_embd|attn_v|ffn_down/.test(name);
  return columns % 256 === 0 ? (more ? 'Q6_K' : 'Q4_K') : more ? 'Q8_0' : 'Q5_0';
};

const check = (name: string, of: typeof shape, type: SyntheticOptions['type']): Check => ({
  name,
  figure: `<= ${limit.toExponential()}, top-1 ${rows} of ${rows}`,
  async run(bench) {
    const file = syntheticModel(of, { type, tied: false });
    const expected = await logitsByLlamaCpp(syntheticModel(of, { type, tied: false, dequantised: true }), ids);
    const found = await logitsOf(bench, file, ids);
    const worst = worstDifference(found, expected);
    const wrong = wrongTop(found, expected, of.vocabulary);
    const theirs = worstDifference(await logitsByLlamaCpp(file, ids), expected).toExponential(1);
    const measured = `${worst.toExponential(1)}, ${rows - wrong} of ${rows}; llama.cpp itself ${theirs}`;
    return { measured, ok: worst <= limit && wrong === 0 };
  },
});

export const formatChecks: readonly Check[] = [
  ...computedTypes.map((type) => check(type, shape, type)),
  check('Q4_K_M with rows of 320', { ...shape, embedding: 320 }, mixed),
];
