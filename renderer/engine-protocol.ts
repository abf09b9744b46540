// Messages between the window and the engine's worker. Everything is plain data; each request has one answer with its id.
import type { AdapterInfo } from '../gpu/api.ts';
import type { ReadDocument, Reply, StageProgress } from '../reading/document.ts';
import type { WindowLayout } from './ribbon.ts';

/** What is to be read, and by which model. */
export interface Subject {
  /** Same-origin URL of the model, which answers ranges. */
  url: string;
  bytes: number;
  /** SHA-256: the worker keeps the document of the last request under it. */
  id: string;
  document: ReadDocument;
  /** Physical page ranges, both ends included; the whole document when absent. */
  pages?: [number, number][];
}

export type Question =
  /** Which adapter would compute. */
  | { ask: 'adapter' }
  /** Where the pages would lie in the model's window. */
  | { ask: 'layout'; of: Subject }
  | { ask: 'summary'; of: Subject }
  | { ask: 'answer'; of: Subject; question: string };

export interface Answers {
  adapter: AdapterInfo;
  layout: WindowLayout;
  summary: Reply;
  answer: Reply;
}

export type ToWorker = { id: number; question: Question } | { id: number; cancel: true };

export interface Failure {
  name: string;
  kind: string;
  message: string;
  detail: string;
}

export type FromWorker =
  | { id: number; progress: StageProgress }
  /** What the reader should know while the answer is still being made. */
  | { id: number; notice: string }
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; failure: Failure }
  | { id: number; stopped: true };
