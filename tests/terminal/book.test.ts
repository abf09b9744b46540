// A book of 123,000 words in the terminal (LONGLEAF_LONG_TESTS=1, beside ../shared): read in parts, every page of it, killed twice
// and resumed, with the reply of a run that nobody stopped. Half an hour on two quiet cores.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePdf } from '../reading/pdf/make-pdf.ts';
import { longleaf } from './command.ts';

const books = new URL('../../../shared/corpus/pg-books-4.jsonl.zst', import.meta.url);
const wanted = process.env.LONGLEAF_LONG_TESTS === '1' && existsSync(books);
/** Of Project Gutenberg: Plato's Republic. */
const BOOK = '150';
const KILLS = ['Reading in parts: 20 %', 'Reading in parts: 60 %'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-book-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const textOf = (id: string): string => {
  const lines = zstdDecompressSync(readFileSync(books), { params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  const row = lines
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: string | number; text: string })
    .find((one) => String(one.id) === id)!;
  // What the standard fonts of PDF can write.
  return row.text.normalize('NFKC').replace(/[^\n\x20-\x7e\u00a0-\u00ff‘’“”–—…]/g, '?');
};

it.skipIf(!wanted)(
  'is read in parts, every page, with the same reply after two kills',
  { timeout: 7_200_000 },
  async () => {
    const path = join(folder, 'republic.pdf');
    const paragraphs = textOf(BOOK).split(/\n\s*\n+/);
    const draw = (pdf: PDFKit.PDFDocument) => {
      for (const paragraph of paragraphs) pdf.text(paragraph.replace(/\s+/g, ' '), { indent: 12 });
    };
    await writeFile(path, await makePdf(draw, { size: 'A5', margin: 54 }));
    const args = ['summarize', path, '--json'];
    const env = { LONGLEAF_DATA: join(folder, 'killed') };
    for (const killAt of KILLS) {
      const killed = await longleaf(args, { env, killAt });
      expect([killed.code, killed.stdout], killed.stderr).toEqual([null, '']);
    }
    const resumed = await longleaf(args, { env });
    expect(resumed.stderr).toContain('It goes on where it was stopped.');
    const began = performance.now();
    const whole = await longleaf(args, { env: { LONGLEAF_DATA: join(folder, 'whole') } });
    const seconds = (performance.now() - began) / 1000;
    const { timing: _, ...reply } = JSON.parse(resumed.stdout);
    const { timing: __, ...expected } = JSON.parse(whole.stdout);
    expect(reply).toEqual(expected);
    const { pages, words } = reply.document;
    expect(words).toBeGreaterThan(123_000);
    expect(reply.window).toMatchObject({ pagesRead: [[1, pages]], pagesLeftOut: [] });
    const quoted = reply.sentences.map(({ citations }: { citations: { page: number }[] }) => citations[0].page);
    console.log(
      `${words} words, ${pages} pages, ${reply.parts.length} parts, ${seconds.toFixed(0)} s undisturbed; quoted: pages ${quoted.join(', ')}`,
    );
  },
);
