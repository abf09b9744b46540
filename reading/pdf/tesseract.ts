// Tesseract, compiled to WebAssembly (tesseract.js-core), as the recogniser of scanned pages. The host hands in the module, its
// compiled code and the language's data, which come with the app: nothing is fetched from elsewhere.
import { ReadingError } from '../document.ts';
import type { Word } from './recognised.ts';

/** The part of the module that is used. */
interface TesseractModule {
  FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  TessBaseAPI: new () => TesseractApi;
}

interface TesseractApi {
  Init(path: null, languages: string, engine: number): number;
  SetVariable(name: string, value: string): number;
  /** Reads the file /input; exif orientation and an angle in radians. */
  SetImageFile(orientation: number, angle: number): number;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  Clear(): void;
}

export type TesseractFactory = (options: Record<string, unknown>) => Promise<TesseractModule>;

export interface TesseractFiles {
  create: TesseractFactory;
  wasm: Uint8Array;
  /** `<language>.traineddata`, unpacked. */
  data: Uint8Array;
  language: string;
}

/** Only the network of long short-term memory: the older engine is not compiled in. */
const LSTM_ONLY = 1;

/** Starts Tesseract. What it returns works in this thread until a picture is done: some seconds for a page. */
export const startTesseract = async ({ create, wasm, data, language }: TesseractFiles) => {
  const silent = (): void => undefined;
  const module = await create({ wasmBinary: wasm, TesseractProgress: silent, print: silent, printErr: silent });
  module.FS.writeFile(`${language}.traineddata`, data);
  const api = new module.TessBaseAPI();
  if (api.Init(null, language, LSTM_ONLY) !== 0)
    throw new ReadingError('no-text', 'The recogniser of scanned text could not be started.', 'Init');
  return async (pixels: Uint8Array, width: number, height: number, resolution: number): Promise<Word[]> => {
    module.FS.writeFile('/input', greyMap(pixels, width, height));
    api.SetVariable('user_defined_dpi', String(Math.round(resolution)));
    if (api.SetImageFile(1, 0) !== 0 || api.Recognize(null) !== 0) return [];
    const words = wordsOf(api.GetTSVText(0));
    api.Clear();
    return words;
  };
};

/** A picture as a portable grey map, which needs no compression. */
const greyMap = (pixels: Uint8Array, width: number, height: number): Uint8Array => {
  const head = `P5\n${width} ${height}\n255\n`;
  const file = new Uint8Array(head.length + pixels.length);
  for (let i = 0; i < head.length; i++) file[i] = head.charCodeAt(i);
  file.set(pixels, head.length);
  return file;
};

/** Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const wordsOf = (table: string): Word[] => {
  const words: Word[] = [];
  let [line, paragraph] = [0, 0];
  for (const row of table.split('\n')) {
    const cells = row.split('\t');
    if (cells[0] === '3') paragraph++;
    if (cells[0] === '4') line++;
    if (cells[0] !== '5' || cells.length < 12) continue;
    const [x0, y0, width, height] = cells.slice(6, 10).map(Number);
    const text = cells.slice(11).join(' ');
    words.push({ text, confidence: Number(cells[10]), x0, y0, x1: x0 + width, y1: y0 + height, line, paragraph });
  }
  return words;
};
