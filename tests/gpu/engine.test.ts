// What the engine promises in gpu/api.ts, on a small model with seeded weights.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { modelGone } from '../../gpu/gguf/refusals.ts';
import { type ByteSource, createEngine, type Engine, EngineError } from '../../gpu/index.ts';
import { defaultKvType, sizesFor } from '../../gpu/model/memory.ts';
import { openModel } from '../../gpu/open-model.ts';
import { testGpu } from './adapter.ts';
import { forward, logprob, type ReferenceModel } from './reference.ts';
import { openBoth, worstDifference } from './reference-model.ts';
import { seeded, smallShape, syntheticModel } from './synthetic-model.ts';

const gpu = await testGpu();
const { vocabulary } = smallShape;
const next = seeded(5);
const text = Array.from({ length: 120 }, () => Math.floor(((next() + 1) / 2) * vocabulary));
const bytes = syntheticModel(smallShape, { tied: false });

let engine: Engine;
let model: ReferenceModel;
beforeAll(async () => {
  const both = await openBoth(bytes);
  model = both.model;
  engine = await createEngine(gpu, both.open, { contextLength: 128 });
});
afterAll(() => engine?.dispose());

async function continued(ids: number[], maxTokens: number, options = {}): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of engine.generate(ids, { maxTokens, stop: [], ...options })) found.push(id);
  return found;
}

function greedy(ids: number[], count: number): number[] {
  const all = [...ids];
  for (let i = 0; i < count; i++) {
    const logits = forward(model, all).subarray(-vocabulary);
    all.push(logits.indexOf(Math.max(...logits)));
  }
  return all.slice(ids.length);
}

describe('window', () => {
  test('computes only what differs from what lies in it', async () => {
    await engine.logits([0]);
    expect(await engine.prefill(text.slice(0, 50))).toEqual({ reused: 0, computed: 50 });
    expect(await engine.prefill(text.slice(0, 80))).toEqual({ reused: 50, computed: 30 });
    expect(await engine.prefill([...text.slice(0, 60), 1, 2])).toEqual({ reused: 60, computed: 2 });
    const after = await continued([...text.slice(0, 60), 1, 2], 3);
    expect(after).toEqual(greedy([...text.slice(0, 60), 1, 2], 3));
  });

  test('refuses one token too many in one sentence, and keeps what it had', async () => {
    await engine.prefill(text.slice(0, 20));
    const error = await engine.prefill(Array.from({ length: 129 }, () => 3)).catch((caught) => caught);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ kind: 'window-full', message: expect.stringMatching(/129 tokens .* 128\./) });
    expect(await engine.prefill(text.slice(0, 20))).toEqual({ reused: 20, computed: 0 });
  });

  test('says so when it fills while text is written', async () => {
    const ids = Array.from({ length: 127 }, (_, i) => text[i % 120]);
    const found: number[] = [];
    const writing = (async () => {
      for await (const { id } of engine.generate(ids, { maxTokens: 10, stop: [] })) found.push(id);
    })();
    await expect(writing).rejects.toMatchObject({ kind: 'window-full' });
    expect(found).toHaveLength(2);
  });

  test('reports progress up to the whole', async () => {
    await engine.logits([0]);
    const seen: number[] = [];
    await engine.prefill(text, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
  });
});

describe('generate', () => {
  test('is greedy, and its probabilities are those of the reference', async () => {
    const ids = text.slice(0, 30);
    const expected = greedy(ids, 6);
    const logits = forward(model, [...ids, ...expected]);
    let at = ids.length - 1;
    for await (const { id, logprob: found } of engine.generate(ids, { maxTokens: 6, stop: [] })) {
      expect(id).toBe(expected[at - ids.length + 1]);
      const row = logits.subarray(at * vocabulary, ++at * vocabulary);
      expect(found).toBeCloseTo(logprob(row, id), 4);
    }
    expect(at).toBe(ids.length + 5);
  });

  test('ends before a stop token, and processors change what is likely', async () => {
    const ids = text.slice(0, 30);
    const [first, second] = greedy(ids, 2);
    expect(await continued(ids, 5, { stop: [second] })).toEqual([first]);
    const forbid = (logits: Float32Array, generated: readonly number[]) => {
      if (generated.length === 0) logits[first] = Number.NEGATIVE_INFINITY;
    };
    const [other] = await continued(ids, 1, { processors: [forbid] });
    expect(other).not.toBe(first);
  });

  test('refuses at once what is no token or does not fit, the last one too', async () => {
    await engine.prefill(text.slice(0, 20));
    await expect(continued([...text.slice(0, 20), vocabulary], 1)).rejects.toThrow(`Token ${vocabulary}`);
    const long = Array.from({ length: 129 }, () => 3);
    await expect(continued(long, 1)).rejects.toMatchObject({ kind: 'window-full' });
    expect(await engine.prefill(text.slice(0, 20))).toEqual({ reused: 20, computed: 0 });
  });

  test('a reader who stops reading leaves the engine free', async () => {
    for await (const _ of engine.generate(text.slice(0, 10), { maxTokens: 5, stop: [] })) break;
    expect((await continued(text.slice(0, 10), 2)).length).toBe(2);
  });
});

describe('logprobs', () => {
  const prefix = text.slice(0, 60);
  const continuations = [
    text.slice(70, 75),
    [],
    text.slice(80, 81),
    text.slice(90, 107),
    text.slice(60, 70),
    prefix.slice(0, 60),
  ];

  test('of many continuations are the reference’s, and those of one at a time', async () => {
    const found = await engine.logprobs(prefix, continuations);
    for (const [i, continuation] of continuations.entries()) {
      const logits = forward(model, [...prefix, ...continuation]);
      const expected = continuation.map((id, j) => {
        const row = prefix.length - 1 + j;
        return logprob(logits.subarray(row * vocabulary, (row + 1) * vocabulary), id);
      });
      expect(found[i]).toHaveLength(continuation.length);
      expect(worstDifference(found[i], expected)).toBeLessThan(1e-4);
      const [alone] = await engine.logprobs(prefix, [continuation]);
      expect(worstDifference(found[i], alone)).toBeLessThan(1e-4);
    }
  });

  test('leave the prefix in the window and nothing else', async () => {
    await engine.logprobs(prefix, continuations);
    expect(await engine.prefill(text.slice(0, 70))).toEqual({ reused: 60, computed: 10 });
    expect(await continued(text.slice(0, 70), 3)).toEqual(greedy(text.slice(0, 70), 3));
  });

  test('that were stopped leave nothing that is taken for text', async () => {
    await engine.logits([0]);
    const many = Array.from({ length: 40 }, (_, i) => text.slice(60 + i, 70 + i));
    const stop = new AbortController();
    const running = engine.logprobs(prefix, many, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('no')),
    });
    await expect(running).rejects.toThrow('no');
    const ids = [...prefix, ...many[0]];
    expect(await engine.prefill(ids)).toEqual({ reused: 60, computed: 10 });
    expect(await continued(ids, 3)).toEqual(greedy(ids, 3));
  });

  test('of more rows than a pass holds', async () => {
    const many = Array.from({ length: 40 }, (_, i) => text.slice(i, i + 10));
    const found = await engine.logprobs(prefix, many);
    const [last] = await engine.logprobs(prefix, [many[39]]);
    expect(worstDifference(found[39], last)).toBeLessThan(1e-4);
  });
});

describe('stopping', () => {
  test('a call made while another runs is refused', async () => {
    const running = engine.prefill(text.slice(0, 100).reverse());
    await expect(engine.prefill(text)).rejects.toMatchObject({ kind: 'busy' });
    await running;
  });

  test('after an abort the finished part stays and the next call is right', async () => {
    const long = await createEngine(gpu, await openModel(bytesSource(bytes)), { contextLength: 2048 });
    const ids = Array.from({ length: 2048 }, (_, i) => text[i % 120]);
    const stop = new AbortController();
    const reason = new Error('stopped by the test');
    const running = long.prefill(ids, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(running).rejects.toBe(reason);
    const { reused, computed } = await long.prefill(ids.slice(0, 1024));
    expect(reused).toBeGreaterThan(0);
    expect(reused + computed).toBe(1024);
    long.dispose();
  });

  test('loading stops too', async () => {
    const stop = new AbortController();
    const source = bytesSource(bytes);
    const slow: ByteSource = {
      size: source.size,
      read: (offset, length) => {
        if (offset > 100_000) stop.abort(new Error('enough'));
        return source.read(offset, length);
      },
    };
    const loading = createEngine(gpu, await openModel(slow), { contextLength: 64, signal: stop.signal });
    await expect(loading).rejects.toThrow('enough');
  });
});

test('a model file that is gone or changed is said at the next use, by every call', async () => {
  let problem: EngineError | undefined;
  const source: ByteSource = {
    ...bytesSource(bytes),
    expectUnchanged: async () => {
      if (problem) throw problem;
    },
  };
  const engine = await createEngine(gpu, await openModel(source), { contextLength: 64 });
  await engine.prefill([1, 2, 3]);
  problem = modelGone('small.gguf', 'test');
  const gone = { kind: 'model-gone', message: expect.stringMatching(/^small\.gguf is gone or changed; /) };
  await expect(engine.prefill([1, 2, 3, 4])).rejects.toMatchObject(gone);
  await expect(engine.logprobs([1, 2], [[3]])).rejects.toMatchObject(gone);
  await expect(engine.generate([1, 2], { maxTokens: 1 }).next()).rejects.toMatchObject(gone);
  problem = undefined;
  expect((await engine.prefill([1, 2, 3])).reused).toBe(3);
  engine.dispose();
});

describe('what cannot be computed', () => {
  /** The model with `value` at 32 places of a tensor, from the given share of it on. */
  const withNumber = async (value: number, name: string, share: number) => {
    const changed = bytes.slice();
    const { header } = await openModel(bytesSource(bytes));
    const { offset, bytes: length } = header.tensors.get(name)!;
    const view = new DataView(changed.buffer);
    for (let i = 0; i < 32; i++) view.setFloat32(offset + 4 * (i + Math.floor((share * length) / 4)), value, true);
    return openModel(bytesSource(changed));
  };
  const refused = {
    kind: 'invalid-numbers',
    message: 'This model produces invalid numbers. Download it again or choose another.',
  };

  test('weights that are no numbers are found when they are loaded, in each of 20 places', async () => {
    for (let place = 0; place < 20; place++) {
      const value = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][place % 3];
      const loading = createEngine(gpu, await withNumber(value, 'blk.1.ffn_up.weight', place / 20), {
        contextLength: 64,
      });
      await expect(loading).rejects.toMatchObject({ ...refused, detail: expect.stringContaining('blk.1.ffn_up') });
    }
  });

  test.each([
    ['output_norm.weight', 3e38],
    // Of squares that overflow the norm would make zeros, and equal logits.
    ['blk.1.ffn_down.weight', 1e25],
  ])('weights that are too large to compute with are found before a token is shown: %s', async (name, value) => {
    const sick = await createEngine(gpu, await withNumber(value, name, 0), { contextLength: 64 });
    await expect(sick.generate([5, 6, 7], { maxTokens: 3 }).next()).rejects.toMatchObject(refused);
    await expect(sick.logprobs([5, 6], [[7, 8]])).rejects.toMatchObject(refused);
    sick.dispose();
  });

  test('a window that no buffer can hold is refused before anything is loaded, with the one that fits', async () => {
    const open = await openModel(bytesSource(bytes));
    const error = await createEngine(gpu, open, { contextLength: 2 ** 26, kvType: 'f32' }).catch((caught) => caught);
    expect(error).toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(
        /window of 67,108,864 tokens needs [\d.]+ GB, [\d.]+ GB of it in one buffer, .* allows [\d.]+ [MG]B\. [\d,]+ tokens fit\.$/,
      ),
    });
    const fits = Number(/([\d,]+) tokens fit/.exec(error.message)?.[1].replaceAll(',', ''));
    const { limits } = (await gpu.requestAdapter())!;
    const facts = {
      software: true,
      lanes: 4,
      texels: false,
      half: false,
      workgroupMemory: 16_384,
      storageBuffers: 8,
      maxBinding: 0,
      maxBuffer: 0,
      maxWorkgroups: 0,
    };
    const bytesOfKeys = sizesFor(open, fits, 'f32', facts).slots * smallShape.kvHeads * smallShape.headDim * 4;
    expect(bytesOfKeys).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
    expect(bytesOfKeys).toBeGreaterThan(limits.maxStorageBufferBindingSize / 2);
  });

  test('memory is computed beforehand, and grows with the window', async () => {
    const open = await openModel(bytesSource(bytes));
    const facts = {
      software: true,
      lanes: 4,
      texels: false,
      half: false,
      workgroupMemory: 16_384,
      storageBuffers: 8,
      maxBinding: 2 ** 30,
      maxBuffer: 2 ** 30,
      maxWorkgroups: 65_535,
    };
    const at = (length: number) => sizesFor(open, length, 'f32', facts).bytes;
    expect(at(2048).cache - at(1024).cache).toBe(1024 * 2 * 2 * 2 * 16 * 4);
    expect(defaultKvType(open.config, 32_768)).toBe('f32');
    const sevenBillion = { ...open.config, layers: 32, kvHeads: 32, headDim: 128 };
    expect([1024, 32_768].map((length) => defaultKvType(sevenBillion, length))).toEqual(['f32', 'f16']);
    expect(at(1024).weights).toBe(bytes.length - open.header.tensors.get('token_embd.weight')!.offset);
  });
});
