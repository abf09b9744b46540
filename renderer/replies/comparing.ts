// One question to several documents, or a summary of each: which documents, how far it is, and what they say. Pure functions; what
// reads and asks is in comparison.ts.
import type { RunRequest, RunRow } from '../../main/common/api.ts';
import type { StageProgress } from '../../reading/document.ts';
import type { Wish } from '../state-shape.ts';

export interface ComparingRow {
  /** SHA-256 of the document. */
  id: string;
  title: string;
  pages: number;
  words: number;
  name: string;
  state: 'waiting' | 'reading' | 'done' | 'failed';
  progress?: StageProgress;
  /** What it says, as it is stored in its own history. */
  run?: RunRow;
  /** One sentence: why it could not be read. */
  problem?: string;
}

export interface Comparing {
  kind: 'summary' | 'answer';
  /** Empty until one was asked. */
  question: string;
  rows: readonly ComparingRow[];
  running: boolean;
  /** One of its documents is on show instead; the way back leads here. */
  aside?: boolean;
}

/** What is asked of each; summaries are as long as the reader has them of one document. */
export const requestOf = (kind: Comparing['kind'], question: string, { length }: Pick<Wish, 'length'>): RunRequest =>
  kind === 'answer' ? { kind, question } : { kind, inParts: true, length };

export const rowChanged = (comparing: Comparing, id: string, change: Partial<ComparingRow>): Comparing => ({
  ...comparing,
  rows: comparing.rows.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

/** Files that are to be documents of the library, after those that are. */
export const filesComing = (comparing: Comparing, files: readonly { id: string; name: string }[]): Comparing => ({
  ...comparing,
  running: true,
  rows: [
    ...comparing.rows,
    ...files.map(({ id, name }): ComparingRow => ({ id, title: name, name, pages: 0, words: 0, state: 'waiting' })),
  ],
});

/** A file became a document of the library; the same document twice is one row. */
export const fileAdded = (comparing: Comparing, at: string, row: ComparingRow): Comparing =>
  comparing.rows.some(({ id }) => id === row.id)
    ? rowRemoved(comparing, at)
    : { ...comparing, rows: comparing.rows.map((one) => (one.id === at ? row : one)) };

export const rowRemoved = (comparing: Comparing, at: string): Comparing => ({
  ...comparing,
  rows: comparing.rows.filter(({ id }) => id !== at),
});

/** All rows wait for a new question. */
export const begun = (comparing: Comparing, kind: Comparing['kind'], question: string): Comparing => ({
  ...comparing,
  kind,
  question,
  running: true,
  rows: comparing.rows.map((row) => {
    const { id, title, pages, words, name } = row;
    return isStored(row) ? { id, title, pages, words, name, state: 'waiting' } : row;
  }),
});

/** False for a file that could not be read and is not in the library. */
export const isStored = ({ id }: ComparingRow): boolean => /^[0-9a-f]{64}$/.test(id);

export const wasAsked = ({ kind, question }: Comparing): boolean => kind === 'summary' || question !== '';

/** Documents that were to say something and have not: after Stop, added later, or locked. */
export const rest = (comparing: Comparing): ComparingRow[] =>
  wasAsked(comparing) ? comparing.rows.filter((row) => isStored(row) && row.state !== 'done') : [];

/** Ended by itself or by Stop: what was not read is waiting still. */
export const ended = (comparing: Comparing): Comparing => ({
  ...comparing,
  running: false,
  rows: comparing.rows.map((row) =>
    row.state === 'reading' ? { ...row, state: 'waiting', progress: undefined } : row,
  ),
});

const documents = (count: number): string => `${count} ${count === 1 ? 'document' : 'documents'}`;

/** How far it is, or what it came to: "3 of 5 documents read, found in 2, 1 could not be read." */
export function outcome(comparing: Comparing): string {
  const { kind, rows, running } = comparing;
  const done = rows.filter(({ state }) => state === 'done');
  const failed = rows.filter(({ state }) => state === 'failed').length;
  if (running) {
    const at = rows.findIndex(({ state }) => state === 'reading');
    return at < 0 ? 'One moment.' : `Reading ${at + 1} of ${rows.length}.`;
  }
  const unread = failed ? `${failed} could not be read` : '';
  if (!wasAsked(comparing)) {
    const ready = rows.length - failed;
    const next = ready > 0 ? ' Ask one question, or have each summed up.' : '';
    return `${documents(ready)} ready${unread && `, ${unread}`}.${next}`;
  }
  const found = kind === 'answer' ? `, found in ${done.filter(({ run }) => run?.reply.found).length}` : '';
  return `${done.length} of ${documents(rows.length)} read${found}${unread && `, ${unread}`}.`;
}

/** Where a row stands, in a word or two. */
export function standing(comparing: Comparing, row: ComparingRow): string {
  if (row.state === 'failed') return 'Not read';
  if (row.state === 'reading') return 'Reading';
  if (row.state === 'done') return comparing.kind === 'summary' || row.run?.reply.found ? 'Yes' : 'No';
  if (!wasAsked(comparing)) return isStored(row) ? 'Ready' : 'Waiting';
  return comparing.running ? 'Waiting' : 'Not asked';
}
