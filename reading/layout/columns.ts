// Reading order within one page: a rule that runs down it parts what stands beside it, and a gutter that no line crosses parts two
// columns; lines that do cross it (titles, wide figures' captions) part the page into bands, and each band is read on its own. Applied
// again inside each part, so that three columns, or two under one, come out in order.
import type { Rect } from '../geometry.ts';
import { type Line, type Region, toLines } from './lines.ts';
import type { Gutter, PageShape, Segment } from './page-text.ts';
import { unfoldRows } from './rows.ts';
import { putTablesBack, setTablesApart } from './tables.ts';

/** Share of the lines beside a rule that stand on common baselines from which on they are rows. */
const ROWS = 0.7;
/** Fewest lines on each side of a gutter. */
const COLUMN_LINES = 3;

/** Regions of one page in reading order. */
export const readingOrder = (segments: readonly Segment[], { grids = [], ...shape }: PageShape = {}): Region[] => {
  const { segments: rest, tables } = setTablesApart(segments, grids);
  return putTablesBack(orderOf(rest, shape), tables);
};

const orderOf = (segments: readonly Segment[], shape: PageShape, depth = 0): Region[] => {
  if (segments.length === 0) return [];
  const { gutters = [] } = shape;
  for (const rule of gutters) {
    const parts = cutAtRule(segments, rule);
    const others = { ...shape, gutters: gutters.filter((other) => other !== rule) };
    if (parts) return parts.flatMap((part) => orderOf(part, others, depth));
  }
  const bands = depth < 4 ? findBands(segments, shape) : undefined;
  if (bands === undefined) return unfoldRows(toLines(segments));
  return bands.flatMap((band) =>
    band.columns
      ? band.columns.flatMap((column) => orderOf(column, { ...shape, gutters: [] }, depth + 1))
      : unfoldRows(toLines(band.all)),
  );
};

/** What stands over a rule, left and right of it, and under it; undefined where it does not part two columns. */
const cutAtRule = (segments: readonly Segment[], { u, v0, v1 }: Gutter): Segment[][] | undefined => {
  const above = segments.filter(({ v }) => v <= v0);
  const below = segments.filter(({ v, size }) => v > v0 && v - size / 2 >= v1);
  const beside = segments.filter(({ v, size }) => v > v0 && v - size / 2 < v1);
  if (beside.some(({ u0, u1 }) => u0 < u - 1 && u1 > u + 1)) return undefined;
  const sides = [beside.filter(({ u0 }) => u0 < u - 1), beside.filter(({ u0 }) => u0 >= u - 1)];
  const [left, right] = sides.map(toLines);
  if (left.length < COLUMN_LINES || right.length < COLUMN_LINES) return undefined;
  // Rows of a table share their baselines.
  if (standOnBaselines(right, left) >= ROWS && !(looksLikeText(left) && looksLikeText(right))) return undefined;
  return [above, ...sides, below];
};

interface Band {
  all: Segment[];
  columns?: [Segment[], Segment[]];
}

/** The bands that the best gutter of a part of a page makes; undefined where the part is one column. */
const findBands = (segments: readonly Segment[], shape: PageShape): Band[] | undefined => {
  const { pictures = [], onColumn } = shape;
  let best: { x: number; bands: Band[] } | undefined;
  let bestWeight = 0;
  for (const x of segments.length < 2 * COLUMN_LINES ? [] : gutterCandidates(segments)) {
    const bands = cutAt(segments, x, picturesAcross(pictures, segments, x));
    const weight = bands.reduce((sum, band) => sum + (band.columns ? band.all.length : 0), 0);
    if (weight > bestWeight * 1.05) [best, bestWeight] = [{ x, bands }, weight];
  }
  if (!best || bestWeight < Math.max(2 * COLUMN_LINES, 0.15 * segments.length)) return usualBands(segments, shape);
  onColumn?.(best.x);
  return best.bands;
};

/** Lines at most, of each side, that are taken for columns because other pages have some there. */
const FEW_LINES = 5;

/** The bands of a page with too few lines to tell columns by, where columns begin on other pages. */
const usualBands = (segments: readonly Segment[], { pictures = [], usual = [] }: PageShape): Band[] | undefined => {
  for (const x of usual) {
    const bands = bandsAt(segments, x, picturesAcross(pictures, segments, x), 1);
    const columns = bands.flatMap((band) => band.columns ?? []);
    if (columns.length > 0 && columns.every((column) => toLines(column).length <= FEW_LINES)) return bands;
  }
  return undefined;
};

/** Left edges that several lines share: where a column may start. The leftmost one starts the part itself. */
const gutterCandidates = (segments: readonly Segment[]): number[] => {
  const left = Math.min(...segments.map((segment) => segment.u0));
  const edges = segments.map((segment) => segment.u0).sort((a, b) => a - b);
  const candidates: { x: number; count: number }[] = [];
  for (let i = 0; i < edges.length; ) {
    let j = i;
    while (j < edges.length && edges[j] - edges[i] < 3) j++;
    if (j - i >= COLUMN_LINES && edges[i] - left > 40) candidates.push({ x: edges[i], count: j - i });
    i = j;
  }
  return candidates
    .sort((a, b) => b.count - a.count)
    .slice(0, 8)
    .map((candidate) => candidate.x);
};

/**
 * Parts a region at x: segments that cross x end a band. Once one band has columns, a band with a single line in each is taken
 * for columns too.
 */
const cutAt = (segments: readonly Segment[], x: number, breaks: readonly number[]): Band[] => {
  const bands = bandsAt(segments, x, breaks, COLUMN_LINES);
  return bands.some((band) => band.columns) ? bandsAt(segments, x, breaks, 1) : bands;
};

/** Lower edges of the pictures that lie across x with no text beside them or on them. */
const picturesAcross = (pictures: readonly Rect[], segments: readonly Segment[], x: number): number[] =>
  pictures
    .filter(
      ([x0, y0, x1, y1]) =>
        x0 < x - CROSSING && x1 > x + CROSSING && !segments.some(({ v, size }) => v > y0 + size && v < y1),
    )
    .map(([, , , y1]) => y1);

/** Points by which a picture reaches over the beginning of a column. */
const CROSSING = 10;

const bandsAt = (segments: readonly Segment[], x: number, breaks: readonly number[], least: number): Band[] => {
  const sorted = [...segments].sort((a, b) => a.v - b.v);
  const bands: Band[] = [];
  let wide: Segment[] = [];
  let narrow: Segment[] = [];
  const closeWide = (): void => {
    if (wide.length > 0) bands.push({ all: wide });
    wide = [];
  };
  const closeNarrow = (): void => {
    for (const part of narrow.length > 0 ? partsOf(narrow, x) : []) {
      const columns = asColumns(part, x, least);
      if (columns) {
        closeWide();
        bands.push({ all: part, columns });
      } else wide.push(...part);
    }
    narrow = [];
  };
  let above = Number.NEGATIVE_INFINITY;
  for (const [i, segment] of sorted.entries()) {
    const tolerance = 0.2 * segment.size;
    if (breaks.some((edge) => above < edge && segment.v >= edge)) closeNarrow();
    above = segment.v;
    const crosses = segment.u0 < x - tolerance && segment.u1 > x - tolerance;
    if (crosses || around(sorted, i).some((other) => isMarkOf(segment, other, x - tolerance))) {
      closeNarrow();
      wide.push(segment);
    } else narrow.push(segment);
  }
  closeNarrow();
  closeWide();
  return bands;
};

/** Those that may stand on one line with the i-th. */
const around = (sorted: readonly Segment[], i: number): Segment[] => sorted.slice(Math.max(0, i - 4), i + 5);

/** The mark of a note, or the number of an item, before a line that crosses x. */
const isMarkOf = (mark: Segment, line: Segment, x: number): boolean =>
  line.u0 < x &&
  line.u1 > x &&
  Math.abs(mark.v - line.v) < 0.4 * line.size &&
  mark.u1 <= line.u0 &&
  line.u0 - mark.u1 < 2 * line.size &&
  mark.runs.length === 1 &&
  mark.runs[0].text.length < 5;

/** Above this much white, in units of the type size, a few lines may be no part of the columns under them. */
const WHITE = 1.9;

/** Segments in order of their baselines; apart from the others those that stand over the columns, such as a title and its date. */
const partsOf = (segments: Segment[], x: number): Segment[][] => {
  const isCut = (at: number): boolean => {
    const [above, below] = [segments[at - 1], segments[at]];
    return below.v - above.v > (1 + WHITE) * Math.max(above.size, below.size);
  };
  const cut = segments.findIndex((_, i) => i > 0 && isCut(i));
  if (cut < 0) return [segments];
  const [head, rest] = [segments.slice(0, cut), segments.slice(cut)];
  // One line on either side, as running heads are, goes with its column.
  const apart = toLines(head).length > 1 && !asColumns(head, x, COLUMN_LINES) && asColumns(rest, x, COLUMN_LINES);
  return apart ? [head, rest] : [segments];
};

/** The two sides of a gutter at x when they are columns of running text, and not a table or a list of terms. */
const asColumns = (segments: Segment[], x: number, least: number): [Segment[], Segment[]] | undefined => {
  const left = segments.filter((segment) => segment.u0 < x - 0.2 * segment.size);
  const right = segments.filter((segment) => segment.u0 >= x - 0.2 * segment.size);
  const [leftLines, rightLines] = [toLines(left), toLines(right)];
  if (leftLines.length < least || rightLines.length < least) return undefined;
  const overlap = Math.min(leftLines.at(-1)!.v, rightLines.at(-1)!.v) - Math.max(leftLines[0].v, rightLines[0].v);
  if (overlap < Math.min(leftLines.at(-1)!.v - leftLines[0].v, rightLines.at(-1)!.v - rightLines[0].v) * 0.3)
    return undefined;
  const [leftIsText, rightIsText] = [looksLikeText(leftLines), looksLikeText(rightLines)];
  const isColumns =
    (leftIsText && rightIsText) ||
    (leftIsText && standsBeside(rightLines, leftLines)) ||
    (rightIsText && standsBeside(leftLines, rightLines));
  return isColumns ? [left, right] : undefined;
};

/** Lines from which on a box beside a text is looked for, of the box and of the text; and the letters (no blanks) of the text's usual line. */
const BOX_LINES = 4;
const BESIDE_LINES = 6;
const BESIDE_LETTERS = 24;
/** Share of a box's lines that may stand on the text's baselines by chance; those of a table's row do all. */
const ON_BASELINE = 0.35;

/** Whether the lines are a box with facts, notes or a caption beside running text: set on baselines of their own, as no row of a table is. */
const standsBeside = (box: readonly Line[], text: readonly Line[]): boolean => {
  if (box.length < BOX_LINES || text.length < BESIDE_LINES || usualLength(text) < BESIDE_LETTERS) return false;
  return standOnBaselines(box, text) < ON_BASELINE;
};

/** Share of lines that stand on the baselines of the others. */
const standOnBaselines = (lines: readonly Line[], others: readonly Line[]): number =>
  lines.filter(({ v, size }) => others.some((line) => Math.abs(line.v - v) < 0.12 * size)).length / lines.length;

const looksLikeText = (lines: Line[]): boolean => {
  const width = Math.max(...lines.map((line) => line.u1)) - Math.min(...lines.map((line) => line.u0));
  const full = lines.filter((line) => inkWidth(line) > 0.6 * width).length;
  return full >= 0.4 * lines.length && usualLength(lines) >= 16;
};

const usualLength = (lines: readonly Line[]): number => lines.map(characters).sort((a, b) => a - b)[lines.length >> 1];

const inkWidth = (line: Line): number => line.segments.reduce((sum, segment) => sum + segment.u1 - segment.u0, 0);

const characters = (line: Line): number =>
  line.segments.reduce((sum, segment) => sum + segment.runs.reduce((length, run) => length + run.text.length, 0), 0);
