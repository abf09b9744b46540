// A document's table of contents with the offset at which each section starts: its own outline, whose entries name a page and
// often a height on it, or, where a file has none, its headings by their size.
import type { OutlineEntry, Page, ReadDocument, Sentence } from '../document.ts';
import type { LaidBlock } from '../layout/text.ts';
import type { PdfDocument, PdfOutlineItem } from './session.ts';

/** Limits on everything. */
const MOST_ENTRIES = 5_000;
const DEEPEST = 10;
const LONGEST_TITLE = 300;
/** Headings of more sizes than this are not told apart. */
const MOST_LEVELS = 4;

/** What a file's own outline says, before its text is known. */
export interface Bookmark {
  title: string;
  level: number;
  /** Physical page, from 1. */
  page: number;
  /** In user space, where the entry names it. */
  top?: number;
}

/** In the order of the outline; entries that lead nowhere are left out. */
export const readBookmarks = async (pdf: PdfDocument): Promise<Bookmark[]> => {
  const bookmarks: Bookmark[] = [];
  const visit = async (items: readonly PdfOutlineItem[], level: number): Promise<void> => {
    for (const item of items) {
      if (bookmarks.length >= MOST_ENTRIES) return;
      const title = item.title
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_TITLE);
      const place = title === '' ? undefined : await placeOf(pdf, item.dest);
      if (place) bookmarks.push({ title, level, ...place });
      if (level < DEEPEST) await visit(item.items ?? [], place ? level + 1 : level);
    }
  };
  await visit((await pdf.getOutline()) ?? [], 1);
  return bookmarks;
};

const placeOf = async (
  pdf: PdfDocument,
  dest: PdfOutlineItem['dest'],
): Promise<Omit<Bookmark, 'title' | 'level'> | undefined> => {
  try {
    const explicit = typeof dest === 'string' ? await pdf.getDestination(dest) : dest;
    if (!Array.isArray(explicit)) return undefined;
    const [target, how, ...numbers] = explicit as [unknown, { name?: string } | undefined, ...unknown[]];
    const page = (typeof target === 'number' ? target : await pdf.getPageIndex(target)) + 1;
    if (!(page >= 1 && page <= pdf.numPages)) return undefined;
    const top =
      how?.name === 'XYZ' ? numbers[1] : how?.name === 'FitH' || how?.name === 'FitBH' ? numbers[0] : undefined;
    return typeof top === 'number' ? { page, top } : { page };
  } catch {
    return undefined;
  }
};

/** `topOf`: a height in user space of a page as a distance from the top of the page as shown. */
export const placeBookmarks = (
  bookmarks: readonly Bookmark[],
  document: Pick<ReadDocument, 'text' | 'pages' | 'sentences'>,
  topOf: (page: number, height: number) => number | undefined,
): OutlineEntry[] => {
  const byPage = Map.groupBy(document.sentences, (sentence) => sentence.page);
  const entries = bookmarks.map(({ title, level, page, top }) => {
    const sentences = byPage.get(page) ?? [];
    const from = top === undefined ? undefined : topOf(page, top);
    const heading = titled(document.text, sentences, title, from);
    const start = heading?.start ?? below(sentences, from) ?? document.pages[page - 1].start;
    return { title: heading ? spelled(document.text, heading, title) : title, level, page, start };
  });
  return entries.sort((a, b) => a.start - b.start);
};

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** The letters of a title alone: its number may stand apart, or twice. */
const lettersOf = (text: string): string => bare(text).replace(/\d+/g, '');

/** Whether a title is that of a heading, if need be said twice: writers of outlines drop blanks, and repeat what a page parts. */
const isSpelledAs = (title: string, heading: string): boolean => {
  const [letters, there] = [lettersOf(title), lettersOf(heading)];
  return there !== '' && letters !== '' && there.repeat(Math.round(letters.length / there.length)) === letters;
};

/** A title as it stands on the page, where it is the same but for blanks. */
const spelled = (text: string, { kind, start, end }: Sentence, title: string): string => {
  const there = text.slice(start, end).trim();
  return kind === 'heading' && there.length <= LONGEST_TITLE && isSpelledAs(title, there) ? there : title;
};

/** The sentence that is the title, or begins with it; the nearest below `from` where it stands more than once. */
const titled = (
  text: string,
  sentences: readonly Sentence[],
  title: string,
  from: number | undefined,
): Sentence | undefined => {
  const wanted = bare(title);
  if (wanted === '') return undefined;
  // "2.1 Methods" in the outline may be "Methods" on the page, with the number elsewhere.
  const short = wanted.replace(/^\d+/, '');
  const matches = sentences.filter((sentence) => {
    const there = bare(text.slice(sentence.start, Math.min(sentence.end, sentence.start + 2 * LONGEST_TITLE)));
    if (there === wanted || there.replace(/^\d+/, '') === short) return true;
    if (sentence.kind !== 'heading' || there === '') return false;
    return there.startsWith(wanted) || wanted.startsWith(there) || isSpelledAs(wanted, there);
  });
  const distance = ({ boxes }: Sentence): number => Math.abs((boxes[0]?.y ?? 0) - (from ?? 0));
  if (from !== undefined) matches.sort((a, b) => distance(a) - distance(b));
  const heading = matches.find((sentence) => sentence.kind === 'heading');
  return heading ?? matches[0];
};

/** Start of the first sentence that lies below a height. */
const below = (sentences: readonly Sentence[], from: number | undefined): number | undefined =>
  from === undefined ? undefined : sentences.find(({ boxes }) => boxes[0].y + boxes[0].height > from - 2)?.start;

/** Parts of a heading's number: 2 for "1.3 Methods", 1 where it has none. */
const depthOf = (title: string): number =>
  /^(?:\d{1,3}|[A-Z])((?:\.\d{1,3})*)\.?\s/.exec(title)?.[1].split('.').length ?? 1;

/** Levels of headings, 1 the highest: the larger print stands above the smaller, "1" above "1.3" of the same size. */
export const headingLevels = (text: string, blocks: readonly LaidBlock[]): Map<LaidBlock, number> => {
  const rank = (block: LaidBlock): number =>
    Math.round(block.size) * 100 - depthOf(text.slice(block.start, Math.min(block.end, block.start + 40)));
  const headings = blocks.filter((block) => block.kind === 'heading').map((block) => [block, rank(block)] as const);
  const ranks = [...new Set(headings.map(([, one]) => one))].sort((a, b) => b - a);
  return new Map(headings.map(([block, one]) => [block, Math.min(MOST_LEVELS, ranks.indexOf(one) + 1)]));
};

/** The headings of a document. */
export const outlineOfHeadings = (
  text: string,
  levels: ReadonlyMap<LaidBlock, number>,
  pages: readonly Page[],
): OutlineEntry[] => {
  const headings = [...levels].filter(([{ start, end }]) => end - start <= LONGEST_TITLE);
  let page = 0;
  return headings.slice(0, MOST_ENTRIES).map(([{ start, end }, level]) => {
    while (page + 1 < pages.length && pages[page].end <= start) page++;
    return { title: text.slice(start, end).trim(), level, page: pages[page].number, start };
  });
};
