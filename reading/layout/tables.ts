// Ruled tables: what the lines of a grid part into cells is read row by row and cell by cell, however its lines stand beside each other.
// On its page a table has one place, that of its first line, and is put in there when the page's order is known.
import type { Rect } from '../geometry.ts';
import { cellsOf, extentOf, type Line, lineOf, type Region, toLines } from './lines.ts';
import type { Grid, Run, Segment } from './page-text.ts';
import { regionsOfRow } from './rows.ts';

/** Points by which lines may miss each other and still meet. */
const NEAR = 3;
/** Rules of a page that are looked at, and lines of a cell; with more it is a drawing, or a page in a frame. */
const MOST_RULES = 800;
const TALLEST_CELL = 40;

/** The grids among the rules of a page: two rows and two columns at least. */
export const gridsOf = (rules: readonly Rect[]): Grid[] => {
  if (rules.length < 4 || rules.length > MOST_RULES) return [];
  return meetings(rules).flatMap((pieces) => {
    const level = pieces.filter(isLevel);
    const upright = pieces.filter((rule) => !isLevel(rule));
    if (level.length < 2 || upright.length === 0) return [];
    const u = places([...upright.map(([x0, , x1]) => (x0 + x1) / 2), ...level.flatMap(([x0, , x1]) => [x0, x1])]);
    const v = places([...level.map(([, y0, , y1]) => (y0 + y1) / 2), ...upright.flatMap(([, y0, , y1]) => [y0, y1])]);
    const grid = { u, v, level, upright };
    return u.length > 2 && v.length > 2 && partedShare(grid) >= LEAST_PARTED ? [grid] : [];
  });
};

/** Share of the borders between two cells that are drawn: all but those of cells over several rows or columns. */
const LEAST_PARTED = 0.5;

const partedShare = (grid: Grid): number => {
  const columns = grid.u.length - 1;
  let [drawn, all] = [0, 0];
  for (let i = 0; i < columns * (grid.v.length - 1); i++) {
    const { over, before } = bordersOf(grid, i);
    if (i >= columns) [drawn, all] = [drawn + Number(over), all + 1];
    if (i % columns > 0) [drawn, all] = [drawn + Number(before), all + 1];
  }
  return drawn / Math.max(1, all);
};

/** Whether a line is drawn over a cell, and left of it. */
const bordersOf = ({ u, v, level, upright }: Grid, cell: number): { over: boolean; before: boolean } => {
  const [row, column] = [Math.floor(cell / (u.length - 1)), cell % (u.length - 1)];
  const [across, down] = [(u[column] + u[column + 1]) / 2, (v[row] + v[row + 1]) / 2];
  return {
    over: level.some(([x0, y0, x1, y1]) => x0 <= across && x1 >= across && isAt((y0 + y1) / 2, v[row])),
    before: upright.some(([x0, y0, x1, y1]) => y0 <= down && y1 >= down && isAt((x0 + x1) / 2, u[column])),
  };
};

const isLevel = ([x0, y0, x1, y1]: Rect): boolean => x1 - x0 >= y1 - y0;

/** Rules in groups that meet. */
const meetings = (rules: readonly Rect[]): Rect[][] => {
  const left = new Set(rules);
  const groups: Rect[][] = [];
  for (const rule of rules) {
    if (!left.delete(rule)) continue;
    const group = [rule];
    for (let i = 0; i < group.length; i++)
      for (const other of left) {
        if (!meet(group[i], other)) continue;
        left.delete(other);
        group.push(other);
      }
    groups.push(group);
  }
  return groups;
};

const meet = (a: Rect, b: Rect): boolean =>
  a[0] <= b[2] + NEAR && b[0] <= a[2] + NEAR && a[1] <= b[3] + NEAR && b[1] <= a[3] + NEAR;

/** In order, those that are the same taken together. */
const places = (values: readonly number[]): number[] =>
  values.toSorted((a, b) => a - b).filter((value, i, sorted) => i === 0 || value - sorted[i - 1] > NEAR);

/** A page's segments with those of each table replaced by one that stands for it, and what is then read in its place. */
export const setTablesApart = (
  segments: readonly Segment[],
  grids: readonly Grid[],
): { segments: Segment[]; tables: Map<Segment, Region[]> } => {
  const tables = new Map<Segment, Region[]>();
  let rest = [...segments];
  for (const grid of grids) {
    const [u0, u1, v0, v1] = [grid.u[0], grid.u.at(-1)!, grid.v[0], grid.v.at(-1)!];
    const isIn = (segment: Segment): boolean => {
      const [u, v] = middleOf(segment);
      return u > u0 && u < u1 && v > v0 && v < v1;
    };
    const parts = rest.flatMap((segment) => (tables.has(segment) ? [segment] : partsOf(segment, grid)));
    const inside = parts.filter(isIn);
    const rows = inside.some((segment) => tables.has(segment)) ? undefined : rowsOf(inside, grid);
    if (!rows || goesOn(parts, inside, grid)) continue;
    const [{ runs, size }] = inside;
    const place: Segment = { runs: runs.slice(0, 1), u0, u1, v: v0 + size, size };
    tables.set(place, rows);
    rest = [...parts.filter((segment) => !isIn(segment)), place];
  }
  return { segments: rest, tables };
};

/** Whether lines stand beside the grid on the baselines of its own, one of them near: it rules a part of a table only, whose rows go on. */
const goesOn = (segments: readonly Segment[], inside: readonly Segment[], { u, v }: Grid): boolean => {
  const gapOf = ({ u0, u1 }: Segment): number => Math.max(u[0] - u1, u0 - u.at(-1)!);
  const beside = segments.filter(
    (segment) =>
      gapOf(segment) > -1 &&
      gapOf(segment) < FARTHEST * segment.size &&
      inside.some((other) => Math.abs(other.v - segment.v) < 0.2 * segment.size),
  );
  const near = beside.some((segment) => gapOf(segment) < NEAREST * segment.size);
  return near && 2 * toLines(beside).length >= v.length - 1;
};

/** In units of the type size: the nearest is nearer than columns of text are to each other, the others may be short. */
const NEAREST = 1.4;
const FARTHEST = 12;

/** Regions with each table in its place. */
export const putTablesBack = (regions: readonly Region[], tables: ReadonlyMap<Segment, Region[]>): Region[] => {
  if (tables.size === 0) return [...regions];
  return regions.flatMap((region) => {
    const parts: Region[] = [];
    let lines: Line[] = [];
    const extent = extentOf(region.lines);
    const close = (): void => {
      if (lines.length > 0) parts.push({ ...region, lines, extent });
      lines = [];
    };
    for (const line of region.lines) {
      if (!line.segments.some((segment) => tables.has(segment))) {
        lines.push(line);
        continue;
      }
      for (const segment of line.segments) {
        const table = tables.get(segment);
        if (table) close();
        if (table) parts.push(...table);
        else lines.push(lineOf([segment]));
      }
    }
    close();
    return parts;
  });
};

const middleOf = ({ u0, u1, v, size }: Segment): [number, number] => [(u0 + u1) / 2, v - 0.3 * size];

/** A segment in pieces where an upright line goes through it: cells may stand nearer to each other than words. */
const partsOf = (segment: Segment, { upright, mirrored }: Grid): Segment[] => {
  const [, v] = middleOf(segment);
  const cuts = upright.flatMap(([x0, y0, x1, y1]) => (y0 <= v && y1 >= v ? [(x0 + x1) / 2] : []));
  const crossed = cuts.filter((cut) => cut > segment.u0 + 1 && cut < segment.u1 - 1);
  if (crossed.length === 0) return [segment];
  const placeOf = ({ u0, u1 }: Run): [number, number] => (mirrored ? [-u1, -u0] : [u0, u1]);
  const pieceOf = (run: Run): number => {
    const [u0, u1] = placeOf(run);
    return crossed.filter((cut) => cut < (u0 + u1) / 2).length;
  };
  return [...Map.groupBy(segment.runs, pieceOf).values()].map((runs) => {
    const places = runs.map(placeOf);
    return { ...segment, runs, u0: Math.min(...places.map(([u0]) => u0)), u1: Math.max(...places.map(([, u1]) => u1)) };
  });
};

/** The rows of a table as regions; undefined where too little stands in it, or too much in one cell. */
const rowsOf = (segments: readonly Segment[], grid: Grid): Region[] | undefined => {
  const [rows, columns] = [grid.v.length - 1, grid.u.length - 1];
  const cells: Segment[][] = Array.from({ length: rows * columns }, () => []);
  const owners = ownersOf(grid);
  const bandOf = (edges: readonly number[], at: number): number => edges.findLastIndex((edge) => edge <= at);
  for (const segment of segments) {
    const [u, v] = middleOf(segment);
    cells[owners[bandOf(grid.v, v) * columns + bandOf(grid.u, u)]].push(segment);
  }
  const lines = cells.map((cell) => toLines(cell));
  partMerged(lines, owners, grid);
  const filled = lines.flatMap((cell, i) => (cell.length > 0 ? [i] : []));
  const count = (of: (i: number) => number): number => new Set(filled.map(of)).size;
  if (count((i) => Math.floor(i / columns)) < 2 || count((i) => i % columns) < 2) return undefined;
  if (filled.length < LEAST_FILLED * new Set(owners).size || lines.some(isTooMuch)) return undefined;
  return Array.from({ length: rows }, (_, row) =>
    partBand(
      lines.slice(row * columns, (row + 1) * columns).filter((cell) => cell.length > 0),
      grid,
    ).flatMap(regionsOfRow),
  )
    .flat()
    .map((region) => ({ ...region, extent: roomOf(region.lines, grid) }));
};

/**
 * The cells between two lines across as rows: many tables have such lines round their head only. A row begins with each line of the first
 * cell, where another cell has one on its baseline, and what stands there is no text that was broken to fit.
 */
const partBand = (cells: readonly Line[][], grid: Grid): Line[][][] => {
  const [first = [], ...others] = cells;
  const starts = first.map(({ v, size }) => v - 0.5 * size);
  const isMet = (line: Line): boolean =>
    others.some((cell) => cell.some(({ v }) => Math.abs(v - line.v) < 0.3 * line.size));
  const isNames =
    first.length > 2 && first.every(({ segments }) => segments.length === 1 && segments[0].runs.length === 1);
  const isBroken = (cell: readonly Line[]): boolean => cell.length < 2 || areBroken(cell, roomOf(cell, grid)[1]);
  if (first.length < 2 || !first.every(isMet) || (!isNames && cells.every(isBroken))) return [[...cells]];
  return starts.map((start, i) =>
    cells
      .map((cell) => cell.filter(({ v }) => (i === 0 || v > start) && (i + 1 === starts.length || v <= starts[i + 1])))
      .filter((cell) => cell.length > 0),
  );
};

/** Whether no line had room for the word that the next one begins with. */
const areBroken = (cell: readonly Line[], right: number): boolean =>
  cell.slice(1).every(({ segments: [{ runs }] }, i) => {
    const [word] = runs;
    return right - cell[i].u1 < word.u1 - word.u0 + 0.5 * cell[i].size;
  });

/** Share that counts as all: some lines are dots, or have a raised letter. */
const MOST = 0.6;

/** Cells over several rows with a line on the baseline of each row's: their rows are parted where it matters, and not here. */
const partMerged = (lines: Line[][], owners: readonly number[], { u, v }: Grid): void => {
  const columns = u.length - 1;
  const all = lines.flatMap((cell, owner) => cell.map((line) => ({ owner, line })));
  const bandOf = (line: Line): number => v.findLastIndex((edge) => edge <= line.v - 0.3 * line.size);
  for (const owner of new Set(owners)) {
    const own = lines[owner];
    const isMet = (line: Line): boolean =>
      all.some((other) => other.owner !== owner && Math.abs(other.line.v - line.v) < 0.3 * line.size);
    if (own.length < 2 || new Set(own.map(bandOf)).size < own.length || own.filter(isMet).length < MOST * own.length)
      continue;
    lines[owner] = [];
    for (const line of own) lines[bandOf(line) * columns + (owner % columns)].push(line);
  }
};

/** From where to where lines of a cell could go: a short one ends a paragraph. */
const roomOf = (lines: readonly Line[], { u }: Grid): [number, number] => {
  const [left, right] = extentOf(lines);
  return [left, u.find((at) => at >= right - NEAR) ?? right];
};

/** Share of the cells of a table with something in them; the boxes of a form have their names beside them. */
const LEAST_FILLED = 0.5;

/** A cell with so much in it, or with columns of its own, is no cell: the grid is a frame round a page, or parts of one. */
const isTooMuch = (cell: readonly Line[]): boolean =>
  cell.length > TALLEST_CELL ||
  (cell.length > 5 && 2 * cell.filter((line) => cellsOf(line).length > 1).length > cell.length);

/** Of each cell the one that it is a part of: no line parts it from the one above or to its left. */
const ownersOf = (grid: Grid): number[] => {
  const columns = grid.u.length - 1;
  const owners = Array.from({ length: columns * (grid.v.length - 1) }, (_, i) => i);
  for (const i of owners.keys()) {
    const { over, before } = bordersOf(grid, i);
    if (i >= columns && !over) owners[i] = owners[i - columns];
    else if (i % columns > 0 && !before) owners[i] = owners[i - 1];
  }
  return owners;
};

const isAt = (a: number, b: number): boolean => Math.abs(a - b) <= NEAR;

/** As in a mirror, for text that is read from the right. */
export const mirroredGrid = ({ u, v, level, upright }: Grid): Grid => {
  const mirror = ([x0, y0, x1, y1]: Rect): Rect => [-x1, y0, -x0, y1];
  return { u: u.map((at) => -at).reverse(), v, level: level.map(mirror), upright: upright.map(mirror), mirrored: true };
};
