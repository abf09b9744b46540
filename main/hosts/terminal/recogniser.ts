// What draws and recognises scanned pages in the extractor: a canvas for Node and Tesseract with its English data, all from the
// packages of a clone. Loaded only when it is asked for.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recogniser } from '../../../reading/index.ts';
import { startTesseract, type TesseractFactory } from '../../../reading/pdf/tesseract.ts';
import { packageFolder } from './pdf-engine.ts';
import { TerminalError } from './problems.ts';

/** The part of @napi-rs/canvas, which comes with pdfjs-dist where there is one for the machine. */
interface CanvasPackage {
  createCanvas(
    width: number,
    height: number,
  ): {
    getContext(kind: '2d'): {
      getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
    };
  };
}

/** Rejects with a TerminalError where a package is missing. */
export async function openRecogniser(): Promise<Recogniser> {
  const need = createRequire(import.meta.url);
  const missing = (name: string) => (error: unknown) => {
    throw new TerminalError(
      `Scanned text cannot be recognised on this machine: the package ${name} is not installed; run npm ci.`,
      String(error),
    );
  };
  const load = <T>(path: string, name: string): T => {
    try {
      return need(path) as T;
    } catch (error) {
      return missing(name)(error);
    }
  };
  const { createCanvas } = load<CanvasPackage>('@napi-rs/canvas', '@napi-rs/canvas');
  const create = load<TesseractFactory>('tesseract.js-core/tesseract-core-simd-lstm.js', 'tesseract.js-core');
  const [wasm, packed] = await Promise.all([
    readFile(join(packageFolder('tesseract.js-core'), 'tesseract-core-simd-lstm.wasm')),
    readFile(join(packageFolder('@tesseract.js-data/eng'), '4.0.0_best_int', 'eng.traineddata.gz')),
  ]).catch(missing('tesseract.js-core'));
  return {
    draw: (width, height) => {
      const canvas = createCanvas(width, height);
      return { canvas, pixels: () => canvas.getContext('2d').getImageData(0, 0, width, height).data };
    },
    recognise: await startTesseract({ create, wasm, data: gunzipSync(packed), language: 'eng' }),
  };
}
