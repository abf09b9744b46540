// The glyphs of a page, each with its place, and whether it can be seen. pdf.js has a shorter way to text, but it gives lines without
// the places of their letters and says nothing of colour, clipping or rendering mode. So its list of drawing operators is walked
// with the part of the graphics state that decides it (PDF 32000-1, 8.4 and 9.3): what is drawn in the colour of what lies under
// it, transparent, invisible (mode 3) or outside its clip cannot be read by a person; what a hidden layer holds is not drawn.
//
// Geometry is in the page's user space. Only rectangles count as known ground; on any other shape, on pictures and on shadings
// text is taken to be visible, since hiding what a person can read would be the worse mistake.

import { common, IDENTITY, isRectangle, moved, multiply, type Rect, within } from '../geometry.ts';
import type { Glyph } from './glyph.ts';
import { GlyphsUnder, middle, typeHeight } from './glyphs-under.ts';
import { type State, startState } from './graphics-state.ts';
import { Guesses, lettersOf } from './letters.ts';
import {
  type Colour,
  colourOf,
  type FontFacts,
  OPS,
  type OperatorList,
  type PageNames,
  type PdfGlyph,
  WHITE,
} from './operators.ts';
import { rulesOf } from './rules.ts';

export interface Ink {
  glyphs: Glyph[];
  /** Where pictures are painted; reading leaves the pictures themselves out. */
  pictures: Rect[];
  /** Straight lines along and across the page, as thin rectangles. */
  rules: Rect[];
  hidden: boolean;
  /** Most of its text is invisible and lies on pictures: what a recogniser added to a scan. */
  layer: boolean;
}

interface UsedFont {
  facts: FontFacts;
  /** What it is called, the same for all parts of it that a file has. */
  face: string;
  letters: (glyph: PdfGlyph) => string;
  /** Where its codes are numbers of glyphs. */
  guesses?: Guesses;
}

interface Ground {
  rect: Rect;
  colour: Colour;
  alpha: number;
}

/** Colours this near to each other (of 255) look the same. */
const ALIKE = 12;
/** What has ink: no blank, and no sign that only says how others are joined. */
const SEEN = /[^\s\p{Cf}]/u;
const isBlank = (text: string): boolean => !(text > ' ' && text < '\x7f') && !SEEN.test(text);
/** Letters are spaced out for their looks by less than this, in units of the type size. */
const TRACKING = 0.7;
/** Limits on everything: grounds that are remembered, and glyphs of a page. */
const MOST_GROUNDS = 2_000;
export const MOST_GLYPHS = 1_000_000;

/** Walks a page's operators. `view` is the page's box in user space. */
export const readInk = (list: OperatorList, view: readonly number[], names: PageNames): Ink =>
  new Walk(view as unknown as Rect, names).run(list);

class Walk {
  readonly #ink: Ink = { glyphs: [], pictures: [], rules: [], hidden: false, layer: false };
  /** Mode 3: hidden unless it turns out to lie on a picture, as the text layer of a scan does. */
  readonly #invisible: Glyph[] = [];
  readonly #grounds: Ground[] = [];
  readonly #stack: State[] = [];
  readonly #names: PageNames;
  readonly #fonts = new Map<string, UsedFont>();
  /** For each marked piece and each group that is open: whether what it holds is drawn. */
  readonly #marked: boolean[] = [];
  readonly #groups: boolean[] = [];
  #undrawn = 0;
  readonly #view: Rect;
  #state: State;
  #text = IDENTITY;
  #line = IDENTITY;
  #clipNext = false;
  readonly #under = new GlyphsUnder(this.#ink.glyphs);
  /** Of the annotation that is being drawn: where its glyphs begin, and those outside their clip. */
  #annotation: { start: number; clipped: Glyph[] } | undefined;

  constructor(view: Rect, names: PageNames) {
    this.#view = view;
    this.#names = names;
    this.#state = startState(IDENTITY, view);
  }

  run({ fnArray, argsArray }: OperatorList): Ink {
    for (let i = 0; i < fnArray.length; i++) this.#step(fnArray[i], argsArray[i] as never);
    while (this.#stack.length > 0) this.#restore();
    this.#leave();
    for (const { guesses } of this.#fonts.values()) guesses?.settle();
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
    else if (code >= OPS.beginMarkedContent && code <= OPS.endAnnotation) this.#nest(code, args);
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
    else if (code === OPS.shadingFill) this.#lay({ rect: state.clip, colour: undefined, alpha: 1 });
    else if (code === OPS.setFillTransparent) state.fillAlpha = 0;
    else if (code === OPS.setStrokeTransparent) state.strokeAlpha = 0;
    else if (code >= OPS.paintImageMaskXObject && code <= OPS.paintSolidColorImageMask) this.#picture(state.matrix);
  }

  /** Pieces of the page: layers, forms, groups, annotations. */
  #nest(code: number, args: unknown[]): void {
    if (code === OPS.paintFormXObjectBegin) this.#formBegins(args as [number[] | null, Rect | null]);
    else if (code === OPS.paintFormXObjectEnd) this.#restore();
    else if (code === OPS.beginMarkedContent || code === OPS.beginMarkedContentProps)
      this.#open(this.#marked, args[0] !== 'OC' || this.#names.isVisible(args[1]));
    else if (code === OPS.endMarkedContent) this.#shut(this.#marked);
    else if (code === OPS.beginGroup) this.#open(this.#groups, !(args[0] as { smask?: unknown } | undefined)?.smask);
    else if (code === OPS.endGroup) this.#shut(this.#groups);
    else if (code === OPS.beginAnnotation) {
      // id, rectangle, transform, matrix: drawn on the page, whatever state the page was left in.
      const [, , transform, matrix] = args as [string, Rect, number[], number[]];
      this.#stack.length = 0;
      this.#save();
      this.#state = startState(multiply(transform, matrix), this.#view);
      this.#text = this.#line = IDENTITY;
      this.#annotation = { start: this.#ink.glyphs.length, clipped: [] };
    } else if (code === OPS.endAnnotation) {
      this.#restore();
      this.#annotationEnds();
    }
  }

  /** A field whose text is longer than its box can be scrolled: what is outside counts as seen where as much of it is inside. */
  #annotationEnds(): void {
    const { start, clipped } = this.#annotation ?? { start: 0, clipped: [] };
    const seen = this.#ink.glyphs.slice(start).filter((glyph) => !glyph.hidden && !glyph.blank).length;
    if (seen >= clipped.length) for (const glyph of clipped) glyph.hidden = false;
    this.#annotation = undefined;
  }

  #open(pieces: boolean[], drawn: boolean): void {
    pieces.push(drawn);
    if (!drawn) this.#undrawn++;
  }

  #shut(pieces: boolean[]): void {
    if (pieces.pop() === false) this.#undrawn--;
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
    const stroked = paint !== OPS.fill && paint !== OPS.eoFill;
    if (this.#ink.rules.length < MOST_GROUNDS)
      this.#ink.rules.push(...rulesOf(parts?.[0], stroked, state.matrix, state.clip));
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
    if (code === OPS.beginText) this.#text = this.#line = IDENTITY;
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

  #show(glyphs: readonly (number | PdfGlyph)[]): void {
    const state = this.#state;
    state.place = undefined;
    const { facts: font, letters, guesses } = this.#font();
    const vertical = font.vertical === true;
    const unit = state.size * (font.fontMatrix?.[0] || 0.001);
    const height = font.isType3Font ? typeHeight(font, state.size, glyphs) : state.size;
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        this.#advance((-glyph * state.size) / 1_000, vertical);
        continue;
      }
      // Tracking belongs to the glyph before it, so that letters spaced out for their looks still touch; a word space does not, nor does
      // what is as wide as a letter: that sets the columns of a table.
      const own = (vertical ? (glyph.vmetric?.[0] ?? -1_000) : glyph.width) * unit;
      const length = own + (Math.abs(state.charSpacing) < TRACKING * state.size ? state.charSpacing : 0);
      const text = this.#ink.glyphs.length < MOST_GLYPHS && this.#undrawn === 0 ? letters(glyph) : '';
      if (text !== '') {
        const drawn = this.#draw(text, length, height, vertical);
        guesses?.add(glyph, drawn);
      }
      this.#advance(own + state.charSpacing + (glyph.isSpace ? state.wordSpacing : 0), vertical);
    }
  }

  #font(): UsedFont {
    const { font } = this.#state;
    const known = this.#fonts.get(font);
    if (known) return known;
    const facts = this.#names.font(font);
    const face = facts.name?.replace(/^[A-Z]{6}\+/, '') || font;
    const made = { facts, face, letters: lettersOf(facts), ...(facts.composite && { guesses: new Guesses() }) };
    this.#fonts.set(font, made);
    return made;
  }

  #advance(by: number, vertical: boolean): void {
    const [a, b, c, d, e, f] = this.#text;
    const along = by * this.#state.scale;
    this.#text = vertical ? [a, b, c, d, e + c * by, f + d * by] : [a, b, c, d, e + a * along, f + b * along];
  }

  #draw(text: string, length: number, height: number, vertical: boolean): Glyph {
    const { scale, rise, mode, matrix } = this.#state;
    const [a, b, c, d, e, f] = multiply(matrix, this.#text);
    const [x0, y0] = [e + c * rise, f + d * rise];
    const [alongX, alongY] = vertical ? [c * length, d * length] : [a * length * scale, b * length * scale];
    const glyph: Glyph = {
      text,
      x0,
      y0,
      x1: x0 + alongX,
      y1: y0 + alongY,
      transform: [a * height * scale, b * height * scale, c * height, d * height, x0, y0],
      font: this.#font().face,
      vertical,
      blank: isBlank(text),
      hidden: false,
    };
    this.#ink.glyphs.push(glyph);
    if (glyph.blank) return glyph;
    const [x, y] = middle(glyph);
    if (mode === 3 || mode === 7) this.#invisible.push(glyph);
    else if (within(this.#state.clip, x, y, Math.abs(height))) glyph.hidden = this.#blends(x, y, height);
    else {
      glyph.hidden = true;
      this.#annotation?.clipped.push(glyph);
    }
    return glyph;
  }

  /** Whether what is drawn at a point now looks like what is there. */
  #blends(x: number, y: number, height: number): boolean {
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
      inks.every(([colour, alpha]) => colour!.every((part, i) => alpha * Math.abs(part - ground[i]) <= ALIKE)) &&
      !this.#under.holds(x, y, Math.abs(height))
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
