// The blocks of a document, as "what the model reads" shows them: headings with levels, captions, list items, rows with their cells.
import { expect, it } from 'vitest';
import type { ReadDocument } from '../../../reading/document.ts';
import { readPlainText } from '../../../reading/plain-document.ts';
import { lines, makePdf, read } from '../pdf/make-pdf.ts';

const written = ({ text, blocks }: ReadDocument) =>
  blocks.map(({ kind, level, start, end, cells }) => {
    const cut = cells?.map((at, i) => text.slice(at, cells[i + 1] ?? end).trim());
    return [level ? `${kind} ${level}` : kind, cut?.join(' | ') ?? text.slice(start, end)];
  });

const row = (pdf: PDFKit.PDFDocument, y: number, cells: readonly string[]) => {
  for (const [i, cell] of cells.entries()) lines(pdf, 72 + i * 150, y, [cell]);
};

it('names headings with their levels, captions, items, and rows with their cells', async () => {
  const document = await read(
    await makePdf((pdf) => {
      pdf.font('Helvetica-Bold').fontSize(18).text('Annual report of the garden', 72, 72);
      pdf.fontSize(13).text('1 Beds', 72, 110);
      pdf.text('1.1 The northern beds', 72, 140);
      pdf.font('Times-Roman').fontSize(11);
      lines(pdf, 72, 170, [
        'The northern beds were dug over in March and planted with beans, which did well until the',
      ]);
      lines(pdf, 72, 183, ['first dry week of June.']);
      lines(pdf, 72, 210, ['• Beans were sown twice.']);
      lines(pdf, 72, 240, ['Table 2: What the beds bore.']);
      row(pdf, 270, ['Bed', 'Beans', 'Peas']);
      row(pdf, 290, ['North', '14 kg', '2 kg']);
      lines(pdf, 72, 330, [
        'Table 2 shows that the northern beds bore more beans than peas, as they did in all the years',
      ]);
      lines(pdf, 72, 343, ['before.']);
    }),
  );
  expect(written(document)).toEqual([
    ['heading 1', 'Annual report of the garden'],
    ['heading 2', '1 Beds'],
    ['heading 3', '1.1 The northern beds'],
    [
      'prose',
      'The northern beds were dug over in March and planted with beans, which did well until the first dry week of June.',
    ],
    ['item', '• Beans were sown twice.'],
    ['caption', 'Table 2: What the beds bore.'],
    ['row', 'Bed | Beans | Peas'],
    ['row', 'North | 14 kg | 2 kg'],
    ['prose', 'Table 2 shows that the northern beds bore more beans than peas, as they did in all the years before.'],
  ]);
  expect(document.outline.map(({ title, level }) => [level, title])).toEqual([
    [1, 'Annual report of the garden'],
    [2, '1 Beds'],
    [3, '1.1 The northern beds'],
  ]);
});

it('keeps a row whose cells have several lines as one row', async () => {
  const document = await read(
    await makePdf((pdf) => {
      lines(pdf, 72, 100, ['Duty of the tenant']);
      lines(pdf, 230, 100, ['Keeps the garden in the', 'state in which it was']);
      lines(pdf, 400, 100, ['From the first of April', 'to the end of October']);
      row(pdf, 160, ['Rent', 'Paid monthly', 'In advance']);
    }),
  );
  expect(written(document)).toEqual([
    [
      'row',
      'Duty of the tenant | Keeps the garden in the state in which it was | From the first of April to the end of October',
    ],
    ['row', 'Rent | Paid monthly | In advance'],
  ]);
});

it('covers all of a text file', () => {
  const document = readPlainText(new TextEncoder().encode('# Piers\n\nOne.\n\n- Two.\n\n## Old ones\n'), 'a.md', true);
  expect(written(document)).toEqual([
    ['heading 1', 'Piers'],
    ['prose', 'One.'],
    ['item', '- Two.'],
    ['heading 2', 'Old ones'],
  ]);
});
