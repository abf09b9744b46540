// Large capitals at the head of a paragraph, over several lines or on the first one's baseline.
import { expect, it } from 'vitest';
import { boxesAt, LettersWriter } from '../../../reading/layout/letters.ts';
import { lines, makePdf, read } from '../pdf/make-pdf.ts';

const BESIDE = ['HIS article shows how the old pier was', 'built, of which timber and by which of the'];
const UNDER = ['guilds of the town, and what it has cost them', 'in the end.'];

/** A capital of this size at 72, on the baseline of the last of two lines beside it, and lines under it; `gap` points between. */
const dropped = (
  pdf: PDFKit.PDFDocument,
  capital: string,
  beside: readonly string[],
  under: readonly string[],
  gap = 3,
) => {
  const [size, pitch, top] = [11, 13, 100];
  const large = size + pitch / 0.66;
  pdf.fontSize(large);
  const left = 72 + pdf.widthOfString(capital) + gap;
  pdf.text(capital, 72, top + pitch, { lineBreak: false, baseline: 'alphabetic' });
  pdf.fontSize(size);
  for (const [i, line] of [...beside, ...under].entries())
    pdf.text(line, i < beside.length ? left : 72, top + i * pitch, { lineBreak: false, baseline: 'alphabetic' });
};

it('a capital over two lines belongs to its word, whose rectangles cover both', async () => {
  const letters = new LettersWriter();
  const pdf = await makePdf((page) => dropped(page, 'T', BESIDE, UNDER));
  const { text, sentences, blocks } = await read(pdf, { letters });
  expect(text).toBe(`T${[...BESIDE, ...UNDER].join(' ')}`);
  expect([blocks.length, sentences.length]).toEqual([1, 1]);
  const [capital, ...rest] = sentences[0].boxes;
  expect(capital).toMatchObject({ page: 1, x: 72 });
  expect(capital.y).toBeLessThan(94);
  expect(capital.y + capital.height).toBeGreaterThan(113);
  expect(rest.map(({ x }) => Math.round(x))).toEqual([
    Math.round(capital.x + capital.width),
    expect.any(Number),
    72,
    72,
  ]);
  expect(boxesAt(letters.end(), 0, 4)).toEqual([capital, expect.objectContaining({ x: rest[0].x, y: rest[0].y })]);
});

it('a capital in quotation marks, one that is a word, and one on the baseline of its line', async () => {
  const quoted = await read(
    await makePdf((pdf) => dropped(pdf, '“N', ['ever again”, they said when they saw what', 'had become of it.'], [])),
  );
  expect(quoted.text).toMatch(/^“Never again”, they said/);
  const word = await read(
    await makePdf((pdf) => dropped(pdf, 'A', [' boy came down the hill to see what there', 'was to be seen.'], [])),
  );
  expect(word.text).toMatch(/^A boy came down the hill to see what there was/);
  const raised = await read(
    await makePdf((pdf) => {
      pdf.fontSize(30).text('O', 72, 100, { lineBreak: false, baseline: 'alphabetic' });
      const left = 72 + pdf.widthOfString('O');
      pdf
        .fontSize(11)
        .text('nce there was a pier, and it was the longest', left, 100, { lineBreak: false, baseline: 'alphabetic' });
      lines(pdf, 72, 104, ['of all the piers of the county.']);
    }),
  );
  expect(raised.text).toBe('Once there was a pier, and it was the longest of all the piers of the county.');
  expect(raised.blocks.map(({ kind }) => kind)).toEqual(['prose']);
});

it('a large letter before a list of words that begin with it is no part of them', async () => {
  const { text } = await read(
    await makePdf((pdf) => dropped(pdf, 'A', ['Apple trees, 12', 'Aspens, 14'], ['Bees, 3'])),
  );
  expect(text).toContain('Apple trees');
  expect(text).not.toContain('AApple');
});
