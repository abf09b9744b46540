// The work on several documents, one after the other: files are added to the library, documents are asked. What each says is stored in
// its own history too; one that cannot be read stops nothing. Locked ones come last: their passwords are asked for when all others are done.
import type { DocumentRow, RunRequest, RunRow } from '../../main/common/api.ts';
import type { StageProgress } from '../../reading/document.ts';
import { extract } from '../document/extraction.ts';
import { askPassword } from '../document/password.ts';
import { fetchDocument, sha256, storeDocument } from '../files.ts';
import type { Means } from '../means.ts';
import { isLocked, kindOf, problemOf } from '../problems.ts';
import { runStored } from '../state.ts';
import * as comparing from './comparing.ts';
import { addressOf, modelOf, windowOf } from './subject.ts';

export interface ComparisonWork {
  addFiles(items: readonly FileItem[]): Promise<void>;
  ask(rows: readonly comparing.ComparingRow[], request: RunRequest): Promise<void>;
  stop(): void;
  /** Of a locked document, once it was told. */
  passwordOf(id: string): string | undefined;
}

export interface FileItem {
  /** Of its row, until it is known as a document. */
  id: string;
  name: string;
  file: File;
}

/** What the work on one document is done with. */
interface Given {
  signal: AbortSignal;
  tell(progress: StageProgress): void;
  /** Of a locked document, once it is known. */
  password?: string;
}

const NOT_READ = 'This document could not be read. Open it by itself to see why.';

/** Reads a stored document and makes its reply, which is stored too. */
async function replyOf(
  means: Means,
  row: comparing.ComparingRow,
  request: RunRequest,
  { signal, tell, password }: Given,
): Promise<RunRow> {
  const { settings } = means.store.get();
  const model = modelOf(means.store.get());
  if (!model) throw new Error('no model');
  const source = { id: row.id, bytes: await fetchDocument(row.id), name: row.name, password };
  const document = await extract(source, { signal, onProgress: tell });
  const of = { model: addressOf(model, settings), id: row.id, document, ...windowOf(settings) };
  // Of many documents words alone choose, where this model would change little: nobody waits until it has read all of them.
  const { wordsChoose: byWords } = await means.reader.ask({ ask: 'manner', of }, { signal });
  const reply = await means.reader.ask({ ask: 'reply', of, request, byWords }, { signal, onProgress: tell });
  return means.api.addRun(row.id, reply);
}

/** Reads and stores a file; resolves to its row in the library. */
async function addOne({ api }: Means, file: File, { signal, tell, password }: Given): Promise<DocumentRow> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const id = await sha256(bytes);
  const { title, words, pages } = await extract({ id, bytes, name: file.name, password }, { signal, onProgress: tell });
  await storeDocument(id, bytes);
  const name = file.name.slice(0, 500) || 'document.pdf';
  return api.addDocument({ id, name, title: title.slice(0, 1_000), pages: pages.length, words });
}

export const waiting = ({ id, title, name, pages, words }: DocumentRow): comparing.ComparingRow => ({
  id,
  title: title || name,
  name,
  pages,
  words,
  state: 'waiting',
});

const showLibrary = async ({ store, api }: Means) => {
  const library = await api.documents();
  store.update((s) => ({ ...s, library }));
};

export function createComparisonWork(means: Means): ComparisonWork {
  const { store } = means;
  /** By document; never stored. */
  const passwords = new Map<string, string>();
  let running: AbortController | undefined;

  /** One after the other until the end or Stop. `work` resolves to what its row becomes. */
  async function each<Item extends { id: string; name: string }>(
    items: readonly Item[],
    work: (item: Item, given: Given) => Promise<(now: comparing.Comparing) => comparing.Comparing>,
  ) {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const { signal } = mine;
    const locked: Item[] = [];
    // What others are shown together after these were closed is not theirs to change.
    const change = (next: (now: comparing.Comparing) => comparing.Comparing) =>
      running === mine && store.update((s) => (s.comparing ? { ...s, comparing: next(s.comparing) } : s));
    const one = async (item: Item, password: string | undefined, later: (error: unknown) => unknown) => {
      const set = (facts: Partial<comparing.ComparingRow>) =>
        change((now) => comparing.rowChanged(now, item.id, facts));
      set({ state: 'reading', problem: undefined });
      try {
        change(await work(item, { signal, tell: (progress) => !signal.aborted && set({ progress }), password }));
      } catch (error) {
        if (signal.aborted) return;
        set({ state: 'failed', problem: problemOf(error, NOT_READ).sentence, progress: undefined });
        if (isLocked(error)) await later(error);
      }
    };
    const unlock = async (item: Item, error: unknown) => {
      const password = await askPassword(store, item.name, kindOf(error) === 'wrong-password');
      if (password !== undefined) await one(item, password, (again) => unlock(item, again));
    };
    for (const item of items) if (!signal.aborted) await one(item, passwords.get(item.id), () => locked.push(item));
    for (const item of locked) if (!signal.aborted) await unlock(item, undefined);
    change(comparing.ended);
    await showLibrary(means);
  }

  return {
    addFiles: (items) =>
      each(items, async ({ id, file }, given) => {
        const row = waiting(await addOne(means, file, given));
        if (given.password) passwords.set(row.id, given.password);
        return (all) => comparing.fileAdded(all, id, row);
      }),
    ask: (rows, request) =>
      each(rows.filter(comparing.isStored), async (row, given) => {
        const run = await replyOf(means, row, request, given);
        if (given.password) passwords.set(row.id, given.password);
        store.update((s) => runStored(s, run));
        return (all) => comparing.rowChanged(all, row.id, { state: 'done', run, progress: undefined });
      }),
    stop: () => running?.abort(),
    passwordOf: (id) => passwords.get(id),
  };
}
