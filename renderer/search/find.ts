// What is looked for in the open document, and where it was found: beside the state, as it changes with each letter that is typed. Pure
// functions; finding.ts searches.
import type { Box } from '../../reading/document.ts';
import { boxesAt, type Letters, rangesOfPages } from '../../reading/layout/letters.ts';
import type { PrintedText } from '../../reading/layout/so-far.ts';
import { type FoldedText, foldedText, type Match } from '../../reading/words/find.ts';
import { firstWhere } from '../document/first-where.ts';
import { count } from '../format.ts';
import type { Place } from '../state.ts';

export interface Find {
  /** Its bar is on show. */
  open: boolean;
  /** A new number asks for the focus in its field. */
  asked: number;
  query: string;
  matchCase: boolean;
  wholeWords: boolean;
  /** The text that is searched: one part, or of a document that is still being read as many as have come. */
  parts: readonly Part[];
  /** Whether that is all of the document. */
  whole: boolean;
  found: Found;
  /** Index of the match that is gone to; −1 while there is none. */
  now: number;
  /** A new number: that match was gone to. */
  shown: number;
}

export interface Part {
  folded: FoldedText;
  letters: Letters;
  /** Offset of its first character in all that is searched. */
  base: number;
  /** What of its text stands on each page. */
  pages: ReadonlyMap<number, readonly [number, number]>;
}

export interface Found {
  /** In order of the text. */
  matches: readonly Match[];
  /** All parts that there are were searched. */
  done: boolean;
  /** There are more than are counted. */
  more: boolean;
}

/** Limits on everything: a letter may stand in a book a million times. */
export const MOST_MATCHES = 100_000;

export const NOTHING: Found = { matches: [], done: true, more: false };

export const noFind: Find = {
  open: false,
  asked: 0,
  query: '',
  matchCase: false,
  wholeWords: false,
  parts: [],
  whole: false,
  found: NOTHING,
  now: -1,
  shown: 0,
};

export const partOf = ({ text, letters }: PrintedText, base: number, matchCase: boolean): Part => ({
  folded: foldedText(text, matchCase),
  letters,
  base,
  pages: rangesOfPages(letters),
});

/** Where the next part begins: a line feed stands between two. */
export const endOf = (parts: readonly Part[]): number => {
  const last = parts.at(-1);
  return last ? last.base + last.folded.text.length + 1 : 0;
};

/** The same text, to be compared in another way. */
export const foldedAnew = (parts: readonly Part[], matchCase: boolean): Part[] =>
  parts.map((part) => ({ ...part, folded: foldedText(part.folded.text, matchCase) }));

/** Rectangles of a match, one for each line of print that it is on. */
export const boxesOfMatch = (parts: readonly Part[], { start, end }: Match): Box[] =>
  parts
    .filter(({ base, folded }) => start < base + folded.text.length && end > base)
    .flatMap(({ base, letters }) => boxesAt(letters, start - base, end - base));

/** Where the match that is gone to stands. */
export function placeOfMatch({ parts, found, now }: Pick<Find, 'parts' | 'found' | 'now'>): Box | undefined {
  const match = found.matches[now];
  return match && boxesOfMatch(parts, match)[0];
}

/** Indices of the matches that touch [start, end): first, and behind the last. */
export const matchesWithin = (matches: readonly Match[], start: number, end: number): [number, number] => [
  firstWhere(matches.length, (i) => matches[i]!.end > start),
  firstWhere(matches.length, (i) => matches[i]!.start >= end),
];

export interface PageMark {
  index: number;
  boxes: Box[];
}

/** What is marked on a page. */
export function marksOnPage({ parts, found }: Pick<Find, 'parts' | 'found'>, page: number): PageMark[] {
  const marks: PageMark[] = [];
  for (const { base, pages, letters } of parts) {
    const range = pages.get(page);
    if (!range) continue;
    const [first, end] = matchesWithin(found.matches, base + range[0], base + range[1]);
    for (let index = first; index < end; index++) {
      const match = found.matches[index]!;
      const boxes = boxesAt(letters, match.start - base, match.end - base).filter((box) => box.page === page);
      if (boxes.length > 0) marks.push({ index, boxes });
    }
  }
  return marks;
}

/** Index of the first match that stands at a place or after it; none where all stand before. */
export function firstFrom({ parts, found }: Pick<Find, 'parts' | 'found'>, { page, y }: Place): number | undefined {
  const { matches } = found;
  for (const { base, pages } of parts) {
    const from = [...pages].filter(([number]) => number >= page).map(([, [start]]) => start);
    if (from.length === 0) continue;
    let index = firstWhere(matches.length, (i) => matches[i]!.end > base + Math.min(...from));
    for (; index < matches.length; index++) {
      const box = boxesOfMatch(parts, matches[index]!)[0];
      if (box && (box.page > page || (box.page === page && box.y >= y))) return index;
    }
  }
  return undefined;
}

/** "3 of 41", as it stands in the bar. `reading`: its pages are still being read. */
export function countWords({ query, found, now, whole, parts }: Find, reading: boolean): string {
  if (query.trim() === '') return '';
  const { matches, done, more } = found;
  if (matches.length === 0) return reading ? 'Reading…' : !done ? 'Searching…' : parts.length > 0 ? 'Not found' : '';
  const all = `${count(matches.length)}${more ? '+' : ''}${whole ? '' : ' so far'}`;
  return now < 0 ? `${all} found` : `${count(now + 1)} of ${all}`;
}
