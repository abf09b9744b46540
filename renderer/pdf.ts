// pdf.js in the window: its worker, its own fonts and character maps (served with the app, so that nothing is fetched from
// elsewhere), and a document that is open for showing. Scripts in PDFs never run: only pages and their text are asked for.
import * as pdfjs from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { ReadDocument } from '../reading/document.ts';
import { type ReadOptions, readPdf } from '../reading/pdf.ts';

export type { PDFPageProxy } from 'pdfjs-dist';
export { pdfjs };

const urls: Record<string, string> = import.meta.glob(
  [
    '../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
    '../node_modules/pdfjs-dist/cmaps/*.bcmap',
    '../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm',
  ],
  { query: '?url&no-inline', import: 'default', eager: true },
);
const byName = new Map(Object.entries(urls).map(([path, url]) => [path.slice(path.lastIndexOf('/') + 1), url]));

/** Where pdf.js asks for its own data files, by name. */
class OwnFiles {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = byName.get(filename);
    const response = url === undefined ? undefined : await fetch(new URL(url, import.meta.url));
    if (!response?.ok) throw new Error(`pdf.js asked for ${filename}, which is not part of the app`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** A worker of its own, so that one document can be shown while another is read, and a reading be ended. */
function startWorker() {
  const thread = new Worker(workerUrl, { type: 'module' });
  const worker = pdfjs.PDFWorker.create({ port: thread as never, verbosity: pdfjs.VerbosityLevel.ERRORS });
  return { worker, end: () => thread.terminate() };
}

let shown: pdfjs.PDFWorker | undefined;

/** One worker for all documents that are shown. */
const showingWorker = (): pdfjs.PDFWorker => {
  shown ??= startWorker().worker;
  return shown;
};

/** What every `getDocument` of the window is given besides the bytes. */
const ownOptions = (worker: pdfjs.PDFWorker) => ({
  worker,
  BinaryDataFactory: OwnFiles,
  cMapUrl: 'own/',
  standardFontDataUrl: 'own/',
  wasmUrl: 'own/',
  useWorkerFetch: false,
  enableXfa: false,
  // 64 million pixels: a larger picture is left out rather than taking all memory.
  maxImageSize: 64 << 20,
  verbosity: pdfjs.VerbosityLevel.ERRORS,
});

/** The text of all pages with its geometry; rejects with a ReadingError. Its worker ends with it. */
export async function readPages(bytes: Uint8Array, options: ReadOptions): Promise<ReadDocument> {
  const { worker, end } = startWorker();
  try {
    return await readPdf(
      { getDocument: (asked) => pdfjs.getDocument({ ...asked, ...ownOptions(worker) }) },
      bytes,
      options,
    );
  } finally {
    worker.destroy();
    end();
  }
}

export interface PageSize {
  /** PDF points, rotation applied. */
  width: number;
  height: number;
}

/** A PDF whose pages can be shown. */
export interface OpenPdf {
  readonly pageCount: number;
  readonly firstPage: PageSize;
  page(number: number): Promise<pdfjs.PDFPageProxy>;
  close(): void;
}

/** Opens for showing. Takes a copy of `bytes`; rejects with pdf.js's own errors. */
export async function openPdf(bytes: Uint8Array, password?: string): Promise<OpenPdf> {
  const task = pdfjs.getDocument({ ...ownOptions(showingWorker()), data: bytes.slice(), password });
  const document = await task.promise;
  const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
  return {
    pageCount: document.numPages,
    firstPage: { width, height },
    page: (number) => document.getPage(number),
    close: () => void task.destroy(),
  };
}
