// PDFs made to hang a reader, fill its memory or send it in circles: each ends in the pages that can be read or in one sentence, in
// a process that stays small. Seconds are measured elsewhere; a hang would run into the test's own limit.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractInChild } from '../../main/hosts/terminal/extraction.ts';
import { ReadingError } from '../../reading/index.ts';
import { hostile } from './hostile-pdfs.ts';

const MOST_BYTES = 1 << 30;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const { signal } = new AbortController();
  return extractInChild({ path, name }, { signal, onProgress: () => undefined });
};

test.for(hostile)('$name', { timeout: 60_000 }, async ({ name, make, ends }) => {
  const outcome = await read(`${name}.pdf`, make()).catch((error: unknown) => error);
  if (outcome instanceof Error) {
    expect(outcome).toBeInstanceOf(ReadingError);
    expect(outcome.message).toMatch(ends);
    return;
  }
  const { document, peakBytes } = outcome as Awaited<ReturnType<typeof read>>;
  expect(`${document.text} ${document.notes.join(' ')}`).toMatch(ends);
  console.log(`${name}: ${Math.round(peakBytes / 2 ** 20)} MiB at most. ${document.notes.join(' ')}`);
  expect(peakBytes).toBeLessThan(MOST_BYTES);
});

test('a file that is nothing but a bomb is said to be one', async () => {
  const bomb = hostile.find(({ name }) => name === 'content-bomb-packed-twice')!.make();
  // Its second page is taken away: the tree names the first only.
  const alone = Buffer.from(bomb);
  const at = alone.indexOf('[3 0 R 6 0 R] /Count 2');
  alone.write('[3 0 R      ] /Count 1', at);
  await expect(read('bomb.pdf', alone)).rejects.toThrow('This PDF expands to more than 256 MB; stopped.');
});

test('Stop ends a reading that would go on', async () => {
  const path = join(folder, 'stop.pdf');
  await writeFile(path, hostile.find(({ name }) => name === 'forms-without-end')!.make());
  const controller = new AbortController();
  const reading = extractInChild(
    { path, name: 'stop.pdf' },
    { signal: controller.signal, onProgress: () => undefined },
  );
  setTimeout(() => controller.abort(), 500);
  await expect(reading).rejects.toThrow(/abort/i);
});
