// Real weights: stories260K, 260,000 parameters trained on TinyStories. Ids, greedy text and probabilities were computed by a float64
// reference outside this project, and the first text was published with llama2.c64.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { testGpu } from './adapter.ts';

const folder = new URL('../../../shared/fixtures/vocabs/', import.meta.url);
const file = new URL('stories260K.gguf', folder);
const present = existsSync(file);
if (!present) console.info('skipped: stories260K.gguf is not beside the repository');

interface Case {
  prompt: string;
  ids: number[];
  greedy: number[];
  text: string;
  top5_after_prompt: [id: number, logprob: number][];
}

describe.skipIf(!present)('stories260K', async () => {
  const cases: Case[] = present
    ? JSON.parse(readFileSync(new URL('stories260K.expect.json', folder), 'utf8')).cases
    : [];
  const gpu = present ? await testGpu() : undefined;
  let engine: Engine;
  beforeAll(async () => {
    const model = await openModel(bytesSource(new Uint8Array(readFileSync(file))));
    engine = await createEngine(gpu!, model, { contextLength: 512 });
  });
  afterAll(() => engine?.dispose());

  test.each(cases)('continues “$prompt” with the expected ids and text', async ({ prompt, ids, greedy, text }) => {
    expect([engine.tokenizer.bos, ...engine.tokenizer.encode(prompt)]).toEqual(ids);
    const found: number[] = [];
    let said = prompt;
    for await (const token of engine.generate(ids, { maxTokens: greedy.length, stop: [] })) {
      found.push(token.id);
      said += token.text;
    }
    expect(found).toEqual(greedy);
    expect(said).toBe(text);
  });

  test.each(cases)('gives the five likeliest tokens after “$prompt” their probabilities', async (story) => {
    const top = story.top5_after_prompt;
    const found = await engine.logprobs(
      story.ids,
      top.map(([id]) => [id]),
    );
    top.forEach(([, logprob], i) => {
      expect(found[i][0]).toBeCloseTo(logprob, 3);
    });
  });
});
