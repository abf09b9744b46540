// Prose that is drawn, by the real engine: the same seed draws the same words, another seed others, and the seed is said.
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { talkativeModel } from '../app/talkative-model.ts';
import { temporaryFolder } from '../main/temporary-folder.ts';
import { longleaf, sample } from './command.ts';

const folder = temporaryFolder();

test('the same seed draws the same words, another one others, and which it was is said', async () => {
  const model = folder('talkative.gguf');
  writeFileSync(model, talkativeModel());
  const summarize = (...more: string[]) =>
    longleaf(['summarize', sample, '--pages', '1', '--model', model, '--mode', 'prose', '--sentences', '2', ...more]);
  const drawn = async (...more: string[]) => JSON.parse((await summarize('--json', ...more)).stdout);
  const seven = await drawn('--temperature', '1', '--seed', '7');
  expect(seven).toMatchObject({ mode: 'prose', seed: 7, temperature: 1 });
  expect((await drawn('--temperature', '1', '--seed', '7')).sentences).toEqual(seven.sentences);
  expect((await drawn('--temperature', '1', '--seed', '8')).sentences).not.toEqual(seven.sentences);
  expect(await drawn()).not.toHaveProperty('seed');
  const { stdout } = await summarize('--temperature', '1', '--seed', '7');
  expect(stdout.replace(/\s+/g, ' ')).toContain('words drawn at temperature 1 with seed 7.');
});
