// The part of the graphics state that decides what a glyph looks like and where it stands (PDF 32000-1, 8.4 and 9.3).
import type { Rect } from '../geometry.ts';
import { BLACK, type Colour } from './operators.ts';

export interface State {
  matrix: number[];
  clip: Rect;
  fill: Colour;
  stroke: Colour;
  fillAlpha: number;
  strokeAlpha: number;
  plain: boolean;
  charSpacing: number;
  wordSpacing: number;
  scale: number;
  leading: number;
  size: number;
  rise: number;
  mode: number;
  font: string;
  /** A picture's place until something is painted in it: pictures are left out of the list, their matrix is not. */
  place: number[] | undefined;
}

/** Of a page, or of a piece of one, at its beginning. */
export const startState = (matrix: number[], clip: Rect): State => ({
  matrix,
  clip,
  fill: BLACK,
  stroke: BLACK,
  fillAlpha: 1,
  strokeAlpha: 1,
  plain: true,
  charSpacing: 0,
  wordSpacing: 0,
  scale: 1,
  leading: 0,
  size: 0,
  rise: 0,
  mode: 0,
  font: '',
  place: undefined,
});
