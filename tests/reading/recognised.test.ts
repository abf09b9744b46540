// Recognised pages are kept: a scan that is opened again is not recognised again, and what was kept is believed only if it is what it
// should be.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Word } from '../../reading/recognise.ts';
import { type RecognisedStore, recognisedName, recognisedPages } from '../../reading/recognised.ts';
import { longleaf } from '../terminal/command.ts';
import { makePdf, read } from './make-pdf.ts';
import { canScan, scanOf } from './make-scan.ts';

const page = (text: string) => makePdf((pdf) => pdf.fontSize(24).text(text, 72, 100));
const id = 'a'.repeat(64);

const words = (text: string): Word[] =>
  text.split(' ').map((word, i) => ({
    ...{ text: word, confidence: 90, x0: 300 + i * 300, x1: 560 + i * 300, y0: 400, y1: 450, line: 1, paragraph: 1 },
  }));

const inMemory = () => {
  const kept = new Map<string, string>();
  const store: RecognisedStore = {
    load: async (name) => JSON.parse(kept.get(name) ?? 'null'),
    save: async (name, value) => void kept.set(name, JSON.stringify(value)),
  };
  return { kept, store };
};

describe.skipIf(!canScan)('a scan', () => {
  it('that was recognised once has its text without being recognised again', async () => {
    const { kept, store } = inMemory();
    const name = recognisedName(id, 1);
    const scan = await scanOf(await page('The pier stands.'));
    kept.set(name, JSON.stringify({ scale: 300 / 72, words: words('The pier stands.') }));
    const document = await read(scan, { recognised: recognisedPages(store, id) });
    expect(document.text).toBe('The pier stands.');
    expect(document.pages[0]).toMatchObject({ state: 'text', recognised: 'here' });
    expect(document.sentences[0]!.boxes[0]!.x).toBeCloseTo(72, 0);
    // Another document's text is not this one's.
    await expect(read(scan, { recognised: recognisedPages(store, 'b'.repeat(64)) })).rejects.toThrow('scan');
    for (const foreign of [
      'null',
      '{}',
      '{"scale":0,"words":[]}',
      '{"scale":4,"words":[{"text":7}]}',
      '{"scale":4,"wor',
    ]) {
      kept.set(name, foreign);
      await expect(read(scan, { recognised: recognisedPages(store, id) }), foreign).rejects.toThrow('scan');
    }
  });

  it('keeps its text in the data folder of the terminal, page by page, unless nothing is to be kept', async () => {
    const data = await mkdtemp(join(tmpdir(), 'longleaf-recognised-'));
    const env = { LONGLEAF_DATA: data };
    const path = join(data, 'scan.pdf');
    await writeFile(path, await scanOf(await page('The eastern pier stands firm.')));
    const extract = async (...more: string[]) =>
      JSON.parse((await longleaf(['extract', path, '--json', ...more], { env })).stdout);
    const kept = () => readdir(join(data, 'recognised')).catch(() => []);
    expect((await extract('--ocr')).pages[0]).toMatchObject({
      text: 'The eastern pier stands firm.',
      recognised: 'here',
    });
    const [file] = await kept();
    expect(file).toMatch(/^[0-9a-f]{64}-[0-9a-f]{16}\.kv$/);
    // What is kept is what is read the next time.
    await writeFile(join(data, 'recognised', file!), JSON.stringify({ scale: 4, words: words('What was kept.') }));
    expect((await extract('--ocr')).pages[0].text).toBe('What was kept.');
    expect((await longleaf(['history', 'forget', path], { env })).code).toBe(0);
    expect(await kept()).toEqual([]);
    await rm(data, { recursive: true });
  });
});
