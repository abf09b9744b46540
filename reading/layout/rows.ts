// Rows of a table whose cells have several lines: each cell is read to its end before the next, as a person would, and what
// stands beside its first line (a mark, a number) does not fall into the middle of its sentence.

import { cellsOf, type Line, lineOf, type Region } from './lines.ts';
import type { Segment } from './page-text.ts';

/** Most lines of one cell. */
const TALLEST = 40;

/** Parts a region's lines into runs that are read one after another. */
export const unfoldRows = (lines: readonly Line[]): Region[] => {
  const regions: Region[] = [];
  let plain: Line[] = [];
  for (let i = 0; i < lines.length; ) {
    const cells = cellsOf(lines[i]);
    let next = i + 1;
    while (
      cells.length > 1 &&
      next < lines.length &&
      next - i < TALLEST &&
      continuesRow(cells, lines[next - 1], lines[next])
    )
      next++;
    if (next === i + 1) plain.push(lines[i]);
    else {
      if (plain.length > 0) regions.push({ lines: plain, cell: false });
      plain = [];
      regions.push(...readCells(cells, lines.slice(i, next)).map((region) => ({ ...region, row: lines[i] })));
    }
    i = next;
  }
  if (plain.length > 0) regions.push({ lines: plain, cell: false });
  return regions;
};

/** A line whose every cell stands under one of the row's, and none under its first. */
const continuesRow = (cells: readonly Segment[][], above: Line, line: Line): boolean => {
  if (line.v - above.v > 1.6 * line.size || line.size > 1.12 * above.size) return false;
  const own = cellsOf(line);
  return own.length < cells.length && own.every((cell) => columnOf(cells, cell) > 0);
};

const columnOf = (cells: readonly Segment[][], cell: readonly Segment[]): number =>
  cells.findIndex(([first]) => Math.abs(first.u0 - cell[0].u0) < 0.6 * first.size);

/** The cells of one row, each a region, from its lines. */
const readCells = (cells: readonly Segment[][], lines: readonly Line[]): Region[] => {
  const columns = cells.map((cell) => [lineOf(cell)]);
  for (const line of lines.slice(1)) {
    for (const cell of cellsOf(line)) columns[columnOf(cells, cell)].push(lineOf(cell));
  }
  return joinCells(columns);
};

/** Cells of one line each are one line; a short first one (a number, a mark) belongs to the cell after it where it stands on its first line. */
const joinCells = (columns: readonly (readonly Line[])[]): Region[] => {
  const regions: Region[] = [];
  let lead: Segment[] = [];
  columns.forEach((column, i) => {
    const [first, ...rest] = column;
    const next = columns[i + 1]?.[0];
    const short = next && column.length === 1 && letters(first.segments) <= 12 && onOneLine(first, next);
    if (short && regions.length === 0) lead.push(...first.segments);
    else {
      // Two of them and the beginning of a text would be a row of their own.
      if (lead.length > 1 && rest.length > 0) regions.push({ lines: [lineOf(lead.splice(0))], cell: true });
      const start = lead.length > 0 ? lineOf([...lead, ...first.segments]) : first;
      lead = [];
      const last = regions.at(-1);
      if (last && last.lines.length === 1 && column.length === 1 && onOneLine(last.lines[0], start))
        last.lines = [lineOf([...last.lines[0].segments, ...start.segments])];
      else regions.push({ lines: [start, ...rest], cell: true });
    }
  });
  return regions;
};

const onOneLine = (a: Line, b: Line): boolean => Math.abs(a.v - b.v) < 0.5 * Math.max(a.size, b.size);

/** A row of a table whose cells are known. */
export const regionsOfRow = (cells: readonly (readonly Line[])[]): Region[] =>
  joinCells(cells).map((region) => ({ ...region, row: cells[0][0] }));

const letters = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + segment.runs.reduce((length, run) => length + run.text.length, 0), 0);
