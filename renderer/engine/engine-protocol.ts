// Messages between the window and the engine's worker. Everything is plain data; each request has one answer with its id.
import type { AdapterInfo, LoadOptions, ModelInfo, RotaryReport } from '../../gpu/api.ts';
import type { RunRequest } from '../../main/common/api.ts';
import type {
  ReadDocument,
  Reply,
  StageProgress,
  WindowChoice,
  WindowReceipt,
  Written,
} from '../../reading/document.ts';
import type { Place } from '../../reading/self-test.ts';
import type { DocumentPiece } from '../document/document-pieces.ts';

export interface PageSpan {
  /** Physical page, from 1. */
  page: number;
  /** Tokens [start, end) of the window. */
  start: number;
  end: number;
}

/** Where the pages of a document lie in the window. */
export interface WindowLayout {
  receipt: WindowReceipt;
  pages: PageSpan[];
}

export type KvType = NonNullable<LoadOptions['kvType']>;

/** A model as the worker opens it. */
export interface ModelAddress {
  /** Same-origin URL of the model, which answers ranges. */
  url: string;
  bytes: number;
  /** Bytes of each file of a model that is split; file n is at `<url>.<n>`, from 1 on. */
  parts?: readonly number[];
  /** SHA-256 of the file, where it is known. */
  sha256?: string;
  /** In what its keys and values are kept; chosen by their size when absent. */
  kvType?: KvType;
}

/** What a model's header says, and what of it there is room for. */
export interface ModelReport
  extends Pick<ModelInfo, 'name' | 'architecture' | 'parameters' | 'trainedContext' | 'rope'> {
  /** Numbers of its tensors by type, the most frequent first: "Q4_K". */
  types: string[];
  /** It can write prose. */
  chat: boolean;
  licence?: string;
  /** Bytes that the largest window takes; and the tokens of the longest window that fits, 0 for none; absent without a graphics device. */
  fit?: { bytes: number; window: number };
}

/** Bytes that are free for a model, as far as it was tried; absent without a graphics device. */
export interface RoomReport {
  free: number;
  largest: number;
}

export interface ModelsReport {
  /** In the order of the models; one sentence where a model cannot be used. */
  models: (ModelReport | { refused: string })[];
  room?: RoomReport;
}

/** What is to be read, and by which model. */
export interface Subject {
  model: ModelAddress;
  /** SHA-256. */
  id: string;
  document: ReadDocument;
  /** Physical page ranges, both ends included; the whole document when absent. */
  pages?: [number, number][];
  /** Instead of the smallest interpolation factor that is enough. */
  ropeFactor?: number;
  /** Most tokens of the window; the largest that there is when absent. */
  contextLength?: number;
}

export type Question =
  /** Which adapter would compute. */
  | { ask: 'adapter' }
  /** What a model file, or all files of one, says of itself; refused when it cannot run. */
  | { ask: 'header'; files: readonly Blob[] }
  /** What these models are and whether there is room for them; `hostMemory`: free bytes of the machine, `most`: as many need not be tried. */
  | { ask: 'models'; models: readonly ModelAddress[]; hostMemory: number; most: number }
  /** How its heads are turned by position, and what each factor would do to them. */
  | { ask: 'rotary'; model: ModelAddress }
  /** Passkey retrieval by this model, over these lengths in tokens and so many depths. */
  | { ask: 'self-test'; model: ModelAddress; lengths: readonly number[]; depths: number }
  /** How this model takes part in replies. */
  | { ask: 'manner'; of: Subject }
  /** Lays the document into the model's window, while nothing else is asked of the model: that ends it, and keeps what was read. */
  | { ask: 'read-in'; of: Subject }
  /** Where the pages would lie in the model's window. */
  | { ask: 'layout'; of: Subject }
  /** How a document beyond the window would be read. */
  | { ask: 'parts'; of: Subject }
  /** How long that would take, in seconds. */
  | { ask: 'estimate'; of: Subject }
  /** Questions that the document answers. */
  | { ask: 'suggest'; of: Subject }
  /** `thread`: earlier questions of the conversation with their answers, oldest first. */
  | {
      ask: 'reply';
      of: Subject;
      request: RunRequest;
      thread?: readonly Turn[];
      /** What an interrupted one had written: it goes on from there. */
      written?: string;
      /** Words alone choose what is quoted; nothing waits for the model. */
      byWords?: boolean;
    };

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

export interface Manner {
  /** Words alone choose the sentences of a summary: the model's view counts nothing there. */
  wordsChoose: boolean;
}

export interface Answers {
  adapter: AdapterInfo;
  header: Pick<ModelInfo, 'name' | 'architecture'>;
  models: ModelsReport;
  rotary: RotaryReport;
  'self-test': Place[];
  manner: Manner;
  'read-in': undefined;
  layout: Layout;
  parts: PartSpan[];
  estimate: number;
  suggest: string[];
  reply: Reply;
}

/** A question as it is sent: the document that it is about went before it, in pieces, unless the worker has it. */
export type SentQuestion = Question extends infer Q
  ? Q extends { of: Subject }
    ? Omit<Q, 'of'> & { of: Omit<Subject, 'document'> }
    : Q
  : never;

export type ToWorker = { id: number; question: SentQuestion } | { id: number; cancel: true } | { piece: DocumentPiece };

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
  /** What a reply in prose has written so far. */
  | { id: number; written: Written }
  /** What a self-test has measured. */
  | { id: number; place: Place }
  /** What the reader should know while the answer is still being made. */
  | { id: number; notice: string }
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; failure: Failure }
  | { id: number; stopped: true };
