// Glyphs that a file names by their looks, or by a code of no letter, are read as the letters that a person sees.
import { expect, it } from 'vitest';
import { glyphNames } from '../../../reading/pdf/cff-names.ts';
import { Guesses, lettersOf } from '../../../reading/pdf/letters.ts';
import { rawPdf, read } from './make-pdf.ts';

/** A page with the string in Helvetica, whose codes from 65 on have these names. */
const named = (names: string, string: string, font = '/BaseFont /Helvetica', more = ''): Uint8Array => {
  const stream = `BT /F1 12 Tf 72 700 Td (${string}) Tj ET`;
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    `<< /Type /Font /Subtype /Type1 ${font} /FirstChar 32 /LastChar 90 /Widths [${'500 '.repeat(59)}] /Encoding << /Type /Encoding /Differences [65 ${names}] >> ${more} >>`,
  ]);
};

it.each([
  ['old-style figures', '/one.oldstyle /eight.os /seven.taboldstyle /oneoldstyle', 'ABCD', '1871'],
  ['small capitals', '/H.sc /a.sc /r.smcp /Bsmall /o.c2sc /udieresis.sc /rsmall', 'ABCDEF', 'Harboü'],
  ['ligatures', '/f_i /n /e /f_f_i.alt', 'ABCD', 'fineffi'],
  ['letters by their numbers', '/uni0050.sc /u0069 /e', 'ABC', 'Pie'],
])('%s', async (_, names, string, text) => {
  expect((await read(named(names, string))).text).toBe(text);
});

it('keeps what the file says of a code, whatever its glyph is named', async () => {
  const map =
    'begincmap 1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <41> <0061> <42> <0062> endbfchar endcmap';
  const bytes = named('/x.sc /y.sc', 'AB', '/BaseFont /Helvetica', '/ToUnicode 6 0 R');
  const file = new TextDecoder('latin1').decode(bytes);
  const object = `6 0 obj\n<< /Length ${map.length} >>\nstream\n${map}\nendstream\nendobj\nxref`;
  expect((await read(new TextEncoder().encode(file.replace('\nxref', `\n${object}`)))).text).toBe('ab');
});

it('Symbol, Wingdings and Zapf Dingbats hold signs and Greek, and never Latin letters', () => {
  const glyph = (unicode: string) => ({ unicode, originalCharCode: unicode.charCodeAt(0), width: 500 });
  const symbol = lettersOf({ name: 'ABCDEF+SymbolMT' });
  expect(['a', '\uf0b1', '\uf0ae', '\uf044', 'α', '×', '5', 'µ'].map((letter) => symbol(glyph(letter))).join('')).toBe(
    'α±→Δα×5µ',
  );
  const wingdings = lettersOf({ name: 'Wingdings' });
  expect(['l', '\uf0a7', 'ü', '\uf0d8', '•'].map((letter) => wingdings(glyph(letter))).join('')).toBe('●▪✓➢•');
  // What is not in the table, and numbers of glyphs, are no letters of anything.
  expect(wingdings(glyph('\u00c0'))).toBe('▪');
  expect(lettersOf({ name: 'Wingdings', composite: true })(glyph('y'))).toBe('▪');
  expect(lettersOf({ name: 'Arial' })(glyph('\uf0b7'))).toBe('•');
  // Pieces of lines are none at all.
  expect(['LINE10', 'ABCDEF+XYDASH10'].map((name) => lettersOf({ name })(glyph('A')))).toEqual(['', '']);
  // The marks of a form's boxes; "å" is a code here.
  const dingbats = lettersOf({ name: 'ZapfDingbats' });
  expect(
    ['4', '8', 'l', 'n', 'H', '%', '\u00a8', 'å', '\u00d5'].map((letter) => dingbats(glyph(letter))).join(''),
  ).toBe('✔✘●■★☎♣➥→');
});

it('capitals that were typed as small letters are read as they are printed', async () => {
  const map =
    'begincmap 1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfchar <41> <0041> <42> <0062> <43> <0063> endbfchar endcmap';
  const bytes = named('/A /B /c', 'ABC', '/BaseFont /Helvetica', '/ToUnicode 6 0 R');
  const file = new TextDecoder('latin1').decode(bytes);
  const object = `6 0 obj\n<< /Length ${map.length} >>\nstream\n${map}\nendstream\nendobj\nxref`;
  expect((await read(new TextEncoder().encode(file.replace('\nxref', `\n${object}`)))).text).toBe('ABc');
});

const bytes = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const short = (value: number): number[] => [(value >> 8) & 255, value & 255];
const long = (value: number): number[] => [...short(value >>> 16), ...short(value)];
const index = (items: readonly number[][]): number[] => {
  const ends = items.map((_, i) => 1 + items.slice(0, i + 1).flat().length);
  return items.length === 0 ? [0, 0] : [0, items.length, 1, 1, ...ends, ...items.flat()];
};

/** A font as pdf.js wraps it, without outlines: glyphs of these names for the characters from U+E000 on. */
const wrapped = (names: readonly string[]): Uint8Array => {
  const place = (value: number): number[] => [28, ...short(value)];
  const front = (top: number[]): number[] => [
    ...[1, 0, 4, 1],
    ...index([bytes('F')]),
    ...index([top]),
    ...index(names.map(bytes)),
    ...[0, 0],
  ];
  const glyphs = index([[14], ...names.map(() => [14])]);
  const size = front([...place(0), 15, ...place(0), 17]).length;
  const cff = [
    ...front([...place(size + glyphs.length), 15, ...place(size), 17]),
    ...glyphs,
    ...[0, ...names.flatMap((_, i) => short(391 + i))],
  ];
  const segment = [0xe000 + names.length - 1, 0, 0xe000, 1 - 0xe000, 0].flatMap(short);
  const cmap = [...[0, 1, 3, 1].flatMap(short), ...long(12), ...[4, 24, 0, 2, 0, 0, 0].flatMap(short), ...segment];
  const table = (tag: string, at: number, length: number): number[] => [
    ...bytes(tag),
    0,
    0,
    0,
    0,
    ...long(at),
    ...long(length),
  ];
  const head = [...bytes('OTTO'), 0, 2, 0, 0, 0, 0, 0, 0];
  const tables = [...table('CFF ', 44, cff.length), ...table('cmap', 44 + cff.length, cmap.length)];
  return new Uint8Array([...head, ...tables, ...cff, ...cmap]);
};

it('a code that the file maps to nothing is the letter that the font itself names', () => {
  const font = wrapped(['alpha', 'f_i', 'mystery']);
  const names = glyphNames(font);
  expect([...names]).toEqual([
    ['\ue000', 'alpha'],
    ['\ue001', 'f_i'],
    ['\ue002', 'mystery'],
  ]);
  const letters = lettersOf({ name: 'CMMI10', names });
  const letter = (unicode: string, fontChar: string): string =>
    letters({ unicode, fontChar, originalCharCode: unicode.charCodeAt(0), width: 500 });
  expect([letter('\u000b', '\ue000'), letter('"', '\ue001'), letter('x', '\ue002')]).toEqual(['\u03b1', 'fi', 'x']);
  // Cut anywhere, it says nothing or less.
  for (let end = 0; end < font.length; end++) expect(glyphNames(font.subarray(0, end)).size).toBeLessThanOrEqual(3);
});

it('a ligature, or a sign of formulas, of whose letters a file has kept the last half is whole by its name', () => {
  const differences = new Map([
    [31, 'T_h'],
    [30, 'f_f_i'],
    [67, 'u1D461'],
    [68, 'h'],
  ]);
  const letters = lettersOf({ name: 'AGaramondPro', differences });
  const letter = (unicode: string, code: number): string => letters({ unicode, originalCharCode: code, width: 500 });
  expect([letter('h', 31), letter('i', 30), letter('\ud461', 67), letter('h', 68)]).toEqual([
    'Th',
    'ffi',
    '\u{1d461}',
    'h',
  ]);
});

it('numbers of glyphs are no letters where a file says of most glyphs what they are', () => {
  const guesses = new Guesses();
  const glyph = (unicode: string, originalCharCode: number) => {
    const drawn = { text: unicode };
    guesses.add({ unicode, originalCharCode, width: 500 }, drawn);
    return drawn;
  };
  const drawn = [
    glyph('\u0645', 700),
    glyph('\u06cc', 702),
    glyph('\u0373', 0x373),
    glyph('\u0634', 701),
    glyph('A', 0x41),
  ];
  guesses.settle();
  expect(drawn.map(({ text }) => text)).toEqual(['\u0645', '\u06cc', '\ufffd', '\u0634', 'A']);
});
