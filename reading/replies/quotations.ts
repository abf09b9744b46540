// Quotations inside prose: what stands between quotation marks must stand in the document, at a place that is found and compared.
// One that differs by blanks, hyphens, case or marks only is set right; any other makes the sentence unverified.
import type { ReadDocument, Sentence } from '../document.ts';

export interface Quotations {
  /** `verified` also where there are none. */
  status: 'verified' | 'repaired' | 'unverified';
  text: string;
}

const QUOTED = /“([^“”]+)”|"([^"]+)"|«([^«»]+)»|„([^„“”]+)[“”]/gu;
/** Shorter ones mark a word, they quote nothing. Words. */
const LEAST_WORDS = 2;

/** Letters and digits alone, and for each of them its place in the text. */
const bare = (text: string): { letters: string; places: number[] } => {
  let letters = '';
  const places: number[] = [];
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    for (const letter of character
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]/gu) ?? []) {
      letters += letter;
      for (let i = 0; i < letter.length; i++) places.push(at);
    }
    at += character.length;
  }
  return { letters, places };
};

/** Every quotation of `text` against what was read of the document. */
export const checkQuotations = (document: ReadDocument, sentences: readonly Sentence[], text: string): Quotations => {
  const found = new Set<Quotations['status']>();
  let read: (ReturnType<typeof bare> & { text: string }) | undefined;
  const checked = text.replace(QUOTED, (whole, ...groups: (string | undefined)[]) => {
    const quote = groups.slice(0, 4).find((group) => group !== undefined)!;
    const inner = quote.replace(/[.,;:!?…]+$/, '').trim();
    if (inner.split(/\s+/).length < LEAST_WORDS) return whole;
    read ??= readText(document, sentences);
    if (standsIn(inner, read.text)) return whole;
    const wanted = bare(inner).letters;
    const at = wanted === '' ? -1 : read.letters.indexOf(wanted);
    const end = at < 0 ? 0 : read.places[at + wanted.length - 1] + 1;
    if (at < 0 || !isWhole(read.text, read.places[at], end)) {
      found.add('unverified');
      return whole;
    }
    found.add('repaired');
    const there = read.text.slice(read.places[at], end);
    return whole.replace(inner, () => there);
  });
  const status = (['unverified', 'repaired'] as const).find((one) => found.has(one)) ?? 'verified';
  return { status, text: status === 'unverified' ? text : checked };
};

/** Neither begins nor ends within a word or a number. */
const isWhole = (text: string, start: number, end: number): boolean =>
  !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
  !/^(?:[\p{L}\p{N}]|[.,]\d)/u.test(text.slice(end, end + 3));

const standsIn = (quote: string, text: string): boolean => {
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1))
    if (isWhole(text, at, at + quote.length)) return true;
  return false;
};

/** What was laid in, without the pages that were left out. */
const readText = (document: ReadDocument, sentences: readonly Sentence[]) => {
  const text = sentences.map(({ start, end }) => document.text.slice(start, end)).join(' ');
  return { text, ...bare(text) };
};
