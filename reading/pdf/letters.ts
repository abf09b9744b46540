// Which letters a glyph stands for. pdf.js knows what a file says of it and Adobe's list of names; what is left comes out as a code of
// private use, or as whatever letter has the glyph's number: old-style figures, small capitals, the signs of Symbol and Wingdings. Those
// are told by the glyph's name ("one.os", "a.sc", "f_i"), and by the font's.
import { ofName } from './glyph-names.ts';
import type { FontFacts, PdfGlyph } from './operators.ts';

/** Fonts of TeX's whose glyphs are pieces of lines, circles and arrows, of which diagrams are put together. */
const LINES = /^(?:[A-Z]{6}\+)?(?:xy(?:dash|circ|bsql|[ab]tip|(?:cm|eu|lu)[ab]t)|line|linew|lcircle|lcirclew)\d+$/i;

/** What gives each glyph of a font its text; small capitals are the small letters that they are typed as. */
export const lettersOf = (font: FontFacts): ((glyph: PdfGlyph) => string) => {
  if (LINES.test(font.name ?? '')) return () => '';
  const signs = FONTS.find(([pattern]) => pattern.test(font.name ?? ''))?.[1];
  if (!signs) {
    // By code: it has the same glyph wherever it is drawn.
    const known = new Map<number, string>();
    return (glyph) => {
      const { originalCharCode: code = -1 } = glyph;
      const letter = known.get(code) ?? letterOf(glyph, font);
      if (code >= 0) known.set(code, letter);
      return letter;
    };
  }
  // A guess of pdf.js's at a font whose codes are numbers of glyphs says nothing.
  return (glyph) => (font.composite && isGuess(glyph) ? signs.unknown : signOf(glyph.unicode, signs));
};

/** Whether pdf.js, which was told nothing of a code, gave the code itself for a letter, or may have. */
export const isGuess = ({ unicode, originalCharCode: code }: PdfGlyph): boolean =>
  unicode.length === 1 && unicode.charCodeAt(0) === code;

/** Below this a code may be its own letter by chance, as where glyphs are numbered in the order of their use. */
const LEAST_GUESS = 0x100;
/** Times New Roman has letters of Latin Extended-A at the numbers of their codes. */
const LEAST_IN_LATIN = 0x180;
const UNKNOWN = '\ufffd';

/**
 * The codes of a font whose codes are numbers of glyphs, on one page: those for which pdf.js knows a letter and those that it gave as
 * letters themselves. Where it knows most of them the file does say what its glyphs are, and the others are none of the letters of that number.
 */
export class Guesses {
  readonly #known = new Set<number>();
  #latin = 0;
  readonly #guessed = new Map<number, { text: string }[]>();

  add(glyph: PdfGlyph, drawn: { text: string }): void {
    const code = glyph.originalCharCode ?? 0;
    const list = this.#guessed.get(code);
    if (!isGuess(glyph)) {
      if (!this.#known.has(code) && /\p{Script=Latin}/u.test(glyph.unicode)) this.#latin++;
      this.#known.add(code);
    } else if (list) list.push(drawn);
    else this.#guessed.set(code, [drawn]);
  }

  /** Says of what was guessed that it is not known. */
  settle(): void {
    if (this.#known.size <= this.#guessed.size) return;
    const least = 2 * this.#latin > this.#known.size ? LEAST_IN_LATIN : LEAST_GUESS;
    for (const [code, glyphs] of this.#guessed) if (code >= least) for (const glyph of glyphs) glyph.text = UNKNOWN;
  }
}

const letterOf = (glyph: PdfGlyph, font: FontFacts): string => {
  const { unicode, originalCharCode: code = -1 } = glyph;
  const own = unicode.codePointAt(0) ?? 0;
  const drawn = font.names?.get(glyph.fontChar ?? '') ?? '';
  const name = font.differences?.get(code) ?? font.defaultEncoding?.[code] ?? '';
  if (isGuess(glyph) || isPrivate(own) || own < 0x20 || own === 0xfffd) {
    const named = ofName(drawn) ?? (/.(?:\.[a-z]|_)/i.test(name) ? ofName(name) : undefined);
    if (named !== undefined) return named;
  }
  if (!font.composite && unicode.length === 1) {
    // Set in capitals, typed in small letters: what is printed is read.
    if (/^[A-Z]$/.test(name) && unicode === name.toLowerCase()) return name;
    const whole = wholeOf(unicode, name) ?? wholeOf(unicode, drawn);
    if (whole) return whole;
  }
  return (unicode.length === 1 && PRIVATE.get(own)) || unicode;
};

/** What a name says of which a file has kept the end only: the last letter of a ligature ("h" of T_h), or 16 bits of a code that has more. */
const wholeOf = (unicode: string, name: string): string | undefined => {
  const named = /_|^u[\dA-F]{5}$/.test(name) ? ofName(name) : undefined;
  if (!named || named.length < 2) return undefined;
  const cut = (named.codePointAt(0)! & 0xffff) === unicode.charCodeAt(0) && named.codePointAt(0)! > 0xffff;
  return cut || named.endsWith(unicode) ? named : undefined;
};

const isPrivate = (code: number): boolean => code >= 0xe000 && code < 0xf900;

/** From a code on, the letters of the codes after it; a dot leaves a code out. */
const row = (from: number, letters: string): [number, string][] =>
  [...letters].flatMap((letter, i): [number, string][] => (letter === '.' ? [] : [[from + i, letter]]));

/** Likewise, the letters by their places in Unicode's Thai block. */
const thai = (from: number, places: string): [number, string][] =>
  places.split(' ').map((place, i) => [from + i, String.fromCharCode(0x0e00 + Number.parseInt(place, 16))]);

/** The codes of private use that Adobe's list of names and Thai fonts have. */
const PRIVATE = new Map<number, string>([
  ...row(0xf6d9, '©®™1'),
  ...row(0xf6de, '—¢¢,,$$'),
  ...row(0xf6e5, '--'),
  [0xf6e7, '.'],
  [0xf6e8, '.'],
  ...row(0xf6e9, 'abdeilmorst'),
  ...row(0xf6f9, 'łœ'),
  ...row(0xf6fd, 'š.ž'),
  ...row(0xf721, '!..$.&'),
  ...row(0xf730, '0123456789'),
  [0xf73f, '?'],
  ...row(0xf761, 'abcdefghijklmnopqrstuvwxyz'),
  ...row(0xf7a1, '¡¢'),
  [0xf7bf, '¿'],
  ...row(0xf7e0, 'àáâãäåæçèéêëìíîïðñòóôõö.øùúûüýþÿ'),
  ...row(0xf8e7, '─®©™⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭'),
  // Bullets of Word's, in whatever font.
  [0xf020, ' '],
  [0xf0a7, '▪'],
  [0xf0b7, '•'],
  // Thai letters and marks in the places that they have over and under others.
  ...thai(0xf700, '10 34 35 36 37 48 49 4a 4b 4c 48 49 4a 4b 4c 0d 31 4d 47 48 49 4a 4b 4c 38 39 3a'),
  ...thai(0xf884, '31 34 35 36 37 47 48 48 48 49 49 49 4a 4a 4a 4b 4b 4b 4c 4c 4c 4d'),
]);

const SYMBOL = new Map([
  ...row(0x20, ' !∀#∃%&∋()∗+,−'),
  [0x2e, '.'] as const,
  ...row(0x2f, '/0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼'),
  ...row(0xa0, '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…│─↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓'),
  ...row(0xe0, '◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪.⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭'),
]);

const WINGDINGS = new Map([
  ...row(0x20, ' ✏✂✁'),
  ...row(0x28, '☎✆✉'),
  ...row(0x41, '✌'),
  ...row(0x45, '☜☞☝☟.☺.☹.☠..✈☼.❄.✞.✠✡☪☯.☸♈♉♊♋♌♍♎♏♐♑♒♓'),
  ...row(0x6c, '●❍■□.❑❒◆♦◆❖◆⌧⮹⌘..❝❞'),
  ...row(0x80, '⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿'),
  ...row(0x9e, '·•▪○'),
  ...row(0xa4, '◉◎.▪◻.✦★✶✴✹✵'),
  ...row(0xd8, '➢'),
  ...row(0xdf, '←→↑↓↖↗↙↘←➔↑↓'),
  ...row(0xef, '⇦⇨⇧⇩'),
  ...row(0xfb, '✗✓☒☑'),
]);

/** In the order of Unicode's block of Dingbats, but for those that are elsewhere. */
const DINGBATS = new Map<number, string>([
  ...Array.from({ length: 94 }, (_, i): [number, string] => [0x21 + i, String.fromCharCode(0x2701 + i)]),
  ...Array.from({ length: 14 }, (_, i): [number, string] => [0x80 + i, String.fromCharCode(0x2768 + i)]),
  ...Array.from({ length: 94 }, (_, i): [number, string] => [0xa1 + i, String.fromCharCode(0x2761 + i)]),
  [0x20, ' '],
  [0x25, '☎'],
  ...row(0x2a, '☛☞'),
  [0x48, '★'],
  ...row(0x6c, '●.■'),
  ...row(0x73, '▲▼◆.◗'),
  ...row(0xa8, '♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩'),
  ...row(0xd5, '→↔↕'),
]);

interface Signs {
  byCode: ReadonlyMap<number, string>;
  /** Letters that the font has, so that one of them is no code. */
  own: ReadonlySet<string>;
  /** What one is read as of which nothing is known. */
  unknown: string;
}

const toSigns = (byCode: ReadonlyMap<number, string>, unknown: string): Signs => ({
  byCode,
  own: new Set(byCode.values()),
  unknown,
});
// Most of Wingdings stands before an item of a list.
const FONTS: [RegExp, Signs][] = [
  [/^(?:[A-Z]{6}\+)?Symbol(?:MT|PS|Std)?(?:[,-].*)?$/, toSigns(SYMBOL, '')],
  [/^(?:[A-Z]{6}\+)?Wingdings(?:-Regular)?(?:[,-].*)?$/, toSigns(WINGDINGS, '▪')],
  [/^(?:[A-Z]{6}\+)?(?:(?:(?:ITC)?Zapf-?)?Dingbats(?:BT|ITC|Std)?|D050000L)(?:[,-].*)?$/, toSigns(DINGBATS, '▪')],
];

/** Of a font of signs: files name them by their codes, alone or from U+F000 on, which a font of letters would show as letters. */
const signOf = (unicode: string, { byCode, own, unknown }: Signs): string => {
  const code = unicode.codePointAt(0) ?? 0;
  if (unicode.length !== 1 || own.has(unicode) || own.has(unicode.normalize('NFKC'))) return unicode;
  if (code >= 0xf8e5) return PRIVATE.get(code) ?? unicode;
  const sign = byCode.get(code >= 0xf000 && code < 0xf100 ? code - 0xf000 : code);
  return sign ?? (/\p{L}/u.test(unicode) && code < 0x100 ? unknown : unicode);
};
