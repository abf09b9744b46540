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

it('names and what is said of them, in two columns without rules, are one block each', async () => {
  const names = ['Inflation rate', 'Men of ages 18 and 19', 'Men of ages 20 to 24', 'Women'];
  const said = [
    'Ranges between 1 and 2 per cent',
    'Remains between 17 and 26',
    'Remains between 10 and 15',
    'Not known',
  ];
  const { text, blocks } = await read(
    await makePdf((pdf) => {
      lines(pdf, 72, 72, names);
      lines(pdf, 240, 72, said);
      lines(pdf, 72, 160, ['Population of the towns', 'and villages'], 13);
      lines(pdf, 240, 160, ['Is as it was in the last census of them all,', 'with no change.'], 13);
    }),
  );
  const written = blocks.map(({ start, end }) => text.slice(start, end));
  expect(written.slice(0, 4)).toEqual(names.map((name, i) => `${name} ${said[i]}`));
});

it('a mark in small type belongs to its line, raised however far, and where the line leaves a gap for it', async () => {
  const { text } = await read(
    await makePdf((pdf) => {
      pdf.fontSize(12);
      lines(pdf, 72, 100, ['According to the Digest (the old one),']);
      const after = 72 + pdf.widthOfString('According to the Digest (the old one),');
      pdf.text('there were many.', after + 8, 100, { lineBreak: false });
      lines(pdf, 72, 116, ['It was a second line of the same text.']);
      pdf.fontSize(7).text('7', after, 98.2, { lineBreak: false });
    }),
  );
  expect(text).toBe('According to the Digest (the old one),7 there were many. It was a second line of the same text.');
});

it('each line of the contents is a block and one sentence, its page included', async () => {
  const entries = ['2.1 Title of the paper . . . . . . . . . . 6', '2.2 Names and places . . . . . . . . . . 12'];
  const document = await read(await makePdf((pdf) => lines(pdf, 72, 72, entries)));
  expect(document.blocks.map(({ start, end }) => document.text.slice(start, end))).toEqual(entries);
  expect(document.sentences.map(({ start, end }) => document.text.slice(start, end))).toEqual(entries);
});

it('lines in another font or size that begin an item, lead on or are code are no headings', async () => {
  const { blocks } = await read(
    await makePdf((pdf) => {
      pdf.text('The body of the text is here, and it is long enough to be what is usual. '.repeat(8), 72, 72, {
        width: 440,
      });
      pdf.font('Helvetica');
      lines(pdf, 72, 260, ['Amongst other things, the Council of the town found:']);
      lines(pdf, 72, 300, ['2.13.1 Of what has no end . . . . . . . . . . . .']);
      lines(pdf, 72, 340, ['62 \\NeedsFormat{Plain}']);
      pdf.fontSize(14);
      lines(pdf, 72, 380, ['• Memory and registers']);
      lines(pdf, 72, 420, ['Findings']);
    }),
  );
  expect(blocks.slice(-5).map(({ kind }) => kind)).toEqual(['prose', 'prose', 'prose', 'item', 'heading']);
});

it('goes on with a sentence in a full line below, wherever that begins and however wide the lines are set', async () => {
  const described = await read(
    await makePdf((pdf) => {
      lines(pdf, 72, 100, ['Rent The sum that the tenant pays for the garden on the first day of']);
      lines(pdf, 96, 113, ['every month.']);
      lines(pdf, 72, 126, ['Term The years for which the garden is let, which are counted from the']);
      lines(pdf, 96, 139, ['first of April. Nobody may end it before.']);
    }),
  );
  expect(written(described).map(([, text]) => text)).toEqual([
    'Rent The sum that the tenant pays for the garden on the first day of every month.',
    'Term The years for which the garden is let, which are counted from the first of April. Nobody may end it before.',
  ]);
  const wide = ['The tenant keeps the garden in the state in which it was when he took it, and leaves it', 'so.'];
  const apart = await read(await makePdf((pdf) => lines(pdf, 72, 100, wide, 25)));
  expect(written(apart)).toEqual([['prose', wide.join(' ')]]);
});

it('parts a title that only its place tells from a text', async () => {
  const text = [
    'The tenant keeps the garden in the state in which it was when he took it over,',
    'and gives it back in that state when the years for which it was let are over.',
  ];
  const summary = await read(
    await makePdf((pdf) => {
      const right = 72 + pdf.widthOfString(text[0]);
      pdf.text('Summary', 72 + (right - 72 - pdf.widthOfString('Summary')) / 2, 86, { lineBreak: false });
      for (const [i, line] of text.entries())
        pdf.text(line, 72, 100 + 14 * i, {
          lineBreak: false,
          wordSpacing: (right - 72 - pdf.widthOfString(line)) / 15,
        });
    }),
  );
  const indented = await read(
    await makePdf((pdf) => {
      lines(pdf, 72, 86, ['Duties and rights']);
      lines(pdf, 90, 99, [text[0]]);
      lines(pdf, 72, 112, ['and gives it back in that state when the years for which he had it are all over.']);
    }),
  );
  expect(written(summary).map(([, line]) => line)).toEqual(['Summary', text.join(' ')]);
  expect(written(indented)).toHaveLength(2);
});
