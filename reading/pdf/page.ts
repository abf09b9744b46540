// One page of a PDF: its text with its geometry, less what nobody can see, and what the page is when it has none.
import type { LeftOut, Page } from '../document.ts';
import { moved, type Rect } from '../geometry.ts';
import { frameBox, isOnPage, type PageView, placeGlyphs } from '../layout/glyphs.ts';
import { guttersOf, partingPictures } from '../layout/gutters.ts';
import { type PackedText, packText } from '../layout/packed.ts';
import type { PageShape, PageText } from '../layout/page-text.ts';
import { gridsOf } from '../layout/tables.ts';
import { glyphNames } from './cff-names.ts';
import type { Glyph } from './glyph.ts';
import { type Ink, MOST_GLYPHS, readInk } from './ink.ts';
import { glyphsOfItems, type TextItem } from './items.ts';
import type { PageNames } from './operators.ts';
import { type PdfDocument, type PdfPage, type PdfSession, PdfTrouble } from './session.ts';

/** Milliseconds. A page takes some tens of them; whatever passes these limits was made to, or is a drawing and no text. */
const INK_LIMIT = 4_000;
const ITEMS_LIMIT = 4_000;
/** After a page that ran into its limit, the next get this much. */
const SHORT_LIMIT = 1_500;
/** Characters: a page in small print has 10,000. */
const MOST_CHARACTERS = 2_000_000;
/** The part of a page that a picture must cover for a page without text to count as scanned. */
const PICTURE_SHARE = 0.02;

export interface PageRead {
  page: Page;
  text?: PackedText;
  leftOut: LeftOut[];
  /** What of its text nobody can see. */
  unseen?: PackedText;
  /** User space to the page as shown. */
  view?: readonly number[];
  /** Why it failed. */
  trouble?: 'slow' | 'memory' | 'crash' | 'characters';
  /** Its text was read, but whether all of it can be seen is not known. */
  unchecked?: boolean;
}

/** Never rejects but with the signal's reason: a page that fails is said to have. */
export const readPage = async (session: PdfSession, number: number, hurry: boolean): Promise<PageRead> => {
  const read: PageRead = { page: { number, width: 0, height: 0, start: 0, end: 0, state: 'failed' }, leftOut: [] };
  try {
    const limit = hurry ? SHORT_LIMIT : INK_LIMIT;
    const ink = await inkOf(session, number, read, limit);
    const glyphs =
      ink?.glyphs ?? (await session.within(hurry ? SHORT_LIMIT : ITEMS_LIMIT, (pdf) => readItems(pdf, number, read)));
    settle(read, glyphs, ink);
    await session.within(limit, async (pdf) => (await pdf.getPage(number)).cleanup());
  } catch (error) {
    if (error instanceof PdfTrouble) read.trouble = error.trouble;
    else if (error instanceof TooManyCharacters) read.trouble = 'characters';
    else if ((error as Error | undefined)?.name === 'AbortError') throw error;
    read.page.state = 'failed';
  }
  return read;
};

class TooManyCharacters extends Error {}

/** What is drawn on the page. Undefined when that cannot be told: the page's text is kept all the same. */
const inkOf = async (session: PdfSession, number: number, read: PageRead, limit: number): Promise<Ink | undefined> => {
  try {
    return await session.within(limit, async (pdf) => {
      const source = await openPage(pdf, number, read);
      const list = await source.getOperatorList({ annotationMode: SHOW_ANNOTATIONS });
      const ink = readInk(list, source.view, await namesOf(pdf, source));
      if (ink.glyphs.length >= MOST_GLYPHS) throw new TooManyCharacters();
      return ink;
    });
  } catch (error) {
    if ((error as Error | undefined)?.name === 'AbortError' || error instanceof TooManyCharacters) throw error;
    // What asked for too much memory once would do so again.
    if (error instanceof PdfTrouble && error.trouble === 'memory') throw error;
    read.unchecked = true;
    return undefined;
  }
};

/** pdf.js's AnnotationMode.ENABLE: what form fields and notes look like belongs to the page. */
const SHOW_ANNOTATIONS = 1;

const openPage = async (pdf: PdfDocument, number: number, read: PageRead): Promise<PdfPage> => {
  const source = await pdf.getPage(number);
  const view = source.getViewport({ scale: 1 });
  read.view = view.transform;
  [read.page.width, read.page.height] = [view.width, view.height];
  return source;
};

const namesOf = async (pdf: PdfDocument, { commonObjs }: PdfPage): Promise<PageNames> => {
  const layers = await pdf.getOptionalContentConfig().catch(() => undefined);
  return {
    font: (name) => {
      const font = commonObjs.has(name) ? commonObjs.get(name) : {};
      // Of other formats pdf.js makes a table without names.
      if (font.subtype === 'Type1C') font.names ??= font.data && glyphNames(font.data);
      font.clearData?.();
      return font;
    },
    isVisible: (layer) => layers?.isVisible(layer) ?? true,
  };
};

/** The page's text as pdf.js puts it together, where its drawing cannot be followed. */
const readItems = async (pdf: PdfDocument, number: number, read: PageRead): Promise<Glyph[]> => {
  const source = await openPage(pdf, number, read);
  const items: TextItem[] = [];
  const vertical = new Set<string>();
  const reader = source.streamTextContent().getReader();
  let characters = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return glyphsOfItems(items, (font) => vertical.has(font));
    for (const item of value.items as TextItem[]) {
      if (typeof item.str !== 'string') continue;
      characters += item.str.length + 1;
      if (characters > MOST_CHARACTERS) {
        reader.cancel(new Error('enough')).catch(() => undefined);
        throw new TooManyCharacters();
      }
      items.push(item);
    }
    for (const [font, style] of Object.entries(value.styles)) if (style.vertical) vertical.add(font);
  }
};

const settle = (read: PageRead, glyphs: readonly Glyph[], ink: Ink | undefined): void => {
  const { page } = read;
  const view: PageView = { transform: read.view!, width: page.width, height: page.height };
  const seen: Glyph[] = [];
  const unseen: Glyph[] = [];
  for (const glyph of glyphs) (!glyph.hidden && isOnPage(glyph, view) ? seen : unseen).push(glyph);
  const text = placeGlyphs(page.number, view, seen);
  const hidden = placeGlyphs(page.number, view, withoutTwins(unseen, seen));
  if (hidden.frames.length > 0) read.unseen = packText(hidden);
  read.leftOut.push(...leftOutOf(hidden));
  text.hidden = read.leftOut.length > 0;
  const shape = shapeOf(ink, view);
  if (shape) text.shape = shape;
  if (text.frames.length > 0 || text.hidden) read.text = packText(text);
  if (text.frames.length > 0) {
    page.state = 'text';
    if (ink?.layer) page.recognised = 'file';
  } else if (ink === undefined) page.state = 'failed';
  else page.state = pictureShare(ink, view) > PICTURE_SHARE ? 'scanned' : 'blank';
};

const shapeOf = (ink: Ink | undefined, { transform, width, height }: PageView): PageShape | undefined => {
  const shown = (rects: readonly Rect[] = []): Rect[] => rects.map((rect) => moved(transform, rect));
  const [rules, pictures] = [shown(ink?.rules), partingPictures(shown(ink?.pictures), width, height)];
  const [gutters, grids] = [guttersOf(rules, height), gridsOf(rules)];
  return gutters.length + grids.length + pictures.length > 0 ? { gutters, grids, pictures } : undefined;
};

/** Less those that can be seen where another copy is drawn: some files draw a page in strips, each with all of a line that crosses it. */
const withoutTwins = (unseen: readonly Glyph[], seen: readonly Glyph[]): Glyph[] => {
  if (unseen.length === 0) return [];
  const key = (text: string, x: number, y: number): string => `${text} ${Math.round(x)} ${Math.round(y)}`;
  const places = new Set(seen.map(({ text, x0, y0 }) => key(text, x0, y0)));
  const near = [-0.5, 0.5];
  return unseen.filter(
    ({ text, x0, y0 }) => !near.some((dx) => near.some((dy) => places.has(key(text, x0 + dx, y0 + dy)))),
  );
};

const leftOutOf = ({ number, width, height, frames }: PageText): LeftOut[] =>
  frames.flatMap(({ angle, segments }) =>
    segments.map(({ runs, u0, u1, v, size }): LeftOut => {
      const box = frameBox(number, angle, u0, u1, v, size);
      const shown = box.x < width && box.y < height && box.x + box.width > 0 && box.y + box.height > 0;
      return { page: number, why: 'hidden', text: runs.map((run) => run.text).join(' '), boxes: shown ? [box] : [] };
    }),
  );

const pictureShare = ({ pictures }: Ink, { width, height }: PageView): number =>
  pictures.reduce((sum, [x0, y0, x1, y1]) => sum + (x1 - x0) * (y1 - y0), 0) / Math.max(1, width * height);
