// What draws and recognises scanned pages in the window's extraction worker: an OffscreenCanvas, and Tesseract with its English
// data, which are files of the app. Loaded only when recognition is asked for.
import data from '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz?url&no-inline';
import create from 'tesseract.js-core/tesseract-core-simd-lstm.js';
import wasm from 'tesseract.js-core/tesseract-core-simd-lstm.wasm?url&no-inline';
import { ReadingError } from '../../reading/document.ts';
import type { Recogniser } from '../../reading/pdf/recognise.ts';
import { startTesseract, type TesseractFactory } from '../../reading/pdf/tesseract.ts';

const own = async (url: string, unpack = false): Promise<Uint8Array> => {
  const response = await fetch(new URL(url, import.meta.url)).catch(() => undefined);
  if (!response?.ok || !response.body)
    throw new ReadingError('no-text', 'The recogniser of scanned text is missing from this copy of Longleaf.', url);
  const body = unpack ? response.body.pipeThrough(new DecompressionStream('gzip')) : response.body;
  return new Uint8Array(await new Response(body).arrayBuffer());
};

export async function openRecogniser(): Promise<Recogniser> {
  const [code, language] = await Promise.all([own(wasm), own(data, true)]);
  return {
    draw: (width, height) => {
      const canvas = new OffscreenCanvas(width, height);
      return { canvas, pixels: () => canvas.getContext('2d')!.getImageData(0, 0, width, height).data };
    },
    recognise: await startTesseract({
      create: create as unknown as TesseractFactory,
      wasm: code,
      data: language,
      language: 'eng',
    }),
  };
}
