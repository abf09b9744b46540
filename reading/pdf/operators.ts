// What pdf.js lists for a page: its codes for drawing operators (PDF 32000-1, annex A), and the parts of their arguments that are used.

/** pdf.js's operator codes, stable over its versions; a test compares them with the library's own. */
export const OPS = {
  setGState: 9,
  save: 10,
  restore: 11,
  transform: 12,
  stroke: 20,
  closeStroke: 21,
  fill: 22,
  eoFill: 23,
  endPath: 28,
  clip: 29,
  eoClip: 30,
  beginText: 31,
  setCharSpacing: 33,
  setWordSpacing: 34,
  setHScale: 35,
  setLeading: 36,
  setFont: 37,
  setTextRenderingMode: 38,
  setTextRise: 39,
  moveText: 40,
  setLeadingMoveText: 41,
  setTextMatrix: 42,
  nextLine: 43,
  showText: 44,
  setStrokeColorN: 53,
  setFillColorN: 55,
  setStrokeRGBColor: 58,
  setFillRGBColor: 59,
  shadingFill: 62,
  beginMarkedContent: 69,
  beginMarkedContentProps: 70,
  endMarkedContent: 71,
  paintFormXObjectBegin: 74,
  paintFormXObjectEnd: 75,
  beginGroup: 76,
  endGroup: 77,
  beginAnnotation: 80,
  endAnnotation: 81,
  paintImageMaskXObject: 83,
  paintSolidColorImageMask: 90,
  constructPath: 91,
  setStrokeTransparent: 92,
  setFillTransparent: 93,
} as const;

export interface OperatorList {
  fnArray: ArrayLike<number>;
  argsArray: ArrayLike<unknown>;
}

/** What the font of a name says of its glyphs; pdf.js's font objects have these names. */
export interface FontFacts {
  fontMatrix?: readonly number[];
  vertical?: boolean;
  isType3Font?: boolean;
  bbox?: readonly number[];
  name?: string;
  /** Its codes are numbers of glyphs, or of a character collection. */
  composite?: boolean;
  /** Names of glyphs by code: those that the file gives, and those of the font's own encoding. */
  differences?: ReadonlyMap<number, string>;
  defaultEncoding?: readonly string[];
  /** Names of its glyphs by the font itself (cff-names.ts). */
  names?: ReadonlyMap<string, string>;
  /** The font's program, and what lets go of it. */
  data?: Uint8Array;
  subtype?: string;
  clearData?(): void;
}

/** A glyph as pdf.js hands it out, the part that is used. */
export interface PdfGlyph {
  unicode: string;
  /** Its code in the font as pdf.js wraps it. */
  fontChar?: string;
  originalCharCode?: number;
  width: number;
  /** Of a vertical glyph: advance, and where its origin lies. */
  vmetric?: readonly number[] | null;
  isSpace?: boolean;
}

/** How a page's names are looked up. */
export interface PageNames {
  font(name: string): FontFacts;
  /** Whether a reader sees what a layer ("optional content") holds. */
  isVisible(layer: unknown): boolean;
}

/** Red, green, blue, 0-255. `undefined`: a pattern, or anything else whose colour at a point is not known. */
export type Colour = readonly [number, number, number] | undefined;

export const WHITE: Colour = [255, 255, 255];
export const BLACK: Colour = [0, 0, 0];

/** Of an operator that sets a colour. */
export const colourOf = (args: unknown): Colour => {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(String((args as unknown[] | null)?.[0]));
  return hex ? [Number.parseInt(hex[1], 16), Number.parseInt(hex[2], 16), Number.parseInt(hex[3], 16)] : undefined;
};
