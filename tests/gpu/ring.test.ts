// Layers with a sliding window keep a ring of slots, not the whole window: what is computed is the same to the bit as by an engine that
// has read nothing else before, however a text went over the ring's end, was taken back, saved, or lost with its device.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, type OpenModel, openModel } from '../../gpu/index.ts';
import { defaultKvType, sizesFor } from '../../gpu/model/memory.ts';
import { ringOf, Window } from '../../gpu/model/window.ts';
import { testGpu } from './adapter.ts';
import { forward } from './reference.ts';
import { openBoth, worstDifference } from './reference-model.ts';
import { hollowModel, type Shape, syntheticModel } from './synthetic-model.ts';
import { watched } from './watched-gpu.ts';

/** Five local layers and one that sees all. */
const shape: Shape = {
  layers: 6,
  embedding: 32,
  heads: 2,
  kvHeads: 1,
  headDim: 16,
  feedForward: 32,
  vocabulary: 323,
  context: 4096,
};
const bytes = syntheticModel(shape, { architecture: 'gemma3', tied: false });
const ring = 2048;
const contextLength = 4096;
const ids = Array.from({ length: 2600 }, (_, i) => (i * 37 + (i >> 4)) % shape.vocabulary);
const later = [ids.slice(9, 40), ids.slice(100, 250)];

const gpu = await testGpu();
const engines: Engine[] = [];
let open: OpenModel;

async function fresh(options = {}, from: GPU = gpu): Promise<Engine> {
  const engine = await createEngine(from, open, { contextLength, ...options });
  engines.push(engine);
  return engine;
}

const bitsOf = (found: Float32Array[]) => found.flatMap((part) => [...new Uint32Array(Float32Array.from(part).buffer)]);
const following = async (engine: Engine, length: number) => bitsOf(await engine.logprobs(ids.slice(0, length), later));

async function saved(engine: Engine, tokens: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of engine.saveSnapshot({ tokens })) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

let expected: number[];
beforeAll(async () => {
  open = await openModel(bytesSource(bytes));
  expect(ringOf(open.config)).toBe(ring);
  expected = await following(await fresh(), 2300);
});
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

test('beyond the end of the ring logits are those of double precision', async () => {
  const local = await openBoth(syntheticModel({ ...shape, layers: 2 }, { architecture: 'gemma3', tied: false }));
  const engine = await createEngine(gpu, local.open, { contextLength });
  engines.push(engine);
  const text = ids.slice(0, ring + 100);
  expect(worstDifference(await engine.logits(text), forward(local.model, text))).toBeLessThan(1e-3);
});

describe('a text that is taken back', () => {
  test('is continued where the ring still holds what it sees', async () => {
    const engine = await fresh();
    await engine.prefill(ids);
    expect(await engine.prefill(ids.slice(0, 2300))).toEqual({ reused: 2300, computed: 0 });
    expect(await following(engine, 2300)).toEqual(expected);
    // Its continuations were written behind it, and are taken back too.
    expect(await engine.prefill(ids.slice(0, 2400))).toEqual({ reused: 2300, computed: 100 });
    expect(await following(engine, 2300)).toEqual(expected);
  });

  test('is read again from its beginning where it was written over', async () => {
    const engine = await fresh();
    await engine.prefill(ids);
    expect(await engine.prefill(ids.slice(0, 300))).toEqual({ reused: 0, computed: 300 });
    expect(await engine.prefill(ids.slice(0, 2300))).toEqual({ reused: 300, computed: 2000 });
    expect(await following(engine, 2300)).toEqual(expected);
  });

  test('is continued anywhere as long as the ring has not been full', async () => {
    const engine = await fresh();
    await engine.prefill(ids.slice(0, ring));
    expect(await engine.prefill([...ids.slice(0, 30), 5])).toEqual({ reused: 30, computed: 1 });
    expect(await following(engine, 2300)).toEqual(expected);
  });
});

describe('a saved window', () => {
  test('is the same when it is loaded again, and can be taken back as far', async () => {
    const [from, to] = [await fresh(), await fresh()];
    await from.prefill(ids);
    const snapshot = await saved(from, 2300);
    expect(snapshot.length).toBe(await from.snapshotBytes(2300));
    expect(await to.loadSnapshot(bytesSource(snapshot))).toBe(2300);
    expect(await following(to, 2300)).toEqual(expected);
    const takenBack = ids.length - (ring - 24 - 256);
    expect((await to.prefill(ids.slice(0, takenBack))).reused).toBe(takenBack);
    expect((await to.prefill(ids.slice(0, takenBack - 1))).reused).toBe(0);
    expect(await following(to, 2300)).toEqual(expected);
  });

  test('is refused once it was written over, and what is in the engine stays', async () => {
    const engine = await fresh();
    await engine.prefill(ids);
    await expect(saved(engine, 300)).rejects.toMatchObject({ kind: 'snapshot-mismatch' });
    expect(await engine.prefill(ids)).toEqual({ reused: ids.length, computed: 0 });
  });

  test('is taken by an engine whose window is too short for a ring, which knows what was written over', async () => {
    const [from, short] = [await fresh(), await fresh({ contextLength: 1600 })];
    await from.prefill(ids.slice(0, 2200));
    const snapshot = await saved(from, 1500);
    expect(await short.loadSnapshot(bytesSource(snapshot))).toBe(1500);
    expect((await short.prefill(ids.slice(0, 1490))).reused).toBe(1490);
    const bits = await following(short, 1400);
    expect((await short.prefill(ids.slice(0, 300))).reused).toBe(0);
    expect(await following(short, 1400)).toEqual(bits);
  });
});

test('a lost device: the same after the text is read again', async () => {
  const state = watched(gpu);
  const engine = await fresh({}, state.gpu);
  await engine.prefill(ids);
  state.devices.at(-1)!.destroy();
  expect(await engine.prefill(ids.slice(0, 2300))).toEqual({ reused: 0, computed: 2300 });
  expect(await following(engine, 2300)).toEqual(expected);
});

test('a window that Stop cuts short of a pass counts what the pass may have written', () => {
  const window = new Window(open.config);
  for (const id of ids) window.push(id);
  window.writes(ids.length);
  const takenBack = ring - 24 - 256;
  expect(window.continues(ids.length - takenBack)).toBe(true);
  window.writes(ids.length + 256);
  expect(window.continues(ids.length - takenBack)).toBe(false);
  expect(window.continues(ids.length - takenBack + 256)).toBe(true);
  expect(window.keep(ids.slice(0, 10))).toBe(0);
  expect(window.continues(0)).toBe(true);
});

describe('memory of a window of 32,768 tokens', () => {
  const sizes: [name: string, shape: Omit<Shape, 'vocabulary' | 'context'>, window: number, slots: number][] = [
    [
      '1b',
      { layers: 26, embedding: 1152, heads: 4, kvHeads: 1, headDim: 256, feedForward: 6912 },
      512,
      4 * 33_024 + 22 * 2048,
    ],
    [
      '4b',
      { layers: 34, embedding: 2560, heads: 8, kvHeads: 4, headDim: 256, feedForward: 10240 },
      1024,
      5 * 33_024 + 29 * 4096,
    ],
  ];
  test.each(sizes)('gemma-3-%s: local layers take their ring only', async (_, layers, window, slots) => {
    const file = hollowModel(
      { ...layers, vocabulary: 1024, context: 32_768 },
      { architecture: 'gemma3', type: 'Q8_0', metadata: { 'attention.sliding_window': window } },
    );
    const { config, header, family } = await openModel(file);
    const facts = { software: false, lanes: 0, texels: false, half: false, workgroupMemory: 16_384, storageBuffers: 8 };
    const card = { ...facts, maxBinding: 2 ** 31, maxBuffer: 2 ** 31, maxWorkgroups: 65_535 };
    const { bytes } = sizesFor({ config, header, family }, 32_768, 'f16', card);
    const perSlot = 2 * layers.kvHeads * layers.headDim * 2;
    expect(bytes.cache).toBe(slots * perSlot);
    expect(bytes.keys).toBe((33_024 * perSlot) / 2);
    expect(defaultKvType(config, 32_768)).toBe(2 * slots * perSlot <= 2 ** 31 ? 'f32' : 'f16');
  });
});
