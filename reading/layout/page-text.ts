// What layout works with: a page's text as words with their places, and what of its drawing says how its columns run.
//
// Every direction of writing gets a frame of its own: `u` runs along the text, `v` down across it, both in PDF points. Layout
// works in the frame, so a page turned by 90 degrees, a landscape table and the main text are all read by the same code.
import type { Rect } from '../geometry.ts';

/** A glyph in the frame of its direction of writing. */
export interface FrameGlyph {
  text: string;
  u0: number;
  u1: number;
  v: number;
  size: number;
  font: string;
}

/** A word, or the part of one that is drawn with one font: [u0, u1) along the writing, baseline at `v`. */
export interface Run {
  /** Its letters in the order in which they are read. */
  text: string;
  /** Where each letter begins and the last one ends, along the writing: text.length + 1 places, falling where `rtl`. */
  edges: number[];
  u0: number;
  u1: number;
  v: number;
  size: number;
  font: string;
  /** A blank stands before it in the file. */
  blank: boolean;
  rtl: boolean;
}

/** Runs of one line with no wide gap between them. */
export interface Segment {
  runs: Run[];
  u0: number;
  u1: number;
  v: number;
  size: number;
}

/** All text of one page written in one direction; `angle` in degrees, clockwise, 0 for upright text. */
export interface Frame {
  angle: number;
  segments: Segment[];
}

export interface PageText {
  number: number;
  width: number;
  height: number;
  frames: Frame[];
  /** For its upright text. */
  shape?: PageShape;
  /** Text that nobody can see: smaller than 2 points, or off the page. */
  hidden: boolean;
}

/** Where the lines of a grid stand: across the writing (`u`) and down the page (`v`), with the pieces that are drawn. */
export interface Grid {
  u: number[];
  v: number[];
  level: Rect[];
  upright: Rect[];
  /** As in a mirror: segments are too, their runs keep their places on the page. */
  mirrored?: true;
}

/** A rule at `u` along the writing, from `v0` down to `v1`, in points of the page as shown. */
export interface Gutter {
  u: number;
  v0: number;
  v1: number;
}

/** What of a page, beside its text, says how its columns run. */
export interface PageShape {
  /** Rules between columns. */
  gutters?: readonly Gutter[];
  /** Where pictures are that may part the columns over them from those under them: x0, y0, x1, y1 on the page as shown. */
  pictures?: readonly Rect[];
  /** Ruled tables. */
  grids?: readonly Grid[];
  /** Where columns begin on other pages of the document. */
  usual?: readonly number[];
  /** Told where a column of this page begins. */
  onColumn?: (u: number) => void;
}
