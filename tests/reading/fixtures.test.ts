// PDFs by others, from the folder `shared` beside the repository: each ends in text or in a reason, none crashes, none hangs.
// A sample by default; all of them with LONGLEAF_LONG_TESTS=1. Skipped where the folder is not there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadDocument, ReadingError } from '../../reading/document.ts';
import { fixtures, read } from './pdf/make-pdf.ts';

interface Entry {
  file: string;
  bytes: number;
}

const entries: Entry[] = fixtures ? JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8')) : [];
const all = process.env.LONGLEAF_LONG_TESTS === '1';
const small = entries.filter((entry) => entry.bytes < 200_000);
const chosen = all ? entries : small.filter((_, i) => i % Math.max(1, Math.floor(small.length / 30)) === 0);
if (fixtures === undefined) console.log('../shared/fixtures is not there: PDFs by others are not read.');

const ENDS = ['empty-file', 'not-a-pdf', 'damaged', 'locked', 'no-pages', 'no-text'];

const checkOffsets = (document: ReadDocument): void => {
  let end = 0;
  for (const sentence of document.sentences) {
    expect(sentence.start).toBeGreaterThanOrEqual(end);
    expect(sentence.end).toBeGreaterThan(sentence.start);
    expect(sentence.boxes.length).toBeGreaterThan(0);
    expect(sentence.boxes[0].page).toBe(sentence.page);
    for (const box of sentence.boxes) expect([box.x, box.y, box.width, box.height].every(Number.isFinite)).toBe(true);
    end = sentence.end;
  }
  expect(document.text.length).toBeGreaterThanOrEqual(end);
  let page = 0;
  for (const { start, end: to } of document.pages) {
    expect(start).toBeGreaterThanOrEqual(page);
    page = to;
  }
};

describe.skipIf(fixtures === undefined)(`PDFs by others (${chosen.length} of ${entries.length})`, () => {
  it.each(chosen.map((entry) => entry.file))(
    '%s',
    async (file) => {
      const bytes = new Uint8Array(readFileSync(join(fixtures!, file)));
      const outcome = await read(bytes).catch((error: unknown) => error);
      if (outcome instanceof ReadingError) expect(ENDS).toContain(outcome.kind);
      else if (outcome instanceof Error) throw outcome;
      else checkOffsets(outcome as ReadDocument);
    },
    // Thirty seconds of a quiet machine.
    120_000,
  );

  it('reads Japanese whose fonts and character maps are not in the file', async () => {
    const bytes = new Uint8Array(readFileSync(join(fixtures!, 'pdfjs/noembed-sjis.pdf')));
    expect((await read(bytes)).text).toBe('あいうえお');
  });
});
