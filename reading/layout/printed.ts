// The way back from a text to where it is printed: which run wrote each stretch of it, and the rectangles of a part.

import type { Box } from '../document.ts';
import type { PlacedLine } from './blocks.ts';
import { frameBox } from './glyphs.ts';
import { isInitial } from './initials.ts';
import type { Run } from './page-text.ts';

/** A stretch of the text that one run printed: [start, end) holds the run's text, less what joining lines left out. */
export interface Printed {
  start: number;
  end: number;
  line: PlacedLine;
  run: Run;
}

/** Baseline and size of a stretch: its line's, but for a capital over several lines. */
export const placeOf = ({ line, run }: Printed): { v: number; size: number } =>
  isInitial(run, line.size) ? run : line;

/** Boxes of text[start, end): one per line, and one for a capital over several. `printed` is in order of `start`. */
export const boxesOf = (printed: readonly Printed[], start: number, end: number): Box[] => {
  const boxes: Box[] = [];
  let open: Printed | undefined;
  let [u0, u1] = [0, 0];
  const close = (piece: Printed): void => {
    const { v, size } = placeOf(piece);
    boxes.push(frameBox(piece.line.page, piece.line.angle, u0, u1, v, size));
  };
  for (let i = firstAfter(printed, start); i < printed.length && printed[i].start < end; i++) {
    const piece = printed[i];
    const [from, to] = stretch(piece, Math.max(start, piece.start), Math.min(end, piece.end));
    if (!open || placeOf(piece) !== placeOf(open)) {
      if (open) close(open);
      open = piece;
      [u0, u1] = [from, to];
    } else [u0, u1] = [Math.min(u0, from), Math.max(u1, to)];
  }
  if (open) close(open);
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
