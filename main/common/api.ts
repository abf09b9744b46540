// What a window may ask of main: types and the schemas that check them at the border. Bytes do not pass here: they travel by URL
// (GET/PUT /documents/<sha256>, GET /models/<id>, PUT /models/<name>.gguf, GET /downloads/<id>.<part>,
// GET/PUT /snapshots/<name>, /recognised/<name> and /checkpoints/<name>), with ranges.
import * as z from 'zod';
import { type Settings, seed, settingsSchema, temperature } from './settings.ts';

export { type Settings, settingsSchema } from './settings.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const modelId = z.string().regex(/^[a-z0-9-]{1,110}$/);
const downloadId = z.string().regex(/^d-[0-9a-f]{12}$/);
const address = z.string().min(1).max(2_000);
const count = z.int().min(0);
const finite = z.number();
const pageRange = z.tuple([z.int().min(1), z.int().min(1)]);

export const boxSchema = z.object({ page: z.int().min(1), x: finite, y: finite, width: finite, height: finite });

const citationStatus = z.enum(['verified', 'repaired', 'near', 'unverified']);

export const citationSchema = z.object({
  page: z.int().min(1),
  label: z.string().max(100).optional(),
  quote: z.string().max(20_000),
  start: count,
  end: count,
  status: citationStatus,
  recognised: z.boolean().optional(),
  boxes: z.array(boxSchema).max(500),
});

const sentencesSchema = z
  .array(
    z.object({
      text: z.string().max(20_000),
      citations: z.array(citationSchema).max(50),
      status: citationStatus.optional(),
      section: z.string().max(1_000).optional(),
    }),
  )
  .max(2_000);

/** What a reply under way has written so far. */
export const writtenSchema = z.object({ text: z.string().max(400_000), sentences: sentencesSchema });

/** A summary or an answer, as `reading` makes it. */
export const replySchema = z.object({
  kind: z.enum(['summary', 'answer']),
  mode: z.enum(['quotes', 'prose']).optional(),
  question: z.string().max(4_000).optional(),
  purpose: z.string().max(1_000).optional(),
  found: z.boolean(),
  sentences: sentencesSchema,
  window: z.object({
    tokens: count,
    capacity: count,
    native: count,
    factor: finite,
    pagesRead: z.array(pageRange).max(20_000),
    pagesLeftOut: z.array(pageRange).max(20_000),
    pagesRecognised: z.array(pageRange).max(20_000).optional(),
  }),
  parts: z
    .array(z.object({ title: z.string().max(1_000).optional(), pages: pageRange, tokens: count }))
    .max(5_000)
    .optional(),
  model: z.object({
    name: z.string().max(500),
    architecture: z.string().max(100),
    types: z.array(z.string().max(50)).max(50),
    sha256: sha256.optional(),
    rope: z.string().max(50).optional(),
  }),
  kvType: z.string().max(20).optional(),
  temperature: temperature.optional(),
  seed: seed.optional(),
  adapter: z.object({ name: z.string().max(500), software: z.boolean() }).optional(),
  byWords: z.literal(true).optional(),
  timing: z.object({
    extractMs: finite,
    prefillMs: finite,
    prefillTokens: count,
    reusedTokens: count,
    rankMs: finite,
    decodeMs: finite.optional(),
    restoreMs: finite.optional(),
    decodeTokens: count.optional(),
  }),
});

export const newDocumentSchema = z.object({
  id: sha256,
  name: z.string().min(1).max(500),
  title: z.string().max(1_000),
  pages: z.int().min(1),
  words: count,
});

/** A reply as the history has it. */
export const runRowSchema = z.object({
  id: count,
  documentId: sha256,
  createdAt: z.iso.datetime(),
  reply: replySchema,
});

/** What was asked for, so that it can be asked for again. */
export const runRequestSchema = z.object({
  kind: z.enum(['summary', 'answer']),
  question: z.string().max(4_000).optional(),
  pages: z.array(pageRange).max(20_000).optional(),
  ropeFactor: finite.optional(),
  inParts: z.boolean().optional(),
  mode: z.enum(['quotes', 'prose']).optional(),
  length: z.enum(['short', 'medium', 'long']).optional(),
  bySection: z.boolean().optional(),
  purpose: z.string().max(1_000).optional(),
  /** Of prose: absent where the likeliest words are taken. */
  drawing: z.object({ temperature: temperature.positive(), seed }).optional(),
});

/** Passkey retrieval by one model on this machine. */
export const selfTestSchema = z.object({
  /** Into how many parts a text was divided by depth. */
  depths: z.int().min(1).max(100),
  places: z
    .array(z.object({ length: z.int().min(1).max(10_000_000), depth: count, found: z.boolean() }))
    .min(1)
    .max(5_000),
  adapter: z.string().max(500),
});

export type ReplyValue = z.infer<typeof replySchema>;
export type Written = z.infer<typeof writtenSchema>;
export type NewDocument = z.infer<typeof newDocumentSchema>;
export type RunRequest = z.infer<typeof runRequestSchema>;
export type SelfTestResult = z.infer<typeof selfTestSchema>;

export interface SelfTestRow extends SelfTestResult {
  /** SHA-256 of the model. */
  model: string;
  /** ISO 8601. */
  measuredAt: string;
}

export interface DocumentRow extends NewDocument {
  bytes: number;
  /** ISO 8601. */
  addedAt: string;
  openedAt: string;
  runs: number;
}

/** `createdAt` in ISO 8601. */
export type RunRow = z.infer<typeof runRowSchema>;

/** A reply in which words were found. */
export interface FoundReply extends Pick<RunRow, 'id' | 'documentId' | 'createdAt'> {
  /** Of its document. */
  title: string;
  kind: ReplyValue['kind'];
  question?: string;
  /** Some of its words, around those that were looked for. */
  snippet: string;
}

/** A reply that was begun: its request, and that nobody is working on it any more. */
export interface BegunRun {
  id: number;
  documentId: string;
  /** ISO 8601. */
  createdAt: string;
  request: RunRequest;
  /** What it had written when it ended. */
  written?: Written;
}

export interface ModelRow {
  /** Last part of its URL, /models/<id>. */
  id: string;
  name: string;
  bytes: number;
  embedded: boolean;
  /** It lies in the reader's own folder, where nothing is removed. */
  elsewhere?: true;
  /** Of the file, once it was computed; of a model in several files, of their bytes one behind the other. */
  sha256?: string;
  /** Bytes of each file of a model that is split over several; file n is /models/<id>.<n>, from 1 on. */
  parts?: number[];
  /** Names of its files that are not there: it cannot be used. */
  missing?: string[];
}

/** What would go, or be of no more use, with a model. */
export interface ModelUse {
  /** It is the one that reads now. */
  chosen: boolean;
  /** Replies in the history that it made; they stay. */
  replies: number;
}

export type DownloadState =
  /** Its header is to be looked at; nothing of its weights was fetched. */
  'asked' | 'waiting' | 'fetching' | 'checking' | 'stopped' | 'failed' | 'done';

/** A model that is on its way. */
export interface DownloadRow {
  id: string;
  name: string;
  /** Where its first file lies. */
  address: string;
  state: DownloadState;
  /** Bytes of each of its files; file n answers ranges at /downloads/<id>.<n>, from 1 on, while it is 'asked'. */
  parts: number[];
  bytes: number;
  /** Bytes that are on this disk. */
  done: number;
  /** Bytes a second, over the last seconds. */
  rate?: number;
  secondsLeft?: number;
  /** One sentence: why it failed, or what happened on the way. */
  problem?: string;
  /** Whether the publisher's hash is known. */
  hashed: boolean;
  /** The id of the stored model, once it is done. */
  model?: string;
}

/** What `verifyModel` found: the hash of the file as it is now, and whether it is the one that was kept at the import. */
export interface ModelCheck {
  sha256: string;
  state: 'same' | 'changed' | 'first time';
}

/** The calls, all checked against the schemas above before a handler sees them. */
export interface MainApi {
  /** `notices`: sentences to show, such as that a damaged history was kept aside. */
  start(): Promise<{
    version: string;
    models: ModelRow[];
    settings: Settings;
    notices: string[];
    dataFolder: string;
    /** Whether the shell can notify, so that the window need not. */
    notifies: boolean;
    /** Whether `chooseFolder` can ask; else a path has to be written. */
    asksForFolders: boolean;
  }>;
  documents(): Promise<DocumentRow[]>;
  /** After its bytes were PUT; a known document keeps its name and is marked as opened. */
  addDocument(document: NewDocument): Promise<DocumentRow>;
  /** Forgets it: its file, replies, checkpoints and what was read into models. */
  removeDocument(id: string): Promise<void>;
  runs(documentId: string): Promise<RunRow[]>;
  /** Replies to any document whose question, words or document's title hold all of these words; the newest twenty, newest first. */
  searchReplies(words: string): Promise<FoundReply[]>;
  /** `begun`: the run that this reply ends. */
  addRun(documentId: string, reply: ReplyValue, begun?: number): Promise<RunRow>;
  /** Notes that a reply is being made. When the window or the app ends before it does, it is interrupted. */
  beginRun(documentId: string, request: RunRequest): Promise<number>;
  /** Keeps what it has written so far, in place of what was kept before. */
  keepWritten(begun: number, written: Written): Promise<void>;
  /** It was stopped, failed, or is not wanted any more. */
  endRun(begun: number): Promise<void>;
  interruptedRuns(documentId: string): Promise<BegunRun[]>;
  removeRun(id: number): Promise<void>;
  /** Puts a reply that was removed back where it was. */
  restoreRun(run: RunRow): Promise<void>;
  changeSettings(change: Partial<Settings>): Promise<Settings>;
  models(): Promise<ModelRow[]>;
  /** Reads the whole file. */
  verifyModel(id: string): Promise<ModelCheck>;
  /** One that the reader imported; those that came with the app stay. */
  removeModel(id: string): Promise<void>;
  modelUse(id: string): Promise<ModelUse>;
  /** Shows its file in the system's file manager. */
  showModel(id: string): Promise<void>;
  /** Bytes of the machine's own memory that are free: what a software adapter computes in. */
  freeMemory(): Promise<number>;
  /** What was measured of each model last. */
  selfTests(): Promise<SelfTestRow[]>;
  /** In place of what was measured of this model before. */
  keepSelfTest(model: string, result: SelfTestResult): Promise<SelfTestRow>;
  downloads(): Promise<DownloadRow[]>;
  /**
   * Asks the server at `address` what lies there and nothing more: its header can be read then, and `startDownload` fetches the rest.
   * `sha256`: what it must be, where the reader or the catalogue knows.
   */
  askDownload(address: string, sha256?: string): Promise<DownloadRow>;
  startDownload(id: string): Promise<DownloadRow>;
  /** What was fetched is kept. */
  stopDownload(id: string): Promise<DownloadRow>;
  /** With what was fetched of it; a model that was stored stays. */
  removeDownload(id: string): Promise<void>;
  /** How much of what was read into models lies on the disk. */
  snapshotUsage(): Promise<{ count: number; bytes: number }>;
  /** How far this window's work is, for the taskbar: 0 … 1, or null for none. */
  showProgress(share: number | null): Promise<void>;
  /** Says one sentence in the system's own way, where the shell can. */
  notify(sentence: string): Promise<void>;
  /** Shows the data folder in the system's file manager. */
  showDataFolder(): Promise<void>;
  /** Lets the reader choose a folder; null when none was chosen. */
  chooseFolder(): Promise<string | null>;
  /** Removes what was read into models from the disk; documents and replies stay. */
  forgetReadings(): Promise<void>;
  /** Removes every document, reply, reading, imported model and setting. */
  deleteEverything(): Promise<void>;
}

/** What each call takes, checked before a handler sees it. A call that is not in this table does not exist. */
export const callSchemas = {
  start: z.tuple([]),
  documents: z.tuple([]),
  addDocument: z.tuple([newDocumentSchema]),
  removeDocument: z.tuple([sha256]),
  runs: z.tuple([sha256]),
  searchReplies: z.tuple([z.string().max(200)]),
  addRun: z.union([z.tuple([sha256, replySchema]), z.tuple([sha256, replySchema, count])]),
  beginRun: z.tuple([sha256, runRequestSchema]),
  keepWritten: z.tuple([count, writtenSchema]),
  endRun: z.tuple([count]),
  interruptedRuns: z.tuple([sha256]),
  removeRun: z.tuple([count]),
  restoreRun: z.tuple([runRowSchema]),
  changeSettings: z.tuple([settingsSchema.partial()]),
  models: z.tuple([]),
  verifyModel: z.tuple([modelId]),
  removeModel: z.tuple([modelId]),
  modelUse: z.tuple([modelId]),
  showModel: z.tuple([modelId]),
  freeMemory: z.tuple([]),
  selfTests: z.tuple([]),
  keepSelfTest: z.tuple([sha256, selfTestSchema]),
  downloads: z.tuple([]),
  askDownload: z.union([z.tuple([address]), z.tuple([address, sha256])]),
  startDownload: z.tuple([downloadId]),
  stopDownload: z.tuple([downloadId]),
  removeDownload: z.tuple([downloadId]),
  snapshotUsage: z.tuple([]),
  showProgress: z.tuple([z.number().min(0).max(1).nullable()]),
  notify: z.tuple([z.string().min(1).max(500)]),
  showDataFolder: z.tuple([]),
  chooseFolder: z.tuple([]),
  forgetReadings: z.tuple([]),
  deleteEverything: z.tuple([]),
} satisfies { [Call in keyof MainApi]: z.ZodType<Parameters<MainApi[Call]>> };

export const callNames = Object.keys(callSchemas) as (keyof MainApi)[];

export type MainErrorKind =
  | 'refused'
  | 'too-large'
  | 'not-found'
  | 'wrong-hash'
  | 'disk-full'
  | 'disk'
  | 'busy'
  | 'newer-database'
  | 'gone'
  /** A server, or the way to it. */
  | 'remote'
  | 'unforeseen';

/** `message` is the one plain sentence a reader sees; `detail` is for the log and never holds document text. */
export class MainError extends Error {
  readonly kind: MainErrorKind;
  readonly detail: string;
  constructor(kind: MainErrorKind, message: string, detail = '') {
    super(message);
    this.name = 'MainError';
    this.kind = kind;
    this.detail = detail;
  }
}
