// The way back from a text to where it is printed: which run wrote each stretch of it, and the rectangles of a part.

import type { Box } from '../document.ts';
import type { PlacedLine } from './blocks.ts';
import { frameBox } from './glyphs.ts';
import type { Run } from './page-text.ts';

/** A stretch of the text that one run printed: [start, end) holds the run's text, less what joining lines left out. */
export interface Printed {
  start: number;
  end: number;
  line: PlacedLine;
  run: Run;
}

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
