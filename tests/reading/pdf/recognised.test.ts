// Recognised pages are kept: a scan that is opened again is not recognised again, and what was kept is believed only if it is what it
// should be.
import { describe, expect, it } from 'vitest';
import { type RecognisedStore, recognisedName, recognisedPages } from '../../../reading/pdf/recognised.ts';
import { makePdf, read } from './make-pdf.ts';
import { canScan, scanOf, wordsOf } from './make-scan.ts';

const page = (text: string) => makePdf((pdf) => pdf.fontSize(24).text(text, 72, 100));
const id = 'a'.repeat(64);

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
    kept.set(name, JSON.stringify({ scale: 300 / 72, words: wordsOf('The pier stands.') }));
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
});
