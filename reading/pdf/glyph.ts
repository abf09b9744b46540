// What reading a page of a PDF begins with.

/** One glyph as drawn. */
export interface Glyph {
  text: string;
  /** Origin and end of its advance. */
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  /** Text space to user space at its origin, scaled to the type size: a text item's transform. */
  transform: readonly number[];
  font: string;
  /** Its writing runs down the page. */
  vertical: boolean;
  blank: boolean;
  hidden: boolean;
}
