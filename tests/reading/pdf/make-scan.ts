// A scan as a scanner makes it: a page drawn as a picture, and the picture put into a PDF without any text.
import { createRequire } from 'node:module';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Word } from '../../../reading/pdf/recognised.ts';
import { makePdf, resources } from './make-pdf.ts';

interface Canvas {
  toBuffer(type: 'image/png'): Buffer;
}
interface CanvasPackage {
  createCanvas(width: number, height: number): Canvas;
}

/** Dots per inch of an office scanner. */
const RESOLUTION = 200;

/** Undefined where the machine has no canvas for Node: it is an optional part of pdfjs-dist. */
const canvasPackage = (): CanvasPackage | undefined => {
  try {
    return createRequire(import.meta.url)('@napi-rs/canvas') as CanvasPackage;
  } catch {
    return undefined;
  }
};
export const canScan = canvasPackage() !== undefined;

/** The first page of `pdf` scanned; after it, the pages that `draw` adds. */
export const scanOf = async (pdf: Uint8Array, draw: (pdf: PDFKit.PDFDocument) => void = () => undefined) => {
  const document = await pdfjs.getDocument({ data: pdf.slice(), verbosity: 0, ...resources }).promise;
  const page = await document.getPage(1);
  const viewport = page.getViewport({ scale: RESOLUTION / 72 });
  const canvas = canvasPackage()!.createCanvas(Math.round(viewport.width), Math.round(viewport.height));
  await page.render({ canvas: canvas as never, viewport }).promise;
  await document.loadingTask.destroy();
  const png = canvas.toBuffer('image/png');
  return makePdf((made) => {
    made.image(png, 0, 0, { width: made.page.width, height: made.page.height });
    draw(made);
  });
};

/** A line of words as a recogniser hands them over, an inch from the left in a picture of 300 dots per inch. */
export const wordsOf = (text: string): Word[] =>
  text.split(' ').map((word, i) => ({
    text: word,
    confidence: 90,
    x0: 300 + i * 300,
    x1: 560 + i * 300,
    y0: 400,
    y1: 450,
    line: 1,
    paragraph: 1,
  }));
