// Everything that the window shows, as one plain value, and the actions that change it: pure functions from a state to the
// next. Whatever has an effect (files, workers, calls to main) is in session.ts.
import type {
  BegunRun,
  DocumentRow,
  DownloadRow,
  MainApi,
  ModelRow,
  ModelUse,
  RunRequest,
  RunRow,
  SelfTestRow,
  Settings,
} from '../main/common/api.ts';
import type { Box, Citation, ReadDocument, StageProgress, WindowChoice, Written } from '../reading/document.ts';
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
    | { kind: 'models'; test?: boolean }
    | { kind: 'palette' }
    | { kind: 'lens' }
    | { kind: 'settings' }
    | { kind: 'deleteEverything' };
}

const top: Place = { page: 1, y: 0 };
const nowhere: Target = { ...top, serial: 0, by: 'back', boxes: [] };

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

export const started = (
  state: State,
  { notices, ...start }: Awaited<ReturnType<MainApi['start']>>,
  library: readonly DocumentRow[],
): State => ({
  ...state,
  ...start,
  library,
  ready: true,
  problem: notices.length ? { sentence: notices.join(' ') } : undefined,
});

export const openingStarted = (state: State, name: string): State => ({
  ...state,
  opening: { name, done: 0, total: 0 },
  problem: undefined,
  dialog: undefined,
});

/** Several that were on show together are a step back from each of them. */
const besides = (comparing: Comparing | undefined, id: string): Comparing | undefined =>
  comparing?.rows.some((row) => row.id === id) ? { ...comparing, aside: true } : undefined;

/** The file is a PDF: its pages are shown before their text has been read. */
export const pagesShown = (state: State, document: Pick<OpenDocument, 'id' | 'name' | 'pdf'>): State => ({
  ...state,
  document: { ...document, chosen: {}, interrupted: [] },
  comparing: besides(state.comparing, document.id),
  runs: [],
  job: undefined,
  tab: 'summary',
  pane: 'reply',
  summary: undefined,
  here: top,
  target: { ...nowhere, serial: state.target.serial + 1 },
  selection: undefined,
  trail: [],
  zoom: 'fit',
});

export const pagesRead = (state: State, { stage, done, total }: StageProgress): State =>
  state.opening
    ? { ...state, opening: { name: state.opening.name, done, total, recognising: stage === 'recognise' } }
    : state;

export const documentRead = (
  state: State,
  read: ReadDocument,
  runs: readonly RunRow[],
  interrupted: readonly BegunRun[] = [],
): State =>
  state.document ? { ...state, document: { ...state.document, read, interrupted }, runs, opening: undefined } : state;

/** Changes the open document, if it is still the one of that id. */
export const documentChanged = (state: State, id: string, change: Partial<OpenDocument>): State =>
  state.document?.id === id ? { ...state, document: { ...state.document, ...change } } : state;

/** Folds a section of the outline, or unfolds it. `before`: what is folded now. */
export const sectionFolded = (state: State, before: ReadonlySet<number>, index: number, fold: boolean): State => {
  if (!state.document) return state;
  const folded = new Set(before);
  if (fold) folded.add(index);
  else folded.delete(index);
  return documentChanged(state, state.document.id, { folded });
};

/** Another model, or other pages: what was counted for the one before counts no more. */
export const layoutForgotten = (state: State, chosen: Chosen): State =>
  state.document
    ? documentChanged(state, state.document.id, {
        chosen,
        layout: undefined,
        refused: undefined,
        choice: undefined,
        parts: undefined,
        partsSeconds: undefined,
      })
    : state;

export const runInterrupted = (state: State, begun: BegunRun): State =>
  state.document?.id === begun.documentId
    ? documentChanged(state, begun.documentId, { interrupted: [...state.document.interrupted, begun] })
    : state;

/** Those that main tells of; this window's own are not among them while it lives. */
export const interruptionsHeard = (state: State, id: string, heard: readonly BegunRun[]): State => {
  if (state.document?.id !== id) return state;
  const { interrupted } = state.document;
  const others = heard.filter((begun) => interrupted.every((known) => known.id !== begun.id));
  return others.length === 0 ? state : documentChanged(state, id, { interrupted: [...others, ...interrupted] });
};

export const interruptionGone = (state: State, id: number): State =>
  state.document
    ? documentChanged(state, state.document.id, {
        interrupted: state.document.interrupted.filter((begun) => begun.id !== id),
      })
    : state;

/** Without a problem: a password is asked for. */
export const openingFailed = (state: State, problem?: Problem): State => ({ ...state, opening: undefined, problem });

export const documentClosed = (state: State): State => ({
  ...state,
  document: undefined,
  opening: undefined,
  runs: [],
  job: undefined,
  selection: undefined,
  trail: [],
});

export const jobStarted = (state: State, { kind, question, inParts }: RunRequest): State => ({
  ...state,
  job: { kind, question, inParts, stopping: false },
  tab: kind === 'summary' ? 'summary' : 'ask',
  pane: 'reply',
  problem: undefined,
});

export const jobProgressed = (state: State, progress: StageProgress): State =>
  state.job && !state.job.stopping ? { ...state, job: { ...state.job, progress } } : state;

export const jobWritten = (state: State, written: Written): State =>
  state.job && !state.job.stopping ? { ...state, job: { ...state.job, written } } : state;

export const jobNoticed = (state: State, notice: string): State =>
  state.job ? { ...state, job: { ...state.job, notice } } : state;

export const jobStopping = (state: State): State =>
  state.job ? { ...state, job: { ...state.job, stopping: true } } : state;

export const jobEnded = (state: State, problem?: Problem): State => ({ ...state, job: undefined, problem });

/** A reply was stored: its document's row counts one run more, and lists it where it is open. */
export const runStored = (state: State, run: RunRow): State => ({
  ...state,
  runs: state.document?.id === run.documentId ? [...state.runs, run].sort((a, b) => a.id - b.id) : state.runs,
  library: state.library.map((row) => (row.id === run.documentId ? { ...row, runs: row.runs + 1 } : row)),
});

/** The same, and it is shown. */
export const runAdded = (state: State, run: RunRow): State => ({
  ...runStored(state, run),
  job: undefined,
  summary: run.reply.kind === 'summary' ? run.id : state.summary,
  selection: undefined,
});

export const runRemoved = (state: State, id: number): State => ({
  ...state,
  runs: state.runs.filter((run) => run.id !== id),
  library: state.library.map((row) =>
    state.runs.some((run) => run.id === id && run.documentId === row.id) ? { ...row, runs: row.runs - 1 } : row,
  ),
  summary: state.summary === id ? undefined : state.summary,
  selection: state.selection?.run === id ? undefined : state.selection,
});

export const runShown = (state: State, run: RunRow): State => ({
  ...state,
  tab: run.reply.kind === 'summary' ? 'summary' : 'ask',
  pane: 'reply',
  summary: run.reply.kind === 'summary' ? run.id : state.summary,
  selection: undefined,
});

export const shownSummary = (state: State): RunRow | undefined => {
  const summaries = state.runs.filter((run) => run.reply.kind === 'summary');
  return summaries.find((run) => run.id === state.summary) ?? summaries.at(-1);
};

export const answers = (state: State): readonly RunRow[] => state.runs.filter((run) => run.reply.kind === 'answer');

export const citationAt = (state: State, { run, sentence, citation }: Selection): Citation | undefined =>
  state.runs.find(({ id }) => id === run)?.reply.sentences[sentence]?.citations[citation];

/** What was quoted by the citation that is shown. */
export const chosenCitation = (state: State): Citation | undefined =>
  state.selection && citationAt(state, state.selection);

/** Another model would be in the way of what is being done. */
export const isBusy = ({ modelsView, job, testing, comparing }: State): boolean =>
  modelsView.busy !== undefined || job !== undefined || testing !== undefined || comparing?.running === true;

/** The several documents that are on show together. */
export const comparingShown = ({ comparing }: State): Comparing | undefined =>
  comparing?.aside ? undefined : comparing;

/** Makes room for one of its documents; the way back leads to it. */
export const comparingAside = (state: State): State =>
  state.comparing ? { ...state, comparing: { ...state.comparing, aside: true } } : state;

export const comparingBack = (state: State): State =>
  state.comparing ? { ...state, comparing: { ...state.comparing, aside: false } } : state;

/** Changes the self-test under way, if there is one. */
export const testChanged = (state: State, change: (run: TestRun) => Partial<TestRun>): State =>
  state.testing ? { ...state, testing: { ...state.testing, ...change(state.testing) } } : state;

/** What the last thing in the models view came to makes room for `change`; what is being done, and offered, stays. */
export const modelsShown = (state: State, change: ModelsView): State => ({
  ...state,
  modelsView: { ...state.modelsView, problem: undefined, notice: undefined, removing: undefined, ...change },
});

/** With it goes what the last thing in the models view came to. */
export const dialogClosed = (state: State): State => ({ ...modelsShown(state, {}), dialog: undefined });
