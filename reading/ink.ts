// Which glyphs of a page can be seen. pdf.js's text says nothing of colour, clipping or rendering mode, so its list of drawing
// operators is walked with the part of the graphics state that decides it (PDF 32000-1, 8.4 and 9.3): what is drawn in the
// colour of what lies under it, transparent, invisible (mode 3) or outside its clip cannot be read by a person.
//
// Geometry is in the page's user space. Only rectangles count as known ground; on any other shape, on pictures and on shadings
// text is taken to be visible, since hiding what a person can read would be the worse mistake.

/** pdf.js's operator codes, stable over its versions; a test compares them with the library's own. */
export const OPS = {
  setGState: 9,
  save: 10,
  restore: 11,
  transform: 12,
  stroke: 20,
  closeStroke: 21,
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
  paintFormXObjectBegin: 74,
  paintFormXObjectEnd: 75,
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

/** A rectangle in user space: x0, y0, x1, y1. */
export type Rect = readonly [number, number, number, number];

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
  blank: boolean;
  hidden: boolean;
}

export interface Ink {
  glyphs: Glyph[];
  /** Where pictures are painted; reading leaves the pictures themselves out. */
  pictures: Rect[];
  hidden: boolean;
  /** Most of its text is invisible and lies on pictures: what a recogniser added to a scan. */
  layer: boolean;
}

/** Red, green, blue, 0-255. `undefined`: a pattern, or anything else whose colour at a point is not known. */
type Colour = readonly [number, number, number] | undefined;

interface State {
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

interface Ground {
  rect: Rect;
  colour: Colour;
  alpha: number;
}

/** What the font of a name says of its glyphs; pdf.js's font objects have these names. */
export interface FontFacts {
  fontMatrix?: readonly number[];
  vertical?: boolean;
}

/** Colours this near to each other (of 255) look the same. */
const ALIKE = 12;
/** Limits on everything: grounds that are remembered, and glyphs of a page. */
const MOST_GROUNDS = 2_000;
const MOST_GLYPHS = 1_000_000;

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const UNIT = [1, 0, 0, 1, 0, 0];

export const multiply = (a: readonly number[], b: readonly number[]): number[] => [
  a[0] * b[0] + a[2] * b[1],
  a[1] * b[0] + a[3] * b[1],
  a[0] * b[2] + a[2] * b[3],
  a[1] * b[2] + a[3] * b[3],
  a[0] * b[4] + a[2] * b[5] + a[4],
  a[1] * b[4] + a[3] * b[5] + a[5],
];

/** Bounds of a rectangle after `m`. */
const moved = (m: readonly number[], [x0, y0, x1, y1]: Rect): Rect => {
  const xs = [x0, x1].flatMap((x) => [y0, y1].map((y) => m[0] * x + m[2] * y + m[4]));
  const ys = [x0, x1].flatMap((x) => [y0, y1].map((y) => m[1] * x + m[3] * y + m[5]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

const within = ([x0, y0, x1, y1]: Rect, x: number, y: number, slack = 0): boolean =>
  x >= x0 - slack && x <= x1 + slack && y >= y0 - slack && y <= y1 + slack;

const common = (a: Rect, b: Rect): Rect => [
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
  Math.min(a[2], b[2]),
  Math.min(a[3], b[3]),
];

const colourOf = (args: unknown): Colour => {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(String((args as unknown[] | null)?.[0]));
  return hex ? [Number.parseInt(hex[1], 16), Number.parseInt(hex[2], 16), Number.parseInt(hex[3], 16)] : undefined;
};

/** Walks a page's operators. `view` is the page's box in user space. */
export const readInk = (list: OperatorList, view: readonly number[], fontOf: (name: string) => FontFacts): Ink =>
  new Walk(view as unknown as Rect, fontOf).run(list);

class Walk {
  readonly #ink: Ink = { glyphs: [], pictures: [], hidden: false, layer: false };
  /** Mode 3: hidden unless it turns out to lie on a picture, as the text layer of a scan does. */
  readonly #invisible: Glyph[] = [];
  readonly #grounds: Ground[] = [];
  readonly #stack: State[] = [];
  readonly #fontOf: (name: string) => FontFacts;
  readonly #view: Rect;
  #state: State;
  #text = UNIT;
  #line = UNIT;
  #clipNext = false;

  constructor(view: Rect, fontOf: (name: string) => FontFacts) {
    this.#view = view;
    this.#fontOf = fontOf;
    this.#state = {
      matrix: UNIT,
      clip: view,
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
    };
  }

  run({ fnArray, argsArray }: OperatorList): Ink {
    for (let i = 0; i < fnArray.length; i++) this.#step(fnArray[i], argsArray[i] as never);
    while (this.#stack.length > 0) this.#restore();
    this.#leave();
    const { pictures } = this.#ink;
    for (const glyph of this.#invisible) {
      const [x, y] = middle(glyph);
      glyph.hidden = !pictures.some((picture) => within(picture, x, y, 3));
    }
    const layer = this.#invisible.filter((glyph) => !glyph.hidden).length;
    this.#ink.layer = 2 * layer > this.#ink.glyphs.filter((glyph) => !glyph.blank).length;
    this.#ink.hidden = this.#ink.glyphs.some((glyph) => glyph.hidden && !glyph.blank);
    return this.#ink;
  }

  #step(code: number, args: never): void {
    if (code === OPS.showText) this.#show(args[0]);
    else if (code >= OPS.beginText && code <= OPS.nextLine) this.#textState(code, args);
    else if (code === OPS.constructPath) this.#path(args);
    else if (code >= OPS.setStrokeColorN && code <= OPS.setFillRGBColor) this.#colour(code, args);
    else this.#graphics(code, args);
  }

  #graphics(code: number, args: unknown[]): void {
    const state = this.#state;
    if (code === OPS.save) this.#save();
    else if (code === OPS.restore) this.#restore();
    else if (code === OPS.transform) {
      state.matrix = multiply(state.matrix, args as number[]);
      state.place = state.matrix;
    } else if (code === OPS.setGState) this.#gState(args[0] as [string, unknown][]);
    else if (code === OPS.clip || code === OPS.eoClip) this.#clipNext = true;
    else if (code === OPS.paintFormXObjectBegin) this.#formBegins(args as [number[] | null, Rect | null]);
    else if (code === OPS.paintFormXObjectEnd) this.#restore();
    else if (code === OPS.shadingFill) this.#lay({ rect: state.clip, colour: undefined, alpha: 1 });
    else if (code === OPS.setFillTransparent) state.fillAlpha = 0;
    else if (code === OPS.setStrokeTransparent) state.strokeAlpha = 0;
    else if (code >= OPS.paintImageMaskXObject && code <= OPS.paintSolidColorImageMask) this.#picture(state.matrix);
  }

  #save(): void {
    this.#stack.push(this.#state);
    this.#state = { ...this.#state, place: undefined };
  }

  #restore(): void {
    this.#leave();
    this.#state = this.#stack.pop() ?? this.#state;
  }

  /** The end of a stretch that placed something and painted nothing: there a picture was left out. */
  #leave(): void {
    if (this.#state.place) this.#picture(this.#state.place);
    this.#state.place = undefined;
  }

  #picture(matrix: number[]): void {
    const rect = common(moved(matrix, [0, 0, 1, 1]), this.#state.clip);
    this.#state.place = undefined;
    if (rect[2] - rect[0] < 4 || rect[3] - rect[1] < 4) return;
    if (this.#ink.pictures.length < MOST_GROUNDS) this.#ink.pictures.push(rect);
    this.#lay({ rect, colour: undefined, alpha: 1 });
  }

  #formBegins([matrix, box]: [number[] | null, Rect | null]): void {
    this.#save();
    const state = this.#state;
    if (matrix) state.matrix = multiply(state.matrix, matrix);
    if (box) state.clip = common(state.clip, moved(state.matrix, box));
  }

  #gState(entries: readonly [string, unknown][]): void {
    const state = this.#state;
    for (const [key, value] of entries) {
      if (key === 'ca') state.fillAlpha = Number(value);
      else if (key === 'CA') state.strokeAlpha = Number(value);
      else if (key === 'BM') state.plain = value === 'source-over' || value === 'Normal';
      else if (key === 'SMask') state.plain = state.plain && !value;
      else if (key === 'Font') [state.font, state.size] = value as [string, number];
    }
  }

  #colour(code: number, args: unknown): void {
    const state = this.#state;
    if (code === OPS.setFillRGBColor) [state.fill, state.fillAlpha] = [colourOf(args), state.fillAlpha || 1];
    else if (code === OPS.setStrokeRGBColor) state.stroke = colourOf(args);
    else if (code === OPS.setFillColorN) state.fill = undefined;
    else if (code === OPS.setStrokeColorN) state.stroke = undefined;
  }

  /** args: what is done with the path, its parts (one array of numbers), its bounds. */
  #path([paint, parts, bounds]: [number, (ArrayLike<number> | null)[], Rect | null]): void {
    const state = this.#state;
    if (bounds && this.#clipNext) state.clip = common(state.clip, moved(state.matrix, bounds));
    this.#clipNext = false;
    if (paint === OPS.endPath) return;
    state.place = undefined;
    if (!bounds || paint === OPS.stroke || paint === OPS.closeStroke) return;
    const turned = state.matrix[1] !== 0 && state.matrix[0] !== 0;
    const known = !turned && state.plain && isRectangle(parts?.[0]);
    const rect = common(moved(state.matrix, bounds), state.clip);
    this.#lay({ rect, colour: known ? state.fill : undefined, alpha: known ? state.fillAlpha : 1 });
  }

  #lay(ground: Ground): void {
    this.#grounds.push(ground);
    if (this.#grounds.length > MOST_GROUNDS) this.#grounds.shift();
  }

  #textState(code: number, args: number[]): void {
    const state = this.#state;
    if (code === OPS.beginText) this.#text = this.#line = UNIT;
    else if (code === OPS.setCharSpacing) state.charSpacing = args[0];
    else if (code === OPS.setWordSpacing) state.wordSpacing = args[0];
    else if (code === OPS.setHScale) state.scale = args[0] / 100;
    else if (code === OPS.setLeading) state.leading = -args[0];
    else if (code === OPS.setFont) [state.font, state.size] = args as unknown as [string, number];
    else if (code === OPS.setTextRenderingMode) state.mode = args[0];
    else if (code === OPS.setTextRise) state.rise = args[0];
    else if (code === OPS.setTextMatrix) this.#text = this.#line = [...(args[0] as unknown as Iterable<number>)];
    else if (code === OPS.moveText) this.#moveLine(args[0], args[1]);
    else if (code === OPS.setLeadingMoveText) {
      state.leading = args[1];
      this.#moveLine(args[0], args[1]);
    } else if (code === OPS.nextLine) this.#moveLine(0, state.leading);
  }

  #moveLine(x: number, y: number): void {
    this.#text = this.#line = multiply(this.#line, [1, 0, 0, 1, x, y]);
  }

  #show(glyphs: readonly (number | { unicode: string; width: number; isSpace?: boolean })[]): void {
    const state = this.#state;
    state.place = undefined;
    const { fontMatrix, vertical = false } = this.#fontOf(state.font);
    const unit = state.size * (fontMatrix?.[0] || 0.001);
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        this.#advance((-glyph * state.size) / 1_000, vertical);
        continue;
      }
      const spacing = state.charSpacing + (glyph.isSpace ? state.wordSpacing : 0);
      const before = multiply(state.matrix, this.#text);
      const width = vertical ? state.size : glyph.width * unit;
      this.#advance(vertical ? -(width + spacing) : width + spacing, vertical);
      if (this.#ink.glyphs.length < MOST_GLYPHS) this.#draw(glyph.unicode, before, vertical ? 0 : width * state.scale);
    }
  }

  #advance(by: number, vertical: boolean): void {
    this.#text = multiply(this.#text, vertical ? [1, 0, 0, 1, 0, by] : [1, 0, 0, 1, by * this.#state.scale, 0]);
  }

  #draw(text: string, matrix: readonly number[], width: number): void {
    const { size, scale, rise, mode } = this.#state;
    const [a, b, c, d, e, f] = matrix;
    const [x0, y0] = [e + c * rise, f + d * rise];
    const glyph: Glyph = {
      text,
      x0,
      y0,
      x1: x0 + a * width,
      y1: y0 + b * width,
      transform: [a * size * scale, b * size * scale, c * size, d * size, x0, y0],
      blank: text.trim() === '',
      hidden: false,
    };
    this.#ink.glyphs.push(glyph);
    if (glyph.blank) return;
    const [x, y] = middle(glyph);
    // Off the page pdf.js gives no text at all, so there is none to hide.
    if (!within(this.#view, x, y)) return;
    if (mode === 3 || mode === 7) this.#invisible.push(glyph);
    else glyph.hidden = !within(this.#state.clip, x, y, Math.abs(size)) || this.#blends(x, y);
  }

  /** Whether what is drawn at a point now looks like what is there. */
  #blends(x: number, y: number): boolean {
    const { mode, plain, fill, stroke, fillAlpha, strokeAlpha } = this.#state;
    if (!plain) return false;
    const inks: [Colour, number][] = [];
    if (mode % 4 !== 1) inks.push([fill, fillAlpha]);
    if (mode % 4 === 1 || mode % 4 === 2) inks.push([stroke, strokeAlpha]);
    const faint = inks.every(([, alpha]) => alpha * 255 <= ALIKE);
    if (faint) return true;
    if (inks.some(([colour]) => colour === undefined)) return false;
    const ground = this.#groundAt(x, y);
    return (
      ground !== undefined &&
      inks.every(([colour, alpha]) => colour!.every((part, i) => alpha * Math.abs(part - ground[i]) <= ALIKE))
    );
  }

  #groundAt(x: number, y: number): Colour {
    let [red, green, blue, left] = [0, 0, 0, 1];
    for (let i = this.#grounds.length - 1; i >= -1 && left > 0.01; i--) {
      const { rect, colour, alpha } = this.#grounds[i] ?? { rect: this.#view, colour: WHITE, alpha: 1 };
      if (i >= 0 && !within(rect, x, y)) continue;
      if (!colour) return undefined;
      red += colour[0] * alpha * left;
      green += colour[1] * alpha * left;
      blue += colour[2] * alpha * left;
      left *= 1 - alpha;
    }
    return [red, green, blue];
  }
}

const middle = ({ x0, y0, x1, y1, transform }: Glyph): [number, number] => [
  (x0 + x1) / 2 + 0.3 * transform[2],
  (y0 + y1) / 2 + 0.3 * transform[3],
];

/** A path of pdf.js: 0 x y (move), 1 x y (line), 2 … (curve), 4 (close). Only one upright rectangle counts. */
const isRectangle = (path: ArrayLike<number> | null | undefined): boolean => {
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
