// A device that is lost, memory that runs out, an engine that is closed at work: plain sentences, nothing left behind, and the next
// engine works.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type OpenModel, openModel } from '../../gpu/index.ts';
import { sizesFor } from '../../gpu/model/memory.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { testGpu } from './adapter.ts';
import { type Shape, syntheticModel } from './synthetic-model.ts';
import { watched } from './watched-gpu.ts';

const shape: Shape = {
  layers: 1,
  embedding: 32,
  heads: 2,
  kvHeads: 1,
  headDim: 16,
  feedForward: 64,
  vocabulary: 300,
  context: 256,
};
const bytes = syntheticModel(shape);
const ids = Array.from({ length: 300 }, (_, i) => (i * 31) % shape.vocabulary);

const gpu = await testGpu();
let open: OpenModel;
let healthy: Engine;
beforeAll(async () => {
  open = await openModel(bytesSource(bytes));
  healthy = await createEngine(gpu, open, { contextLength: 512 });
});
afterAll(() => healthy?.dispose());

async function greedy(engine: Engine, length = ids.length): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of engine.generate(ids.slice(0, length), { maxTokens: 3, stop: [] })) found.push(id);
  return found;
}

const closed = { kind: 'device-lost', message: 'The model was closed. Open it again to go on.' };

describe('no graphics device', () => {
  test.each([
    ['no WebGPU adapter', { requestAdapter: async () => null }],
    [
      'an adapter that gives no device',
      {
        requestAdapter: async () => ({
          ...(await gpu.requestAdapter())!,
          features: new Set(),
          limits: {},
          requestDevice: () => Promise.reject(new Error('no')),
        }),
      },
    ],
  ])('%s is said in one sentence', async (_, none) => {
    const loading = createEngine(none as unknown as GPU, open, { contextLength: 64 });
    await expect(loading).rejects.toMatchObject({
      kind: 'no-gpu',
      message: 'No usable graphics device was found. Update the graphics driver and try again.',
    });
  });
});

describe('memory', async () => {
  const device = await openDevice(gpu);
  afterAll(() => device.gpu.destroy());
  const sizes = (length: number) => sizesFor(open, length, 'f32', device.capabilities);

  test('that is too small for the window is refused with the window that fits, and all of it is given back', async () => {
    const state = watched(gpu);
    state.budget = sizes(8192).bytes.total + 20_000;
    const loading = createEngine(state.gpu, open, { contextLength: 32_768, kvType: 'f32' });
    await expect(loading).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(
        /^Not enough graphics memory: this model with a window of 32,768 tokens needs \d+ MB, \d+ MB is free\. (Keys and values in \w+ fit, or )?8,192 tokens fit\.$/,
      ),
    });
    expect(state.live).toBe(0);
    state.budget = sizes(32_768).bytes.total - 100_000;
    await expect(createEngine(state.gpu, open, { contextLength: 32_768, kvType: 'f32' })).rejects.toThrow(
      /needs [\d.]+ MB, [\d.]+ MB is free\. Keys and values in f16 fit, or 3[12],\d{3} tokens fit\.$/,
    );
    expect(state.live).toBe(0);
  });

  test('that is too small for the weights too is refused without an offer', async () => {
    const state = watched(gpu);
    state.budget = 1000;
    await expect(createEngine(state.gpu, open, { contextLength: 4096 })).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/Try a smaller model or quantisation\.$/),
    });
    expect(state.live).toBe(0);
  });

  test('that runs out at any one allocation is refused in a sentence, and all of it is given back', async () => {
    const state = watched(gpu);
    let refused = 0;
    for (let at = 1; ; at++) {
      state.failing = state.created + at;
      const engine = await createEngine(state.gpu, open, { contextLength: 256 }).catch((error) => error);
      if (!(engine instanceof Error)) {
        expect(await greedy(engine, 100)).toEqual(await greedy(healthy, 100));
        engine.dispose();
        break;
      }
      refused++;
      expect(engine).toMatchObject({ kind: 'out-of-memory', message: expect.stringMatching(/[Mm]emory.*\.$/) });
      expect(state.buffers).toBe(0);
    }
    expect(refused).toBeGreaterThan(30);
    expect(state.buffers).toBe(0);
  }, 180_000);

  test('that runs out later is said by the call under way', async () => {
    const { gpu: own, devices } = watched(gpu);
    const engine = await createEngine(own, open, { contextLength: 64 });
    class GPUOutOfMemoryError {
      readonly message = 'no room';
    }
    const event = { error: new GPUOutOfMemoryError() } as unknown as GPUUncapturedErrorEvent;
    devices[0].onuncapturederror?.call(devices[0], event);
    await expect(engine.prefill([1, 2])).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/^The graphics memory ran out\./),
    });
    engine.dispose();
  });

  test('is empty after the engine is closed', async () => {
    const state = watched(gpu);
    const engine = await createEngine(state.gpu, open, { contextLength: 2048 });
    expect(state.live).toBeGreaterThan(0);
    engine.dispose();
    expect(state.live).toBe(0);
  });
});

test('an engine that is closed at work says so, to this call and to later ones', async () => {
  const engine = await createEngine(gpu, open, { contextLength: 512 });
  const running = engine.prefill(ids, { onProgress: () => engine.dispose() });
  await expect(running).rejects.toMatchObject(closed);
  await expect(engine.prefill([1])).rejects.toMatchObject(closed);
  expect(() => engine.dispose()).not.toThrow();
});
