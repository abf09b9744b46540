// Running heads, feet and page numbers are left out, and what only looks like them is kept.
import { describe, expect, it } from 'vitest';
import { lines, reportPage, sentencesOf } from '../pdf/make-pdf.ts';

describe('running lines', () => {
  it('leaves out running heads and page numbers, and reads a sentence across the page break', async () => {
    const { document, sentences } = await sentencesOf(
      (pdf) => {
        reportPage(pdf, 1, ['One page has this sentence. Another begins here and runs on over the end of the']);
        reportPage(pdf, 2, ['page to the next one. Then comes more.']);
        reportPage(pdf, 3, ['Last words of 3 pages.']);
      },
      { margin: 10 },
    );
    expect(sentences).toEqual([
      'One page has this sentence.',
      'Another begins here and runs on over the end of the page to the next one.',
      'Then comes more.',
      'Last words of 3 pages.',
    ]);
    const crossing = document.sentences[1];
    expect(crossing.page).toBe(1);
    expect(crossing.boxes.map((box) => box.page)).toEqual([1, 2]);
    expect(document.pages.map((p) => document.text.slice(p.start, p.end).trim())).toEqual([
      'One page has this sentence. Another begins here and runs on over the end of the',
      'page to the next one. Then comes more.',
      'Last words of 3 pages.',
    ]);
  });

  it('keeps numbered headings and rows of a table at the top of pages, and leaves out what counts the pages', async () => {
    const { document } = await sentencesOf(
      (pdf) => {
        const words = ['first', 'second', 'third', 'fourth'];
        words.forEach((word, i) => {
          if (i > 0) pdf.addPage();
          pdf.fontSize(18).text(`Lot ${i + 1}`, 72, 40, { lineBreak: false });
          for (const [k, cell] of [1890 + i, 40 - 7 * i, 3 + 11 * (i % 2)].entries())
            pdf.fontSize(10).text(`${cell}`, 72 + 100 * k, 80, { lineBreak: false });
          pdf.text(`The ${word} lot was sold to the brewer of the town.`, 72, 300, { lineBreak: false });
          pdf.text(`Chapter ${1 + (i >> 1)}, page ${i + 7}`, 72, 770, { lineBreak: false });
        });
      },
      { margin: 10 },
    );
    expect(document.text.match(/Lot \d/g)).toEqual(['Lot 1', 'Lot 2', 'Lot 3', 'Lot 4']);
    expect(document.text.match(/18\d\d/g)).toEqual(['1890', '1891', '1892', '1893']);
    expect(document.text).not.toContain('page');
    expect(document.leftOut.map(({ text }) => text)).toEqual(
      [7, 8, 9, 10].map((n, i) => `Chapter ${1 + (i >> 1)}, page ${n}`),
    );
  });

  it('keeps what a file has twice because it holds the same pages twice, and leaves out its running heads', async () => {
    const { document } = await sentencesOf(
      (pdf) => {
        ['old', 'new', 'old', 'new'].forEach((pier, i) => {
          if (i > 0) pdf.addPage();
          lines(pdf, 72, 36, ['Report of the commission']);
          lines(pdf, 72, 90, [
            `This is what the ${pier} pier has cost.`,
            `It was paid by the ${pier} guild of the town.`,
          ]);
          lines(pdf, 72, 300, [
            `The ${pier} pier stood in the harbour.`,
            'Its timber was bought in the north. '.repeat(2),
          ]);
        });
      },
      { margin: 10 },
    );
    expect(document.text.match(/what the \w+ pier has cost/g)).toHaveLength(4);
    expect(document.leftOut.map(({ text }) => text)).toEqual(Array(4).fill('Report of the commission'));
  });

  it('keeps headings in the type of the text that stand at the head of pages far apart, or in a font of their own', async () => {
    const chapters = await sentencesOf(
      (pdf) => {
        for (let page = 1; page <= 9; page++) {
          if (page > 1) pdf.addPage();
          if (page % 3 === 1) pdf.text(`Chapter ${1 + (page - 1) / 3}`, 72, 72, { lineBreak: false });
          pdf.text(
            `The text of the page is number ${'one two three four five six seven eight nine'.split(' ')[page - 1]}.`,
            72,
            130,
          );
          pdf.text(`Harbour ${page}`, 72, 770, { lineBreak: false });
        }
      },
      { margin: 10 },
    );
    expect(chapters.document.text.match(/Chapter \d|Harbour/g)).toEqual(['Chapter 1', 'Chapter 2', 'Chapter 3']);
    const beds = await sentencesOf((pdf) => {
      for (const bed of [1, 2]) {
        if (bed > 1) pdf.addPage();
        pdf.font('Helvetica-Bold').text(`Bed ${bed}`, 72, 72, { lineBreak: false }).font('Times-Roman');
        pdf.text('Roses grow here, and the gardener waters them in the evening.', 72, 110);
      }
    });
    expect(beds.document.text.match(/Bed \d/g)).toEqual(['Bed 1', 'Bed 2']);
  });

  it('keeps the first line of a text that begins alike on every page', async () => {
    const { document } = await sentencesOf((pdf) => {
      for (const name of ['Ashcroft', 'Barlow', 'Carver', 'Dunmore']) {
        if (name !== 'Ashcroft') pdf.addPage();
        pdf.text('Letter of the harbour master', 72, 40, { lineBreak: false });
        lines(pdf, 72, 100, [
          'We thank you for the letter that we have had from you this week, and for',
          `all that you say in it, ${name}.`,
        ]);
      }
    });
    expect(document.text.match(/We thank you .*?\./gs)).toHaveLength(4);
    expect(document.text).not.toContain('harbour master');
  });

  it('leaves out the numbers and heads of pages with wide margins, and keeps the ends of a text there', async () => {
    const { document, sentences } = await sentencesOf(
      (pdf) => {
        ['March', 'April', 'May'].forEach((month, i) => {
          if (i > 0) pdf.addPage();
          pdf.fontSize(10);
          lines(pdf, 72, 130, ['The harbour in spring']);
          lines(
            pdf,
            72,
            160,
            Array.from({ length: 39 }, (_, k) => `In ${month} ship ${k + 1} came in and left again.`),
          );
          lines(pdf, 300, 690, [`${i + 7}`]);
        });
      },
      { margin: 10 },
    );
    expect(document.leftOut.map(({ text }) => text)).toEqual(
      [7, 8, 9].flatMap((number) => ['The harbour in spring', `${number}`]),
    );
    expect(sentences).toHaveLength(3 * 39);
  });
});
