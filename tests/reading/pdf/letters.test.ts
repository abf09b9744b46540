// Glyphs that a file names by their looks, or by a code of no letter, are read as the letters that a person sees.
import { expect, it } from 'vitest';
import { lettersOf } from '../../../reading/pdf/letters.ts';
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

it('Symbol and Wingdings hold signs and Greek, and never Latin letters', () => {
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
});
