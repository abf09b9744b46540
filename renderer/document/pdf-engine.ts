// pdf.js in the window: a worker for each document, its own fonts, character maps and decoders (served with the app, so that
// nothing is fetched from elsewhere). Scripts in PDFs never run: only pages and their text are asked for.
import * as pdfjs from 'pdfjs-dist';
import type { PdfEngine, PdfLoading } from '../../reading/pdf/session.ts';

export { pdfjs };

const urls: Record<string, string> = import.meta.glob(
  [
    '../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
    '../../node_modules/pdfjs-dist/cmaps/*.bcmap',
    '../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm',
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

/** What every `getDocument` of the window is given besides the bytes. */
export const ownFiles = {
  BinaryDataFactory: OwnFiles,
  cMapUrl: 'own/',
  standardFontDataUrl: 'own/',
  wasmUrl: 'own/',
  useWorkerFetch: false,
  enableXfa: false,
  verbosity: pdfjs.VerbosityLevel.ERRORS,
};

/** A pdf.js with a worker of its own; `more` is given to each `getDocument`. */
export function startPdfEngine(more: Record<string, unknown> = {}): PdfEngine {
  const thread = new Worker(new URL('./pdf.worker.ts', import.meta.url), { type: 'module' });
  const worker = pdfjs.PDFWorker.create({ port: thread as never, verbosity: pdfjs.VerbosityLevel.ERRORS });
  const ended = new Promise<'memory' | 'crash'>((resolve) => {
    thread.addEventListener('message', ({ data }) => data.targetName === 'window' && resolve('memory'));
    thread.addEventListener('error', () => resolve('crash'));
  });
  return {
    getDocument: (options) => pdfjs.getDocument({ ...options, ...ownFiles, ...more, worker }) as unknown as PdfLoading,
    ended,
    end: () => {
      worker.destroy();
      thread.terminate();
    },
  };
}
