// The worker in which a document is read: pdf.js has another one under it, which can be ended; layout and sentences are worked out
// here, so that the window is never blocked. Reads one document and is then ended by extraction.ts.
import type { StageProgress } from '../reading/document.ts';
import { recognisedPages } from '../reading/pdf/recognised.ts';
import { readFile } from '../reading/read.ts';
import { piecesOf } from './document-pieces.ts';
import type { Extract, FromExtractor } from './extraction.ts';
import { httpRecognised } from './kept.ts';
import { nowAndThen } from './now-and-then.ts';
import { startPdfEngine } from './pdf-engine.ts';
import { NoFilters, WorkerCanvases } from './worker-canvases.ts';

const onWorker = { CanvasFactory: WorkerCanvases, FilterFactory: NoFilters };
const post = (message: FromExtractor) => self.postMessage(message);

/** Milliseconds between two looks at how far it is. */
const GLANCE = 100;
const isTurn = ({ stage, done, total }: StageProgress, last: StageProgress) => stage !== last.stage || done === total;

self.onmessage = async ({ data: { id, bytes, ocr, ...options } }: MessageEvent<Extract>) => {
  try {
    const document = await readFile(() => startPdfEngine(onWorker), bytes, {
      ...options,
      recogniser: ocr ? async () => (await import('./recogniser.ts')).openRecogniser() : undefined,
      recognised: recognisedPages(httpRecognised, id),
      onProgress: nowAndThen(GLANCE, (progress) => post({ progress }), isTurn),
    });
    for (const piece of piecesOf(document)) post({ piece });
    post({ done: true });
  } catch (error) {
    const { name = '', kind = '', message = '', detail = '' } = error as Record<string, string | undefined>;
    post({ failure: { name, kind, message, detail } });
  }
};
