// The window's side of the engine's worker: questions in, answers out, with progress and Stop. The worker is started on the
// first question and started anew after it has died.
import type { ReadDocument, StageProgress, Written } from '../../reading/document.ts';
import type { Place } from '../../reading/self-test.ts';
import { piecesOf } from '../document/document-pieces.ts';
import type { Answers, Failure, FromWorker, Question, ToWorker } from './engine-protocol.ts';

/** The reader pressed Stop. */
export class Stopped extends Error {
  constructor() {
    super('Stopped.');
    this.name = 'Stopped';
  }
}

/** What a failure in the worker is on this side: the same name, kind and sentence. */
export class WorkerFailure extends Error {
  readonly kind: string;
  readonly detail: string;
  readonly choice: Failure['choice'];
  constructor({ name, kind, message, detail, choice }: Failure) {
    super(message);
    this.name = name;
    this.kind = kind;
    this.detail = detail;
    this.choice = choice;
  }
}

/** The part of `Worker` that is used here. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface AskOptions {
  onProgress?: (progress: StageProgress) => void;
  onNotice?: (sentence: string) => void;
  onWritten?: (written: Written) => void;
  onPlace?: (place: Place) => void;
  signal?: AbortSignal;
}

export interface ReaderClient {
  ask<A extends Question['ask']>(question: Extract<Question, { ask: A }>, options?: AskOptions): Promise<Answers[A]>;
}

interface Waiting {
  resolve(answer: Answers[keyof Answers]): void;
  reject(error: Error): void;
  onProgress?: (progress: StageProgress) => void;
  onNotice?: (sentence: string) => void;
  onWritten?: (written: Written) => void;
  onPlace?: (place: Place) => void;
}

/** Stop is answered within this time even when the worker is in the middle of a submit. Milliseconds. */
const STOP_LIMIT = 250;

export function createReaderClient(start: () => WorkerPort): ReaderClient {
  const waiting = new Map<number, Waiting>();
  let worker: WorkerPort | undefined;
  /** The document that the worker has. */
  let held: ReadDocument | undefined;
  /** One document is handed over at a time. */
  let sending: Promise<unknown> = Promise.resolve();
  let lastId = 0;

  const settle = (id: number): Waiting | undefined => {
    const entry = waiting.get(id);
    waiting.delete(id);
    return entry;
  };

  const receive = ({ data }: MessageEvent<FromWorker>) => {
    if ('progress' in data) waiting.get(data.id)?.onProgress?.(data.progress);
    else if ('written' in data) waiting.get(data.id)?.onWritten?.(data.written);
    else if ('place' in data) waiting.get(data.id)?.onPlace?.(data.place);
    else if ('notice' in data) waiting.get(data.id)?.onNotice?.(data.notice);
    else if ('answer' in data) settle(data.id)?.resolve(data.answer);
    else if ('stopped' in data) settle(data.id)?.reject(new Stopped());
    else settle(data.id)?.reject(new WorkerFailure(data.failure));
  };

  const died = () => {
    worker?.terminate();
    worker = undefined;
    held = undefined;
    const message = 'The reading engine stopped unexpectedly; your document and history are kept. Try again.';
    for (const id of [...waiting.keys()])
      settle(id)?.reject(new WorkerFailure({ name: 'EngineError', kind: 'device-lost', message, detail: '' }));
  };

  const running = (): WorkerPort => {
    if (!worker) {
      worker = start();
      worker.onmessage = receive;
      worker.onerror = died;
    }
    return worker;
  };

  /** In pieces, each in a task of its own: the window is never away for long. */
  const handOver = async (document: ReadDocument): Promise<void> => {
    if (held === document) return;
    held = undefined;
    const port = running();
    for (const piece of piecesOf(document)) {
      if (port !== worker) return;
      port.postMessage({ piece });
      await new Promise((resume) => setTimeout(resume, 0));
    }
    if (port === worker) held = document;
  };

  const send = async (id: number, question: Question, signal: AbortSignal | undefined): Promise<void> => {
    if (!('of' in question)) return running().postMessage({ id, question });
    const { document, ...of } = question.of;
    await handOver(document);
    if (signal?.aborted) settle(id)?.reject(new Stopped());
    // Where the worker died on the way, its questions have failed.
    else if (waiting.has(id)) running().postMessage({ id, question: { ...question, of } });
  };

  return {
    ask<A extends Question['ask']>(
      question: Extract<Question, { ask: A }>,
      { onProgress, onNotice, onWritten, onPlace, signal }: AskOptions = {},
    ) {
      const id = ++lastId;
      return new Promise<Answers[A]>((resolve, reject) => {
        if (signal?.aborted) return reject(new Stopped());
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress, onNotice, onWritten, onPlace });
        const sent = 'of' in question ? sending.then(() => send(id, question, signal)) : send(id, question, signal);
        // A question that could not be sent fails, and keeps none after it from being sent.
        const ended = sent.catch((error) => settle(id)?.reject(error));
        if ('of' in question) sending = ended;
        signal?.addEventListener('abort', () => {
          if (!waiting.has(id)) return;
          running().postMessage({ id, cancel: true });
          setTimeout(() => settle(id)?.reject(new Stopped()), STOP_LIMIT);
        });
      });
    },
  };
}
