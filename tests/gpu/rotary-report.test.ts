// What the window is told of a model's rotation, against closed forms; the engine's tables come from the same functions.
import { expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { openModel } from '../../gpu/open-model.ts';
import { rotaryReport } from '../../gpu/rotary-report.ts';
import { deepShape, type SyntheticOptions, syntheticModel } from './synthetic-model.ts';

const [pairs, base] = [deepShape.headDim / 2, 10_000];
const plain = (i: number) => base ** (-i / pairs);
const close = (rates: (i: number) => number) => Array.from({ length: pairs }, (_, i) => expect.closeTo(rates(i), 12));

const report = async (options: SyntheticOptions, contextLength = 4_096) =>
  rotaryReport(await openModel(bytesSource(syntheticModel(deepShape, options))), [1, 4], contextLength);

test('a plain model is interpolated by every factor', async () => {
  const found = await report({});
  expect(found).toMatchObject({ method: 'none', divided: false, trainedContext: 256, ownFactor: 1 });
  expect(found.trained).toEqual(close(plain));
  expect(found.stretched).toEqual([
    { factor: 1, perPosition: close(plain), magnitude: 1 },
    { factor: 4, perPosition: close((i) => plain(i) / 4), magnitude: 1 },
  ]);
});

test('the factor that a file asks for is among them, and what was trained is without it', async () => {
  const found = await report({ ropeFactor: 3 });
  expect(found).toMatchObject({ method: 'linear', trainedContext: 256, ownFactor: 3 });
  expect(found.stretched.map(({ factor }) => factor)).toEqual([1, 3, 4]);
  expect(found.trained).toEqual(close(plain));
  expect(found.stretched[1].perPosition).toEqual(close((i) => plain(i) / 3));
});

test('YaRN leaves the fastest pair, slows the slowest wholly, and has a magnitude', async () => {
  const metadata = {
    'rope.scaling.type': 'yarn',
    'rope.scaling.factor': 4,
    'rope.scaling.original_context_length': 256,
  };
  const { stretched, trained } = await report({ metadata });
  const [, { perPosition, magnitude }] = stretched;
  expect(perPosition[0]).toBe(trained[0]);
  expect(trained[pairs - 1] / perPosition[pairs - 1]).toBeCloseTo(4, 9);
  expect(magnitude).toBeCloseTo(1 + 0.1 * Math.log(4), 9);
});

test("Llama 3's divisors were there in training", async () => {
  const freqs = Array.from({ length: pairs }, (_, i) => 1 + i);
  const found = await report({ divisors: { freqs } });
  expect(found.divided).toBe(true);
  expect(found.trained).toEqual(close((i) => plain(i) / (1 + i)));
  expect(found.stretched[1].perPosition).toEqual(close((i) => plain(i) / (1 + i) / 4));
});

test('LongRoPE turns by its short divisors in its short window and by the long ones beyond', async () => {
  const list = (by: number) => Array.from({ length: pairs }, () => by);
  const metadata = { context_length: 4_096, 'rope.scaling.original_context_length': 256 };
  const options: SyntheticOptions = {
    architecture: 'phi3',
    divisors: { short: list(1), long: list(8) },
    metadata,
  };
  const found = await report(options);
  expect(found).toMatchObject({ method: 'longrope', divided: true, trainedContext: 256, ownFactor: 1 });
  expect(found.trained).toEqual(close(plain));
  expect(found.stretched[0].perPosition).toEqual(close((i) => plain(i) / 8));
});

test('Gemma 3 says how many of its layers are local', async () => {
  const { local } = await report({ architecture: 'gemma3' });
  expect(local).toEqual({ layers: 5, of: 6, tokens: 24 });
});
