// The whole forward pass against the reference in double precision, over 192 positions of a model with seeded weights.
import { afterAll, describe, expect, test } from 'vitest';
import type { LoadOptions, OpenModel } from '../../gpu/index.ts';
import { type Allocated, allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, type Pass, runPass } from '../../gpu/model/pass.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { forward } from './reference.ts';
import { openBoth, worstDifference, wrongTop } from './reference-model.ts';
import { type SyntheticOptions, seeded, smallShape, syntheticModel } from './synthetic-model.ts';

const { vocabulary } = smallShape;
const next = seeded(99);
const ids = Array.from({ length: 192 }, () => Math.floor(((next() + 1) / 2) * vocabulary));

// One device and one recorder for all models of this file: a shader is compiled once.
const device = await openDevice(await testGpu());
const recorder = new Recorder(device, 2 ** 20);
afterAll(() => device.gpu.destroy());

async function load(open: OpenModel, options: LoadOptions, on = device): Promise<Allocated> {
  const one = await allocateModel(on, open, options);
  await fillModel(on, open, one);
  return one;
}

/** Logits (rows, vocabulary) of the rows of all passes. */
async function run({ model, sizes }: Allocated, passes: Pass[], by = recorder): Promise<Float32Array> {
  const all: number[] = [];
  const collect = (rows: Float32Array) => {
    for (let i = 0; i < rows.length; i++) if (i % sizes.logitWidth < vocabulary) all.push(rows[i]);
  };
  for (const pass of passes) await runPass(by, model, pass, 'logits', { collect });
  return Float32Array.from(all);
}

async function logitsOf(synthetic: SyntheticOptions, options: Partial<LoadOptions> = {}) {
  const { open, model } = await openBoth(syntheticModel(smallShape, synthetic), options.ropeFactor);
  const loaded = await load(open, { contextLength: ids.length, ...options });
  const found = await run(loaded, [continuing(ids, 0, ids.length)]);
  loaded.arena.destroy();
  const expected = forward(model, ids);
  return { worst: worstDifference(found, expected), wrong: wrongTop(found, expected, vocabulary) };
}

describe('logits against the reference', () => {
  test('F32: within 1e-3, the likeliest token the same everywhere', async () => {
    const { worst, wrong } = await logitsOf({ type: 'F32' });
    expect(worst).toBeLessThan(1e-3);
    expect(wrong).toBe(0);
  });

  test.each(['F16', 'Q8_0'] as const)('%s: computes what the file holds within 1e-3', async (type) => {
    const { worst, wrong } = await logitsOf({ type, tied: false });
    expect(worst).toBeLessThan(1e-3);
    expect(wrong).toBe(0);
  });

  test('keys and values in half precision: within 5e-2', async () => {
    const { worst } = await logitsOf({}, { kvType: 'f16' });
    expect(worst).toBeLessThan(5e-2);
    expect(worst).toBeGreaterThan(1e-5);
  });

  test.each([4, 8, 16])('Position Interpolation by %i, from the file and from the option', async (factor) => {
    const inFile = await logitsOf({ ropeFactor: factor });
    expect(inFile.worst).toBeLessThan(1e-3);
    const asked = await logitsOf({}, { ropeFactor: factor });
    expect(asked.worst).toBeLessThan(1e-3);
    expect(asked.wrong + inFile.wrong).toBe(0);
  });
});

test('a plain graphics card (no subgroups, small bindings) computes the same, many tokens at once and one by one', async () => {
  const capabilities = { ...device.capabilities, software: false, lanes: 0, maxBinding: 2 ** 16 };
  const card = { ...device, capabilities };
  const { open, model } = await openBoth(syntheticModel(smallShape, { tied: false }));
  const loaded = await load(open, { contextLength: ids.length }, card);
  expect(loaded.model.output.blocks.length).toBeGreaterThan(1);
  const cuts = [0, 150, 185, 188, ...Array.from({ length: 4 }, (_, i) => 189 + i)];
  const passes = cuts.slice(1).map((until, i) => continuing(ids, cuts[i], until - cuts[i]));
  const by = new Recorder(card, 2 ** 20);
  const found = await run(loaded, passes, by);
  const whole = await run(loaded, [continuing(ids, 0, ids.length)], by);
  loaded.arena.destroy();
  expect(worstDifference(found, forward(model, ids))).toBeLessThan(1e-3);
  // To the bit, but for the tokens that stood alone.
  const together = (logits: Float32Array) => logits.slice(0, 188 * vocabulary);
  expect(together(found)).toEqual(together(whole));
});

describe('passes', () => {
  const withFactor = async (ropeFactor: number, contextLength: number) =>
    load((await openBoth(syntheticModel(smallShape))).open, { contextLength, ropeFactor });

  const cutAt = (cuts: number[]): Pass[] =>
    cuts.slice(1).map((until, i) => continuing(ids.slice(0, 64), cuts[i], until - cuts[i]));

  test('in one, in chunks, and token by token give the same logits within 1e-4', async () => {
    const model = await withFactor(1, 64);
    const whole = await run(model, cutAt([0, 64]));
    const chunks = await run(model, cutAt([0, 1, 4, 20, 37, 64]));
    const tokens = await run(model, cutAt(Array.from({ length: 65 }, (_, i) => i)));
    expect(worstDifference(chunks, whole)).toBeLessThan(1e-4);
    expect(worstDifference(tokens, whole)).toBeLessThan(1e-4);
  });

  test('at position s p with factor s are those at position p without, far beyond the trained length too', async () => {
    const far = 16 * smallShape.context - 16;
    const rows = (positionOf: (i: number) => number): Pass => ({
      rows: ids.slice(0, 48).map((token, i) => ({ token, position: positionOf(i), own: 0 })),
      start: 0,
      prefix: 0,
    });
    const near = await run(await withFactor(1, smallShape.context), [
      rows((i) => smallShape.context - 1 - 3 * (47 - i)),
    ]);
    const stretched = await run(await withFactor(16, far + 16), [
      rows((i) => 16 * (smallShape.context - 1 - 3 * (47 - i))),
    ]);
    expect(worstDifference(stretched, near)).toBeLessThan(1e-4);
  });
});
