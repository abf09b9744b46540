// Lines of print: what stands on one baseline, and which of it belongs to one cell.
import type { Run, Segment } from './page-text.ts';
import { isLoneSign, SEGMENT_GAP } from './runs.ts';

/** From where to where along the writing. */
type Extent = Pick<Run, 'u0' | 'u1'>;

/** A line of print within one column. */
export interface Line {
  segments: Segment[];
  u0: number;
  u1: number;
  v: number;
  size: number;
}

/** Lines that are read one under the other: a column, a band between columns, or a cell of a table. */
export interface Region {
  lines: Line[];
  cell: boolean;
  /** From where to where its column goes, where its own lines may be shorter. */
  extent?: readonly [number, number];
  /** First line of the row that the cell belongs to, the same for all cells of it. */
  row?: Line;
}

export const extentOf = (lines: readonly Line[]): [number, number] => [
  Math.min(...lines.map((line) => line.u0)),
  Math.max(...lines.map((line) => line.u1)),
];

/** A gap between cells, in units of the type size. */
const CELL_GAP = 0.9;

/** Segments on one baseline make a line; lines run from top to bottom, their segments along the writing. */
export const toLines = (segments: readonly Segment[]): Line[] => {
  const lines: Line[] = [];
  for (const segment of [...segments].sort((a, b) => a.v - b.v || a.u0 - b.u0)) {
    let line: Line | undefined;
    for (let i = lines.length - 1; i >= 0 && i >= lines.length - 4; i--) {
      if (sameLine(lines[i], segment)) {
        line = lines[i];
        break;
      }
    }
    if (line) addSegment(line, segment);
    else lines.push({ segments: [segment], u0: segment.u0, u1: segment.u1, v: segment.v, size: segment.size });
  }
  for (const line of lines) line.segments = openGaps(line.segments.sort((a, b) => a.u0 - b.u0));
  return lines.sort((a, b) => a.v - b.v);
};

/** Segments along the writing; one within whose gap a mark stands is two. */
const openGaps = (segments: readonly Segment[]): Segment[] => {
  const opened: Segment[] = [];
  for (const segment of segments) {
    const last = opened.at(-1);
    const after = last && fitsInto(segment, last) ? last.runs.filter(({ u0 }) => u0 >= segment.u0) : [];
    if (last && after.length > 0) {
      const before = last.runs.filter(({ u0 }) => u0 < segment.u0);
      opened.splice(-1, 1, partOf(last, before), segment, partOf(last, after));
    } else opened.push(segment);
  }
  return opened;
};

/** Whether a mark stands within a line of words from left to right, and over none of them. */
const fitsInto = (mark: Segment, { runs, u0, u1, size }: Segment): boolean =>
  mark.u0 > u0 &&
  mark.u1 < u1 &&
  mark.size <= SMALLER * size &&
  runs.every((run) => !run.rtl && (run.u1 < mark.u0 + 0.2 * mark.size || run.u0 > mark.u1 - 0.2 * mark.size));

const partOf = (segment: Segment, runs: Run[]): Segment => ({
  ...segment,
  runs,
  u0: Math.min(...runs.map(({ u0 }) => u0)),
  u1: Math.max(...runs.map(({ u1 }) => u1)),
});

const sameLine = (line: Line, segment: Segment): boolean => {
  const distance = Math.abs(line.v - segment.v);
  if (distance >= NEAR * Math.max(line.size, segment.size) && !isMark(line, segment)) return false;
  // A mark may stand in a gap that its line leaves between two words.
  const covers = (a: Extent, b: Extent): boolean =>
    Math.min(a.u1, b.u1) - Math.max(a.u0, b.u0) > 0.5 * Math.min(a.u1 - a.u0, b.u1 - b.u0);
  const covered = line.segments.some(
    (other) => covers(other, segment) && other.runs.some((run) => segment.runs.some((own) => covers(run, own))),
  );
  return !covered || distance < 0.1 * segment.size;
};

/** How far apart, in units of the larger type, baselines of one line are, and those of a raised or lowered mark and its line. */
const NEAR = 0.42;
const FAR = 0.62;
/** A mark is no larger than this beside its line's type, and has no more letters. */
const SMALLER = 0.8;
const LONGEST_MARK = 8;

/** Whether one of the two is a mark in small type (of a note, an index) that stands right behind a word of the other. */
const isMark = (line: Line, segment: Segment): boolean => {
  const marks = segment.size < line.size ? [segment] : line.segments;
  const words = segment.size < line.size ? line.segments : [segment];
  const size = Math.max(line.size, segment.size);
  if (Math.abs(line.v - segment.v) >= FAR * size || Math.min(line.size, segment.size) > SMALLER * size) return false;
  const runs = words.flatMap((word) => word.runs);
  return marks.some(
    (mark) =>
      mark.runs.reduce((sum, { text }) => sum + text.length, 0) <= LONGEST_MARK &&
      runs.some(({ u1 }) => Math.abs(mark.u0 - u1) < BEHIND * size),
  );
};
/** In units of the line's type. */
const BEHIND = 0.35;

const addSegment = (line: Line, segment: Segment): void => {
  const first = areSigns(line.segments);
  line.segments.push(segment);
  if (first || (!areSigns([segment]) && segment.size > line.size * 1.05))
    [line.size, line.v] = [segment.size, segment.v];
  line.u0 = Math.min(line.u0, segment.u0);
  line.u1 = Math.max(line.u1, segment.u1);
};

const areSigns = (segments: readonly Segment[]): boolean => segments.every(({ runs }) => runs.every(isLoneSign));

/** Neighbouring segments of a line without a cell's gap between them. */
export const cellsOf = (line: Line): Segment[][] => {
  const cells: Segment[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const segment of line.segments) {
    if (cells.length > 0 && segment.u0 - end < CELL_GAP * line.size) cells.at(-1)!.push(segment);
    else cells.push([segment]);
    end = Math.max(end, segment.u1);
  }
  return cells;
};

/** A line of these segments. */
export const lineOf = (segments: Segment[]): Line => {
  const words = segments.filter((segment) => !areSigns([segment]));
  const largest = (words.length > 0 ? words : segments).reduce((a, b) => (b.size > a.size * 1.05 ? b : a));
  return {
    segments,
    u0: Math.min(...segments.map((segment) => segment.u0)),
    u1: Math.max(...segments.map((segment) => segment.u1)),
    v: largest.v,
    size: largest.size,
  };
};

/** Segments as in a mirror: text that is read from the right is laid out like any other. Runs keep their places on the page. */
export const mirrored = (segments: readonly Segment[]): Segment[] =>
  segments.map((segment) => ({ ...segment, u0: -segment.u1, u1: -segment.u0 }));

/** Segments without the breaks that a line gets where it turns from one direction to the other. */
export const joined = (segments: readonly Segment[]): Segment[] =>
  toLines(segments).flatMap((line) => {
    const pieces: Segment[] = [];
    for (const segment of line.segments) {
      const last = pieces.at(-1);
      if (last && isTurn(last, segment, line.size)) pieces[pieces.length - 1] = joinTwo(last, segment);
      else pieces.push(segment);
    }
    return pieces;
  });

/** Whether the two, mirrored, are neighbours on one line where its direction changes. */
const isTurn = (a: Segment, b: Segment, size: number): boolean => {
  const gap = b.u0 - a.u1;
  if (gap > SEGMENT_GAP * size || gap < -0.3 * size || Math.abs(b.v - a.v) > 0.1 * size) return false;
  const end = a.runs.reduce((left, run) => (run.u0 < left.u0 ? run : left));
  const start = b.runs.reduce((right, run) => (run.u1 > right.u1 ? run : right));
  return end.rtl !== start.rtl;
};

const joinTwo = (a: Segment, b: Segment): Segment => {
  const larger = b.size > a.size * 1.05 ? b : a;
  const [u0, u1] = [Math.min(a.u0, b.u0), Math.max(a.u1, b.u1)];
  return { runs: [...a.runs, ...b.runs], u0, u1, v: larger.v, size: larger.size };
};
