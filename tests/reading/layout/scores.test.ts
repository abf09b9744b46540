// The text of PDFs by others against poppler's reading order and, where there is one, against its source. Figures are F1 of words, F1 of
// adjacent pairs, and order; text from the right is compared without what poppler is known to write otherwise (`alike`). In words each is
// ahead of pdf.js and of pdftotext -raw, in order those of several columns ahead of pdftotext -layout, but for those named. Without ../shared
// beside the repository, python3 and pdftotext it is skipped and says so.
import { describe, expect, test } from 'vitest';
import {
  alike,
  type Kind,
  longleafText,
  missing,
  plainText,
  popplerText,
  scoredFiles,
  scores,
  setRight,
} from './scored.ts';

const least: Record<Kind, { words: number; pairs: number; order: number }> = {
  latin: { words: 0.995, pairs: 0.98, order: 0 },
  columns: { words: 0.99, pairs: 0, order: 0.94 },
  cjk: { words: 0.99, pairs: 0, order: 0 },
  hebrew: { words: 0.98, pairs: 0, order: 0 },
  persian: { words: 0.96, pairs: 0, order: 0 },
  arabic: { words: 0.95, pairs: 0, order: 0 },
};

/**
 * Where the figure above is not reached, what is, and why; `behind`: in words behind pdf.js's items joined by blanks, or pdftotext -raw. A
 * file that gets worse than this fails.
 */
const known: Record<string, { words?: number; pairs?: number; order?: number; behind?: true; why: string }> = {
  'long/asvs-5.0.0-en.pdf': {
    words: 0.99,
    pairs: 0.96,
    behind: true,
    why: 'poppler leaves its hyphens at line ends; we join them',
  },
  'long/asvs-1.0-pl.pdf': { pairs: 0.955, why: 'poppler doubles what strips of a page draw twice' },
  'long/riscv-spec-v2.2.pdf': { pairs: 0.91, why: 'tables of bits: their order is a matter of taste' },
  'long/riscv-privileged-v1.9.1.pdf': { pairs: 0.96, why: 'the same' },
  'columns/federal-register-2020-17221.pdf': {
    order: 0.905,
    why: 'poppler reads the third column of three pages into the second',
  },
  'layout/redp5110_sampled.pdf': {
    words: 0.985,
    pairs: 0.97,
    behind: true,
    why: 'text that nobody can see is left out',
  },
  'layout/table_mislabeled_as_picture.pdf': {
    words: 0.98,
    pairs: 0.9,
    why: 'poppler reads its two pages into one another',
  },
  'layout/google-doc-document.pdf': { pairs: 0.915, why: 'a table: rows against cells' },
  'layout/WARN-Report-for-7-1-2015-to-03-25-2016.pdf': {
    pairs: 0.72,
    behind: true,
    why: 'poppler reads most of this table by columns',
  },
  'layout/senate-expenditures.pdf': { pairs: 0.87, why: 'a table: rows against cells' },
};

const absent = missing();
const long = process.env.LONGLEAF_LONG_TESTS === '1';
const folders = long ? /^(?:long|columns|layout|rtl-cjk|encrypted)\// : /^(?:columns|layout|rtl-cjk|encrypted)\//;

describe.skipIf(absent !== undefined)(`text of PDFs by others${absent ? ` (skipped: ${absent})` : ''}`, () => {
  const files = absent ? [] : scoredFiles().filter(({ file }) => folders.test(file));

  test.each(files)('$file', { timeout: 120_000 }, async ({ file, kind, truth }) => {
    const hyp = await longleafText(file);
    const write = kind === 'hebrew' || kind === 'persian' || kind === 'arabic' ? alike : (text: string) => text;
    const ref = write(setRight(file, popplerText(file)));
    const others = [popplerText(file, '-layout'), popplerText(file, '-raw'), await plainText(file)];
    const texts = [hyp, ...others].map(write);
    const [score, layout, raw, plain] = scores(texts.map((text) => ({ ref, hyp: text })));
    const [source] = truth ? scores([{ ref: truth, hyp }]) : [];
    const figure = { ...least[kind], behind: undefined, ...known[file] };
    expect(score.word_f1).toBeGreaterThanOrEqual(figure.words);
    expect(score.bigram_f1).toBeGreaterThanOrEqual(figure.pairs);
    if (score.order !== null) expect(score.order).toBeGreaterThanOrEqual(figure.order);
    if (kind === 'columns') expect(score.order).toBeGreaterThanOrEqual(layout.order!);
    if (!figure.behind) expect(score.word_f1).toBeGreaterThanOrEqual(Math.max(raw.word_f1, plain.word_f1));
    expect(score.hyphen_left).toBeLessThanOrEqual(0.5);
    if (source) {
      expect(source.recall).toBeGreaterThanOrEqual(0.998);
      expect(source.word_f1).toBeGreaterThanOrEqual(0.97);
    }
  });
});
