// Which letters a glyph stands for. pdf.js knows what a file says of it and Adobe's list of names; what is left comes out as a code of
// private use, or as whatever letter has the glyph's number: old-style figures, small capitals, the signs of Symbol and Wingdings. Those
// are told by the glyph's name ("one.os", "a.sc", "f_i"), and by the font's.
import type { FontFacts, PdfGlyph } from './operators.ts';

/** What gives each glyph of a font its text; small capitals are the small letters that they are typed as. */
export const lettersOf = (font: FontFacts): ((glyph: PdfGlyph) => string) => {
  const signs = FONTS.find(([pattern]) => pattern.test(font.name ?? ''))?.[1];
  if (!signs) return (glyph) => letterOf(glyph, font);
  // A guess of pdf.js's at a font whose codes are numbers of glyphs says nothing.
  return (glyph) => (font.composite && isGuess(glyph) ? signs.unknown : signOf(glyph.unicode, signs));
};

const isGuess = ({ unicode, originalCharCode: code }: PdfGlyph): boolean =>
  unicode.length === 1 && unicode.charCodeAt(0) === code;

const letterOf = (glyph: PdfGlyph, font: FontFacts): string => {
  const { unicode, originalCharCode: code = -1 } = glyph;
  const own = unicode.codePointAt(0) ?? 0;
  if (isGuess(glyph) || isPrivate(own) || own < 0x20 || own === 0xfffd) {
    const name = font.differences?.get(code) ?? font.defaultEncoding?.[code] ?? '';
    const named = /.(?:\.[a-z]|_)/i.test(name) ? ofName(name) : undefined;
    if (named !== undefined) return named;
  }
  return (unicode.length === 1 && PRIVATE.get(own)) || unicode;
};

const isPrivate = (code: number): boolean => code >= 0xe000 && code < 0xf900;

const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
/** Pairs of a name and what it stands for. */
const pairs = (list: string): [string, string][] =>
  list.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);

const NAMED = new Map([
  ...DIGITS.map((name, digit): [string, string] => [name, String(digit)]),
  ...pairs(
    'ae=æ AE=Æ oe=œ OE=Œ germandbls=ß oslash=ø Oslash=Ø lslash=ł Lslash=Ł eth=ð Eth=Ð thorn=þ Thorn=Þ dotlessi=ı longs=ſ',
  ),
  ...pairs(
    'ff=ff fi=fi fl=fl ffi=ffi ffl=ffl period=. comma=, colon=: semicolon=; question=? exclam=! questiondown=¿ exclamdown=¡',
  ),
  ...pairs(
    'hyphen=- endash=– emdash=— slash=/ parenleft=( parenright=) bracketleft=[ bracketright=] section=§ asterisk=* at=@',
  ),
  ...pairs(
    'quoteleft=‘ quoteright=’ quotedblleft=“ quotedblright=” ampersand=& percent=% numbersign=# plus=+ minus=− equal==',
  ),
  ...pairs('dollar=$ sterling=£ Euro=€'),
]);
const ACCENTS = new Map([
  ...pairs('grave=\u0300 acute=\u0301 circumflex=\u0302 tilde=\u0303 macron=\u0304 breve=\u0306 dotaccent=\u0307'),
  ...pairs('dieresis=\u0308 ring=\u030a hungarumlaut=\u030b caron=\u030c cedilla=\u0327 ogonek=\u0328'),
]);

/** By the rules of the Adobe Glyph List: what follows a point says how it looks, underscores join. Undefined where a part is not known. */
const ofName = (name: string): string | undefined => {
  const parts = name.split('.', 1)[0].split('_').map(ofPart);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
};

const ofPart = (name: string): string | undefined => {
  if (/^[A-Za-z]$/.test(name)) return name;
  const code = /^(?:uni([\dA-F]{4})|u([\dA-F]{4,6}))$/.exec(name);
  if (code) return fromCode(Number.parseInt(code[1] ?? code[2], 16));
  const accent = ACCENTS.get(name.slice(1));
  return NAMED.get(name) ?? (accent && `${name[0]}${accent}`.normalize('NFC'));
};

const fromCode = (code: number): string | undefined => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined);

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
];

/** Of a font of signs: files name them by their codes, alone or from U+F000 on, which a font of letters would show as letters. */
const signOf = (unicode: string, { byCode, own, unknown }: Signs): string => {
  const code = unicode.codePointAt(0) ?? 0;
  if (unicode.length !== 1 || own.has(unicode) || own.has(unicode.normalize('NFKC'))) return unicode;
  if (code >= 0xf8e5) return PRIVATE.get(code) ?? unicode;
  const sign = byCode.get(code >= 0xf000 && code < 0xf100 ? code - 0xf000 : code);
  return sign ?? (/\p{L}/u.test(unicode) && code < 0x100 ? unknown : unicode);
};
