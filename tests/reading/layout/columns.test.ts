// The order in which what stands side by side is read: columns, boxes beside text, rows of tables.
import { describe, expect, it } from 'vitest';
import { lines, makePdf, read, sentencesOf } from '../pdf/make-pdf.ts';

const columnText = (name: string): string[] =>
  Array.from({ length: 12 }, (_, i) => `${name} line ${i + 1} of the column goes on and`).concat(`${name} ends here.`);

/** One grey point. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describe('columns', () => {
  it('reads two columns one after the other, and the title before them', async () => {
    const { document } = await sentencesOf((pdf) => {
      pdf.fontSize(20).text('A title that spans both of the columns of this page', 72, 72, { lineBreak: false });
      pdf.fontSize(11);
      // Drawn line by line across the page, as some programs do.
      columnText('Left').forEach((text, i) => {
        lines(pdf, 72, 120 + 13 * i, [text]);
        lines(pdf, 310, 120 + 13 * i, [columnText('Right')[i]]);
      });
    });
    const at = (part: string): number => document.text.indexOf(part);
    expect(at('A title')).toBe(0);
    expect(at('Left line 12 ')).toBeGreaterThan(at('Left line 1 '));
    expect(at('Right line 1 ')).toBeGreaterThan(at('Left ends here.'));
    expect(at('Right ends here.')).toBeGreaterThan(at('Right line 12 '));
  });

  it('reads a box beside running text after it, and a table row by row', async () => {
    const { document } = await sentencesOf((pdf) => {
      lines(pdf, 72, 100, columnText('Text'));
      pdf.fontSize(9);
      lines(pdf, 400, 104, ['Built 1871', 'Length 200 m', 'Material oak', 'Owner the town', 'Open to all'], 16);
    });
    expect(document.text).toContain('Text line 3 of the column goes on and Text line 4');
    expect(document.text.indexOf('Built 1871')).toBeGreaterThan(document.text.indexOf('Text ends here.'));
    const table = await sentencesOf((pdf) => {
      for (const [i, name] of ['Ash', 'Elm', 'Oak', 'Fir', 'Yew', 'Box'].entries())
        lines(pdf, 72, 100 + 13 * i, [`The wood of the tree that is called ${name} has a weight of`]);
      lines(pdf, 430, 100, ['0.69', '0.56', '0.71', '0.51', '0.67', '0.95']);
    });
    expect(table.document.text.replace(/\s+/g, ' ')).toContain('called Elm has a weight of 0.56 The');
  });

  it('reads what stands left of a rule down the page before what stands right of it, and the rows of a ruled table row by row', async () => {
    const left = ['Questions', 'Yes, in the town', 'No', 'Other', 'Not known', 'None of these'];
    const right = ['Answers of the year', 'All', 'Some of them', 'Few', 'One', 'None'];
    const text = async (pitch: number, across: boolean): Promise<string> => {
      const { document } = await sentencesOf((pdf) => {
        pdf.text('Of the whole page', 72, 40, { lineBreak: false });
        lines(pdf, 72, 100, left, 60);
        lines(pdf, 330, 100, right, pitch);
        pdf.moveTo(300, 80).lineTo(300, 460).lineWidth(0.5).stroke();
        if (across) for (let row = 1; row < 6; row++) pdf.rect(60, 90 + 60 * row, 480, 0.6).fill();
      });
      return document.text.replaceAll('\n', ' ');
    };
    expect(await text(52, false)).toBe(['Of the whole page', ...left, ...right].join(' '));
    // Lines across, or common baselines: rows.
    const rows = left.map((cell, i) => `${cell} ${right[i]}`).join(' ');
    expect(await text(60, true)).toBe(`Of the whole page ${rows}`);
    expect(await text(60, false)).toBe(`Of the whole page ${rows}`);
  });

  it('reads columns over a picture before those under it, and few lines as columns where other pages have them', async () => {
    const { document } = await sentencesOf((pdf) => {
      for (let page = 1; page <= 3; page++) {
        lines(pdf, 72, 120, columnText(`Left ${page}`));
        lines(pdf, 310, 120, columnText(`Right ${page}`));
        pdf.image(PICTURE, 72, 320, { width: 450, height: 100 });
        lines(pdf, 72, 440, [`Under ${page}, left, the first of its lines`, 'and the second one.']);
        lines(pdf, 310, 440, [`Under ${page}, right, the first of its lines`, 'and the second one.']);
        pdf.addPage();
      }
      pdf.image(PICTURE, 72, 120, { width: 450, height: 200 });
      lines(pdf, 72, 340, ['The last, left, the first of its lines', 'and the second one.']);
      lines(pdf, 310, 340, ['The last, right, the first of its lines', 'and the second one.']);
    });
    const order = document.text.match(/(?:Left|Right) \d line 1 |Under \d, \w+|The last, \w+/g);
    const page = (n: number) => [`Left ${n} line 1 `, `Right ${n} line 1 `, `Under ${n}, left`, `Under ${n}, right`];
    expect(order).toEqual([...page(1), ...page(2), ...page(3), 'The last, left', 'The last, right']);
    expect(document.text).toContain('left, the first of its lines and the second one.');
  });

  it('keeps the mark of a note that stands apart with its note, across the columns over it', async () => {
    const { document } = await sentencesOf((pdf) => {
      lines(pdf, 72, 120, columnText('Left'));
      lines(pdf, 310, 120, columnText('Right'));
      for (const note of [1, 2]) {
        lines(pdf, 72, 310 + 13 * note, [`${note}`]);
        lines(pdf, 84, 310 + 13 * note, [`Note ${note}, which is longer than a column of the text over it is wide.`]);
      }
    });
    expect(document.text).toMatch(/Right ends here\.\n1 Note 1.* wide\.\n?\s?2 Note 2/);
  });

  it('takes words that are set wide to fill a narrow column for a line of its text', async () => {
    const { document } = await sentencesOf((pdf) => {
      const text =
        'The harbour was built in the year of the flood, whereas everything else, notwithstanding, remained unchanged.';
      pdf.text(text, 72, 72, { width: 92, align: 'justify' });
    });
    expect(document.text.split('\n')).toHaveLength(1);
  });

  it('takes justified lines with a stop in them for text, further in and with wider blanks too', async () => {
    const { document } = await sentencesOf((pdf) => {
      lines(pdf, 72, 40, ['The column begins further out than the note does.']);
      const text =
        'Note. The warden keeps, as before, a list of boats, nets, oars and lines; whoever takes one writes a name into it and the hour too.';
      pdf.text(text, 120, 72, { width: 330, align: 'justify', wordSpacing: 9 });
      pdf.text('The end of it all.', 120, 260);
    });
    expect(document.text).toContain(
      'Note. The warden keeps, as before, a list of boats, nets, oars and lines; whoever takes one writes',
    );
  });

  it('reads a title and its date before the columns under them', async () => {
    const { document } = await sentencesOf((pdf) => {
      pdf.fontSize(20).text('Proposed Rules', 72, 72, { lineBreak: false });
      pdf.fontSize(11);
      lines(pdf, 310, 70, ['Register of all rules', 'Volume 85, number 152', 'Thursday, 6 August']);
      lines(pdf, 72, 160, columnText('Left'));
      lines(pdf, 310, 160, columnText('Right'));
    });
    const at = (part: string): number => document.text.indexOf(part);
    expect(at('Thursday, 6 August')).toBeLessThan(at('Left line 1 '));
    expect(at('Right line 1 ')).toBeGreaterThan(at('Left ends here.'));
  });

  it('reads a paragraph that goes on in the next column in one piece, the note under it afterwards, and as printed if asked to', async () => {
    const bytes = await makePdf((pdf) => {
      lines(pdf, 72, 120, [...columnText('Left').slice(0, -1), 'This paragraph of the left column goes on and']);
      pdf.fontSize(7);
      lines(pdf, 72, 320, ['The note at the foot of the left column says this.']);
      pdf.fontSize(11);
      lines(pdf, 310, 120, ['comes to its end in the other one of the two.', ...columnText('Right')]);
    });
    const whole = 'goes on and comes to its end in the other one';
    const { text } = await read(bytes);
    expect(text).toContain(whole);
    expect(text.indexOf('The note')).toBeGreaterThan(text.indexOf(whole));
    const printed = (await read(bytes, { keepRunningLines: true })).text;
    expect(printed.indexOf('The note')).toBeGreaterThan(printed.indexOf('goes on and'));
    expect(printed.indexOf('The note')).toBeLessThan(printed.indexOf('comes to its end'));
  });

  it('reads a paragraph that goes on under a figure of the next page in one piece, and the caption after it', async () => {
    const { document } = await sentencesOf((pdf) => {
      lines(pdf, 72, 100, [...columnText('First'), 'On the last day of the year they all went out and found that']);
      pdf.addPage();
      lines(pdf, 72, 100, ['Figure 1: The harbour in winter.']);
      lines(pdf, 72, 140, ['the ice had closed the harbour from end to end.', ...columnText('Second')]);
    });
    const { text, pages } = document;
    const whole = 'found that the ice had closed';
    expect(text).toContain(whole);
    expect(text.indexOf('Figure 1')).toBeGreaterThan(text.indexOf(whole));
    expect(text.slice(pages[1].start, pages[1].end)).toContain('Figure 1: The harbour');
  });

  it('keeps the rows of a table together', async () => {
    const { document } = await sentencesOf((pdf) => {
      const rows = [
        ['Apples', '12', '3.50'],
        ['Pears', '7', '2.10'],
        ['Plums', '30', '1.75'],
        ['Quinces', '2', '4.00'],
        ['Figs', '9', '6.20'],
      ];
      rows.forEach((row, i) => {
        row.forEach((cell, j) => {
          lines(pdf, 72 + 150 * j, 100 + 16 * i, [cell]);
        });
      });
    });
    expect(document.text.replace(/\n/g, ' ')).toContain('Apples 12 3.50 Pears 7 2.10');
  });

  it('reads a cell of several lines to its end', async () => {
    const { sentences } = await sentencesOf((pdf) => {
      lines(pdf, 72, 100, ['1.1', '', '1.2']);
      lines(pdf, 120, 100, [
        'Verify that all doors of the building are',
        'closed at night.',
        'Verify that windows are closed as well.',
      ]);
      lines(pdf, 420, 100, ['Level 1', '', 'Level 2']);
    });
    expect(sentences[0]).toBe('1.1 Verify that all doors of the building are closed at night.');
    expect(sentences.join(' ')).toContain('Level 1 1.2 Verify that windows are closed as well.');
  });
});
