// A device that is lost, memory that runs out, an engine that is closed at work: plain sentences, nothing left behind, and the next
// engine works.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type OpenModel, openModel } from '../../gpu/index.ts';
import { sizesFor } from '../../gpu/model/memory.ts';
import { testGpu } from './adapter.ts';
import { type Shape, syntheticModel } from './synthetic-model.ts';

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

/** The devices that were given out, and a budget of bytes beyond which they report that their memory is full. */
interface Watched {
  gpu: GPU;
  devices: GPUDevice[];
  /** Bytes in buffers now. */
  live: number;
  budget: number;
}

function watched(gpu: GPU): Watched {
  const state: Watched = { gpu, devices: [], live: 0, budget: Number.POSITIVE_INFINITY };
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    const adapter = (await gpu.requestAdapter(options))!;
    const requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
      const device = await adapter.requestDevice(descriptor);
      watch(device, state);
      state.devices.push(device);
      return device;
    };
    return { features: adapter.features, limits: adapter.limits, info: adapter.info, requestDevice };
  };
  state.gpu = { requestAdapter } as unknown as GPU;
  return state;
}

function watch(device: GPUDevice, state: Watched): void {
  const [createBuffer, push, pop] = [device.createBuffer, device.pushErrorScope, device.popErrorScope].map((method) =>
    method.bind(device),
  ) as [GPUDevice['createBuffer'], GPUDevice['pushErrorScope'], GPUDevice['popErrorScope']];
  const scopes: GPUErrorFilter[] = [];
  let full = false;
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let size = descriptor.size;
    state.live += size;
    full ||= state.live > state.budget;
    buffer.destroy = () => {
      state.live -= size;
      size = 0;
      return destroy();
    };
    return buffer;
  };
  device.pushErrorScope = (filter) => {
    scopes.push(filter);
    return push(filter);
  };
  device.popErrorScope = async () => {
    const said = await pop();
    if (scopes.pop() !== 'out-of-memory' || !full) return said;
    full = false;
    return { message: 'no room' } as GPUOutOfMemoryError;
  };
}

const gpu = await testGpu();
let open: OpenModel;
let healthy: Engine;
let expected: number[];
beforeAll(async () => {
  open = await openModel(bytesSource(bytes));
  healthy = await createEngine(gpu, open, { contextLength: 512 });
  expected = await greedy(healthy);
});
afterAll(() => healthy?.dispose());

async function greedy(engine: Engine): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of engine.generate(ids, { maxTokens: 3, stop: [] })) found.push(id);
  return found;
}

const reset = { kind: 'device-lost', message: 'The graphics device was reset. Open the model again to go on.' };
const closed = { kind: 'device-lost', message: 'The model was closed. Open it again to go on.' };

describe('a lost device', () => {
  test('ends the call under way and every later one with one sentence; another engine goes on', async () => {
    const { gpu: own, devices } = watched(gpu);
    const engine = await createEngine(own, open, { contextLength: 512 });
    const running = engine.prefill(ids, { onProgress: () => devices[0].destroy() });
    await expect(running).rejects.toMatchObject(reset);
    await expect(engine.prefill(ids.slice(0, 3))).rejects.toMatchObject(reset);
    await expect(greedy(engine)).rejects.toMatchObject(reset);
    await expect(engine.logprobs([1], [[2]])).rejects.toMatchObject(reset);
    expect(() => engine.dispose()).not.toThrow();
    await healthy.logits([0]);
    expect(await greedy(healthy)).toEqual(expected);
  });

  test('while weights are read is said by the load', async () => {
    const { gpu: own, devices } = watched(gpu);
    const read = (offset: number, length: number) => {
      devices[0]?.destroy();
      return open.source.read(offset, length);
    };
    const loading = createEngine(own, { ...open, source: { size: open.source.size, read } }, { contextLength: 64 });
    await expect(loading).rejects.toMatchObject(reset);
  });
});

describe('memory', () => {
  const sizes = (length: number) =>
    sizesFor(open, length, 'f32', {
      software: true,
      quads: true,
      maxBinding: 2 ** 30,
      maxBuffer: 2 ** 30,
      maxWorkgroups: 1,
    });

  test('that is too small for the window is refused with the window that fits, and all of it is given back', async () => {
    const state = watched(gpu);
    state.budget = sizes(8192).bytes.total + 100_000;
    const loading = createEngine(state.gpu, open, { contextLength: 32_768, kvType: 'f32' });
    await expect(loading).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/^Not enough .* a window of 32768 tokens takes [\d.]+ GB\. 8192 tokens fit\.$/),
    });
    expect(state.live).toBe(0);
  });

  test('that is too small for the weights too is refused without an offer', async () => {
    const state = watched(gpu);
    state.budget = 1000;
    await expect(createEngine(state.gpu, open, { contextLength: 4096 })).rejects.toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/Choose a smaller model\.$/),
    });
    expect(state.live).toBe(0);
  });

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

  test('takes what was computed beforehand, and is empty after the engine is closed', async () => {
    const state = watched(gpu);
    const engine = await createEngine(state.gpu, open, { contextLength: 2048 });
    const planned = sizes(2048).bytes.total;
    // Beside that: the parameters of a submit, and sizes rounded up.
    expect(state.live).toBeGreaterThan(planned);
    expect(state.live - planned).toBeLessThan(2 * 2 ** 20);
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
