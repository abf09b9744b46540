// What is drawn on a page and parts its columns: a rule down the page between what is printed beside it, such as the two pages of a
// spread, and a picture across columns, over and under which they are read each for themselves.
import type { Rect } from '../geometry.ts';
import type { Gutter, PageShape } from './page-text.ts';
import { mirroredGrid } from './tables.ts';

/** Points: how far apart the pieces of one rule are, how near to its end another one may touch it, and columns' beginnings to one another. */
const NEAR = 3;

/** Where columns begin on the pages of a document: what is usual in it holds for a page with a few lines over or under a figure, too. */
export class UsualColumns {
  readonly #pages = new Map<number, Set<number>>();

  add(u: number, page: number): void {
    const key = [...this.#pages.keys()].find((other) => Math.abs(other - u) <= NEAR) ?? u;
    this.#pages.set(key, (this.#pages.get(key) ?? new Set()).add(page));
  }

  /** On three pages at least. */
  get usual(): number[] {
    return [...this.#pages].flatMap(([u, pages]) => (pages.size > 2 ? [u] : []));
  }
}

/** The part of the page's height that a rule between columns has at least. */
const LEAST_HEIGHT = 0.3;
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

/** Points: smaller pictures are signs in a text; and the part of a page from which on one is its ground. */
const LEAST_PICTURE = 40;
const GROUND = 0.8;

/** Of a page's pictures those that may part columns. */
export const partingPictures = (pictures: readonly Rect[], width: number, height: number): Rect[] =>
  pictures.filter(
    ([x0, y0, x1, y1]) =>
      x1 - x0 > LEAST_PICTURE && y1 - y0 > LEAST_PICTURE && (x1 - x0) * (y1 - y0) < GROUND * width * height,
  );

/** As in a mirror, for text that is read from the right. */
export const mirroredShape = ({ gutters, pictures, grids, ...rest }: PageShape): PageShape => ({
  ...rest,
  gutters: gutters?.map((gutter) => ({ ...gutter, u: -gutter.u })),
  grids: grids?.map(mirroredGrid),
  pictures: pictures?.map(([x0, y0, x1, y1]) => [-x1, y0, -x0, y1]),
});
