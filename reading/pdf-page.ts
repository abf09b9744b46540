// One page of a PDF: its text with its geometry, less what nobody can see, and what the page is when it has none.
import type { Box, LeftOut, Page } from './document.ts';
import { type PageText, placeItems, SMALLEST, type TextItem } from './glyphs.ts';
import { type FontFacts, type Ink, multiply, readInk } from './ink.ts';
import { type PdfDocument, type PdfPage, type PdfSession, PdfTrouble, type PdfViewport } from './pdf-session.ts';
import { partByInk } from './visible-text.ts';

/** Milliseconds. A page takes some tens of them; whatever passes these limits was made to, or is a drawing and no text. */
const PAGE_LIMIT = 6_000;
const INK_LIMIT = 3_000;
/** After a page that ran into its limit, the next get this much. */
const SHORT_LIMIT = 1_500;
/** Characters: a page in small print has 10,000. */
const MOST_CHARACTERS = 2_000_000;
/** The part of a page that a picture must cover for a page without text to count as scanned. */
const PICTURE_SHARE = 0.02;

export interface PageRead {
  page: Page;
  text?: PageText;
  leftOut: LeftOut[];
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
    const limit = hurry ? SHORT_LIMIT : PAGE_LIMIT;
    const { items, vertical } = await session.within(limit, (pdf) => readItems(pdf, number, read));
    const ink = await inkOf(session, number, read);
    const { seen, unseen } = ink?.hidden ? partByInk(items, ink) : { seen: items, unseen: [] };
    settle(read, seen, unseen, vertical, ink);
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

interface Items {
  items: TextItem[];
  vertical: Set<string>;
}

const readItems = async (pdf: PdfDocument, number: number, read: PageRead): Promise<Items> => {
  const source = await pdf.getPage(number);
  const view = source.getViewport({ scale: 1 });
  read.view = view.transform;
  [read.page.width, read.page.height] = [view.width, view.height];
  const out: Items = { items: [], vertical: new Set() };
  const reader = source.streamTextContent().getReader();
  let characters = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return out;
    for (const item of value.items as TextItem[]) {
      if (typeof item.str !== 'string') continue;
      characters += item.str.length + 1;
      if (characters > MOST_CHARACTERS) {
        reader.cancel(new Error('enough')).catch(() => undefined);
        throw new TooManyCharacters();
      }
      out.items.push(item);
    }
    for (const [font, style] of Object.entries(value.styles)) if (style.vertical) out.vertical.add(font);
  }
};

/** What is drawn on the page. Undefined when that cannot be told: the page's text is kept all the same. */
const inkOf = async (session: PdfSession, number: number, read: PageRead): Promise<Ink | undefined> => {
  try {
    return await session.within(INK_LIMIT, async (pdf) => {
      const source = await pdf.getPage(number);
      const list = await source.getOperatorList({ annotationMode: 0 });
      return readInk(list, source.view, (font) => fontFacts(source, font));
    });
  } catch (error) {
    if ((error as Error | undefined)?.name === 'AbortError') throw error;
    read.unchecked = true;
    return undefined;
  }
};

const fontFacts = (page: PdfPage, font: string): FontFacts =>
  page.commonObjs.has(font) ? page.commonObjs.get(font) : {};

const settle = (
  read: PageRead,
  seen: TextItem[],
  unseen: TextItem[],
  vertical: Set<string>,
  ink: Ink | undefined,
): void => {
  const { page } = read;
  const view: PdfViewport = { transform: [...read.view!], width: page.width, height: page.height };
  const scale = Math.hypot(view.transform[0], view.transform[1]);
  const tiny = (item: TextItem): boolean => Math.hypot(item.transform[2], item.transform[3]) * scale < SMALLEST;
  const text = placeItems(
    page.number,
    view,
    seen.filter((item) => !tiny(item)),
    (font) => vertical.has(font),
  );
  for (const item of [...unseen, ...seen.filter(tiny)]) {
    if (item.str.trim() === '') continue;
    text.hidden = true;
    read.leftOut.push({
      page: page.number,
      why: 'hidden',
      text: item.str.trim(),
      boxes: [itemBox(page.number, item, view)],
    });
  }
  if (text.frames.length > 0 || text.hidden) read.text = text;
  if (text.frames.length > 0) {
    page.state = 'text';
    if (ink?.layer) page.recognised = 'file';
  } else if (ink === undefined) page.state = 'failed';
  else page.state = pictureShare(ink, view) > PICTURE_SHARE ? 'scanned' : 'blank';
};

const itemBox = (page: number, item: TextItem, view: PdfViewport): Box => {
  const [a, b, c, d, e, f] = multiply(view.transform, item.transform);
  const scale = Math.hypot(view.transform[0], view.transform[1]);
  const along = (item.width * scale) / Math.max(1e-6, Math.hypot(a, b));
  const xs = [e, e + a * along, e + c, e + a * along + c];
  const ys = [f, f + b * along, f + d, f + b * along + d];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { page, x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
};

const pictureShare = ({ pictures }: Ink, { width, height }: PdfViewport): number =>
  pictures.reduce((sum, [x0, y0, x1, y1]) => sum + (x1 - x0) * (y1 - y0), 0) / Math.max(1, width * height);
