// Messages between the window and the engine's worker. Everything is plain data; each request has one answer with its id.
import type { AdapterInfo, ModelInfo } from '../gpu/api.ts';
import type { RunRequest } from '../main/common/api.ts';
import type { ReadDocument, Reply, StageProgress, WindowChoice } from '../reading/document.ts';
import type { WindowLayout } from './ribbon.ts';

/** A model as the worker opens it. */
export interface ModelAddress {
  /** Same-origin URL of the model, which answers ranges. */
  url: string;
  bytes: number;
  /** SHA-256 of the file, where it is known. */
  sha256?: string;
}

/** What is to be read, and by which model. */
export interface Subject {
  model: ModelAddress;
  /** SHA-256: the worker keeps the document of the last request under it. */
  id: string;
  document: ReadDocument;
  /** Physical page ranges, both ends included; the whole document when absent. */
  pages?: [number, number][];
  /** Instead of the smallest interpolation factor that is enough. */
  ropeFactor?: number;
}

export type Question =
  /** Which adapter would compute. */
  | { ask: 'adapter' }
  /** What a model file says of itself; refused when it cannot run. */
  | { ask: 'header'; file: Blob }
  /** Where the pages would lie in the model's window. */
  | { ask: 'layout'; of: Subject }
  /** How a document beyond the window would be read. */
  | { ask: 'parts'; of: Subject }
  /** How long that would take, in seconds. */
  | { ask: 'estimate'; of: Subject }
  /** Questions that the document answers. */
  | { ask: 'suggest'; of: Subject }
  /** `thread`: earlier questions of the conversation with their answers, oldest first. */
  | { ask: 'reply'; of: Subject; request: RunRequest; thread?: readonly Turn[] };

export interface Turn {
  question: string;
  answer: string;
}

/** One of the parts that a document beyond the window is read in. */
export interface PartSpan {
  /** First and last physical page. */
  pages: [number, number];
  tokens: number;
}

export interface Layout {
  layout: WindowLayout;
  /** Whether the model writes prose: it was trained to follow instructions. */
  prose: boolean;
}

export interface Answers {
  adapter: AdapterInfo;
  header: Pick<ModelInfo, 'name' | 'architecture'>;
  layout: Layout;
  parts: PartSpan[];
  estimate: number;
  suggest: string[];
  reply: Reply;
}

export type ToWorker = { id: number; question: Question } | { id: number; cancel: true };

export interface Failure {
  name: string;
  kind: string;
  message: string;
  detail: string;
  /** With `window-full`. */
  choice?: WindowChoice;
}

export type FromWorker =
  | { id: number; progress: StageProgress }
  /** What the reader should know while the answer is still being made. */
  | { id: number; notice: string }
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; failure: Failure }
  | { id: number; stopped: true };
