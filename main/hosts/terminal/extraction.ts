// Reads a document in a process of its own (extractor.ts), which is ended on Stop, and when nothing is heard from it any more.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { type ReadDocument, ReadingError, type ReadingErrorKind, type StageProgress } from '../../../reading/index.ts';
import { appFolder } from '../../places.ts';
import { TerminalError } from './problems.ts';

export interface Extract {
  path: string;
  /** For its title and for errors. */
  name: string;
  password?: string;
  keepRunningLines?: boolean;
  /** Recognise the text of scanned pages. */
  ocr?: boolean;
  /** Data folder in which recognised pages are kept; nothing is kept without it. */
  dataFolder?: string;
}

export interface Failure {
  name: string;
  kind: string;
  message: string;
  detail: string;
  /** Of an error of the file system. */
  code: string;
}

export type FromExtractor =
  | { progress: StageProgress }
  | { document: ReadDocument; peakBytes: number }
  | { failure: Failure; peakBytes: number };

export interface Extracted {
  document: ReadDocument;
  /** Most memory that the extractor held. */
  peakBytes: number;
}

interface ExtractOptions {
  signal: AbortSignal;
  onProgress(progress: StageProgress): void;
}

/**
 * Seconds without a word, after which nothing is waited for: laying out the longest documents takes some of them, and many on a busy
 * machine. Counted one by one, so that none passes while this process is stopped (Ctrl+Z).
 */
const SILENCE = 120;
/** The same while text is recognised, which says nothing until a page is done. */
const SILENCE_OF_OCR = 180;

/** Rejects with a ReadingError, an error of the file system, or the signal's reason. */
export const extractInChild = (request: Extract, { signal, onProgress }: ExtractOptions): Promise<Extracted> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = fork(join(appFolder(), 'dist', 'main', 'extractor.js'), [], {
      serialization: 'advanced',
      // Nothing that a library prints belongs on this command's streams.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--max-old-space-size=1024', '--expose-gc'],
    });
    let silent = 0;
    const settle = (outcome: () => void) => {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      child.removeAllListeners();
      child.on('error', () => undefined);
      child.kill('SIGKILL');
      outcome();
    };
    const stop = () => settle(() => reject(signal.reason));
    const most = request.ocr ? SILENCE_OF_OCR : SILENCE;
    const timer = setInterval(() => {
      if (++silent >= most) settle(() => reject(neverEnds()));
    }, 1_000);
    signal.addEventListener('abort', stop);
    child.on('message', (message: FromExtractor) => {
      silent = 0;
      if ('progress' in message) onProgress(message.progress);
      else if ('document' in message) settle(() => resolve(message));
      else settle(() => reject(errorOf(message.failure)));
    });
    child.on('error', () => settle(() => reject(brokeDown())));
    child.on('exit', () => settle(() => reject(brokeDown())));
    child.send(request);
  });

const neverEnds = () => new ReadingError('too-slow', 'This document never comes to an end; stopped.');

const brokeDown = () =>
  new ReadingError('too-large', 'Reading this document took more memory than it may; stopped.', 'the extractor ended');

/** The error as it was thrown in the other process. */
const errorOf = ({ name, kind, message, detail, code }: Failure): Error => {
  if (name === 'ReadingError') return new ReadingError(kind as ReadingErrorKind, message, detail);
  if (name === 'TerminalError') return new TerminalError(message, detail);
  return Object.assign(new Error(message), { name, code });
};
