// What takes minutes, with LONGLEAF_LONG_TESTS=1: a document of 3,000 pages in a process that stays small; every PDF by others through
// the extractor that can be ended; a question about a scan. A tenth of the first by default.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { extractInChild } from '../../main/hosts/terminal/extraction.ts';
import { type ReadDocument, ReadingError } from '../../reading/index.ts';
import { fixtures, makePdf, rawPdf, read } from '../reading/pdf/make-pdf.ts';
import { canScan, scanOf } from '../reading/pdf/make-scan.ts';
import { embedded, longleaf } from './command.ts';

const long = process.env.LONGLEAF_LONG_TESTS === '1';
/** Bytes: what the extractor may hold, and what a page more may cost it: its text, sentences and rectangles. */
const MOST_BYTES = 1 << 30;
const MOST_PER_PAGE = 64 * 1024;
/** Milliseconds: thirty seconds of a quiet machine. */
const LONGEST = 120_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-long-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const extract = (path: string, name: string) =>
  extractInChild({ path, name }, { signal: new AbortController().signal, onProgress: () => undefined });

/** A report: 40 lines of ten words on each page, no two pages alike. */
const reportOf = (pages: number): Uint8Array => {
  const objects = ['', '', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  const kids: string[] = [];
  for (let page = 1; page <= pages; page++) {
    // In letters: lines that differ in numbers only, at the head of every page, would be running heads.
    const ship = page.toString(36).replace(/\d/g, (digit) => 'QRSTUVWXYZ'[Number(digit)]);
    const lines = Array.from(
      { length: 40 },
      (_, i) =>
        `(In the year ${1500 + ((page * 7 + i) % 500)} the harbour master counted ${page * i + 3} sails of the ${ship}.) ' `,
    );
    const stream = `BT /F1 10 Tf 12 TL 60 760 Td ${lines.join('')} ET`;
    kids.push(`${objects.length + 1} 0 R`);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${objects.length + 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    );
  }
  objects[0] = '<< /Type /Catalog /Pages 2 0 R >>';
  objects[1] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} >>`;
  return rawPdf(objects);
};

const isWhole = (document: ReadDocument, pages: number): void => {
  expect(document.pages.every(({ state }) => state === 'text')).toBe(true);
  // Less what passes for running heads and feet.
  expect(document.sentences.length).toBeGreaterThan(36 * pages);
};

it(`a document of ${long ? '3,000' : '300'} pages`, { timeout: 1_800_000 }, async () => {
  const pages = long ? 3_000 : 300;
  const path = join(folder, `${pages}.pdf`);
  await writeFile(path, reportOf(pages));
  const began = performance.now();
  const { document, peakBytes } = await extract(path, `${pages}.pdf`);
  const seconds = (performance.now() - began) / 1000;
  console.log(`${pages} pages: ${seconds.toFixed(1)} s, ${(peakBytes / 2 ** 20).toFixed(0)} MiB at most`);
  isWhole(document, pages);
  expect(peakBytes).toBeLessThan(MOST_BYTES);
});

// What is held, not what waits to be collected: that grows with the load of the machine.
it.skipIf(!long)('what a page more costs', { timeout: 1_800_000 }, async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const pages = 3_000;
  const marks = new Map<number, number>();
  // Both at the end of the pages that one pdf.js reads.
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 1_000 || done === pages) marks.set(done, held());
  };
  const before = held();
  const document = await read(reportOf(pages), { onProgress });
  const whileRead = (marks.get(pages)! - marks.get(1_000)!) / (pages - 1_000);
  const after = (held() - before) / pages;
  isWhole(document, pages);
  console.log(`A page more: ${Math.round(whileRead / 1024)} KiB while reading, ${Math.round(after / 1024)} KiB read`);
  expect(whileRead).toBeLessThan(MOST_PER_PAGE);
  expect(after).toBeLessThan(MOST_PER_PAGE);
});

it.skipIf(!long || !fixtures)(
  'every PDF by others, in a process that can be ended',
  { timeout: 3_600_000 },
  async () => {
    const entries: { file: string }[] = JSON.parse(await readFile(join(fixtures!, 'manifest.json'), 'utf8'));
    const ends = new Map<string, number>();
    let slowest = { file: '', milliseconds: 0 };
    for (const { file } of entries) {
      const began = performance.now();
      const outcome = await extract(join(fixtures!, file), file).catch((error: unknown) => error);
      const milliseconds = performance.now() - began;
      expect(milliseconds, file).toBeLessThan(LONGEST);
      if (milliseconds > slowest.milliseconds) slowest = { file, milliseconds };
      if (outcome instanceof Error) expect(outcome, file).toBeInstanceOf(ReadingError);
      const end = outcome instanceof ReadingError ? outcome.kind : 'text';
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    console.log(`${entries.length} files:`, Object.fromEntries(ends), slowest);
  },
);

it.skipIf(!long || !canScan)('a question about a scan, which is recognised first', { timeout: 600_000 }, async () => {
  const path = join(folder, 'scan.pdf');
  const page = await makePdf((pdf) => pdf.fontSize(20).text('The pier was built in 1871. It is 200 metres long.'));
  await writeFile(path, await scanOf(page));
  const question = 'When was the pier built?';
  const ended = await longleaf(['ask', path, question, '--ocr', '--model', embedded, '--context', '2048', '--json']);
  expect(JSON.parse(ended.stdout)).toMatchObject({ found: true, answer: expect.stringContaining('1871') });
});
