// The worker in which a document is read: pdf.js has another one under it, which can be ended; layout and sentences are worked out
// here, so that the window is never blocked. Reads one document and is then ended by extraction.ts.
import type { StageProgress } from '../../reading/document.ts';
import { LettersWriter } from '../../reading/layout/letters.ts';
import { SoFar } from '../../reading/layout/so-far.ts';
import { recognisedPages } from '../../reading/pdf/recognised.ts';
import { readFile } from '../../reading/read.ts';
import { httpRecognised } from '../engine/kept.ts';
import { nowAndThen } from '../now-and-then.ts';
import { piecesOf } from './document-pieces.ts';
import type { Extract, FromExtractor, SoFarWanted } from './extraction-protocol.ts';
import { startPdfEngine } from './pdf-engine.ts';
import { NoFilters, WorkerCanvases } from './worker-canvases.ts';

const onWorker = { CanvasFactory: WorkerCanvases, FilterFactory: NoFilters };
const post = (message: FromExtractor, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

/** Milliseconds between two looks at how far it is, and between two looks at what can be searched by now. */
const GLANCE = 100;
const LOT = 1_000;
const isTurn = ({ stage, done, total }: StageProgress, last: StageProgress) => stage !== last.stage || done === total;

const soFar = new SoFar();
let wanted = false;

function postSoFar() {
  for (let text = soFar.take(); text; text = soFar.take()) post({ soFar: text });
}

const tellSoFar = nowAndThen(LOT, postSoFar);

self.onmessage = ({ data }: MessageEvent<Extract | SoFarWanted>) => {
  if (!('soFar' in data)) return void read(data);
  wanted = true;
  postSoFar();
};

async function read({ id, bytes, ocr, letters, ...options }: Extract) {
  const writer = letters ? new LettersWriter() : undefined;
  try {
    const document = await readFile(() => startPdfEngine(onWorker), bytes, {
      ...options,
      recogniser: ocr ? async () => (await import('./recogniser.ts')).openRecogniser() : undefined,
      recognised: recognisedPages(httpRecognised, id),
      letters: writer,
      onPage: (page) => {
        if (letters) soFar.add(page);
        if (wanted) tellSoFar(undefined);
      },
      onProgress: nowAndThen(GLANCE, (progress) => post({ progress }), isTurn),
    });
    for (const piece of piecesOf(document)) post({ piece });
    const all = writer?.end();
    if (all) post({ letters: all }, [all.stretches.buffer, all.places.buffer, all.edges.buffer]);
    post({ done: true });
  } catch (error) {
    const { name = '', kind = '', message = '', detail = '' } = error as Record<string, string | undefined>;
    post({ failure: { name, kind, message, detail } });
  }
}
