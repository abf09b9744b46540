// Every model family against an independent forward pass in double precision, on small models with seeded weights.
import { afterAll, describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../gpu/index.ts';
import { allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, runPass } from '../../gpu/model/pass.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { typed } from './gguf/write-gguf.ts';
import { forward } from './reference.ts';
import { openBoth, worstDifference, wrongTop } from './reference-model.ts';
import { architectures, deepShape, type SyntheticOptions, seeded, syntheticModel } from './synthetic-model.ts';

const { vocabulary, headDim } = deepShape;
const next = seeded(31);
const ids = Array.from({ length: 80 }, () => Math.floor(((next() + 1) / 2) * vocabulary));
const f32 = (value: number) => typed('f32', value);

const device = await openDevice(await testGpu());
const recorder = new Recorder(device, 2 ** 20);
afterAll(() => device.gpu.destroy());

/** Errors of logits, in passes of which the last ones begin in the middle of what a sliding window sees. */
async function errors(synthetic: SyntheticOptions, options: Partial<LoadOptions> = {}) {
  const contextLength = options.contextLength ?? ids.length;
  const { open, model } = await openBoth(syntheticModel(deepShape, synthetic), options.ropeFactor, contextLength);
  const allocated = await allocateModel(device, open, { contextLength, ...options });
  await fillModel(device, open, allocated);
  const found: number[] = [];
  const collect = (rows: Float32Array) => {
    for (let i = 0; i < rows.length; i++) if (i % allocated.sizes.logitWidth < vocabulary) found.push(rows[i]);
  };
  const cuts = [0, 40, 57, 60, 61, 80];
  for (const [i, until] of cuts.slice(1).entries()) {
    await runPass(recorder, allocated.model, continuing(ids, cuts[i], until - cuts[i]), 'logits', { collect });
  }
  allocated.arena.destroy();
  const expected = forward(model, ids);
  return { worst: worstDifference(found, expected), wrong: wrongTop(found, expected, vocabulary) };
}

const exact = (found: { worst: number; wrong: number }) => {
  expect(found.worst).toBeLessThan(1e-3);
  expect(found.wrong).toBe(0);
};

test.each(architectures)('%s', async (architecture) => {
  exact(await errors({ architecture }));
});

test.each(architectures)('%s with the factor that is asked for', async (architecture) => {
  exact(await errors({ architecture }, { ropeFactor: 4 }));
});

describe('what a family does is seen in the figures', () => {
  test('gemma3 interpolates its global layers only, from the file too', async () => {
    exact(await errors({ architecture: 'gemma3', ropeFactor: 8 }));
  });

  test('phi3 rotates a part of a head, sees a window, and divides by the factors that its window asks for', async () => {
    const divisors = {
      short: Array.from({ length: 6 }, (_, i) => 1 + i / 10),
      long: Array.from({ length: 6 }, (_, i) => 1 + i * i),
    };
    const metadata = {
      'rope.dimension_count': 12,
      'attention.sliding_window': 20,
      'rope.scaling.original_context_length': 100,
      'rope.scaling.attn_factor': f32(1.19),
    };
    exact(await errors({ architecture: 'phi3', divisors, metadata }));
    exact(await errors({ architecture: 'phi3', divisors, metadata }, { contextLength: 128 }));
  });

  test('llama divides by the factors of Llama 3', async () => {
    const freqs = Array.from({ length: headDim / 2 }, (_, i) => (i < 3 ? 1 : i < 5 ? 2 * i : 32));
    exact(await errors({ divisors: { freqs } }));
    exact(await errors({ divisors: { freqs } }, { ropeFactor: 2 }));
  });

  test('divisors that are no numbers are refused before a token is computed', async () => {
    const freqs = Array.from({ length: headDim / 2 }, (_, i) => (i === 3 ? Number.NaN : 1));
    await expect(errors({ divisors: { freqs } })).rejects.toMatchObject({
      kind: 'damaged-model',
      message: expect.stringContaining('rope_freqs.weight holds what divides no angle'),
    });
  });

  test('granite without positions', async () => {
    const plain = await errors({ architecture: 'granite', metadata: { 'rope.scaling.finetuned': false } });
    expect(plain.worst).toBeGreaterThan(0.1);
  });
});

test.each(['F16', 'Q8_0'] as const)('stacked tensors are cut at rows in %s', async (type) => {
  exact(await errors({ architecture: 'phi3', type }));
});
