// Ruled tables are read row by row and cell by cell, whatever stands beside what.
import { expect, it } from 'vitest';
import { placeGlyphs } from '../../../reading/layout/glyphs.ts';
import { gridsOf } from '../../../reading/layout/tables.ts';
import { layOut } from '../../../reading/layout/text.ts';
import { lines, makePdf, read } from '../pdf/make-pdf.ts';

/** Lines of a grid: across at each `v`, down at each `u`; `open` leaves some pieces of it out. */
const grid = (
  pdf: PDFKit.PDFDocument,
  us: readonly number[],
  vs: readonly number[],
  open: (u: number, v: number, down: boolean) => boolean = () => false,
): void => {
  pdf.lineWidth(0.5);
  vs.forEach((v, row) => {
    us.forEach((u, column) => {
      if (column > 0 && !open(us[column - 1], v, false))
        pdf
          .moveTo(us[column - 1], v)
          .lineTo(u, v)
          .stroke();
      if (row > 0 && !open(u, vs[row - 1], true))
        pdf
          .moveTo(u, vs[row - 1])
          .lineTo(u, v)
          .stroke();
    });
  });
};

const rowsOf = async (draw: (pdf: PDFKit.PDFDocument) => void): Promise<string[]> => {
  const { text, blocks } = await read(await makePdf(draw));
  return blocks
    .filter(({ kind }) => kind === 'row')
    .map(({ start, end }) => text.slice(start, end).replaceAll('\n', ' | '));
};

it('a cell in the middle of its row is read before the lines beside it', async () => {
  const rows = await rowsOf((pdf) => {
    grid(pdf, [72, 172, 300], [100, 145, 190, 205]);
    lines(pdf, 78, 117, ['Long pier']);
    lines(pdf, 178, 104, ['built of oak in the year', '1871, and mended after', 'the flood']);
    lines(pdf, 78, 155, ['Short', 'pier']);
    lines(pdf, 178, 149, ['of stone, closed to all', 'visitors, since it sinks', 'a little every year']);
    lines(pdf, 78, 192, ['Quay']);
    lines(pdf, 178, 192, ['new']);
  });
  expect(rows).toEqual([
    'Long pier | built of oak in the year 1871, and mended after the flood',
    'Short pier | of stone, closed to all visitors, since it sinks a little every year',
    'Quay new',
  ]);
});

it('cells that are parted by a line alone are two, and those that none parts are one', async () => {
  const rows = await rowsOf((pdf) => {
    const [us, vs] = [
      [72, 150, 230, 400],
      [100, 120, 140, 160],
    ];
    // The first cell goes over two rows, that of the last row over two columns.
    grid(pdf, us, vs, (u, v, down) => (down ? u === 150 && v === 140 : u === 72 && v === 120));
    pdf.fontSize(11);
    lines(pdf, 78, 112, ['Harbour']);
    const width = pdf.widthOfString('Ships that came');
    lines(pdf, 227 - width, 104, ['Ships that came']);
    lines(pdf, 232, 104, ['from the north']);
    lines(pdf, 156, 124, ['Boats']);
    lines(pdf, 236, 124, ['from the south']);
    lines(pdf, 78, 144, ['In all of the years']);
    lines(pdf, 236, 144, ['1,204']);
  });
  expect(rows).toEqual([
    'Harbour | Ships that came from the north',
    'Boats from the south',
    'In all of the years 1,204',
  ]);
});

it('rows that no line parts are told by their first cells', async () => {
  const rows = await rowsOf((pdf) => {
    grid(pdf, [72, 130, 220, 420], [100, 118, 200]);
    lines(pdf, 78, 104, ['Ship']);
    lines(pdf, 136, 104, ['Tons of load']);
    lines(pdf, 226, 104, ['What is known of it']);
    for (const [i, [ship, tons]] of [
      ['Ada', '12'],
      ['Berta', '140'],
      ['Cora', '7'],
    ].entries()) {
      lines(pdf, 78, 122 + 26 * i, [ship]);
      lines(pdf, 136, 122 + 26 * i, [tons]);
      lines(pdf, 226, 122 + 26 * i, ['came from the north with a load of', 'timber']);
    }
  });
  expect(rows).toEqual([
    'Ship Tons of load What is known of it',
    ...['Ada 12', 'Berta 140', 'Cora 7'].map((ship) => `${ship} | came from the north with a load of timber`),
  ]);
});

it('two tables beside each other are read one after the other, between what stands over and under them', async () => {
  const { text } = await read(
    await makePdf((pdf) => {
      pdf.text('Over both of the tables there is a line.', 72, 80, { lineBreak: false });
      for (const [name, x] of [
        ['Left', 72],
        ['Right', 320],
      ] as const) {
        grid(pdf, [x, x + 80, x + 200], [100, 130, 160]);
        lines(pdf, x + 6, 110, [`${name} one`]);
        lines(pdf, x + 86, 104, [`${name} says a`, 'few words']);
        lines(pdf, x + 6, 140, [`${name} two`]);
        lines(pdf, x + 86, 134, [`${name} says it`, 'once more']);
      }
      pdf.text('Under both of them there is one, too.', 72, 180, { lineBreak: false });
    }),
  );
  expect(text.split('\n').join(' ')).toBe(
    'Over both of the tables there is a line. ' +
      ['Left', 'Right'].map((n) => `${n} one ${n} says a few words ${n} two ${n} says it once more`).join(' ') +
      ' Under both of them there is one, too.',
  );
});

it('a frame round a text, and columns in a frame, are no table', async () => {
  const { text, blocks } = await read(
    await makePdf((pdf) => {
      grid(pdf, [60, 540], [90, 150]);
      lines(pdf, 72, 100, ['A text in a frame, of two lines that belong together, as everybody', 'can see.']);
    }),
  );
  expect(text).toBe('A text in a frame, of two lines that belong together, as everybody can see.');
  expect(blocks.map(({ kind }) => kind)).toEqual(['prose']);
});

it('a line of Hebrew that goes through a border is parted there, on a page that is read from the right', () => {
  const draw = (letters: string, x: number, y: number) =>
    [...letters].map((text, i) => ({
      text,
      x0: x + 6 * i,
      y0: y,
      x1: x + 6 * i + 6,
      y1: y,
      transform: [12, 0, 0, 12, 0, 0],
      font: 'f',
      vertical: false,
      blank: text === ' ',
      hidden: false,
    }));
  // Printed from left to right: two cells a row, a blank apart, the border between them at 121.
  const [one, two, three] = ['\u05d0\u05d1\u05d2', '\u05d3\u05d4\u05d5', '\u05d6\u05d7\u05d8'];
  const glyphs = [700, 680].flatMap((y) => [...draw(`${one} ${two}`, 100, y), ...draw(three, 500, y)]);
  const across = [85, 105, 125].map((v): [number, number, number, number] => [98, v, 142, v]);
  const down = [98, 121, 142].map((u): [number, number, number, number] => [u, 85, u, 125]);
  const view = { transform: [1, 0, 0, -1, 0, 800], width: 600, height: 800 };
  const page = { ...placeGlyphs(1, view, glyphs), shape: { grids: gridsOf([...across, ...down]) } };
  const spoken = (letters: string): string => [...letters].reverse().join('');
  const { text, blocks } = layOut([page]);
  expect(text.split(/\s+/).filter((word) => word === spoken(two))).toHaveLength(2);
  expect(blocks.length).toBeGreaterThan(1);
});
