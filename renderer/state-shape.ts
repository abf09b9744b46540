// Everything that the window shows, as one plain value, and what it is at the start. What changes it: state.ts.
import type {
  BegunRun,
  DocumentRow,
  DownloadRow,
  ModelRow,
  ModelUse,
  RunRequest,
  RunRow,
  SelfTestRow,
  Settings,
} from '../main/common/api.ts';
import type { Box, ReadDocument, StageProgress, WindowChoice, Written } from '../reading/document.ts';
import type { Place as Tested } from '../reading/self-test.ts';
import type { OpenPdf } from './document/pdf.ts';
import type { ModelReport, PartSpan, RoomReport, WindowLayout } from './engine/engine-protocol.ts';
import type { Problem } from './problems.ts';
import type { Comparing } from './replies/comparing.ts';

export type Tab = 'summary' | 'ask' | 'text';
/** What the left rail shows. */
export type Rail = 'documents' | 'contents' | 'thumbnails';
/** What a narrow window shows; a wide one shows all three. */
export type Pane = 'library' | 'pages' | 'reply';

export type Gpu =
  | { status: 'checking' }
  | { status: 'found'; name: string; software: boolean }
  | { status: 'none'; sentence: string };

export interface OpenDocument {
  /** SHA-256 of the bytes, hexadecimal. */
  id: string;
  name: string;
  pdf: OpenPdf;
  /** Absent until its pages have been read. */
  read?: ReadDocument;
  /** Where its pages lie in the window, once the model has counted its tokens. */
  layout?: WindowLayout;
  /** Whether the model writes prose as well as it quotes; known with the layout. */
  prose?: boolean;
  /** Words alone choose the sentences of its summary: the model has no say in them. */
  wordsChoose?: boolean;
  /** How far it is read into the model behind the replies that words have chosen. */
  readIn?: { progress?: StageProgress; done?: boolean; stopped?: boolean; problem?: string };
  /** Why it cannot be laid in as a whole, and what can be done instead. */
  refused?: Problem;
  choice?: WindowChoice;
  /** The parts it would be read in, and how many seconds that would take. */
  parts?: readonly PartSpan[];
  partsSeconds?: number;
  /** What the reader chose instead of the whole at once. */
  chosen: Chosen;
  /** Sections of its outline that the reader sees folded, by index; absent while none was folded or unfolded. */
  folded?: ReadonlySet<number>;
  /** Questions that it answers, once they were looked for; absent while they were not. */
  suggested?: readonly string[];
  suggesting?: boolean;
  /** Replies that were begun and never ended, oldest first. */
  interrupted: readonly BegunRun[];
}

/** How a document is read: pages or factor of one window, or in parts. */
export type Chosen = Pick<RunRequest, 'pages' | 'ropeFactor' | 'inParts'>;

/** What a summary should be. */
export type Wish = Required<Pick<RunRequest, 'length' | 'bySection' | 'purpose' | 'mode'>>;

export interface Job {
  kind: 'summary' | 'answer';
  question?: string;
  inParts?: boolean;
  /** The model tells it in its own words. */
  prose?: boolean;
  progress?: StageProgress;
  /** What has been written so far, of prose. */
  written?: Written;
  /** What happened on the way, as one sentence. */
  notice?: string;
  stopping: boolean;
}

/** A point on a page: `y` in PDF points from its top. */
export interface Place {
  page: number;
  y: number;
}

/** Where the reader was, and in which pane of a narrow window. */
export interface Step extends Place {
  pane: Pane;
}

/** Where the pages are asked to go; a new `serial` is a new request. */
export interface Target extends Place {
  serial: number;
  by: 'page' | 'citation' | 'find' | 'back';
  boxes: readonly Box[];
  /** Of what is found: the pages stay where they are when it is on show. */
  size?: { x: number; width: number; height: number };
}

export interface Selection {
  run: number;
  sentence: number;
  citation: number;
}

/** What the models view says beside its lists. What was begun in it goes on, and is said, when it was closed and opened again. */
export interface ModelsView {
  /** What is being done, as one sentence. */
  busy?: string;
  /** What went wrong, or is worth a word. */
  problem?: string;
  notice?: string;
  /** The model that may be removed, and what depends on it. */
  removing?: { id: string; use: ModelUse };
  /** Its header was read: whether it should be fetched is the reader's choice. */
  offer?: { download: DownloadRow; report: ModelReport };
}

/** A self-test under way. */
export interface TestRun {
  /** Id of the model. */
  model: string;
  /** Tokens. */
  lengths: readonly number[];
  places: readonly Tested[];
  progress?: StageProgress;
  stopping: boolean;
}

export interface State {
  ready: boolean;
  version: string;
  /** Where everything lies. */
  dataFolder: string;
  /** The shell can notify, so that the browser need not be asked for leave. */
  notifies: boolean;
  asksForFolders: boolean;
  models: readonly ModelRow[];
  /** By id: what each model is, once its header was read. */
  reports: Readonly<Record<string, ModelReport | { refused: string }>>;
  room?: RoomReport;
  modelsView: ModelsView;
  testing?: TestRun;
  /** What self-tests have found, by the SHA-256 of the model. */
  tested: Readonly<Record<string, SelfTestRow>>;
  downloads: readonly DownloadRow[];
  settings: Settings;
  gpu: Gpu;
  library: readonly DocumentRow[];
  /** Name of the file being opened, and how many of its pages have been read. */
  opening?: { name: string; done: number; total: number; recognising?: boolean };
  document?: OpenDocument;
  /** Of the open document, oldest first. */
  runs: readonly RunRow[];
  job?: Job;
  wish: Wish;
  /** One question to several documents, or a summary of each: its view is shown instead of the open document. */
  comparing?: Comparing;
  tab: Tab;
  pane: Pane;
  rail: Rail;
  /** The summary on show; the newest when absent. */
  summary?: number;
  here: Place;
  target: Target;
  selection?: Selection;
  trail: readonly Step[];
  zoom: number | 'fit';
  problem?: Problem;
  dialog?:
    | { kind: 'keys' }
    | { kind: 'password'; wrong: boolean; name: string; unlock(password: string): void }
    | { kind: 'remove'; row: DocumentRow }
    | { kind: 'choose' }
    /** `test`: the model that reads is to be tested as soon as it is known. */
    | { kind: 'models'; test?: boolean }
    | { kind: 'palette' }
    | { kind: 'lens' }
    | { kind: 'settings' }
    | { kind: 'deleteEverything' };
}

export const top: Place = { page: 1, y: 0 };
export const nowhere: Target = { ...top, serial: 0, by: 'back', boxes: [] };

export const initialState: State = {
  ready: false,
  version: '',
  dataFolder: '',
  notifies: false,
  asksForFolders: false,
  models: [],
  reports: {},
  modelsView: {},
  tested: {},
  downloads: [],
  settings: {
    ...{ theme: 'system', textSize: 'normal', model: '', modelFolder: '', kvType: 'auto', largestWindow: 32_768 },
    ...{ snapshotBudget: 8_000_000_000, notify: true, temperature: 0, seed: 0, offline: false, proxy: '' },
  },
  gpu: { status: 'checking' },
  library: [],
  runs: [],
  wish: { length: 'medium', bySection: false, purpose: '', mode: 'quotes' },
  tab: 'summary',
  pane: 'reply',
  rail: 'documents',
  here: top,
  target: nowhere,
  trail: [],
  zoom: 'fit',
};
