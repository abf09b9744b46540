// From glyphs as drawn to words: right-to-left scripts, marks, doubled letters, and the places of single letters.
import { describe, expect, test } from 'vitest';
import { inReadingOrder } from '../../../reading/layout/bidi.ts';
import { placeGlyphs } from '../../../reading/layout/glyphs.ts';
import { layOut } from '../../../reading/layout/text.ts';
import type { Glyph } from '../../../reading/pdf/glyph.ts';
import { makePdf, pageOf, read } from '../pdf/make-pdf.ts';

const view = { transform: [1, 0, 0, -1, 0, 800], width: 600, height: 800 };

/** Letters of 6 points each, drawn one after another from x = 100. */
const drawn = (letters: readonly string[], y = 700): Glyph[] =>
  letters.map((text, i) => ({
    text,
    x0: 100 + 6 * i,
    y0: y,
    x1: 106 + 6 * i,
    y1: y,
    transform: [12, 0, 0, 12, 0, 0],
    font: 'f',
    vertical: false,
    blank: text === ' ',
    hidden: false,
  }));

const lineOf = (glyphs: readonly Glyph[]): string => {
  const runs = placeGlyphs(1, view, glyphs).frames[0].segments.flatMap((segment) => segment.runs);
  return inReadingOrder(runs)
    .map(({ run, gap }) => `${gap ? ' ' : ''}${run.text}`)
    .join('');
};

describe('lines that are read from the right', () => {
  // "shalom olam 2024" in Hebrew, as it stands on paper from left to right.
  const printed = [...'2024 \u05DD\u05DC\u05D5\u05E2 \u05DD\u05D5\u05DC\u05E9'];
  const spoken = '\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD 2024';

  test('come out as they are spoken when a file draws them from left to right', () => {
    expect(lineOf(drawn(printed))).toBe(spoken);
  });

  test('and when it draws them from right to left', () => {
    // The number is drawn from its first digit on all the same.
    const fromRight = [...drawn(printed).slice(5).reverse(), ...drawn(printed).slice(0, 5)];
    expect(lineOf(fromRight)).toBe(spoken);
  });

  test('keep Latin words among them in their own order', () => {
    expect(lineOf(drawn([...'deep net \u05D4\u05D6 \u05E8\u05E4\u05E1']))).toBe(
      '\u05E1\u05E4\u05E8 \u05D6\u05D4 deep net',
    );
  });

  test('have marks behind the letter that bears them', () => {
    // Shin with its dot, drawn before the letter in a file that runs from left to right.
    const [mem, dot, shin] = ['\u05DD', '\u05C1', '\u05E9'];
    const glyphs = drawn([mem, dot, shin]);
    glyphs[1] = { ...glyphs[1], x0: 108, x1: 108, y0: 699 };
    glyphs[2] = { ...glyphs[2], x0: 106, x1: 112 };
    expect(lineOf(glyphs)).toBe(`${shin}${dot}${mem}`);
  });
});

describe('text from the right', () => {
  const [aleph, bet, gimel, dalet] = ['\u05D0', '\u05D1', '\u05D2', '\u05D3'];

  test('has the signs beside a Latin word on the side of its own direction', () => {
    // On paper, from left to right: a full stop, "A2" in brackets, a colon after 2010-A8, Hebrew.
    const printed = [...`.(A2) ${bet}${aleph} :2010-A8 ${dalet}${gimel}`];
    expect(lineOf(drawn(printed))).toBe(`${gimel}${dalet} 2010-A8: ${aleph}${bet} (A2).`);
  });

  test('reads numbers one after another from the right, and Latin words with their numbers from the left', () => {
    expect(lineOf(drawn([...`30 20 10 ${bet}${aleph}`]))).toBe(`${aleph}${bet} 10 20 30`);
    expect(lineOf(drawn([...`Top 10 ${bet}${aleph}`]))).toBe(`${aleph}${bet} Top 10`);
    expect(lineOf(drawn([...`1,000.5 ${bet}${aleph}`]))).toBe(`${aleph}${bet} 1,000.5`);
    expect(lineOf(drawn([...`50% ${bet}${aleph}`]))).toBe(`${aleph}${bet} 50%`);
  });

  test('keeps a word whole whose last letter was drawn apart, among other words', () => {
    const [word, next] = [drawn([...`${dalet}${gimel}${bet}${aleph}`]), drawn([...`${bet}${aleph} `])];
    const at = (glyph: Glyph, x: number): Glyph => ({ ...glyph, x0: glyph.x0 + x, x1: glyph.x1 + x });
    const [last, ...rest] = word.map((glyph) => at(glyph, 30));
    expect(lineOf([...rest, ...next, { ...last, font: 'g' }])).toBe(`${aleph}${bet}${gimel}${dalet} ${aleph}${bet}`);
  });

  test('takes a vowel mark that lies over no letter for the blank that it is', () => {
    const [alef, beh, fathatan] = ['\u0627', '\u0628', '\u064B'];
    expect(lineOf(drawn([beh, alef, fathatan, beh, beh]))).toBe(`${beh}${beh} ${alef}${beh}`);
  });

  test('begins with the right one of two columns, and of two cells', () => {
    const words = (letter: string): string => Array.from({ length: 4 }, () => letter.repeat(5)).join(' ');
    const at = (text: string, x: number, y: number): Glyph[] =>
      drawn([...text], y).map((glyph) => ({ ...glyph, x0: glyph.x0 + x, x1: glyph.x1 + x }));
    const rows = [700, 686, 672, 658].flatMap((y) => [...at(words(bet), -50, y), ...at(words(aleph), 150, y)]);
    expect(layOut([placeGlyphs(1, view, rows)]).text.replace(/\s+/g, ' ')).toBe(
      `${`${words(aleph)} `.repeat(4)}${`${words(bet)} `.repeat(4)}`.trim(),
    );
    const table = [...at(`${bet}${aleph}`, 0, 700), ...at(`${dalet}${gimel}`, 200, 700)];
    expect(layOut([placeGlyphs(1, view, table)]).text).toBe(`${gimel}${dalet} ${aleph}${bet}`);
  });
});

test('signs that only say how others are joined are no text of their own', () => {
  expect(placeGlyphs(1, view, drawn(['\u200c', ' ', '\u200d'])).frames).toEqual([]);
});

describe('letters', () => {
  test('that are drawn twice to look bold are read once', () => {
    const once = drawn([...'Report']);
    expect(lineOf([...once, ...once.map((glyph) => ({ ...glyph, x0: glyph.x0 + 0.4, x1: glyph.x1 + 0.4 }))])).toBe(
      'Report',
    );
  });

  test('that are narrow and follow their like are all read', () => {
    const narrow = drawn([...'ii']).map((glyph, i) => ({ ...glyph, x0: 100 + 1.2 * i, x1: 101.2 + 1.2 * i }));
    expect(lineOf(narrow)).toBe('ii');
  });

  test('spaced out for their looks make one word', () => {
    expect(lineOf(drawn([...'R E P O R T']))).toBe('REPORT');
  });

  test('with an accent that is drawn over them bear it, whichever of two neighbours it is nearer to', () => {
    // "así" as TeX draws it: the accent, which reaches over the letter before, and a dotless i.
    const [a, s, accent, i] = drawn(['a', 's', '\u00b4', '\u0131']);
    const acute = { ...accent, x0: 110.5, x1: 116.5 };
    expect(lineOf([a, s, acute, { ...i, x0: 112, x1: 115 }])).toBe('as\u00ed');
    // No one letter is a Cyrillic i with an accent, and this accent has no width.
    const [n, stress, y, k] = drawn(['\u043d', '\u00b4', '\u0438', '\u043a']);
    const narrow = { ...stress, x0: 109, x1: 109, y0: 701, y1: 701 };
    expect(lineOf([n, narrow, { ...y, x0: 106, x1: 112 }, { ...k, x0: 112, x1: 118 }])).toBe(
      '\u043d\u0438\u0301\u043a',
    );
  });

  test('have their places: a sentence in the middle of a justified line is marked from its first letter on', async () => {
    const text = 'Illiterate lilliputians will fill it. Mammoths wander home. ';
    const document = await read(
      await makePdf((pdf) => {
        pdf.text(text.repeat(12).trim(), 72, 72, { width: 440, align: 'justify' });
      }),
    );
    const sentence = document.sentences.find(
      ({ start, end }) => document.text.slice(start, end) === 'Mammoths wander home.',
    )!;
    const before = document.sentences[sentence.index - 1];
    // The blank between them, stretched by justification: no overlap, and no gap wider than a wide blank.
    const [end, start] = [before.boxes.at(-1)!, sentence.boxes[0]];
    expect(start.x).toBeGreaterThan(end.x + end.width);
    expect(start.x - end.x - end.width).toBeLessThan(12);
  });
});

test('what stands in the fields of a form is read', async () => {
  const document = await read(
    await makePdf((pdf) => {
      pdf.text('Name of the applicant:', 72, 72);
      pdf.initForm();
      pdf.formText('name', 220, 68, 200, 18, { value: 'Wilhelmina Ashcroft', fontSize: 11 });
    }),
  );
  expect(document.text).toContain('Name of the applicant:');
  expect(document.text).toContain('Wilhelmina Ashcroft');
});

test('letters set apart by the tracking of a table are words of their own', async () => {
  expect((await read(pageOf('BT /F1 10 Tf 90 Tc 72 600 Td (XY) Tj ET'))).text).toMatch(/\bX Y$/);
  expect((await read(pageOf('BT /F1 10 Tf 3 Tc 72 600 Td (XY) Tj ET'))).text).toMatch(/\bXY$/);
});

test('the mark of a note stands apart from the first word of the note, however near', async () => {
  const note = 'BT /F1 6 Tf 72 604 Td (1) Tj /F1 10 Tf 3.4 -4 Td (The first note.) Tj ET';
  expect((await read(pageOf(note))).text).toContain('1 The first note.');
  const article = note.replace('(The first note.)', '(A note.)');
  expect((await read(pageOf(article))).text).toContain('1 A note.');
});
