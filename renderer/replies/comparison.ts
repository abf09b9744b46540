// Several documents, one after the other: one question to all, or a summary of each. What each says is stored in its own history
// too; one that cannot be read stops nothing. Locked ones come last: their passwords are asked for when all others are done.
import type { DocumentRow, RunRequest } from '../../main/common/api.ts';
import type { Reply, StageProgress } from '../../reading/document.ts';
import { comparisonRow, type ExportFormat } from '../../reading/index.ts';
import { extract } from '../document/extraction.ts';
import { askPassword } from '../document/password.ts';
import { fetchDocument, sha256, storeDocument } from '../files.ts';
import type { Means } from '../means.ts';
import { isLocked, kindOf, problemOf } from '../problems.ts';
import * as comparing from './comparing.ts';
import { exportedDocument, saveExport } from './exports.ts';
import { addressOf, modelOf, windowOf } from './replies.ts';

export interface ComparisonSession {
  /** Shows the view for these documents of the library. */
  compare(ids: readonly string[]): void;
  /** Adds several files to the library and shows them together; one that cannot be read is named. */
  addFiles(files: readonly File[]): Promise<void>;
  askAll(question: string): Promise<void>;
  summariseAll(): Promise<void>;
  stopComparing(): void;
  closeComparison(): void;
  exportComparison(format: ExportFormat): Promise<void>;
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
) {
  const { settings } = means.store.get();
  const model = modelOf(means.store.get());
  if (!model) throw new Error('no model');
  const source = { id: row.id, bytes: await fetchDocument(row.id), name: row.name, password };
  const document = await extract(source, { signal, onProgress: tell });
  const of = { model: addressOf(model, settings), id: row.id, document, ...windowOf(settings) };
  const reply = await means.reader.ask({ ask: 'reply', of, request }, { signal, onProgress: tell });
  await means.api.addRun(row.id, reply);
  return reply;
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

const waiting = ({ id, title, name, pages, words }: DocumentRow): comparing.ComparingRow => ({
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

export function createComparison(means: Means): ComparisonSession {
  const { store } = means;
  /** By document; never stored. */
  const passwords = new Map<string, string>();
  let running: AbortController | undefined;
  const change = (work: (now: comparing.Comparing) => comparing.Comparing) =>
    store.update((s) => (s.comparing ? { ...s, comparing: work(s.comparing) } : s));
  const show = (rows: comparing.ComparingRow[], now = false) =>
    store.update((s) => ({
      ...s,
      problem: undefined,
      comparing: { kind: 'answer', question: '', rows, running: now },
    }));

  /** One after the other until the end or Stop. `work` resolves to what its row becomes. */
  async function each<Item extends { id: string; name: string }>(
    items: readonly Item[],
    work: (item: Item, given: Given) => Promise<(now: comparing.Comparing) => comparing.Comparing>,
  ) {
    running = new AbortController();
    const { signal } = running;
    const locked: Item[] = [];
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

  async function run(kind: comparing.Comparing['kind'], question: string) {
    const now = store.get().comparing;
    if (!now || now.running || store.get().job) return;
    change((all) => comparing.begun(all, kind, question));
    const request: RunRequest = kind === 'answer' ? { kind, question } : { kind, inParts: true };
    await each(now.rows.filter(comparing.isStored), async (row, given) => {
      const reply = await replyOf(means, row, request, given);
      if (given.password) passwords.set(row.id, given.password);
      return (all) => comparing.rowChanged(all, row.id, { state: 'done', reply, progress: undefined });
    });
  }

  const stop = () => running?.abort();
  return {
    compare: (ids) =>
      show(
        store
          .get()
          .library.filter(({ id }) => ids.includes(id))
          .map(waiting),
      ),
    async addFiles(files) {
      const items = files.map((file, i) => ({ id: `file ${i}`, name: file.name, file }));
      show(
        items.map(({ id, name }) => ({ id, title: name, name, pages: 0, words: 0, state: 'waiting' })),
        true,
      );
      await each(items, async ({ id, file }, given) => {
        const row = waiting(await addOne(means, file, given));
        if (given.password) passwords.set(row.id, given.password);
        return (all) => comparing.fileAdded(all, id, row);
      });
    },
    askAll: (question) => run('answer', question.trim()),
    summariseAll: () => run('summary', ''),
    stopComparing: stop,
    closeComparison() {
      stop();
      store.update((s) => ({ ...s, comparing: undefined }));
    },
    async exportComparison(format) {
      const sentence = await saveComparison(store.get(), format);
      if (sentence) store.update((s) => ({ ...s, problem: { sentence } }));
    },
  };
}

const tableRow = ({ title, reply, problem }: comparing.ComparingRow) =>
  reply
    ? comparisonRow(title, reply as Reply)
    : { document: title, found: false, answer: '', pages: '', problem: problem ?? 'Not read.' };

async function saveComparison(
  { comparing: now, library }: ReturnType<Means['store']['get']>,
  format: ExportFormat,
): Promise<string | undefined> {
  if (!now) return undefined;
  const createdAt = new Date().toISOString();
  const documents = now.rows.flatMap(({ id, reply }) => {
    const row = library.find((one) => one.id === id);
    return row && reply ? [exportedDocument(row, [{ id: 0, documentId: id, createdAt, reply }])] : [];
  });
  const table = now.kind === 'answer' ? { question: now.question, rows: now.rows.map(tableRow) } : undefined;
  return saveExport(format, documents, table);
}
