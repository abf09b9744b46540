// What the glyphs of a font are called by the font itself: names in the Compact Font Format (Adobe Technical Note 5176), found from what
// pdf.js hands out for a code by the font's map of characters. pdf.js asks for names too, but not where the file maps a few codes to Unicode
// and leaves the others to their glyphs' names, as dvipdfmx does: there it takes the codes for letters, and loses "fi" and Greek.

type Bytes = Uint8Array;

/** Limits on everything: entries of an index, and characters of a map, that are looked at. */
const MOST = 65_536;
/** Operators of the top dictionary, in place of whose offsets small numbers name sets that every reader knows. */
const [CHARSET, CHARSTRINGS] = [15, 17];
const LARGEST_KNOWN = 2;

/** Names by characters of the font (`fontChar` of a glyph), of a font as pdf.js wraps it: OpenType with a CFF table. Empty for any other. */
export const glyphNames = (font: Bytes): ReadonlyMap<string, string> => {
  try {
    const [cff, cmap] = [tableOf(font, 'CFF '), tableOf(font, 'cmap')];
    return cff && cmap ? namesByCharacter(namesOf(cff), cmap) : new Map();
  } catch {
    // Cut short or none at all: what is known without it is used.
    return new Map();
  }
};

const number = (bytes: Bytes, at: number, size: number): number => {
  if (at < 0 || at + size > bytes.length) throw new RangeError('past the end');
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + bytes[at + i];
  return value;
};

const latin = (bytes: Bytes): string => String.fromCharCode(...bytes);

const tableOf = (font: Bytes, tag: string): Bytes | undefined => {
  if (latin(font.subarray(0, 4)) !== 'OTTO') return undefined;
  for (let i = 0, at = 12; i < number(font, 4, 2); i++, at += 16) {
    if (latin(font.subarray(at, at + 4)) !== tag) continue;
    const start = number(font, at + 8, 4);
    return font.subarray(start, start + number(font, at + 12, 4));
  }
  return undefined;
};

/** Names of glyphs by number. */
const namesOf = (cff: Bytes): string[] => {
  const fontNames = readIndex(cff, number(cff, 2, 1));
  const tops = readIndex(cff, fontNames.end);
  const strings = readIndex(cff, tops.end);
  const top = readTop(tops.items[0]);
  const [charset, glyphs] = [CHARSET, CHARSTRINGS].map((key) => top.get(key) ?? 0);
  if (charset <= LARGEST_KNOWN || glyphs === 0) return [];
  return readCharset(cff, charset, readIndex(cff, glyphs).items.length).map((sid) => {
    if (sid < FIRST_OWN) return STANDARD[sid] ?? LIGATURES[sid] ?? '';
    const own = strings.items[sid - FIRST_OWN];
    return own ? latin(own) : '';
  });
};

/** By a map of characters in format 4 (segments of codes), the only one that fonts with one byte a code need. */
const namesByCharacter = (names: readonly string[], cmap: Bytes): Map<string, string> => {
  const found = new Map<string, string>();
  const table = cmap.subarray(number(cmap, 8, 4));
  if (number(table, 0, 2) !== 4) return found;
  const segments = number(table, 6, 2) / 2;
  let looked = 0;
  for (let i = 0; i < segments; i++) {
    const field = (which: number): number => number(table, 14 + 2 * i + which * 2 * segments + (which > 0 ? 2 : 0), 2);
    const [end, start, delta, offset] = [0, 1, 2, 3].map(field);
    for (let code = start; code <= end && code < 0xffff; code++) {
      if (++looked > MOST) throw new RangeError('too many');
      const at = 16 + 6 * segments + 2 * i + offset + 2 * (code - start);
      const name = names[offset === 0 ? (code + delta) & 0xffff : number(table, at, 2)];
      if (name) found.set(String.fromCharCode(code), name);
    }
  }
  return found;
};

const readIndex = (cff: Bytes, at: number): { items: Bytes[]; end: number } => {
  const count = number(cff, at, 2);
  if (count === 0) return { items: [], end: at + 2 };
  if (count > MOST) throw new RangeError('too many');
  const size = number(cff, at + 2, 1);
  const base = at + 2 + (count + 1) * size;
  const offset = (i: number): number => base + number(cff, at + 3 + i * size, size);
  const items = Array.from({ length: count }, (_, i) => cff.subarray(offset(i), offset(i + 1)));
  return { items, end: offset(count) };
};

/** The whole numbers of a dictionary by their operators. */
const readTop = (dict: Bytes): Map<number, number> => {
  const found = new Map<number, number>();
  let last = 0;
  for (let at = 0; at < dict.length; ) {
    const first = dict[at++];
    if (first === 12) at++;
    else if (first < 22) found.set(first, last);
    else if (first === 28) [last, at] = [number(dict, at, 2), at + 2];
    else if (first === 29) [last, at] = [number(dict, at, 4), at + 4];
    else if (first === 30) while ((number(dict, at, 1) & 15) !== 15 && dict[at++] >> 4 !== 15);
    else if (first < 247) last = first - 139;
    else if (first < 255)
      last = (first < 251 ? 1 : -1) * ((first - (first < 251 ? 247 : 251)) * 256 + dict[at++] + 108);
  }
  return found;
};

/** Of each glyph the number of its name; the first has none, but pdf.js writes one for it, which no other has. */
const readCharset = (cff: Bytes, at: number, glyphs: number): number[] => {
  const format = number(cff, at++, 1);
  const sids = number(cff, at, 2) === 0 ? [] : [0];
  while (sids.length < glyphs) {
    const first = number(cff, at, 2);
    const left = format === 0 ? 0 : number(cff, at + 2, format);
    at += 2 + format;
    for (let i = 0; i <= left && sids.length < glyphs; i++) sids.push(first + i);
  }
  return sids;
};

/** Names that every font has by number (appendix A), as far as letters and signs go. */
const STANDARD = `.notdef
  space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright asterisk plus comma hyphen period slash zero
  one two three four five six seven eight nine colon semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U
  V W X Y Z bracketleft backslash bracketright asciicircum underscore quoteleft a b c d e f g h i j k l m n o p q r s t u v w x y z
  braceleft bar braceright asciitilde exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft
  guillemotleft guilsinglleft guilsinglright fi fl endash dagger daggerdbl periodcentered paragraph bullet quotesinglbase quotedblbase
  quotedblright guillemotright ellipsis perthousand questiondown grave acute circumflex tilde macron breve dotaccent dieresis ring
  cedilla hungarumlaut ogonek caron emdash AE ordfeminine Lslash Oslash OE ordmasculine ae dotlessi lslash oslash oe germandbls
  onesuperior logicalnot mu trademark Eth onehalf plusminus Thorn onequarter divide brokenbar degree thorn threequarters twosuperior
  registered minus eth multiply threesuperior copyright Aacute Acircumflex Adieresis Agrave Aring Atilde Ccedilla Eacute Ecircumflex
  Edieresis Egrave Iacute Icircumflex Idieresis Igrave Ntilde Oacute Ocircumflex Odieresis Ograve Otilde Scaron Uacute Ucircumflex
  Udieresis Ugrave Yacute Ydieresis Zcaron aacute acircumflex adieresis agrave aring atilde ccedilla eacute ecircumflex edieresis egrave
  iacute icircumflex idieresis igrave ntilde oacute ocircumflex odieresis ograve otilde scaron uacute ucircumflex udieresis ugrave
  yacute ydieresis zcaron`.split(/\s+/);
const LIGATURES: Record<number, string> = { 266: 'ff', 267: 'ffi', 268: 'ffl' };
const FIRST_OWN = 391;
