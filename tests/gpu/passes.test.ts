// Where a text is cut into passes follows from how fast the device was found to be. Not one bit of what is computed may: a row gives the
// same logits in a pass of 2 and in one of 256, before and behind the borders of attention's tiles.
import { afterAll, expect, test } from 'vitest';
import type { LoadOptions } from '../../gpu/api.ts';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { openModel } from '../../gpu/index.ts';
import { attentionTile } from '../../gpu/kernels/attention.ts';
import { continuationRows, nextPass } from '../../gpu/model/continuations.ts';
import { type Allocated, allocateModel, fillModel } from '../../gpu/model/load.ts';
import { continuing, pieceOf, runPass } from '../../gpu/model/pass.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { type Shape, type SyntheticOptions, seeded, smallShape, syntheticModel } from './synthetic-model.ts';

const { vocabulary } = smallShape;
const next = seeded(17);
const ids = Array.from({ length: 2 * attentionTile + 270 }, () => Math.floor(((next() + 1) / 2) * vocabulary));

const device = await openDevice(await testGpu());
const recorder = new Recorder(device, 2 ** 20);
afterAll(() => device.gpu.destroy());

interface Synthetic extends SyntheticOptions {
  shape?: Shape;
}

/** Rows of whole stretches of K, as in models that people use (variants.ts). */
const wideShape: Shape = { ...smallShape, embedding: 128, heads: 4, headDim: 64, feedForward: 192 };

async function withModel<T>(
  { shape = smallShape, ...synthetic }: Synthetic,
  options: LoadOptions,
  use: (allocated: Allocated) => Promise<T>,
): Promise<T> {
  const open = await openModel(bytesSource(syntheticModel(shape, { tied: false, ...synthetic })));
  const allocated = await allocateModel(device, open, options);
  try {
    await fillModel(device, open, allocated);
    return await use(allocated);
  } finally {
    allocated.arena.destroy();
  }
}

const bitsOf = (numbers: Float32Array<ArrayBuffer>) => new Uint32Array(numbers.buffer);

/** How many of the bits of logits of rows `first` … differ between two ways to cut `text`. */
async function differing(synthetic: Synthetic, length: number, kvType: LoadOptions['kvType'] = 'f32') {
  const text = ids.slice(0, length);
  return withModel(synthetic, { contextLength: length, kvType }, async ({ model, sizes }) => {
    const by = async (most: (first: number) => number) => {
      const all = new Float32Array(length * vocabulary);
      for (let first = 0; first < length; ) {
        const pass = continuing(text, first, pieceOf(length - first, most(first)));
        const collect = (rows: Float32Array, at: number) => {
          for (let row = 0; row * sizes.logitWidth < rows.length; row++) {
            const from = row * sizes.logitWidth;
            all.set(rows.subarray(from, from + vocabulary), (first + at + row) * vocabulary);
          }
        };
        await runPass(recorder, model, pass, 'logits', { collect });
        first += pass.rows.length;
      }
      return bitsOf(all);
    };
    const whole = await by(() => 256);
    const lengths = [2, 3, 37, 16, 5, 128, 16, 200];
    const pieces = await by((first) => lengths[first % lengths.length]);
    expect(whole.some((bits) => bits !== 0)).toBe(true);
    return whole.reduce((count, bits, i) => count + Number(bits !== pieces[i]), 0);
  });
}

const cases: [name: string, synthetic: Synthetic, length: number, kvType?: LoadOptions['kvType']][] = [
  ['F32, beyond a tile of attention', {}, attentionTile + 70],
  ['long rows, F32, beyond a tile of attention', { shape: wideShape }, attentionTile + 70],
  ['a sliding window, beyond its ring', { architecture: 'gemma3' }, ids.length],
  ['Q8_0, and keys and values too', { type: 'Q8_0' }, 150, 'q8_0'],
];

test.each(cases)('%s: the same bits wherever it is cut', async (_, synthetic, length, kvType) => {
  expect(await differing(synthetic, length, kvType)).toBe(0);
});

test('continuations of a prefix: the same bits wherever they are cut', async () => {
  const prefix = ids.slice(0, attentionTile - 60);
  const continuations = [9, 70, 1, 130, 47].map((length, i) => ids.slice(i, i + length));
  const contextLength = prefix.length + 130;
  await withModel({}, { contextLength }, async ({ model, sizes }) => {
    for (let first = 0; first < prefix.length; first += 256)
      await runPass(recorder, model, continuing(prefix, first, Math.min(256, prefix.length - first)), 'cache');
    const by = async (most: number) => {
      const rows = continuationRows(prefix, continuations, sizes.passRows);
      const found: number[] = [];
      while (found.length < rows.length) {
        const pass = nextPass(rows, found.length, most, prefix.length);
        found.push(...(await runPass(recorder, model, pass, 'logprobs'))!);
      }
      return bitsOf(Float32Array.from(found));
    };
    const whole = await by(256);
    expect(whole).toHaveLength(257);
    expect(await by(16)).toEqual(whole);
    expect(await by(33)).toEqual(whole);
  });
});
