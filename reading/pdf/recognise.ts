// Text of scanned pages, read in their pictures. What draws a page, what recognises letters and what keeps the result are handed in by
// the host; the words that come back become items of text like those of pdf.js, so that layout, sentences and rectangles are the
// same code.

import type { StageProgress } from '../document.ts';
import { IDENTITY } from '../geometry.ts';
import type { Gathered } from '../layout/assemble.ts';
import { placeGlyphs } from '../layout/glyphs.ts';
import { packText } from '../layout/packed.ts';
import { glyphsOfItems, type TextItem } from './items.ts';
import type { PageRead } from './page.ts';
import type { RecognisedPage, RecognisedPages, Word } from './recognised.ts';
import { type PdfDocument, type PdfSession, PdfTrouble } from './session.ts';

/** A canvas for pdf.js to draw on, whose pixels can be had: RGBA, 8 bits each. */
export interface Drawing {
  canvas: unknown;
  pixels(): Uint8Array | Uint8ClampedArray;
}

export interface Recogniser {
  draw(width: number, height: number): Drawing;
  /** `pixels` in rows of `width`, one byte of grey each; `resolution` in pixels per inch. */
  recognise(pixels: Uint8Array, width: number, height: number, resolution: number): Promise<Word[]>;
}

/** Pixels per inch that letters are recognised at, and the most pixels of a page. */
const RESOLUTION = 300;
const MOST_PIXELS = 20_000_000;
const DRAW_LIMIT = 30_000;
/** Below this the recogniser guesses at stains. */
const LEAST_CONFIDENCE = 25;

interface RecogniseOptions {
  /** Where recognised pages are kept. */
  recognised?: RecognisedPages;
  onPage?: (read: PageRead) => void;
  onProgress?: (progress: StageProgress) => void;
}

/** Gives text to the scanned pages that were recognised before. Returns the others. */
export const takeRecognised = async (
  gathered: Gathered,
  { recognised, onPage }: RecogniseOptions = {},
): Promise<PageRead[]> => {
  const others: PageRead[] = [];
  for (const read of gathered.reads) {
    if (read.page.state !== 'scanned') continue;
    const page = await recognised?.load(read.page.number);
    if (page) giveText(read, page, onPage);
    else others.push(read);
  }
  return others;
};

/** Gives text to scanned pages; one in which nothing is found stays `scanned`. Each page is kept as soon as it is done. */
export const recognisePages = async (
  session: PdfSession,
  reads: readonly PageRead[],
  recogniser: Recogniser,
  { recognised, onPage, onProgress }: RecogniseOptions = {},
): Promise<void> => {
  const began = performance.now();
  try {
    for (const [done, read] of reads.entries()) {
      const secondsLeft = done > 0 ? ((performance.now() - began) / done / 1_000) * (reads.length - done) : undefined;
      onProgress?.({ stage: 'recognise', done, total: reads.length, secondsLeft });
      const { page } = read;
      const scale = Math.min(RESOLUTION / 72, Math.sqrt(MOST_PIXELS / Math.max(1, page.width * page.height)));
      const picture = await session
        .within(DRAW_LIMIT, (pdf) => drawPage(pdf, page.number, scale, recogniser))
        .catch((error: unknown) => {
          if ((error as Error | undefined)?.name === 'AbortError') throw error;
          read.trouble = error instanceof PdfTrouble ? error.trouble : undefined;
          return undefined;
        });
      if (!picture) continue;
      const words = await session.within(10 * DRAW_LIMIT, () =>
        recogniser.recognise(picture.grey, picture.width, picture.height, 72 * scale),
      );
      await recognised?.save(page.number, { scale, words });
      giveText(read, { scale, words }, onPage);
    }
    onProgress?.({ stage: 'recognise', done: reads.length, total: reads.length });
  } finally {
    session.close();
  }
};

const giveText = (read: PageRead, { scale, words }: RecognisedPage, onPage?: (read: PageRead) => void): void => {
  const { page } = read;
  const text = placeGlyphs(
    page.number,
    { transform: IDENTITY, width: page.width, height: page.height },
    glyphsOfItems(itemsOf(words, scale), () => false),
  );
  if (text.frames.length === 0) return;
  text.hidden = read.text?.hidden === true;
  read.text = packText(text);
  page.state = 'text';
  page.recognised = 'here';
  onPage?.(read);
};

const drawPage = async (pdf: PdfDocument, number: number, scale: number, recogniser: Recogniser) => {
  const page = await pdf.getPage(number);
  const viewport = page.getViewport({ scale });
  const [width, height] = [Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height))];
  const drawing = recogniser.draw(width, height);
  await page.render({ canvas: drawing.canvas, viewport }).promise;
  const pixels = drawing.pixels();
  page.cleanup();
  const grey = new Uint8Array(width * height);
  // Luma of ITU-R BT.601.
  for (let i = 0, p = 0; i < grey.length; i++, p += 4)
    grey[i] = (77 * pixels[p] + 150 * pixels[p + 1] + 29 * pixels[p + 2]) >> 8;
  return { grey, width, height };
};

/** Items of text in points from the top left corner of the page as shown. */
const itemsOf = (words: readonly Word[], scale: number): TextItem[] => {
  const good = words.filter(({ confidence, text }) => confidence >= LEAST_CONFIDENCE && text.trim() !== '');
  const lines = [...Map.groupBy(good, (word) => word.line).values()];
  const heights = Map.groupBy(lines, ([first]) => first.paragraph);
  return lines.flatMap((line) => {
    const size = sizeOf(heights.get(line[0].paragraph)!) / scale;
    const base = baselineOf(line) / scale;
    const item = (str: string, x0: number, x1: number): TextItem => ({
      str,
      dir: /[\u0590-\u08ff]/.test(str) ? 'rtl' : 'ltr',
      transform: [size, 0, 0, size, x0 / scale, base],
      width: (x1 - x0) / scale,
      height: size,
      fontName: 'recognised',
    });
    // A blank of its own after each word: within it, it would take room from the letters.
    return line.flatMap(({ text, x0, x1 }) => [item(text, x0, x1), item(' ', x1, x1 + 0.2 * size * scale)]);
  });
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/** Type size of a paragraph: from the tallest to the lowest letter of a line is about nine tenths of it. */
const sizeOf = (lines: readonly (readonly Word[])[]): number =>
  median(lines.map((line) => Math.max(...line.map(({ y1 }) => y1)) - Math.min(...line.map(({ y0 }) => y0)))) / 0.9;

/** Where most words without descenders end. */
const baselineOf = (line: readonly Word[]): number => {
  const standing = line.filter(({ text }) => !/[gjpqy,;()[\]{}|Q]/.test(text));
  return median((standing.length > 0 ? standing : line).map(({ y1 }) => y1));
};
