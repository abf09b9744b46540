// Rules between columns: a line down the page that parts what is printed beside it, such as the two pages of a spread.
import type { Rect } from '../geometry.ts';

/** A rule at `u` along the writing, from `v0` down to `v1`, in points of the page as shown. */
export interface Gutter {
  u: number;
  v0: number;
  v1: number;
}

/** The part of the page's height that a rule between columns has at least. */
const LEAST_HEIGHT = 0.3;
/** Points: how far apart the pieces of one rule are, and how near to its end another one may touch it. */
const NEAR = 3;
/** Most rules between the columns of one page; more are a table or a drawing. */
const MOST = 5;

/** Of a page's rules those that part columns: long, and with no line of a table across. */
export const guttersOf = (rules: readonly Rect[], height: number): Gutter[] => {
  const upright = joined(rules.filter(([x0, y0, x1, y1]) => y1 - y0 > x1 - x0));
  const level = rules.filter(([x0, y0, x1, y1]) => y1 - y0 <= x1 - x0);
  const long = upright.filter(({ v0, v1 }) => v1 - v0 >= LEAST_HEIGHT * height);
  if (long.length > MOST) return [];
  return long.filter(
    ({ u, v0, v1 }) =>
      !level.some(([x0, y0, x1, y1]) => x0 <= u + NEAR && x1 >= u - NEAR && y0 > v0 + NEAR && y1 < v1 - NEAR),
  );
};

/** Pieces that follow one another are one rule. */
const joined = (pieces: readonly Rect[]): Gutter[] => {
  const gutters: Gutter[] = [];
  for (const [x0, y0, x1, y1] of pieces.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const u = (x0 + x1) / 2;
    const last = gutters.find(
      (gutter) => Math.abs(gutter.u - u) < 1 && y0 <= gutter.v1 + NEAR && y1 >= gutter.v0 - NEAR,
    );
    if (last) [last.v0, last.v1] = [Math.min(last.v0, y0), Math.max(last.v1, y1)];
    else gutters.push({ u, v0: y0, v1: y1 });
  }
  return gutters;
};
