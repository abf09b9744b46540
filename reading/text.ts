// From pages of segments to one text, with a map from every character back to the place where it is printed.
import { isFromRight, readLine } from './bidi.ts';
import { type Block, type BodyType, isRow, joinAcrossBreaks, type PlacedLine, toBlocks } from './blocks.ts';
import { readingOrder } from './columns.ts';
import type { Box } from './document.ts';
import { type Frame, frameBox, type PageText, type Run } from './glyphs.ts';
import { cellsOf, joined, type Line, mirrored, type Region } from './lines.ts';
import { removeRunningLines } from './running.ts';
import { CJK } from './runs.ts';

/** A stretch of the text that one run printed: [start, end) holds the run's text, less what joining lines left out. */
export interface Printed {
  start: number;
  end: number;
  page: number;
  angle: number;
  line: PlacedLine;
  run: Run;
}

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
  printed: Printed[];
  /** [start, end) of each page that has text, by page number. */
  pageRanges: Map<number, [number, number]>;
}

export interface LayoutOptions {
  /** The text as it is printed: running heads and feet stay in it, and notes where they stand. */
  keepRunningLines?: boolean;
}

/** The whole document's text. Pages are given in order; their frames are changed in place. */
export const layOut = (pages: readonly PageText[], options: LayoutOptions = {}): LaidText => {
  if (!options.keepRunningLines) removeRunningLines(pages);
  const regions = pages.flatMap((page) => page.frames.flatMap((frame) => placeFrame(frame, page.number)));
  const lines = regions.flatMap((region) => region.lines);
  const body = bodyType(lines);
  const blocks = joinAcrossBreaks(
    regions.map(({ lines, cell, row }) => ({
      blocks: toBlocks(lines, body).map((block) => ({ ...block, row })),
      cell,
    })),
    body,
    options.keepRunningLines,
  );
  return writeBlocks(blocks, wordsOf(lines));
};

interface PlacedRegion extends Region {
  lines: PlacedLine[];
}

const placeFrame = ({ segments, angle }: Frame, page: number): PlacedRegion[] => {
  const fromRight = isFromRight(segments);
  return readingOrder(fromRight ? joined(mirrored(segments)) : segments).map(({ lines, cell, row }) => ({
    lines: lines.map((line) => placeLine(line, page, angle, fromRight)),
    cell,
    row,
  }));
};

const placeLine = (line: Line, page: number, angle: number, fromRight: boolean): PlacedLine => {
  const runs = readLine(line, fromRight);
  if (runs.length > 1 && isNoteMark(runs[0].run, runs[1].run)) runs[1].gap = true;
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
  return { ...line, page, angle, runs, text, font: share >= 0.9 * length ? font : '' };
};

/** A raised number at the head of a line before a word: the mark of a note, however near it stands. */
const isNoteMark = (mark: Run, word: Run): boolean =>
  /^\d{1,3}$|^[*\u2020\u2021\u00a7]+$/u.test(mark.text) &&
  /^\p{L}{2}/u.test(word.text) &&
  mark.size < 0.85 * word.size &&
  mark.v < word.v - 0.15 * word.size;

/** Size and font of most letters. */
const bodyType = (lines: readonly PlacedLine[]): BodyType => {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  for (const line of lines) {
    const size = Math.round(line.size * 2) / 2;
    sizes.set(size, (sizes.get(size) ?? 0) + line.text.length);
    fonts.set(line.font, (fonts.get(line.font) ?? 0) + line.text.length);
  }
  fonts.delete('');
  const most = <K>(counts: Map<K, number>): K | undefined => [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  return { size: most(sizes) ?? 10, font: most(fonts) ?? '' };
};

/** Words as they stand within lines, to decide what a hyphen at the end of a line is. */
const wordsOf = (lines: readonly PlacedLine[]): Set<string> => {
  const words = new Set<string>();
  for (const line of lines) {
    const found = line.text.toLowerCase().match(/\p{L}+(?:[-\u2010\u2011]\p{L}+)*/gu) ?? [];
    for (const word of found) words.add(word.replace(/[\u2010\u2011]/g, '-'));
  }
  return words;
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

const writeBlocks = (blocks: readonly Block[], words: Set<string>): LaidText => {
  const parts: string[] = [];
  let length = 0;
  const out: LaidText = { text: '', blocks: [], printed: [], pageRanges: new Map() };
  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  for (const block of blocks) {
    if (length > 0) write('\n');
    const start = length;
    const before = out.printed.length;
    block.lines.forEach((line, i) => {
      const next = block.lines[i + 1];
      const how = next ? joint(line.text, next.text, words) : 'end';
      const lineStart = length;
      writeLine(line, how === 'hyphen', length, out.printed, write);
      const range = out.pageRanges.get(line.page);
      if (range) range[1] = length;
      else out.pageRanges.set(line.page, [lineStart, length]);
      if (how === 'blank') write(' ');
    });
    const { kind, size, row, lines } = block;
    const cells = lines.length === 1 && isRow(lines[0]) ? cellStarts(lines[0], out.printed.slice(before)) : undefined;
    out.blocks.push({ kind, start, end: length, size, ...(row && { row }), ...(cells && { cells }) });
  }
  out.text = parts.join('');
  return out;
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

const writeLine = (
  line: PlacedLine,
  dropLast: boolean,
  offset: number,
  printed: Printed[],
  write: (text: string) => void,
): void => {
  const { runs } = line;
  let at = offset;
  runs.forEach(({ run, gap }, i) => {
    if (i > 0 && gap) {
      write(' ');
      at++;
    }
    let text = run.text;
    if (dropLast && i === runs.length - 1) text = text.slice(0, -1);
    if (text.endsWith('\u00AD')) text = text.slice(0, -1);
    write(text);
    printed.push({ start: at, end: at + text.length, page: line.page, angle: line.angle, line, run });
    at += text.length;
  });
};

/** Boxes of text[start, end): one per line. `printed` is in order of `start`. */
export const boxesOf = (printed: readonly Printed[], start: number, end: number): Box[] => {
  const boxes: Box[] = [];
  let line: PlacedLine | undefined;
  let [u0, u1] = [0, 0];
  const close = (piece: PlacedLine): void => {
    boxes.push(frameBox(piece.page, piece.angle, u0, u1, piece.v, piece.size));
  };
  for (let i = firstAfter(printed, start); i < printed.length && printed[i].start < end; i++) {
    const piece = printed[i];
    const [from, to] = stretch(piece, Math.max(start, piece.start), Math.min(end, piece.end));
    if (piece.line !== line) {
      if (line) close(line);
      line = piece.line;
      [u0, u1] = [from, to];
    } else [u0, u1] = [Math.min(u0, from), Math.max(u1, to)];
  }
  if (line) close(line);
  return boxes;
};

const firstAfter = (printed: readonly Printed[], offset: number): number => {
  let low = 0;
  let high = printed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (printed[middle].end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where [start, end) of a run lies along its line. */
const stretch = (piece: Printed, start: number, end: number): [number, number] => {
  const { edges } = piece.run;
  const [from, to] = [edges[start - piece.start], edges[end - piece.start]];
  return from < to ? [from, to] : [to, from];
};
