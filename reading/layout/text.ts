// From pages of segments to one text, with a map from every character back to the place where it is printed.

import type { LeftOut, Sentence } from '../document.ts';
import { isFromRight, readLine } from './bidi.ts';
import { type Block, type BodyType, isRow, joinAcrossBreaks, type PlacedLine, toBlocks } from './blocks.ts';
import { readingOrder } from './columns.ts';
import { mirroredShape, UsualColumns } from './gutters.ts';
import type { LettersWriter } from './letters.ts';
import { cellsOf, joined, type Line, mirrored, type Region } from './lines.ts';
import type { Frame, PageShape, PageText, Run } from './page-text.ts';
import { boxesOf, type Printed } from './printed.ts';
import { findRunningLines, type RunningLines, takeRunningLines } from './running.ts';
import { CJK } from './runs.ts';
import { splitSentences } from './sentences.ts';

/** A block as it stands in the text. */
export interface LaidBlock {
  kind: Block['kind'];
  start: number;
  end: number;
  size: number;
  /** Of a row on one line: offsets at which its cells begin. */
  cells?: number[];
  /** Of a cell with several lines: what it shares with the other cells of its row. */
  row?: object;
}

export interface LaidText {
  text: string;
  blocks: LaidBlock[];
  sentences: Sentence[];
  /** [start, end) of each page that has text, by page number. */
  pageRanges: Map<number, [number, number]>;
  /** Running heads and feet, which were left out. */
  running: LeftOut[];
}

export interface LayoutOptions {
  /** The text as it is printed: running heads and feet stay in it, and notes where they stand. */
  keepRunningLines?: boolean;
  /** Is told where each letter is printed. */
  letters?: LettersWriter;
}

/**
 * The whole document's text. Pages are in order and are gone through three times, one at a time, so that no more than one needs to be
 * held: for what they have in common at their edges, for the usual type and the words of the document, and to be written.
 */
export const layOut = (pages: Iterable<PageText>, { keepRunningLines, letters }: LayoutOptions = {}): LaidText => {
  const marks: RunningLines = keepRunningLines ? new Map() : findRunningLines(pages);
  const [kinds, words] = [new TypeCounts(), new Set<string>()];
  const columns = new UsualColumns();
  for (const region of placePages(pages, marks, { onColumn: (u, page) => columns.add(u, page) })) {
    kinds.add(region.lines);
    addWords(region.lines, words);
  }
  const body = kinds.body();
  const writer = new Writer(words, letters);
  const placed = placePages(pages, marks, { running: writer.out.running, usual: columns.usual });
  const regions = blocksOf(placed, body);
  for (const block of joinAcrossBreaks(regions, body, keepRunningLines)) writer.write(block);
  return writer.end();
};

interface PlacedRegion extends Region {
  lines: PlacedLine[];
}

interface Placing {
  /** Takes the running lines that are left out. */
  running?: LeftOut[];
  /** Where columns begin on the document's pages. */
  usual?: readonly number[];
  onColumn?: (u: number, page: number) => void;
}

/** Regions of all pages, less running lines. */
function* placePages(
  pages: Iterable<PageText>,
  marks: RunningLines,
  { running, usual, onColumn }: Placing,
): Generator<PlacedRegion> {
  for (const page of pages) {
    const removed = takeRunningLines(page, marks);
    running?.push(...removed);
    const shape: PageShape = { ...page.shape, usual, onColumn: (u) => onColumn?.(u, page.number) };
    for (const frame of page.frames) yield* placeFrame(frame, page.number, frame.angle === 0 ? shape : undefined);
  }
}

function* blocksOf(regions: Iterable<PlacedRegion>, body: BodyType): Generator<{ blocks: Block[]; cell: boolean }> {
  for (const { lines, cell, row, extent } of regions)
    yield { blocks: toBlocks(lines, body, extent).map((block) => ({ ...block, row })), cell };
}

const placeFrame = ({ segments, angle }: Frame, page: number, shape: PageShape = {}): PlacedRegion[] => {
  const fromRight = isFromRight(segments);
  const regions = fromRight
    ? readingOrder(joined(mirrored(segments)), mirroredShape(shape))
    : readingOrder(segments, shape);
  return regions.map(({ lines, cell, row, extent }) => ({
    lines: lines.map((line) => placeLine(line, page, angle, fromRight)),
    cell,
    row,
    extent,
  }));
};

const placeLine = (line: Line, page: number, angle: number, fromRight: boolean): PlacedLine => {
  const runs = readLine(line, fromRight);
  if (runs.length > 1 && isNoteMark(runs[0].run, runs[1].run, runs[2]?.gap ?? true)) runs[1].gap = true;
  const fonts = new Map<string, number>();
  let text = '';
  let length = 0;
  runs.forEach(({ run, gap }, i) => {
    if (i > 0 && gap) text += ' ';
    text += run.text;
    length += run.text.length;
    fonts.set(run.font, (fonts.get(run.font) ?? 0) + run.text.length);
  });
  const [font, share] = [...fonts].sort((a, b) => b[1] - a[1])[0];
  return { ...line, page, angle, runs, text, font: share >= 0.9 * length ? font : '', mostly: font };
};

/** A raised number at the head of a line before a word, which may be "A": the mark of a note, however near it stands. */
const isNoteMark = (mark: Run, word: Run, ends: boolean): boolean =>
  RAISED.test(mark.text) && (ends ? /^\p{L}{2}|^[AaI]$/u : /^\p{L}{2}/u).test(word.text) && isOver(mark, word);

/** What the marks of notes are. */
const RAISED = /^\d{1,3}$|^[*\u2020\u2021\u00a7]+$/u;

/** Whether a mark is smaller than a word and raised over its line. */
const isOver = (mark: Run, word: Run): boolean => mark.size < 0.85 * word.size && mark.v < word.v - 0.15 * word.size;

/** Size and font of most letters. */
class TypeCounts {
  readonly #sizes = new Map<number, number>();
  readonly #fonts = new Map<string, number>();

  add(lines: readonly PlacedLine[]): void {
    for (const { size, font, text } of lines) {
      const half = Math.round(size * 2) / 2;
      this.#sizes.set(half, (this.#sizes.get(half) ?? 0) + text.length);
      if (font !== '') this.#fonts.set(font, (this.#fonts.get(font) ?? 0) + text.length);
    }
  }

  body(): BodyType {
    const most = <K>(counts: Map<K, number>): K | undefined => [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
    return { size: most(this.#sizes) ?? 10, font: most(this.#fonts) ?? '' };
  }
}

/** Words as they stand within lines, to decide what a hyphen at the end of a line is. */
const addWords = (lines: readonly PlacedLine[], words: Set<string>): void => {
  for (const line of lines) {
    const found = line.text.toLowerCase().match(/\p{L}+(?:[-\u2010\u2011]\p{L}+)*/gu) ?? [];
    for (const word of found) words.add(word.replace(/[\u2010\u2011]/g, '-'));
  }
};

/** What joins two lines: a blank, nothing, or nothing and the hyphen (last character of the first line) left out. */
const joint = (end: string, start: string, words: Set<string>): 'blank' | 'none' | 'hyphen' => {
  if (/\u00AD$/.test(end)) return 'hyphen';
  const broken = /([\p{L}\p{N}\-\u2010\u2011]+)[-\u2010\u2011]$/u.exec(end);
  if (broken) {
    const rest = /^[\p{L}\p{M}]+/u.exec(start)?.[0] ?? '';
    const head = broken[1].toLowerCase().replace(/[\u2010\u2011]/g, '-');
    if (!/^\p{Ll}/u.test(rest) || !/\p{L}$/u.test(head)) return /^[\p{L}\p{N}]/u.test(start) ? 'none' : 'blank';
    const tail = rest.toLowerCase();
    if (words.has(`${head}${tail}`)) return 'hyphen';
    if (head.includes('-') || words.has(`${head}-${tail}`)) return 'none';
    return 'hyphen';
  }
  if (/\S[\u2013\u2014]$/u.test(end) && !/\s[\u2013\u2014]$/u.test(end)) return 'none';
  return CJK.test(end.at(-1)!) && CJK.test(start[0]) ? 'none' : 'blank';
};

/** Writes block after block, each with its sentences, after which only these are held. */
class Writer {
  readonly out: LaidText = { text: '', blocks: [], sentences: [], pageRanges: new Map(), running: [] };
  readonly #words: Set<string>;
  readonly #letters: LettersWriter | undefined;
  readonly #parts: string[] = [];
  #length = 0;

  constructor(words: Set<string>, letters?: LettersWriter) {
    this.#words = words;
    this.#letters = letters;
  }

  write({ kind, size, row, lines }: Block): void {
    const start = this.#length > 0 ? this.#length + 1 : 0;
    if (start > 0) this.#parts.push('\n');
    let text = '';
    const printed: Printed[] = [];
    lines.forEach((line, i) => {
      const next = lines[i + 1];
      const how = next ? joint(line.text, next.text, this.#words) : 'end';
      const lineStart = start + text.length;
      text += writeLine(line, how === 'hyphen', lineStart, printed);
      const end = start + text.length;
      const range = this.out.pageRanges.get(line.page);
      if (range) range[1] = end;
      else this.out.pageRanges.set(line.page, [lineStart, end]);
      if (how === 'blank') text += ' ';
    });
    this.#parts.push(text);
    this.#length = start + text.length;
    const cells = lines.length === 1 && isRow(lines[0]) ? cellStarts(lines[0], printed) : undefined;
    this.out.blocks.push({ kind, start, end: this.#length, size, ...(row && { row }), ...(cells && { cells }) });
    this.#addSentences(kind, text, start, printed);
    this.#letters?.add(printed);
  }

  end(): LaidText {
    this.out.text = this.#parts.join('');
    return this.out;
  }

  #addSentences(kind: Block['kind'], text: string, offset: number, printed: readonly Printed[]): void {
    const { sentences } = this.out;
    const spans =
      kind === 'heading' ? [[0, text.length]] : splitSentences(text, 0, text.length, raisedIn(printed, offset));
    for (const [from, to] of spans) {
      const [start, end] = [offset + from, offset + to];
      const boxes = boxesOf(printed, start, end);
      if (boxes.length === 0) continue;
      sentences.push({ index: sentences.length, start, end, page: boxes[0].page, kind, boxes });
    }
  }
}

/** Where raised numbers, as of notes, end in a text that begins at `offset`. */
const raisedIn = (printed: readonly Printed[], offset: number): number[] => {
  let afterMark = false;
  return printed.flatMap(({ end, run, line }, i) => {
    const before = printed[i - 1];
    afterMark =
      before?.line === line &&
      RAISED.test(run.text.replace(/,$/, '')) &&
      (isOver(run, before.run) || (afterMark && run.v < before.run.v + 0.1 * run.size));
    return afterMark && RAISED.test(run.text) ? [end - offset] : [];
  });
};

/** Where the cells of a row begin, in the order in which they were written. */
const cellStarts = (line: Line, printed: readonly Printed[]): number[] => {
  const cells = cellsOf(line).map((cell) => cell.flatMap(({ runs }) => runs));
  // By place: a run of a line that turns may be a part of the one in the cell.
  const cellOf = ({ u0, u1 }: Run): number =>
    cells.findIndex((runs) => runs.some((run) => run.u0 <= (u0 + u1) / 2 && run.u1 >= (u0 + u1) / 2));
  return printed
    .filter(({ run }, i) => i === 0 || cellOf(run) !== cellOf(printed[i - 1].run))
    .map(({ start }) => start);
};

/** The line's text, whose first letter stands at `offset`; `dropLast`: less the hyphen at its end. */
const writeLine = (line: PlacedLine, dropLast: boolean, offset: number, printed: Printed[]): string => {
  let written = '';
  line.runs.forEach(({ run, gap }, i) => {
    if (i > 0 && gap) written += ' ';
    let text = run.text;
    if (dropLast && i === line.runs.length - 1) text = text.slice(0, -1);
    if (text.endsWith('\u00AD')) text = text.slice(0, -1);
    const start = offset + written.length;
    printed.push({ start, end: start + text.length, line, run });
    written += text;
  });
  return written;
};
