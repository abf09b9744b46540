// Finds what a person types in a document's text. Text and query are folded first, so that what one cannot type or does not think of makes
// no difference: case, accents and vowel points, ligatures, soft hyphens and signs without width, kinds of quotation marks, dashes and
// blanks. Folding looks at a character and its neighbours only, so that a book is folded and searched in slices, and the window is not held.

export interface FindOptions {
  matchCase?: boolean;
  wholeWords?: boolean;
}

/** Where it was found: offsets into the text, [start, end). */
export interface Match {
  start: number;
  end: number;
}

/** Characters that are folded and searched in one slice: about a millisecond. */
const SLICE = 1 << 15;

/** A text as it is compared, folded slice by slice when first asked for. */
export interface FoldedText {
  readonly text: string;
  readonly matchCase: boolean;
  readonly slices: FoldedSlice[];
}

interface FoldedSlice {
  /** Its part of the text, [start, end). */
  start: number;
  end: number;
  folded: string;
  /** From where in `folded` on the place in the text is the place here plus `shifts`. */
  from: number[];
  shifts: number[];
}

export const foldedText = (text: string, matchCase = false): FoldedText => ({ text, matchCase, slices: [] });

/** Accents and points over and under letters, but vowel signs that are letters; joiners, marks of direction, soft hyphens. */
const UNSEEN = /[\u0640\p{Cf}[[\p{Mn}&&[\p{sc=Zinh}\p{sc=Hebr}\p{sc=Arab}\p{sc=Cyrl}\p{sc=Syrc}]]--[\u3099\u309A]]]/gv;

/** Letters that no decomposition takes apart, and those that keyboards of one script have in place of another's. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ħ: 'h',
  Ħ: 'H',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  ς: 'σ',
  ك: 'ک',
  ي: 'ی',
  ى: 'ی',
  '\u2044': '/',
  '\u05BE': '-',
};

/** Not taken apart: a letter of its own in Russian, unlike others with a breve, and marks that stand by themselves. */
const WHOLE = new Set(['й', 'Й', '´', '″', '‴']);

const foldCharacter = (character: string, matchCase: boolean): string => {
  const apart = WHOLE.has(character) ? character : character.normalize('NFKD').replace(UNSEEN, '').normalize('NFC');
  const plain = [...apart]
    .map((sign) => LETTERS[sign] ?? sign)
    .join('')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[‘’‚‛′ʹʻʼʽ`´‹›\u05F3]/g, "'")
    .replace(/[“”„‟″ʺ«»\u05F4]/g, '"');
  return matchCase ? plain : plain.toLowerCase();
};

const known = [new Map<string, string>(), new Map<string, string>()];

/** The same, remembered: a text has few characters that are not ASCII, each many times. */
const folded = (character: string, matchCase: boolean): string => {
  const memory = known[matchCase ? 1 : 0];
  const plain = memory.get(character) ?? foldCharacter(character, matchCase);
  memory.set(character, plain);
  return plain;
};

const SPACE = /\s/;
/** Scripts without blanks between words: blanks that print has there are none, and each letter may begin a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Mymr}ー々〇\u3001\u3002]/u;
/** What is folded as it stands: most of a text in English. Its blanks are single, and the grave accent is a quotation mark. */
const PLAIN = /[!-_a-~]+(?: [!-_a-~]+)*/y;

const at = (text: string, index: number): string => String.fromCodePoint(text.codePointAt(index) ?? 0);

const characterBefore = (text: string, index: number): string => {
  const low = text.charCodeAt(index - 1);
  return index > 1 && low >= 0xdc00 && low < 0xe000
    ? text.slice(index - 2, index)
    : text.slice(Math.max(0, index - 1), index);
};

/** Whether the blank at `index` is one: the first of several, and not between letters of a script that has none. */
const isBlank = (text: string, index: number): boolean => {
  const before = characterBefore(text, index);
  if (SPACE.test(before)) return false;
  let next = index + 1;
  while (next < text.length && SPACE.test(text[next])) next++;
  return !(UNSPACED.test(before) && UNSPACED.test(at(text, next)));
};

const foldSlice = (text: string, start: number, end: number, matchCase: boolean): FoldedSlice => {
  const slice: FoldedSlice = { start, end, folded: '', from: [0], shifts: [start] };
  const parts: string[] = [];
  let length = 0;
  const write = (part: string, place: number): void => {
    if (place - length !== slice.shifts[slice.shifts.length - 1]) {
      slice.from.push(length);
      slice.shifts.push(place - length);
    }
    parts.push(part);
    length += part.length;
  };
  for (let i = start; i < end; ) {
    PLAIN.lastIndex = i;
    const run = PLAIN.test(text) ? text.slice(i, Math.min(end, PLAIN.lastIndex)) : '';
    if (run !== '') {
      write(matchCase ? run : run.toLowerCase(), i);
      i += run.length;
      continue;
    }
    const character = at(text, i);
    if (!SPACE.test(character)) for (const unit of folded(character, matchCase).split('')) write(unit, i);
    else if (isBlank(text, i)) write(' ', i);
    i += character.length;
  }
  slice.folded = parts.join('');
  return slice;
};

/** A slice ends behind a blank or, in a script without them, wherever no character is cut in two. */
const endOfSlice = (text: string, start: number): number => {
  const wanted = start + SLICE;
  if (wanted >= text.length) return text.length;
  for (let i = wanted; i > wanted - 200; i--) if (SPACE.test(text[i - 1])) return i;
  const low = text.charCodeAt(wanted);
  return low >= 0xdc00 && low < 0xe000 ? wanted - 1 : wanted;
};

const sliceOf = ({ text, matchCase, slices }: FoldedText, index: number): FoldedSlice | undefined => {
  while (slices.length <= index) {
    const start = slices.at(-1)?.end ?? 0;
    if (start >= text.length && slices.length > 0) return undefined;
    slices.push(foldSlice(text, start, endOfSlice(text, start), matchCase));
  }
  return slices[index];
};

/** Offset in the text of a place in a folded slice. */
const offsetOf = ({ folded, from, shifts, end }: FoldedSlice, place: number): number => {
  if (place >= folded.length) return end;
  let [low, high] = [0, from.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= place) low = middle;
    else high = middle;
  }
  return place + shifts[low];
};

/** What is looked for: folded, without blanks at its ends. Empty: nothing. */
const foldQuery = (query: string, matchCase: boolean): string => {
  const text = query.trim();
  return foldSlice(text, 0, text.length, matchCase).folded.trim();
};

const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Whether a word may begin or end between two characters. */
const isBoundary = (before: string, after: string): boolean =>
  !WORD.test(before) || !WORD.test(after) || UNSPACED.test(before) || UNSPACED.test(after);

const isWhole = (text: string, { start, end }: Match): boolean => {
  let before = start;
  while (before > 0 && text[before - 1].search(UNSEEN) === 0) before--;
  let after = end;
  while (after < text.length && text[after].search(UNSEEN) === 0) after++;
  return (
    (before === 0 || isBoundary(characterBefore(text, before), at(text, start))) &&
    (after === text.length || isBoundary(characterBefore(text, end), at(text, after)))
  );
};

/** The stretch of the text that gave folded[place, place + length), which may end in the slice after. */
const matchAt = (
  text: string,
  slice: FoldedSlice,
  next: FoldedSlice | undefined,
  place: number,
  length: number,
): Match => {
  const start = offsetOf(slice, place);
  const offset = (to: number): number =>
    to < slice.folded.length || !next ? offsetOf(slice, to) : offsetOf(next, to - slice.folded.length);
  const last = offset(place + length - 1);
  // Of a ligature that the match ends in the middle of, all; of what is not seen behind it, accents only.
  let end = Math.max(offset(place + length), last + at(text, last).length);
  while (end > last + 1 && SPACE.test(text[end - 1])) end--;
  return { start, end };
};

/** What is found, in order of the text, slice by slice; matches do not overlap. Each slice costs about a millisecond. */
export function* findIn(text: FoldedText, query: string, { wholeWords = false }: FindOptions = {}): Generator<Match[]> {
  const wanted = foldQuery(query, text.matchCase);
  if (wanted === '') return;
  let from = 0;
  for (let index = 0; ; index++) {
    const slice = sliceOf(text, index);
    if (!slice) return;
    const next = sliceOf(text, index + 1);
    const searched = slice.folded + (next?.folded.slice(0, wanted.length - 1) ?? '');
    const matches: Match[] = [];
    let place = searched.indexOf(wanted, from);
    while (place >= 0) {
      const match = matchAt(text.text, slice, next, place, wanted.length);
      const taken = !wholeWords || isWhole(text.text, match);
      if (taken) matches.push(match);
      from = place + (taken ? wanted.length : 1);
      place = searched.indexOf(wanted, from);
    }
    from = Math.max(0, from - slice.folded.length);
    yield matches;
  }
}

/** All of it at once. */
export const findAll = (text: string, query: string, options: FindOptions = {}): Match[] =>
  [...findIn(foldedText(text, options.matchCase), query, options)].flat();
