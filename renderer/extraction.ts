// Reads a document in a worker of its own (extract.worker.ts), which is ended on Stop, and when nothing is heard from it any more.
import { type ReadDocument, ReadingError, type StageProgress } from '../reading/document.ts';
import { type DocumentPiece, withPiece } from './document-pieces.ts';
import type { Failure } from './engine-protocol.ts';
import { WorkerFailure } from './reader-client.ts';

export interface Extract {
  /** SHA-256 of the bytes: under it what was recognised before is kept. */
  id: string;
  bytes: Uint8Array;
  /** The file's name, for its title and for errors. */
  name: string;
  password?: string;
  /** Recognise the text of scanned pages. */
  ocr?: boolean;
}

export type FromExtractor =
  | { progress: StageProgress }
  | { piece: DocumentPiece }
  | { done: true }
  | { failure: Failure };

interface ExtractOptions {
  signal: AbortSignal;
  onProgress(progress: StageProgress): void;
}

/** Milliseconds without a word, after which nothing is waited for: laying out the longest documents takes some seconds. */
const SILENCE = 45_000;
/** The same while text is recognised, which says nothing until a page is done. */
const SILENCE_OF_OCR = 180_000;

/** Rejects with an error of reading's kind, or with the signal's reason. */
export function extract(request: Extract, { signal, onProgress }: ExtractOptions): Promise<ReadDocument> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./extract.worker.ts', import.meta.url), { type: 'module' });
    let document: ReadDocument | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
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
      else if ('piece' in data) document = withPiece(document, data.piece);
      else if ('done' in data) settle(() => resolve(document!));
      else settle(() => reject(new WorkerFailure(data.failure)));
    };
    worker.onerror = () => settle(() => reject(brokeDown()));
    listen();
    worker.postMessage(request);
  });
}

const neverEnds = () => new ReadingError('too-slow', 'This document never comes to an end; stopped.');
const brokeDown = () => new ReadingError('too-large', 'Reading this document took more memory than it may; stopped.');
