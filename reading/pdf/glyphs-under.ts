// Sizes and places of glyphs as they are drawn, and which of them lie under another one.
import type { Glyph } from './glyph.ts';
import type { FontFacts, PdfGlyph } from './operators.ts';

/** Points; and glyphs of one cell that are looked at. */
const CELL = 24;
const MOST_IN_CELL = 64;
/** How much larger, at least and at most, a disc or a box is than what is set on it. */
const LARGER = [1.15, 4];

/** The glyphs of a page so far, asked whether one lies under a point. Costs nothing until it is asked. */
export class GlyphsUnder {
  readonly #glyphs: readonly Glyph[];
  readonly #cells = new Map<string, Glyph[]>();
  #placed = 0;

  constructor(glyphs: readonly Glyph[]) {
    this.#glyphs = glyphs;
  }

  /** Whether a larger glyph that can be seen is at the point: a disc under its number, a box under its cross. */
  holds(x: number, y: number, height: number): boolean {
    for (; this.#placed < this.#glyphs.length; this.#placed++) this.#place(this.#glyphs[this.#placed]);
    const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    for (let i = column - 1; i <= column + 1; i++)
      for (let k = row - 1; k <= row + 1; k++)
        if (this.#cells.get(`${i} ${k}`)?.some((glyph) => covers(glyph, x, y, height))) return true;
    return false;
  }

  #place(glyph: Glyph): void {
    if (glyph.hidden || glyph.blank) return;
    const [x, y] = middle(glyph);
    const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
    const cell = this.#cells.get(key);
    if (!cell) this.#cells.set(key, [glyph]);
    else if (cell.length < MOST_IN_CELL) cell.push(glyph);
  }
}

const covers = (glyph: Glyph, x: number, y: number, height: number): boolean => {
  const size = Math.hypot(glyph.transform[2], glyph.transform[3]);
  const [u, v] = middle(glyph);
  return (
    size >= LARGER[0] * height &&
    size <= LARGER[1] * height &&
    Math.abs(u - x) < 0.4 * size &&
    Math.abs(v - y) < 0.4 * size
  );
};

/** The middle of a glyph's ink, about. */
export const middle = ({ x0, y0, x1, y1, transform }: Glyph): [number, number] => [
  (x0 + x1) / 2 + 0.3 * transform[2],
  (y0 + y1) / 2 + 0.3 * transform[3],
];

/**
 * Type size of a Type 3 font, whose glyphs have a scale of their own: the height of its box, and where that is not in proportion to its
 * letters' widths, what suits those.
 */
export const typeHeight = (font: FontFacts, size: number, glyphs: readonly (number | PdfGlyph)[]): number => {
  const [across, , , up] = font.fontMatrix ?? [0.001, 0, 0, 0.001];
  const widths = glyphs.flatMap((glyph) => (typeof glyph === 'number' || !(glyph.width > 0) ? [] : glyph.width));
  const usual =
    2 * size * Math.abs(across) * (widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length));
  const box = font.bbox ? size * Math.abs(up) * Math.abs(font.bbox[3] - font.bbox[1]) : 0;
  return usual === 0 || (box > 0.4 * usual && box < 4 * usual) ? box || size : usual;
};
