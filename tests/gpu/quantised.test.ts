// Whole models in every number format against the reference in double precision on the same dequantised weights: many rows at once
// (where software adapters unpack weights beforehand) and one by one; one matrix in blocks of rows.
import { afterAll, describe, expect, test } from 'vitest';
import { type ComputedType, computedTypes } from '../../gpu/gguf/ggml-types.ts';
import { allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, runPass } from '../../gpu/model/pass.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { forward } from './reference.ts';
import { openBoth, worstDifference, wrongTop } from './reference-model.ts';
import { type Shape, type SyntheticOptions, seeded, syntheticModel } from './synthetic-model.ts';

/** Rows of 256 numbers, the block of most formats. */
const shape: Shape = {
  layers: 1,
  embedding: 256,
  heads: 8,
  kvHeads: 4,
  headDim: 32,
  feedForward: 512,
  vocabulary: 323,
  context: 128,
};
const next = seeded(5);
const ids = Array.from({ length: 67 }, () => Math.floor(((next() + 1) / 2) * shape.vocabulary));

const device = await openDevice(await testGpu());
// The embedding matrix is larger than one binding in all formats; what follows from a small limit for the cache is of no interest here.
const small = { ...device, capabilities: { ...device.capabilities, maxBinding: 2 ** 18 } };
const recorder = new Recorder(small, 2 ** 20);
afterAll(() => device.gpu.destroy());

async function compare(of: Shape, synthetic: SyntheticOptions) {
  const { open, model } = await openBoth(syntheticModel(of, synthetic));
  const loaded = await allocateModel(small, open, { contextLength: ids.length });
  await fillModel(small, open, loaded);
  const found = new Float32Array(ids.length * of.vocabulary);
  const { logitWidth } = loaded.sizes;
  for (const [first, count] of [
    [0, 64],
    [64, 1],
    [65, 2],
  ]) {
    const collect = (rows: Float32Array, at: number) => {
      for (let row = 0; row * logitWidth < rows.length; row++) {
        found.set(
          rows.subarray(row * logitWidth, row * logitWidth + of.vocabulary),
          (first + at + row) * of.vocabulary,
        );
      }
    };
    await runPass(recorder, loaded.model, continuing(ids, first, count), 'logits', { collect });
  }
  const { blocks } = loaded.model.token_embd;
  loaded.arena.destroy();
  const expected = forward(model, ids);
  return {
    worst: worstDifference(found, expected),
    wrong: wrongTop(found, expected, of.vocabulary),
    blocks: blocks.length,
  };
}

describe('logits against the reference on the same weights', () => {
  test.each(computedTypes)('%s', async (type) => {
    const { worst, wrong, blocks } = await compare(shape, { type, tied: computedTypes.indexOf(type) % 2 === 0 });
    expect(worst).toBeLessThan(1e-3);
    expect(wrong).toBe(0);
    if (type === 'F32') expect(blocks).toBeGreaterThan(1);
  });

  test('a file of mixed formats, as "Q4_K_M" is, with the formats for rows that are no multiple of 256', async () => {
    // What llama.cpp's quantisation chooses, in short: more bits for values and down projections, and blocks of 32 where 256 do not fit.
    const mixed = (name: string, columns: number): ComputedType => {
      const more = /token_embd|attn_v|ffn_down/.test(name);
      return columns % 256 === 0 ? (more ? 'Q6_K' : 'Q4_K') : more ? 'Q8_0' : 'Q5_0';
    };
    const types = new Set<string>();
    const noted = (name: string, columns: number) => {
      types.add(mixed(name, columns));
      return mixed(name, columns);
    };
    const { worst, wrong } = await compare(
      { ...shape, embedding: 320, headDim: 32, heads: 8 },
      { type: noted, tied: false },
    );
    expect([...types].sort()).toEqual(['Q4_K', 'Q5_0', 'Q6_K', 'Q8_0']);
    expect(worst).toBeLessThan(1e-3);
    expect(wrong).toBe(0);
  });
});
