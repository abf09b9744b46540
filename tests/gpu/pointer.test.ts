// Attention of one head, summed over spans, against the reference's queries and keys in double precision.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../gpu/index.ts';
import { testGpu } from './adapter.ts';
import { embed, matmul, rmsnorm, rope } from './reference.ts';
import { openBoth } from './reference-model.ts';
import { smallShape, syntheticModel } from './synthetic-model.ts';

const gpu = await testGpu();
// One layer, so that its input is the embedding of the tokens and nothing else.
const shape = { ...smallShape, layers: 1 };
const ids = Array.from({ length: 90 }, (_, i) => (i * 53) % shape.vocabulary);
const spans = [
  [0, 10],
  [10, 45],
  [45, 45],
  [45, 89],
  [89, 90],
] as const;

async function expected(head: number): Promise<number[]> {
  const { model: m } = await openBoth(syntheticModel(shape), 4);
  const w = (name: string) => m.weights.get(name)!;
  const [T, d] = [ids.length, m.embedding];
  const h = rmsnorm(embed(ids, w('token_embd.weight'), d), w('blk.0.attn_norm.weight'), m.epsilon);
  const positions = ids.map((_, i) => i);
  const turned = (name: string, heads: number) =>
    rope(matmul(h, w(name), T, d, heads * m.headDim), positions, heads, m.headDim, m);
  const [q, k] = [turned('blk.0.attn_q.weight', m.heads), turned('blk.0.attn_k.weight', m.kvHeads)];
  const keyHead = Math.floor((head * m.kvHeads) / m.heads);
  const scores = positions.map((slot) => {
    let dot = 0;
    for (let i = 0; i < m.headDim; i++)
      dot += q[((T - 1) * m.heads + head) * m.headDim + i] * k[(slot * m.kvHeads + keyHead) * m.headDim + i];
    return Math.exp(dot / Math.sqrt(m.headDim));
  });
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return spans.map(([start, end]) => sum(scores.slice(start, end)) / sum(scores));
}

describe.each([
  ['f32', 1e-6],
  ['f16', 5e-3],
] as const)('attention over spans, keys in %s', (kvType, tolerance) => {
  let engine: Engine;
  beforeAll(async () => {
    const { open } = await openBoth(syntheticModel(shape));
    engine = await createEngine(gpu, open, { contextLength: 128, kvType, ropeFactor: 4 });
  });
  afterAll(() => engine?.dispose());

  test.each([0, 3, 5])('of head %i is the reference’s', async (head) => {
    const found = await engine.attentionOver(ids, spans, head);
    const wanted = await expected(head);
    found.forEach((share, i) => {
      expect(Math.abs(share - wanted[i])).toBeLessThan(tolerance);
    });
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  test('leaves the tokens in the window, and refuses what is not there', async () => {
    await engine.attentionOver(ids, spans, 0);
    expect(await engine.prefill(ids)).toEqual({ reused: 90, computed: 0 });
    await expect(engine.attentionOver(ids, spans, 6)).rejects.toThrow('Head 6 of 6');
    await expect(engine.attentionOver(ids, [[4, 91]], 0)).rejects.toThrow('Span 4,91 of 90 tokens');
  });
});
