// Sentences of a text: the platform's segmenter (Unicode UAX #29), corrected where it parts too early (abbreviations, initials,
// numbers of figures, numbering) or too late (a footnote mark after the full stop).
import { goesOnAfterPoint } from './abbreviations.ts';

/** [start, end) of a sentence, without blanks at its ends. */
export type Span = [start: number, end: number];

/** Longer ones (tables, listings) are parted at a blank. */
const LONGEST = 1_600;

const NUMBERING =
  /^(?:(?:Figure|Fig\.?|Table|Box|Chart|Example|Algorithm|Appendix|Article|Section) )?[([]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)\]]$/u;

let segmenter: Intl.Segmenter | undefined;

/** Sentences within text[start, end), which holds one block; `marks`: where raised marks of notes end in it, in order. */
export const splitSentences = (text: string, start: number, end: number, marks: readonly number[] = []): Span[] => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  const block = text.slice(start, end);
  const pieces: Span[] = [];
  for (const { index, segment } of segmenter.segment(block)) {
    const last = pieces.at(-1);
    if (last && joins(block.slice(last[0], last[1]), segment, last[0] === 0)) last[1] = index + segment.length;
    else pieces.push([index, index + segment.length]);
  }
  return pieces
    .flatMap(([from, to]) => splitAtNotes(block, from, to))
    .flatMap(([from, to]) => splitAfter(block, from, to, marks))
    .flatMap(([from, to]) => shorten(block, from, to))
    .map(([from, to]): Span => trim(text, start + from, start + to))
    .filter(([from, to]) => to > from);
};

/** Parts `… word.12 Next …` and `… word.[3] Next …`, which the segmenter takes for a decimal or leaves in pieces. */
const splitAtNotes = (block: string, from: number, to: number): Span[] => {
  const spans: Span[] = [];
  let start = from;
  const mark = /\p{Ll}{2}[.!?][”"’)]?(?:\d{1,3}|(?:\[\d[\d,\s–-]*\])+)\s+(?=\p{Lu}\p{L})/gu;
  for (const match of block.slice(from, to).matchAll(mark)) {
    const end = from + match.index + match[0].length;
    spans.push([start, end]);
    start = end;
  }
  if (start < to) spans.push([start, to]);
  return spans;
};

/** Parts "… in 2006-07.8 Of …", of which only the print says that the 8 is no decimal. */
const splitAfter = (block: string, from: number, to: number, marks: readonly number[]): Span[] => {
  const ends = marks.filter(
    (mark) =>
      mark > from &&
      mark < to &&
      STOPPED.test(block.slice(from, mark)) &&
      STARTS.test(block.slice(mark, to)) &&
      !goesOnAfterPoint(block.slice(from, mark).replace(MARK, ''), block.slice(mark, to).trimStart()),
  );
  return [from, ...ends].map((start, i): Span => [start, ends[i] ?? to]);
};

const MARK = /(?:\d{1,3}(?:,\s?\d{1,3})*|[*\u2020\u2021\u00a7]+)$/u;
const STOPPED = new RegExp(`[.!?][”"’)]?${MARK.source}`, 'u');
const STARTS = /^\s+["“‘'(]?\p{Lu}/u;

/** Whether `right` goes on with the sentence `left`, although the segmenter parted them. */
const joins = (left: string, right: string, first: boolean): boolean => {
  const end = left.trimEnd();
  if (end.length === left.length && !/[\u3002\uff01\uff1f]$/.test(end)) return true;
  if (/^[\p{Ll}]/u.test(right) && !/[!?]$/.test(end)) return true;
  if (/^[)\]”’»,;:]/u.test(right)) return true;
  if (/^\[\d[\d,\s–-]*\][\s.]*$/u.test(right)) return true;
  if (YEAR.test(right)) return true;
  if (first && NUMBERING.test(end)) return true;
  if (/(?:\.\s?){4,}$/.test(end) && /^(?:\d{1,4}|[ivxlc]{1,6})\s*$/i.test(right)) return true;
  if (goesOnAfterPoint(end, right)) return true;
  return openBracket(end) && right.indexOf(')') >= 0 && right.indexOf(')') < 160;
};

/** "(2009, March).", between an author and a title. */
const YEAR = /^\((?:(?:1[5-9]|20)\d\d[a-z]?(?:, [\p{L}\d –-]{3,20})?|n\. ?d\.)\)[.,:]?\s*$/u;

const openBracket = (text: string): boolean => {
  const open = text.lastIndexOf('(');
  return open >= 0 && text.indexOf(')', open) < 0 && text.length - open < 160;
};

const shorten = (block: string, from: number, to: number): Span[] => {
  const spans: Span[] = [];
  let start = from;
  while (to - start > LONGEST) {
    const blank = block.lastIndexOf(' ', start + LONGEST);
    const cut = blank > start ? blank : start + LONGEST;
    spans.push([start, cut]);
    start = cut;
  }
  spans.push([start, to]);
  return spans;
};

const trim = (text: string, from: number, to: number): Span => {
  while (from < to && /\s/.test(text[from])) from++;
  while (to > from && /\s/.test(text[to - 1])) to--;
  return [from, to];
};
