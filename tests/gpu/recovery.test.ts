// A graphics device that is lost at any moment, really lost: the engine goes on by itself and says the same as an undisturbed one; one
// that keeps failing ends in a sentence. Rows W1, W2 and W8 of the faults that an app has to survive; the full counts (25 losses at
// each moment, 100 stops) are run with LONGLEAF_LONG_TESTS=1.
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type LoadOptions, type OpenModel, openModel } from '../../gpu/index.ts';
import { testGpu } from './adapter.ts';
import { seeded, smallShape, syntheticModel } from './synthetic-model.ts';
import { type Watched, watched } from './watched-gpu.ts';

const long = process.env.LONGLEAF_LONG_TESTS === '1';
const losses = long ? 25 : 2;
const stops = long ? 34 : 2;
const contextLength = 640;
const ids = Array.from({ length: 600 }, (_, i) => (i * 31) % smallShape.vocabulary);

const gpu = await testGpu();
let open: OpenModel;
let expected: number[];
let prefillSubmits = 0;
let decodeSubmits = 0;
beforeAll(async () => {
  open = await openModel(bytesSource(syntheticModel(smallShape, { tied: false })));
  const state = watched(gpu);
  const engine = await createEngine(state.gpu, open, { contextLength });
  const loading = state.submits;
  await engine.prefill(ids.slice(0, -1));
  prefillSubmits = state.submits - loading;
  expected = await greedy(engine);
  decodeSubmits = state.submits - loading - prefillSubmits;
  engine.dispose();
});

async function greedy(engine: Engine, signal?: AbortSignal): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of engine.generate(ids, { maxTokens: 8, stop: [], signal })) found.push(id);
  return found;
}

/** A fraction of `count`, another one each time, the same in every run. */
const next = seeded(17);
const someOf = (count: number) => 1 + Math.floor(((next() + 1) / 2) * count);

/** What happens at the `at`-th submit from now on, once. */
function atSubmit(state: Watched, at: number, act: () => void): void {
  const from = state.submits;
  state.onSubmit = (count) => {
    if (count - from === at) act();
  };
}

const lose = (state: Watched) => state.devices.at(-1)!.destroy();
const runs = (count: number) => Array.from({ length: count }, (_, i) => i);

/** An engine that must have been lost `times` times, whose text is the undisturbed one's, and that leaves nothing behind. */
async function lived(act: (state: Watched, engine: Promise<Engine>) => Promise<number[]>, from: OpenModel = open) {
  const state = watched(gpu);
  let lost = 0;
  const options: LoadOptions = { contextLength, onDeviceLost: () => lost++ };
  const loading = createEngine(state.gpu, from, options);
  const text = await act(state, loading);
  (await loading).dispose();
  return { text, lost, buffers: state.buffers, devices: state.devices.length };
}
const undisturbed = () => ({ text: expected, lost: 1, buffers: 0, devices: 2 });

describe('a device that is lost', () => {
  test.each(runs(losses))('while the model is loaded (%i)', async () => {
    let left = someOf(20);
    let state: Watched;
    const read = (offset: number, length: number) => {
      if (--left === 0) lose(state);
      return open.source.read(offset, length);
    };
    const source = { size: open.source.size, read };
    const run = async (own: Watched, engine: Promise<Engine>) => {
      state = own;
      return greedy(await engine);
    };
    expect(await lived(run, { ...open, source })).toEqual(undisturbed());
  });

  test.each(runs(losses))('in the middle of a prefill (%i)', async () => {
    const run = async (state: Watched, engine: Promise<Engine>) => {
      await engine;
      atSubmit(state, someOf(prefillSubmits), () => lose(state));
      const seen: number[] = [];
      const options = { onProgress: ({ done }: { done: number }) => seen.push(done) };
      const { reused, computed } = await (await engine).prefill(ids.slice(0, -1), options);
      expect({ reused, computed, last: seen.at(-1) }).toEqual({ reused: 0, computed: 599, last: 599 });
      return greedy(await engine);
    };
    expect(await lived(run)).toEqual(undisturbed());
  });

  test.each(runs(losses))('while text is written (%i)', async () => {
    const run = async (state: Watched, engine: Promise<Engine>) => {
      await (await engine).prefill(ids.slice(0, -1));
      atSubmit(state, someOf(decodeSubmits), () => lose(state));
      return greedy(await engine);
    };
    expect(await lived(run)).toEqual(undisturbed());
  });

  test.each(runs(losses))('while nothing is done (%i)', async () => {
    const run = async (state: Watched, engine: Promise<Engine>) => {
      await (await engine).prefill(ids.slice(0, 100 * someOf(5)));
      lose(state);
      return greedy(await engine);
    };
    expect(await lived(run)).toEqual(undisturbed());
  });

  test('while continuations are weighed: the same probabilities', async () => {
    const continuations = runs(20).map((i) => ids.slice(i, i + 12));
    const probabilities: number[][] = [];
    for (const at of [Number.POSITIVE_INFINITY, 2]) {
      await lived(async (state, engine) => {
        await (await engine).prefill(ids.slice(0, 300));
        atSubmit(state, at, () => lose(state));
        const found = await (await engine).logprobs(ids.slice(0, 300), continuations);
        probabilities.push(found.flatMap((part) => [...part]));
        return [];
      });
    }
    probabilities[0].forEach((value, i) => {
      expect(probabilities[1][i]).toBeCloseTo(value, 4);
    });
  });

  test('gives its adapter back only after a while', async () => {
    const run = async (state: Watched, engine: Promise<Engine>) => {
      await engine;
      state.absent = 3;
      lose(state);
      return greedy(await engine);
    };
    expect(await lived(run)).toEqual(undisturbed());
  });

  test('does not come back: that is said, and whoever asks later is answered', async () => {
    const state = watched(gpu);
    const engine = await createEngine(state.gpu, open, { contextLength });
    state.absent = Number.POSITIVE_INFINITY;
    lose(state);
    const refused = { kind: 'no-gpu', message: expect.stringMatching(/lost and has not come back\. Start/) };
    await expect(engine.prefill(ids)).rejects.toMatchObject(refused);
    state.absent = 0;
    expect(await greedy(engine)).toEqual(expected);
    engine.dispose();
  });

  test('the third time within two minutes ends in one sentence; whoever asks again is answered when the device works', async () => {
    const state = watched(gpu);
    const engine = await createEngine(state.gpu, open, { contextLength });
    const onProgress = () => lose(state);
    const failing = {
      kind: 'device-lost',
      message: expect.stringMatching(/^The graphics device keeps failing\. Choose/),
    };
    await expect(engine.prefill(ids, { onProgress })).rejects.toMatchObject(failing);
    expect(state.devices).toHaveLength(3);
    expect(await greedy(engine)).toEqual(expected);
    await expect(engine.prefill([7, ...ids.slice(1)], { onProgress })).rejects.toMatchObject(failing);
    engine.dispose();
    expect(state.buffers).toBe(0);
  });

  test('the third time while it is loaded too', async () => {
    const state = watched(gpu);
    const read = (offset: number, length: number) => {
      lose(state);
      return open.source.read(offset, length);
    };
    const loading = createEngine(state.gpu, { ...open, source: { size: open.source.size, read } }, { contextLength });
    await expect(loading).rejects.toThrow('keeps failing');
    expect({ buffers: state.buffers, devices: state.devices.length }).toEqual({ buffers: 0, devices: 3 });
  });

  test('and the engine is closed, or its reader stops, while it is loaded again: nothing is left', async () => {
    const state = watched(gpu);
    const onDeviceLost = () => engine.dispose();
    const engine = await createEngine(state.gpu, open, { contextLength, onDeviceLost });
    lose(state);
    await expect(engine.prefill(ids)).rejects.toThrow('The model was closed.');
    expect(state.buffers).toBe(0);
    const stop = new AbortController();
    const reason = new Error('enough');
    const options = { contextLength, onDeviceLost: () => stop.abort(reason) };
    const other = await createEngine(state.gpu, open, options);
    lose(state);
    await expect(other.prefill(ids, { signal: stop.signal })).rejects.toBe(reason);
    expect(state.buffers).toBe(0);
    expect(await greedy(other)).toEqual(expected);
    other.dispose();
    expect(state.buffers).toBe(0);
  });

  test('and the weights with it, when their file has changed meanwhile', async () => {
    const state = watched(gpu);
    let gone = false;
    const read = (offset: number, length: number) =>
      gone ? Promise.reject(new Error('gone')) : open.source.read(offset, length);
    const source = { size: open.source.size, read };
    const engine = await createEngine(state.gpu, { ...open, source }, { contextLength });
    gone = true;
    lose(state);
    await expect(engine.prefill(ids)).rejects.toThrow('gone');
    gone = false;
    expect(await greedy(engine)).toEqual(expected);
    engine.dispose();
    expect(state.buffers).toBe(0);
  });
});

describe('a reader who stops', () => {
  const reason = new Error('stopped');
  /** Stops at the `at`-th submit from now on; gives how many were made after that. */
  const stopping = (state: Watched, at: number) => {
    const controller = new AbortController();
    let after = 0;
    state.onSubmit = () => {
      if (controller.signal.aborted) after++;
      else if (--at <= 0) controller.abort(reason);
    };
    return { signal: controller.signal, after: () => after };
  };

  test.each(runs(stops))('a load gets all memory back (%i)', async () => {
    const state = watched(gpu);
    const controller = new AbortController();
    let left = someOf(20);
    const read = (offset: number, length: number) => {
      if (--left === 0) controller.abort(reason);
      return open.source.read(offset, length);
    };
    const source = { size: open.source.size, read };
    const loading = createEngine(state.gpu, { ...open, source }, { contextLength, signal: controller.signal });
    await expect(loading).rejects.toBe(reason);
    expect(state.buffers).toBe(0);
  });

  test('a prefill or a text waits for the submit under way only; what was done stays, and the next text is right', async () => {
    const state = watched(gpu);
    const engine = await createEngine(state.gpu, open, { contextLength });
    const { buffers } = state;
    let stopped = 0;
    for (const _ of runs(stops)) {
      await engine.logits([1]);
      const prefill = stopping(state, someOf(prefillSubmits));
      let done = 0;
      const options = { signal: prefill.signal, onProgress: (progress: { done: number }) => (done = progress.done) };
      const outcome = await engine.prefill(ids.slice(0, -1), options).catch((error) => error);
      // Submits get longer as the device turns out to be faster: the last ones may not come.
      expect(outcome === reason).toBe(prefill.signal.aborted);
      expect(prefill.after()).toBe(0);
      state.onSubmit = undefined;
      expect((await engine.prefill(ids.slice(0, -1))).reused).toBe(done);
      const decode = stopping(state, someOf(decodeSubmits));
      const text = await greedy(engine, decode.signal).catch((error) => error);
      // Nor is the text cut when Stop comes after its last submit.
      if (text !== reason) expect(text).toEqual(expected);
      expect(decode.after()).toBe(0);
      state.onSubmit = undefined;
      expect(await greedy(engine)).toEqual(expected);
      stopped += Number(outcome === reason) + Number(text === reason);
    }
    expect(stopped).toBeGreaterThan(stops / 2);
    expect(state.buffers).toBe(buffers);
    engine.dispose();
  });
});
