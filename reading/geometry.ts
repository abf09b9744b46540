// Matrices and rectangles as PDFs have them (PDF 32000-1, 8.3): a matrix is six numbers, applied to row vectors.

/** x0, y0, x1, y1. */
export type Rect = readonly [number, number, number, number];

export const IDENTITY = [1, 0, 0, 1, 0, 0];

/** First `b`, then `a`. */
export const multiply = (a: readonly number[], b: readonly number[]): number[] => [
  a[0] * b[0] + a[2] * b[1],
  a[1] * b[0] + a[3] * b[1],
  a[0] * b[2] + a[2] * b[3],
  a[1] * b[2] + a[3] * b[3],
  a[0] * b[4] + a[2] * b[5] + a[4],
  a[1] * b[4] + a[3] * b[5] + a[5],
];

/** Bounds of a rectangle after `m`. */
export const moved = (m: readonly number[], [x0, y0, x1, y1]: Rect): Rect => {
  const xs = [x0, x1].flatMap((x) => [y0, y1].map((y) => m[0] * x + m[2] * y + m[4]));
  const ys = [x0, x1].flatMap((x) => [y0, y1].map((y) => m[1] * x + m[3] * y + m[5]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** Whether a point lies in a rectangle, or within `slack` of it. */
export const within = ([x0, y0, x1, y1]: Rect, x: number, y: number, slack = 0): boolean =>
  x >= x0 - slack && x <= x1 + slack && y >= y0 - slack && y <= y1 + slack;

/** What two rectangles have in common; with x0 > x1 or y0 > y1 where that is nothing. */
export const common = (a: Rect, b: Rect): Rect => [
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
  Math.min(a[2], b[2]),
  Math.min(a[3], b[3]),
];

/** A path of pdf.js: 0 x y (move), 1 x y (line), 2 … (curve), 4 (close). Only one upright rectangle counts. */
export const isRectangle = (path: ArrayLike<number> | null | undefined): boolean => {
  if (!path || path.length > 18) return false;
  const points: [number, number][] = [];
  for (let i = 0; i < path.length; ) {
    if (path[i] > 1) {
      if (path[i] !== 4) return false;
      i++;
      continue;
    }
    if (path[i] === 0 && points.length > 0) return false;
    points.push([path[i + 1], path[i + 2]]);
    i += 3;
  }
  if (points.length < 4 || points.length > 5) return false;
  return points.every(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    return x === nextX || y === nextY;
  });
};
