// Rules: the straight lines of a page, drawn as lines or as thin boxes. One that runs down between two columns parts them.
import { common, moved, type Rect } from '../geometry.ts';

/** Points: thicker ones are boxes; shorter ones strokes of signs. */
const THICKEST = 2.5;
const SHORTEST = 8;
/** Numbers of a path that are looked at: a drawing has many more, a table's lines have not. */
const LONGEST_PATH = 4_000;

/** The rules of a path of pdf.js (0 x y: move, 1 x y: line, 2 …: curve, 4: close), in user space: its lines where it is stroked, or thin boxes. */
export const rulesOf = (
  path: ArrayLike<number> | null | undefined,
  stroked: boolean,
  matrix: readonly number[],
  clip: Rect,
): Rect[] => {
  if (!path || path.length > LONGEST_PATH) return [];
  const pieces = outlinesOf(path).flatMap((outline) =>
    stroked ? outline.slice(1).map((point, i) => [outline[i], point]) : [outline],
  );
  return pieces.map((piece) => common(moved(matrix, boundsOf(piece)), clip)).filter(isRule);
};

type Point = readonly [number, number];

/** Pieces of the path that are made of straight lines only. */
const outlinesOf = (path: ArrayLike<number>): Point[][] => {
  const outlines: Point[][] = [];
  for (let i = 0; i < path.length; ) {
    const code = path[i];
    if (code > 1 && code !== 4) return [];
    if (code === 0) outlines.push([[path[i + 1], path[i + 2]]]);
    else if (code === 1) outlines.at(-1)?.push([path[i + 1], path[i + 2]]);
    i += code === 4 ? 1 : 3;
  }
  return outlines;
};

const boundsOf = (points: readonly Point[]): Rect => {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

const isRule = ([x0, y0, x1, y1]: Rect): boolean =>
  (x1 - x0 >= 0 && x1 - x0 <= THICKEST && y1 - y0 >= SHORTEST) ||
  (y1 - y0 >= 0 && y1 - y0 <= THICKEST && x1 - x0 >= SHORTEST);
