// The actions that change what the window shows (state-shape.ts): pure functions from a state to the next. Whatever has an effect (files,
// workers, calls to main) is in session.ts.
import type { BegunRun, DocumentRow, MainApi, RunRequest, RunRow } from '../main/common/api.ts';
import type { Citation, ReadDocument, StageProgress, Written } from '../reading/document.ts';
import type { Problem } from './problems.ts';
import type { Comparing } from './replies/comparing.ts';
import {
  type Chosen,
  type ModelsView,
  nowhere,
  type OpenDocument,
  type Selection,
  type State,
  type TestRun,
  top,
} from './state-shape.ts';

export * from './state-shape.ts';

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
        wordsChoose: undefined,
        readIn: undefined,
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

export const jobStarted = (state: State, { kind, question, inParts, mode }: RunRequest): State => ({
  ...state,
  job: { kind, question, inParts, ...(mode === 'prose' && { prose: true }), stopping: false },
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
