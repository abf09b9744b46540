// Reads a document in a worker of its own (extract.worker.ts), which is ended on Stop, and when nothing is heard from it any more.
import { type ReadDocument, ReadingError, type StageProgress } from '../../reading/document.ts';
import type { Letters } from '../../reading/layout/letters.ts';
import type { PrintedText } from '../../reading/layout/so-far.ts';
import { WorkerFailure } from '../engine/reader-client.ts';
import { withPiece } from './document-pieces.ts';
import type { Extract, FromExtractor, SoFarWanted } from './extraction-protocol.ts';

/** Who searches a document while, and after, it is read. */
export interface Searcher {
  /** `ask` is called once what has come so far is wanted. Returns what ends that. */
  whenWanted(ask: () => void): () => void;
  /** Text of the next pages. */
  take(text: PrintedText): void;
  /** Of the whole document, before it is handed over. */
  takeLetters(letters: Letters): void;
}

interface ExtractOptions {
  signal: AbortSignal;
  onProgress(progress: StageProgress): void;
  searcher?: Searcher;
}

/** Milliseconds without a word, after which nothing is waited for: laying out the longest documents takes some seconds. */
const SILENCE = 45_000;
/** The same while text is recognised, which says nothing until a page is done. */
const SILENCE_OF_OCR = 180_000;

/** Rejects with an error of reading's kind, or with the signal's reason. */
export function extract(request: Extract, { signal, onProgress, searcher }: ExtractOptions): Promise<ReadDocument> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./extract.worker.ts', import.meta.url), { type: 'module' });
    let document: ReadDocument | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      unwanted?.();
      signal.removeEventListener('abort', stop);
      worker.terminate();
      outcome();
    };
    const stop = () => settle(() => reject(signal.reason));
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => settle(() => reject(neverEnds())), request.ocr ? SILENCE_OF_OCR : SILENCE);
    };
    signal.addEventListener('abort', stop);
    worker.onmessage = ({ data }: MessageEvent<FromExtractor>) => {
      listen();
      if ('progress' in data) onProgress(data.progress);
      else if ('soFar' in data) searcher?.take(data.soFar);
      else if ('letters' in data) searcher?.takeLetters(data.letters);
      else if ('piece' in data) document = withPiece(document, data.piece);
      else if ('done' in data) settle(() => resolve(document!));
      else settle(() => reject(new WorkerFailure(data.failure)));
    };
    worker.onerror = () => settle(() => reject(brokeDown()));
    listen();
    worker.postMessage({ ...request, letters: searcher !== undefined });
    const unwanted = searcher?.whenWanted(() => worker.postMessage({ soFar: true } satisfies SoFarWanted));
  });
}

const neverEnds = () => new ReadingError('too-slow', 'This document never comes to an end; stopped.');
const brokeDown = () => new ReadingError('too-large', 'Reading this document took more memory than it may; stopped.');
