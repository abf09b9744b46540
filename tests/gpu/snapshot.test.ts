// A window that is saved and loaded again: bit for bit the same, or refused by name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { type ByteSource, createEngine, type Engine, type LoadOptions, openModel } from '../../gpu/index.ts';
import { testGpu } from './adapter.ts';
import { seeded, smallShape, syntheticModel } from './synthetic-model.ts';

const gpu = await testGpu();
const ids = Array.from({ length: 300 }, (_, i) => (i * 37) % smallShape.vocabulary);
// Wide enough that one part of the cache takes several blocks; two heads in a group, so that 16 tokens fill more than one tile.
const shape = { ...smallShape, heads: 12, kvHeads: 6, headDim: 160 };

const engines: Engine[] = [];
async function engineOf(options: Partial<LoadOptions> = {}, seed = 1): Promise<Engine> {
  const model = await openModel(bytesSource(syntheticModel(shape, { seed })));
  const engine = await createEngine(gpu, model, { contextLength: 512, ...options });
  engines.push(engine);
  return engine;
}
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

async function saved(engine: Engine, options = {}): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of engine.saveSnapshot(options)) {
    expect(piece.length).toBeLessThan(1.1 * 2 ** 20);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Bits of what follows the window's tokens, in passes that the measured speed of the device cuts; the window is then as it was. */
async function following(engine: Engine, prefix: readonly number[]): Promise<Uint32Array> {
  const found = await engine.logprobs(prefix, [
    ids.slice(0, 9),
    ids.slice(7, 87),
    ids.slice(50, 170),
    ids.slice(20, 120),
  ]);
  return new Uint32Array(Float32Array.from(found.flatMap((part) => [...part])).buffer);
}

let writer: Engine;
let reader: Engine;
let snapshot: Uint8Array<ArrayBuffer>;
let expected: Uint32Array;
beforeAll(async () => {
  writer = await engineOf();
  reader = await engineOf();
  // In two parts, so that a fresh prefill of all would not give the same bits by chance of the same passes.
  await writer.prefill(ids.slice(0, 123));
  await writer.prefill(ids);
  snapshot = await saved(writer);
  expected = await following(writer, ids);
});

describe('a snapshot', () => {
  test.each(['f32', 'f16', 'q8_0'] as const)('with keys and values in %s gives bit-equal results', async (kvType) => {
    const [from, to] = [await engineOf({ kvType }), await engineOf({ kvType })];
    await from.prefill(ids.slice(0, 123));
    await from.prefill(ids);
    const bits = await following(from, ids);
    expect(await to.loadSnapshot(bytesSource(await saved(from)))).toBe(300);
    expect(await to.prefill(ids)).toEqual({ reused: 300, computed: 0 });
    expect(await following(to, ids)).toEqual(bits);
  });

  test('is as long as was said beforehand, and the same every time', async () => {
    expect(snapshot.length).toBe(await reader.snapshotBytes(300));
    expect(Buffer.compare(await saved(writer), snapshot)).toBe(0);
    const rows = 300 * shape.layers * 2 * shape.kvHeads * shape.headDim * 4;
    expect(snapshot.length - rows).toBeGreaterThan(4 * 300);
    expect(snapshot.length - rows).toBeLessThan(4 * 300 + 2048);
  });

  test('of the first tokens only, loaded into a longer window, is continued', async () => {
    const some = await saved(writer, { tokens: 200 });
    const longer = await engineOf({ contextLength: 1024 });
    expect(await longer.loadSnapshot(bytesSource(some))).toBe(200);
    expect(await longer.prefill(ids)).toEqual({ reused: 200, computed: 100 });
    expect(await following(longer, ids)).toEqual(expected);
  });

  test('of an empty window is one too', async () => {
    const fresh = await engineOf();
    const empty = await saved(fresh);
    expect(await fresh.loadSnapshot(bytesSource(empty))).toBe(0);
  });

  test('is a call like the others, and tells how far it is', async () => {
    const stream = writer.saveSnapshot();
    await stream.next();
    await expect(writer.prefill(ids)).rejects.toMatchObject({ kind: 'busy' });
    await stream.return(undefined);
    const seen: number[] = [];
    await saved(writer, { onProgress: ({ done, total }: { done: number; total: number }) => seen.push(done / total) });
    await reader.loadSnapshot(bytesSource(snapshot), { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.filter((part) => part === 1)).toHaveLength(2);
    expect(seen.length).toBeGreaterThan(10);
  });
});

describe('refused by name', () => {
  const refusal = async (engine: Engine, bytes: Uint8Array<ArrayBuffer> = snapshot) =>
    engine.loadSnapshot(bytesSource(bytes)).then(
      () => 'accepted',
      ({ kind, message }) => `${kind}: ${message}`,
    );

  test('what another model, factor, cache or version made; the window stays', async () => {
    await reader.prefill(ids.slice(0, 50));
    const later = snapshot.slice();
    later[8]++;
    expect(await refusal(reader, later)).toMatch(/^snapshot-mismatch: .* another version of Longleaf\./);
    expect(await reader.prefill(ids.slice(0, 50))).toEqual({ reused: 50, computed: 0 });
    const other = await engineOf({}, 2);
    await other.prefill(ids.slice(0, 50));
    expect(await refusal(other)).toMatch(/^snapshot-mismatch: .* another model\./);
    expect(await other.prefill(ids.slice(0, 50))).toEqual({ reused: 50, computed: 0 });
    expect(await refusal(await engineOf({ ropeFactor: 4 }))).toMatch(/another position scaling\./);
    expect(await refusal(await engineOf({ ropeMethod: 'ntk' }))).toMatch(/another position scaling\./);
    expect(await refusal(await engineOf({ kvType: 'f16' }))).toMatch(/another number format of the cache\./);
    expect(await refusal(await engineOf({ contextLength: 256 }))).toMatch(/^window-full: .* 300 tokens/);
  });

  test('what is cut at any place, empty, longer, or something else', async () => {
    const next = seeded(3);
    const cuts = [0, 5, 16, 100, 1500, snapshot.length - 1];
    for (let i = 0; i < 20; i++) cuts.push(Math.floor(((next() + 1) / 2) * snapshot.length));
    for (const length of cuts) {
      expect([length, await refusal(reader, snapshot.slice(0, length))]).toEqual([
        length,
        expect.stringMatching(/^snapshot-damaged: .* incomplete\./),
      ]);
    }
    expect(await refusal(reader, new Uint8Array([...snapshot, 0]))).toMatch(/^snapshot-damaged/);
    expect(await refusal(reader, new Uint8Array(2048))).toMatch(/^snapshot-damaged: .* something else\./);
  });

  test('what was changed anywhere, and what was put together from two; the next text is right', async () => {
    const next = seeded(4);
    for (let i = 0; i < 24; i++) {
      const changed = snapshot.slice();
      const at = i < 4 ? 12 + 40 * i : Math.floor(((next() + 1) / 2) * snapshot.length);
      changed[at] ^= 1 << (i % 8);
      expect([at, await refusal(reader, changed)]).toEqual([at, expect.stringMatching(/^snapshot-damaged/)]);
    }
    await reader.prefill([...ids].reverse());
    const torn = await saved(reader);
    torn.set(snapshot.subarray(0, 2_000_000));
    expect(await refusal(reader, torn)).toMatch(/^snapshot-damaged: .* were changed\./);
    expect(await reader.prefill(ids)).toEqual({ reused: 0, computed: 300 });
    expect(await reader.loadSnapshot(bytesSource(snapshot))).toBe(300);
    expect(await following(reader, ids)).toEqual(expected);
  });
});

describe('stopped', () => {
  const reason = new Error('enough');

  test('while it is saved: the window stays', async () => {
    const stop = new AbortController();
    const saving = saved(writer, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(saving).rejects.toBe(reason);
    expect(await following(writer, ids)).toEqual(expected);
  });

  test('while it is loaded, or when its source ends: nothing of it is taken for text', async () => {
    const stop = new AbortController();
    const limited = (fail: () => void): ByteSource => ({
      size: snapshot.length,
      read: async (offset, length) => {
        if (offset > snapshot.length / 2) fail();
        return snapshot.slice(offset, offset + length);
      },
    });
    const options = { signal: stop.signal };
    await expect(
      reader.loadSnapshot(
        limited(() => stop.abort(reason)),
        options,
      ),
    ).rejects.toBe(reason);
    expect((await reader.prefill(ids)).reused).toBe(0);
    const gone = () => {
      throw new Error('unplugged');
    };
    await expect(reader.loadSnapshot(limited(gone))).rejects.toThrow('unplugged');
    expect((await reader.prefill(ids)).reused).toBe(0);
  });
});
