// Whether a model fits, asked before anything is loaded: models of many sizes, of which only the headers exist, on devices that are
// written down.
import { describe, expect, test } from 'vitest';
import type { EngineError } from '../../gpu/api.ts';
import { type OpenModel, openModel } from '../../gpu/index.ts';
import { allocateModel } from '../../gpu/model/load.ts';
import { defaultKvType, sizesFor } from '../../gpu/model/memory.ts';
import { capabilitiesOf } from '../../gpu/runtime/adapter.ts';
import { type Device, openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { architectures, deepShape, hollowModel, type Shape, type SyntheticOptions } from './synthetic-model.ts';
import { watched } from './watched-gpu.ts';

const GB = 1e9;
/** Layers, hidden state, heads, key heads, size of a head, feed forward. */
const shapes: Readonly<Record<string, readonly [number, number, number, number, number, number]>> = {
  '135M': [30, 576, 9, 3, 64, 1536],
  '360M': [32, 960, 15, 5, 64, 2560],
  '1B': [16, 2048, 32, 8, 64, 8192],
  '1.1B': [22, 2048, 32, 4, 64, 5632],
  '3B': [28, 3072, 24, 8, 128, 8192],
  '7B': [32, 4096, 32, 32, 128, 11008],
  '8B': [32, 4096, 32, 8, 128, 14336],
  '13B': [40, 5120, 40, 40, 128, 13824],
  '34B': [48, 8192, 64, 8, 128, 22016],
  '70B': [80, 8192, 64, 8, 128, 28672],
};
const vocabulary = 1024;
const shapeOf = (name: string): Shape => {
  const [layers, embedding, heads, kvHeads, headDim, feedForward] = shapes[name];
  return { layers, embedding, heads, kvHeads, headDim, feedForward, vocabulary, context: 4096 };
};
const opened = (name: string, type: SyntheticOptions['type']): Promise<OpenModel> =>
  openModel(hollowModel(shapeOf(name), { type, tied: false }));

const limits = {
  maxStorageBufferBindingSize: 2 ** 31,
  maxBufferSize: 2 ** 31,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const info = { vendor: 'a', architecture: 'b', device: 'c', description: 'A card' };
const card = capabilitiesOf({ features: new Set<string>(), limits: limits as never, info });

const mixed = (_: string, columns: number) => (columns % 256 === 0 ? 'Q4_K' : 'Q5_0');

/** Bits of a parameter of "Q4_K" are 4.5 in the file. */
const cases: [name: string, type: SyntheticOptions['type'], free: number, weights: number][] = [
  ['135M', 'F16', 0.5, 0.213],
  ['360M', 'F16', 1, 0.63],
  ['1B', 'Q8_0', 0.6, 1.04],
  ['1.1B', mixed, 0.5, 0.56],
  ['3B', mixed, 3, 1.63],
  ['7B', mixed, 5, 3.75],
  ['8B', mixed, 6.1, 4.04],
  ['13B', mixed, 12, 7.34],
  ['34B', 'F16', 24, 67],
  ['70B', mixed, 24, 39.6],
];

const gpu = await testGpu();

describe('a model that is larger than memory', () => {
  test.each(cases)(
    '%s: refused before a buffer is made, with figures and what would fit',
    async (name, type, free, weights) => {
      const state = watched(gpu);
      const open = await opened(name, type);
      const real = await openDevice(state.gpu);
      const device: Device = { ...real, capabilities: card };
      const before = state.created;
      const options = { contextLength: 32_768, memory: free * GB };
      const error = await allocateModel(device, open, options).then(
        () => undefined,
        (reason: EngineError) => reason,
      );
      real.gpu.destroy();
      expect(state.created).toBe(before);
      const sizes = sizesFor(open, 32_768, defaultKvType(open.config, 32_768), card);
      expect(sizes.bytes.weights / GB).toBeGreaterThan(weights * 0.97);
      expect(sizes.bytes.weights / GB).toBeLessThan(weights * 1.06);
      const figures =
        /^Not enough graphics memory: this model with a window of 32,768 tokens needs ([\d.]+) GB, ([\d.]+) ([MG])B is free\. (.+)\.$/;
      expect(error?.kind).toBe('out-of-memory');
      const [, needs, left, unit, advice] = figures.exec(error!.message)!;
      expect(Number(needs)).toBeCloseTo(sizes.bytes.total / GB, 0);
      expect(Number(left) * (unit === 'M' ? 1e6 : GB)).toBeCloseTo(free * GB, -8);
      if (sizes.bytes.weights > free * GB) expect(advice).toBe('Try a smaller model or quantisation');
      else expect(advice).toMatch(/^(Keys and values in \w+ fit|[\d,]+ tokens fit)/);
      const offered = Number(/([\d,]+) tokens fit/.exec(advice)?.[1].replaceAll(',', '') ?? 0);
      if (offered > 0) {
        const kvType = defaultKvType(open.config, 32_768);
        expect(sizesFor(open, offered, kvType, card).bytes.total).toBeLessThanOrEqual(free * GB);
        expect(sizesFor(open, offered + 512, kvType, card).bytes.total).toBeGreaterThan(free * GB);
      }
    },
  );

  test('is one that a device with small buffers cannot hold: the window that fits is said', async () => {
    const real = await openDevice(gpu);
    const device = { ...real, capabilities: { ...card, maxBinding: 2 ** 27, maxBuffer: 2 ** 28 } };
    const loading = allocateModel(device, await opened('7B', 'F16'), { contextLength: 32_768, kvType: 'f16' });
    await expect(loading).rejects.toThrow(
      /needs \d+\.\d GB, 271 MB of it in one buffer, and this graphics device allows 134 MB\. (Keys and values in q8_0 fit, or )?15,872 tokens fit\.$/,
    );
    real.gpu.destroy();
  });
});

describe('memory', () => {
  test.each(
    architectures.flatMap((architecture) => (['f32', 'f16'] as const).map((kvType) => [architecture, kvType] as const)),
  )('that %s takes with a cache in %s is what was computed beforehand, to the byte', async (architecture, kvType) => {
    const state = watched(gpu);
    const device = await openDevice(state.gpu);
    const before = state.live;
    const open = await openModel(hollowModel(deepShape, { architecture, type: 'Q5_0', tied: false }));
    for (const contextLength of [100, 32_768]) {
      const { arena, sizes } = await allocateModel(device, open, { contextLength, kvType });
      const recorder = new Recorder(device, sizes.readable);
      const { weights, cache, scratch, total } = sizes.bytes;
      expect(state.live - before).toBe(total);
      expect(weights + cache + scratch).toBe(total);
      expect(sizes).toEqual(sizesFor(open, contextLength, kvType, device.capabilities));
      recorder.destroy();
      arena.destroy();
      expect(state.live).toBe(before);
    }
    device.gpu.destroy();
  });
});
