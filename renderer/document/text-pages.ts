// The text that the model reads, page by page and block by block, with the way from a block to its rectangles and from a point of a
// page back to its block. Pure functions over a ReadDocument; nothing is worked out before it is asked for.
import type { Box, LeftOut, ReadDocument, TextBlock } from '../../reading/document.ts';
import type { Place } from '../state.ts';
import { firstWhere } from './first-where.ts';

/** Text that the model does not get, one line of it. */
export interface LeftOutLine {
  reason: string;
  text: string;
  boxes: readonly Box[];
}

export interface TextPage {
  /** Indices of the blocks that begin on it: [first, end). */
  first: number;
  end: number;
  above: readonly LeftOutLine[];
  below: readonly LeftOutLine[];
}

const firstBlockFrom = ({ blocks }: ReadDocument, offset: number): number =>
  firstWhere(blocks.length, (i) => blocks[i]!.start >= offset);

/** Rectangles of a block, one per line of print. */
export function boxesOfBlock({ sentences }: ReadDocument, { start, end }: TextBlock): Box[] {
  const boxes: Box[] = [];
  for (let i = firstWhere(sentences.length, (at) => sentences[at]!.start >= start); i < sentences.length; i++) {
    if (sentences[i]!.start >= end) break;
    boxes.push(...sentences[i]!.boxes);
  }
  return boxes;
}

const leftOutByPage = new WeakMap<ReadDocument, Map<number, LeftOut[]>>();

const leftOutOf = (document: ReadDocument, number: number): readonly LeftOut[] => {
  let pages = leftOutByPage.get(document);
  if (!pages) {
    pages = Map.groupBy(document.leftOut, ({ page }) => page);
    leftOutByPage.set(document, pages);
  }
  return pages.get(number) ?? [];
};

/** Pieces at one height are one line. */
function linesOf(pieces: readonly LeftOut[], height: number): LeftOutLine[] {
  const sorted = [...pieces].sort((a, b) => top(a) - top(b));
  const lines: LeftOut[] = [];
  for (const piece of sorted) {
    const last = lines.at(-1);
    if (last && last.why === piece.why && Math.abs(top(last) - top(piece)) < 3) {
      last.text += ` ${piece.text}`;
      last.boxes = [...last.boxes, ...piece.boxes];
    } else lines.push({ ...piece });
  }
  return lines.map((line) => ({ reason: reasonOf(line, height), text: line.text, boxes: line.boxes }));
}

/** What has no place on the page stands after what has. */
const top = ({ boxes }: LeftOut): number => boxes[0]?.y ?? Number.MAX_VALUE;

function reasonOf(line: LeftOut, height: number): string {
  if (line.why === 'hidden') return 'Hidden text';
  if (/^[\s–—\-[(|·]*(?:page\s*)?(?:\d{1,5}|[ivxlc]{1,8})(?:\s*(?:\/|of)\s*\d{1,5})?[\s–—\-\])|·]*$/i.test(line.text))
    return 'Page number';
  return top(line) < height / 2 ? 'Running head' : 'Running foot';
}

export function textPage(document: ReadDocument, number: number): TextPage {
  const page = document.pages[number - 1]!;
  const [first, end] = [firstBlockFrom(document, page.start), firstBlockFrom(document, page.end)];
  const lines = linesOf(leftOutOf(document, number), page.height);
  const begins = first < end ? boxesOfBlock(document, document.blocks[first]!)[0]?.y : undefined;
  const isAbove = ({ boxes }: LeftOutLine) =>
    boxes[0] !== undefined && boxes[0].y + boxes[0].height <= (begins ?? page.height / 2) + 2;
  return { first, end, above: lines.filter(isAbove), below: lines.filter((line) => !isAbove(line)) };
}

/** Where the text ends that a page's section shows: its last block may end on the next page. */
export const textEnd = (document: ReadDocument, number: number): number => {
  const { end } = document.pages[number - 1]!;
  return Math.max(end, document.blocks[firstBlockFrom(document, end) - 1]?.end ?? 0);
};

/** The page on which a block begins. */
export const pageOfBlock = ({ pages, blocks }: ReadDocument, index: number): number => {
  const start = blocks[index]?.start ?? 0;
  return pages[firstWhere(pages.length, (i) => pages[i]!.end > start)]?.number ?? 1;
};

/** Blocks that stand on a page, with the one that goes on from the page before. */
function* blocksOn(document: ReadDocument, number: number): Generator<{ index: number; boxes: Box[] }> {
  const page = document.pages[number - 1];
  if (!page) return;
  const first = firstBlockFrom(document, page.start);
  for (let index = Math.max(0, first - 1); index < document.blocks.length; index++) {
    const block = document.blocks[index]!;
    if (block.start >= page.end && index >= first) return;
    const boxes = boxesOfBlock(document, block).filter((box) => box.page === number);
    if (boxes.length > 0) yield { index, boxes };
  }
}

/** Index of the block at a point of a page, in PDF points: the one whose rectangles hold it, or are nearest. */
export function blockAt(document: ReadDocument, number: number, x: number, y: number): number | undefined {
  let [best, nearest] = [undefined as number | undefined, Number.POSITIVE_INFINITY];
  for (const { index, boxes } of blocksOn(document, number)) {
    for (const box of boxes) {
      const dx = Math.max(box.x - x, 0, x - box.x - box.width);
      const dy = Math.max(box.y - y, 0, y - box.y - box.height);
      // Beside a line is nearer than above it.
      const distance = dx / 4 + dy;
      if (distance < nearest) [best, nearest] = [index, distance];
    }
  }
  return best;
}

export interface BlockPlace {
  index: number;
  /** How far into the block, 0 … 1. */
  share: number;
}

/** The block at a height of a page, the first of them in reading. */
export function blockAtHeight(document: ReadDocument, { page, y }: Place): BlockPlace | undefined {
  let last: BlockPlace | undefined;
  for (const { index, boxes } of blocksOn(document, page)) {
    const from = Math.min(...boxes.map((box) => box.y));
    const to = Math.max(...boxes.map((box) => box.y + box.height));
    if (y < from) return last ?? { index, share: 0 };
    if (y <= to) return { index, share: shareOf(document, index, page, (y - from) / Math.max(1, to - from)) };
    last = { index, share: 1 };
  }
  return last;
}

/** A share of what stands of a block on one page, as a share of all of it. */
function shareOf(document: ReadDocument, index: number, page: number, share: number): number {
  const { start, end } = document.blocks[index]!;
  const { start: pageStart, end: pageEnd } = document.pages[page - 1]!;
  const [from, to] = [Math.max(start, pageStart), Math.min(end, pageEnd)];
  return (from + share * (to - from) - start) / Math.max(1, end - start);
}

/** Where on the pages a share of a block stands. */
export function placeOfBlock(document: ReadDocument, { index, share }: BlockPlace): Place | undefined {
  const boxes = boxesOfBlock(document, document.blocks[index]!);
  const at = share * boxes.length;
  const box = boxes[Math.min(boxes.length - 1, Math.floor(at))];
  return box && { page: box.page, y: box.y + Math.min(1, at - Math.floor(at)) * box.height };
}

/** A stretch of a block's text. */
export interface Piece {
  start: number;
  text: string;
  marked: boolean;
  /** It was found, or is the match that is gone to. */
  found?: 'one' | 'now';
  /** The page that begins with this piece, where one does. */
  page?: number;
}

export interface Span {
  start: number;
  end: number;
}

/** What is marked in a text: the stretch that a citation quotes; what was found, in order; and the match that is gone to. */
export interface TextMarks {
  marked?: Span;
  found?: readonly Span[];
  now?: Span;
}

/** Cuts text[start, end) where a marked stretch or a page begins or ends. */
export function piecesOf(
  { text, pages }: ReadDocument,
  start: number,
  end: number,
  { marked, found = [], now }: TextMarks = {},
): Piece[] {
  const begins = new Map<number, number>();
  for (let i = firstWhere(pages.length, (at) => pages[at]!.start > start); i < pages.length; i++) {
    const page = pages[i]!;
    if (page.start >= end) break;
    if (page.end > page.start) begins.set(page.start, page.number);
  }
  const here = found.slice(
    firstWhere(found.length, (i) => found[i]!.end > start),
    firstWhere(found.length, (i) => found[i]!.start >= end),
  );
  const spans = marked ? [marked, ...here] : here;
  const edges = spans.flatMap((span) => [span.start, span.end]).filter((edge) => edge > start && edge < end);
  const foundAt = (at: number): Piece['found'] => {
    const span = here[firstWhere(here.length, (i) => here[i]!.end > at)];
    return span && span.start <= at ? (span === now ? 'now' : 'one') : undefined;
  };
  const cuts = [...new Set([start, ...begins.keys(), ...edges])].sort((a, b) => a - b);
  return cuts.map((from, i) => ({
    start: from,
    text: text.slice(from, cuts[i + 1] ?? end),
    marked: marked !== undefined && from >= marked.start && from < marked.end,
    ...(foundAt(from) && { found: foundAt(from)! }),
    ...(begins.has(from) && { page: begins.get(from)! }),
  }));
}

/** Lines of text that a page takes, for a guess at its height before it is drawn. */
export const roughLines = ({ pages, blocks }: ReadDocument, number: number, perLine: number): number => {
  const { start, end } = pages[number - 1]!;
  const count = Math.min(
    60,
    Math.max(1, Math.round(((end - start) / Math.max(1, blocks.at(-1)?.end ?? 1)) * blocks.length)),
  );
  return 3 + (end - start) / perLine + count;
};
