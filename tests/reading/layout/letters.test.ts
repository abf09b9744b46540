// A few words have rectangles of their own: those of whole sentences come out as they were, parts of them stand where the letters are.
import { readFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';
import { expect, it } from 'vitest';
import type { Box, ReadDocument } from '../../../reading/document.ts';
import { boxesAt, LettersWriter, rangesOfPages } from '../../../reading/layout/letters.ts';
import type { Printed } from '../../../reading/layout/printed.ts';
import { SoFar } from '../../../reading/layout/so-far.ts';
import { readPlainText } from '../../../reading/plain-document.ts';
import { findAll } from '../../../reading/words/find.ts';
import { makePdf, read } from '../pdf/make-pdf.ts';

/** Largest distance between sides of two lists of boxes; pages and counts must be the same. */
const apart = (a: readonly Box[], b: readonly Box[]): number => {
  if (a.length !== b.length || a.some((box, i) => box.page !== b[i].page)) return Number.POSITIVE_INFINITY;
  const sides = (box: Box): number[] => [box.x, box.y, box.x + box.width, box.y + box.height];
  return Math.max(0, ...a.flatMap((box, i) => sides(box).map((side, s) => Math.abs(side - sides(b[i])[s]))));
};

it('gives back the rectangles of every sentence of the sample', async () => {
  const letters = new LettersWriter();
  const document = await read(new Uint8Array(await readFile('assets/sample.pdf')), { letters });
  const all = letters.end();
  const wrong = document.sentences.filter(({ start, end, boxes }) => apart(boxesAt(all, start, end), boxes) > 0.05);
  expect(wrong).toEqual([]);
  const ranges = rangesOfPages(all);
  for (const { number, start, end, state } of document.pages)
    if (state === 'text') expect(ranges.get(number)).toEqual([start, end]);
  // What three hundred sentences weigh: some bytes for each letter.
  expect(all.edges.byteLength + all.stretches.byteLength + all.places.byteLength).toBeLessThan(
    4 * document.text.length,
  );
});

it('gives words within a line, and over two lines and pages, the places of their letters', async () => {
  const words = ['The eastern pier has lost nine metres of its foun-', 'dation in the storm of October.'];
  const bytes = await makePdf((pdf) => {
    words.forEach((line, i) => {
      pdf.text(line, 80, 100 + 13 * i, { lineBreak: false });
    });
  });
  const pen = new PDFDocument().font('Times-Roman').fontSize(11);
  const letters = new LettersWriter();
  const { text } = await read(bytes, { letters });
  const all = letters.end();
  const boxes = (query: string): Box[] => findAll(text, query).flatMap(({ start, end }) => boxesAt(all, start, end));
  const [nine] = boxes('nine metres');
  expect(nine.x).toBeCloseTo(80 + pen.widthOfString('The eastern pier has lost '), 0);
  expect(nine.width).toBeCloseTo(pen.widthOfString('nine metres'), 0);
  const [first, second] = boxes('foundation');
  expect(first.x).toBeCloseTo(80 + pen.widthOfString('The eastern pier has lost nine metres of its '), 0);
  expect(first.width).toBeCloseTo(pen.widthOfString('foun'), 0);
  expect([second.x, second.width]).toEqual([80, expect.closeTo(pen.widthOfString('dation'), 0)]);
  expect(second.y - first.y).toBeCloseTo(13, 0);
});

const run = (text: string, start: number, u0: number, rtl = false) => {
  const edges = Array.from({ length: text.length + 1 }, (_, i) => (rtl ? u0 + 10 * (text.length - i) : u0 + 10 * i));
  return { start, end: start + text.length, run: { text, edges, rtl } };
};

it('keeps apart what a line writes in two directions', () => {
  const line = { page: 4, angle: 0, v: 100, size: 10 };
  // In the text: two words from the right, a number, a word from the right; in print from the left: word, number, two words.
  const pieces = [
    run('\u05D0\u05D1', 0, 180, true),
    run('\u05D2\u05D3', 3, 150, true),
    run('12', 6, 120),
    run('\u05D4', 9, 100, true),
  ];
  const letters = new LettersWriter();
  letters.add(pieces.map((piece) => ({ ...piece, line }) as unknown as Printed));
  const all = letters.end();
  const places = (start: number, end: number): number[][] =>
    boxesAt(all, start, end).map(({ x, width }) => [Math.round(x), Math.round(width)]);
  expect(places(0, 1)).toEqual([[190, 10]]);
  expect(places(1, 4)).toEqual([[160, 30]]);
  expect(places(0, 5)).toEqual([[150, 50]]);
  expect(places(7, 8)).toEqual([[130, 10]]);
  expect(places(4, 10)).toEqual([
    [150, 10],
    [120, 20],
    [100, 10],
  ]);
});

it('gives lines of a text file the rectangles of their sentences', () => {
  const lines = Array.from({ length: 90 }, (_, i) => `Line ${i} of a file goes on and on. `.repeat(1 + (i % 5)));
  const letters = new LettersWriter();
  const bytes = new TextEncoder().encode(lines.join('\n\n'));
  const document: ReadDocument = readPlainText(bytes, 'a.txt', false, letters);
  const all = letters.end();
  expect(document.pages.length).toBeGreaterThan(2);
  expect(document.sentences.map(({ start, end, boxes }) => apart(boxesAt(all, start, end), boxes) < 0.1)).not.toContain(
    false,
  );
});

it('lays out what has come so far, before the whole is there', async () => {
  const bytes = await makePdf((pdf) => {
    for (let page = 1; page <= 60; page++) {
      if (page > 1) pdf.addPage();
      pdf.text(`The needle of page ${page} is here.`, 80, 300, { lineBreak: false });
    }
  });
  const soFar = new SoFar();
  const found: (readonly [number, number])[] = [];
  let pages = 0;
  await read(bytes, {
    onPage: (page) => {
      soFar.add(page);
      if (++pages % 20 !== 0) return;
      const part = soFar.take()!;
      for (const { start, end } of findAll(part.text, 'needle'))
        found.push([pages, boxesAt(part.letters, start, end)[0].page]);
    },
  });
  expect(found).toEqual(Array.from({ length: 60 }, (_, i) => [20 * Math.ceil((i + 1) / 20), i + 1]));
  expect(soFar.take()).toBeUndefined();
});
