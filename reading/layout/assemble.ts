// The pages that were read become one document: laid out, cut into sentences, with title, outline, and what a reader should know.
import { type Page, type ReadDocument, ReadingError, type TextBlock } from '../document.ts';
import { multiply } from '../geometry.ts';
import { pageList } from '../page-list.ts';
import { type Bookmark, headingLevels, outlineOfHeadings, placeBookmarks } from '../pdf/outline.ts';
import type { PageRead } from '../pdf/page.ts';
import { CAPTION } from './blocks.ts';
import { unpackText } from './packed.ts';
import type { Frame, PageText } from './page-text.ts';
import { findRunningLines } from './running.ts';
import { type LaidBlock, type LaidText, type LayoutOptions, layOut } from './text.ts';
import { titleOf } from './title.ts';

/** What reading a PDF page by page has brought together. */
export interface Gathered {
  name: string;
  /** All pages of the document; `reads` are those that were come to. */
  pages: Page[];
  reads: PageRead[];
  bookmarks: Bookmark[];
  info?: { Title?: unknown; Author?: unknown };
}

/** Throws a ReadingError where no page has text. */
export const assemble = (gathered: Gathered, options: LayoutOptions & { recogniser?: unknown }): ReadDocument => {
  const laid = layOut(pagesOf(gathered.reads, options.keepRunningLines), options);
  placePages(gathered.pages, laid);
  const { text, blocks, sentences, running } = laid;
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  if (words === 0) throw noText(gathered, options.recogniser !== undefined);
  const { pages, info, name } = gathered;
  const author = tidy(info?.Author);
  const levels = headingLevels(text, blocks);
  const outline =
    gathered.bookmarks.length > 0
      ? placeBookmarks(gathered.bookmarks, { text, pages, sentences }, topOf(gathered))
      : outlineOfHeadings(text, levels, pages);
  const leftOut = [...gathered.reads.flatMap((read) => read.leftOut), ...running];
  leftOut.sort((a, b) => a.page - b.page);
  return {
    title: titleOf(tidy(info?.Title), laid, name),
    ...(author && { author }),
    text,
    pages,
    blocks: blocksOf(text, blocks, levels),
    sentences,
    words,
    outline,
    ...(outline.length > 0 && { outlineFrom: gathered.bookmarks.length > 0 ? 'file' : 'headings' }),
    leftOut,
    notes: notesOf(gathered),
  };
};

/** Pages with text, each unpacked as it is come to; `withMarks`: with the running lines among what nobody can see. */
const pagesOf = (reads: readonly PageRead[], withMarks = false): Iterable<PageText> => {
  const marks = withMarks ? unseenMarks(reads) : undefined;
  return {
    *[Symbol.iterator]() {
      for (const { text: packed } of reads) {
        if (!packed) continue;
        const text = unpackText(packed);
        for (const { angle, segments } of marks?.get(text.number) ?? []) {
          const frame = text.frames.find((other) => other.angle === angle);
          if (frame) frame.segments.push(...segments);
          else text.frames.push({ angle, segments });
        }
        yield text;
      }
    },
  };
};

/** What printers leave unseen at the edge of every page belongs to its running lines; other hidden text stays out. By page. */
const unseenMarks = (reads: readonly PageRead[]): Map<number, Frame[]> => {
  const marks = new Map<number, Frame[]>();
  const frames = reads.flatMap(({ unseen }) => {
    const page = unseen && unpackText(unseen);
    return page ? page.frames.map((frame) => ({ ...page, frames: [frame] })) : [];
  });
  for (const [angle, sameWay] of Map.groupBy(frames, ({ frames: [frame] }) => frame.angle)) {
    const running = findRunningLines(sameWay);
    for (const {
      number,
      frames: [{ segments }],
    } of sameWay) {
      const which = running.get(number);
      if (!which) continue;
      const there = marks.get(number) ?? [];
      there.push({ angle, segments: segments.filter((_, i) => which.has(i)) });
      marks.set(number, there);
    }
  }
  return marks;
};

const placePages = (pages: readonly Page[], { pageRanges }: LaidText): void => {
  let last = 0;
  for (const page of pages) {
    [page.start, page.end] = pageRanges.get(page.number) ?? [last, last];
    last = page.end;
  }
};

/** Blocks as a reader sees them: the cells of a row that have several lines are one row again. */
const blocksOf = (text: string, laid: readonly LaidBlock[], levels: ReadonlyMap<LaidBlock, number>): TextBlock[] => {
  const blocks: TextBlock[] = [];
  let row: object | undefined;
  for (const block of laid) {
    const { start, end } = block;
    const last = blocks.at(-1);
    if (block.row && block.row === row && last?.cells) {
      last.cells.push(start);
      last.end = end;
    } else if (block.row || block.cells) blocks.push({ kind: 'row', start, end, cells: block.cells ?? [start] });
    else if (levels.has(block)) blocks.push({ kind: 'heading', start, end, level: levels.get(block)! });
    else {
      const isCaption = block.kind === 'prose' && CAPTION.test(text.slice(start, Math.min(end, start + 40)));
      blocks.push({ kind: isCaption ? 'caption' : block.kind, start, end });
    }
    row = block.row;
  }
  return blocks;
};

const topOf =
  ({ reads }: Gathered) =>
  (page: number, height: number): number | undefined => {
    const view = reads[page - 1]?.view;
    // On a page that is shown turned a height is no distance from the top.
    return view && view[1] === 0 ? multiply(view, [1, 0, 0, 1, 0, height])[5] : undefined;
  };

const tidy = (given: unknown): string =>
  typeof given === 'string'
    ? given
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, 300)
    : '';

/** The whole file's trouble as a sentence. */
export const noteOfTrouble = (trouble: NonNullable<PageRead['trouble']>): ReadingError => {
  if (trouble === 'memory') return new ReadingError('too-large', 'This PDF expands to more than 256 MB; stopped.');
  if (trouble === 'slow') return new ReadingError('too-slow', 'This PDF never comes to an end; stopped.');
  if (trouble === 'characters')
    return new ReadingError('too-large', 'A page of this PDF holds more text than a book; stopped.');
  return new ReadingError('damaged', 'This PDF is damaged and stopped its reader. Get a new copy of it.');
};

const noText = ({ pages, reads }: Gathered, recognised: boolean): ReadingError => {
  const trouble = reads.find((read) => read.trouble)?.trouble;
  if (trouble) return noteOfTrouble(trouble);
  if (pages.every((page) => page.state === 'failed')) {
    return new ReadingError('damaged', 'This PDF is damaged: none of its pages could be read. Get a new copy of it.');
  }
  const scanned = pages.some((page) => page.state === 'scanned');
  if (scanned && recognised) return new ReadingError('no-text', 'No text was recognised in the pictures of this PDF.');
  if (scanned) return new ReadingError('no-text', 'No text in this PDF: it looks like a scan.', SCANNED);
  if (reads.some((read) => read.leftOut.length > 0))
    return new ReadingError('no-text', 'No text in this PDF that can be seen; hidden text was left out.');
  return new ReadingError('no-text', 'No text in this PDF: its pages are blank.');
};

/** Detail of the error of a document whose text may be recognised. */
export const SCANNED = 'scanned';

/** Which pages are pictures without text, as a note has it. */
export const scanNote = (pages: readonly Page[]): string | undefined => {
  const scanned = pages.filter((page) => page.state === 'scanned').map((page) => page.number);
  if (scanned.length === 0) return undefined;
  return `${pageList(scanned)} ${scanned.length > 1 ? 'hold' : 'holds'} a picture without text; not read.`;
};

const notesOf = ({ pages, reads }: Gathered): string[] => {
  const notes: string[] = [];
  const say = (numbers: readonly number[], sentence: (pages: string) => string): void => {
    if (numbers.length > 0) notes.push(sentence(pageList(numbers)));
  };
  const those = (which: (page: Page) => boolean): number[] => pages.filter(which).map((page) => page.number);
  const within = (which: (read: PageRead) => boolean): number[] => reads.filter(which).map((read) => read.page.number);
  const troubled = (trouble: PageRead['trouble']): number[] => within((read) => read.trouble === trouble);
  const large = troubled('memory');
  say(large, (list) => `${list} ${large.length > 1 ? 'expand' : 'expands'} to more than 256 MB; left out.`);
  const slow = troubled('slow');
  say(slow, (list) => `${list} never ${slow.length > 1 ? 'come' : 'comes'} to an end; left out.`);
  say(
    those((page) => page.state === 'failed').filter((number) => !large.includes(number) && !slow.includes(number)),
    (list) => `${list} could not be read.`,
  );
  const scanned = scanNote(pages);
  if (scanned) notes.push(scanned);
  say(
    those((page) => page.recognised === 'here'),
    (list) => `Text of ${list.replace('P', 'p')} was recognised in pictures; it may hold mistakes.`,
  );
  say(
    within((read) => read.text?.hidden === true),
    (list) => `Hidden text found on ${list.replace('P', 'p')}; left out.`,
  );
  say(
    within((read) => read.unchecked === true && read.page.state === 'text'),
    (list) => `Hidden text was not looked for on ${list.replace('P', 'p')}: too much is drawn there.`,
  );
  return notes;
};
