// What is quoted from PDFs by others stands word for word at its place and on its page: by our own text, always; by poppler's text of
// that page, nearly always (it turns Arabic's lam-alef round, leaves out fields of forms, and guesses at fonts without a table of
// characters otherwise than we do). A sample by default; all of them with LONGLEAF_LONG_TESTS=1. Skipped where ../shared is not there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReadDocument, WindowPlan } from '../../../reading/document.ts';
import { quoteSentence } from '../../../reading/replies/quote.ts';
import { choose, preselect } from '../../../reading/words/candidates.ts';
import { fixtures, read } from '../pdf/make-pdf.ts';

const QUOTES = 5;
/** Quotations of which poppler has every word on the same page: 582 of 617 when all are read. */
const LEAST_SEEN = 0.9;
const all = process.env.LONGLEAF_LONG_TESTS === '1';
const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
const entries: { file: string; bytes: number }[] = fixtures
  ? JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8'))
  : [];
const small = entries.filter(({ bytes }) => bytes < 300_000);
const chosen = all ? entries : small.filter((_, i) => i % 12 === 0);

const bare = (text: string): string => text.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}\u00ad]/gu, '');

/** Poppler's text of some pages, laid out and in the order in which it is drawn. */
const popplers = (path: string, [first, last]: readonly [number, number]): string => {
  const text = (...order: string[]): string => {
    const args = ['-q', ...order, '-enc', 'UTF-8', '-f', String(first), '-l', String(last), path, '-'];
    const { stdout } = spawnSync('pdftotext', args, { encoding: 'utf8', maxBuffer: 1e8 });
    return bare(stdout ?? '');
  };
  return `${text()} ${text('-raw')}`;
};

const quotesOf = (document: ReadDocument) => {
  const spans = document.sentences.map(({ index }) => ({ sentence: index, start: 0, end: 1 }));
  const candidates = preselect(document, { spans } as WindowPlan, { room: Number.POSITIVE_INFINITY, most: 24 });
  return choose(
    candidates,
    candidates.map(({ prior }) => prior),
    QUOTES,
  ).map(({ sentence }) => ({ sentence, ...quoteSentence(document, sentence) }));
};

it.skipIf(fixtures === undefined)(
  `every quotation is the document’s own, on its page (${chosen.length} of ${entries.length} PDFs)`,
  { timeout: 1_200_000 },
  async () => {
    let [documents, quotes, seen] = [0, 0, 0];
    for (const { file } of chosen) {
      const path = join(fixtures!, file);
      const document = await read(new Uint8Array(readFileSync(path))).catch(() => undefined);
      if (!document) continue;
      documents++;
      for (const { sentence, text, citations } of quotesOf(document)) {
        const [{ page, quote, start, end, status }] = citations;
        const { start: from, end: to } = document.pages[page - 1];
        expect({ file, quote, status }).toEqual({ file, quote: document.text.slice(start, end), status: 'verified' });
        expect([text, sentence.boxes[0].page], file).toEqual([quote, page]);
        expect(start >= from && start < to, file).toBe(true);
        quotes++;
        if (!hasPoppler) continue;
        const there = popplers(path, [page, Math.max(...sentence.boxes.map((box) => box.page))]);
        const words = quote.normalize('NFKC').match(/[\p{L}\p{N}]{2,}/gu) ?? [];
        if (there.includes(bare(quote)) || words.every((word) => there.includes(bare(word)))) seen++;
      }
    }
    expect(quotes).toBeGreaterThan(documents);
    if (hasPoppler) expect(seen / quotes).toBeGreaterThan(LEAST_SEEN);
    console.log(
      `${quotes} quotations of ${documents} documents, all word for word at their places; poppler has ${seen}.`,
    );
  },
);
