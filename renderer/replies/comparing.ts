// One question to several documents, or a summary of each: which documents, how far it is, and what they say. Pure functions; what
// reads and asks is in comparison.ts.
import type { Reply, StageProgress } from '../../reading/document.ts';

export interface ComparingRow {
  /** SHA-256 of the document. */
  id: string;
  title: string;
  pages: number;
  words: number;
  name: string;
  state: 'waiting' | 'reading' | 'done' | 'failed';
  progress?: StageProgress;
  reply?: Reply;
  /** One sentence: why it could not be read. */
  problem?: string;
}

export interface Comparing {
  kind: 'summary' | 'answer';
  /** Empty until one was asked. */
  question: string;
  rows: readonly ComparingRow[];
  running: boolean;
}

export const rowChanged = (comparing: Comparing, id: string, change: Partial<ComparingRow>): Comparing => ({
  ...comparing,
  rows: comparing.rows.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

/** A file became a document of the library; the same document twice is one row. */
export const fileAdded = (comparing: Comparing, at: string, row: ComparingRow): Comparing => ({
  ...comparing,
  rows: comparing.rows.filter(({ id }) => id !== row.id).map((one) => (one.id === at ? row : one)),
});

/** All rows wait again for a new question. */
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

/** Ended by itself or by Stop: what was not read is waiting still. */
export const ended = (comparing: Comparing): Comparing => ({
  ...comparing,
  running: false,
  rows: comparing.rows.map((row) =>
    row.state === 'reading' ? { ...row, state: 'waiting', progress: undefined } : row,
  ),
});

/** "3 of 5 documents read" and, of a question, in how many it was found. */
export function outcome({ kind, rows, question }: Comparing): string {
  const done = rows.filter(({ state }) => state === 'done');
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const read = `${done.length} of ${rows.length} documents read`;
  const found =
    kind === 'answer' && question !== '' ? `, found in ${done.filter(({ reply }) => reply?.found).length}` : '';
  return `${read}${found}${failed ? `, ${failed} could not be read` : ''}.`;
}
