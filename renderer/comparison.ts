// Several documents, one after the other: one question to all, or a summary of each. What each says is stored in its own history
// too; one that cannot be read stops nothing.
import type { DocumentRow, RunRequest } from '../main/common/api.ts';
import type { Reply, StageProgress } from '../reading/document.ts';
import { comparisonRow, type ExportFormat } from '../reading/index.ts';
import * as comparing from './comparing.ts';
import { exportedDocument, saveExport } from './exports.ts';
import { extract } from './extraction.ts';
import { fetchDocument, sha256, storeDocument } from './files.ts';
import { problemOf } from './problems.ts';
import { addressOf, modelOf } from './replies.ts';
import type { Means } from './session.ts';

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

type Tell = (progress: StageProgress) => void;

const NOT_READ = 'This document could not be read. Open it by itself to see why.';

/** Reads a stored document and makes its reply, which is stored too. */
async function replyOf(
  means: Means,
  row: comparing.ComparingRow,
  request: RunRequest,
  signal: AbortSignal,
  tell: Tell,
) {
  const model = modelOf(means.store.get());
  if (!model) throw new Error('no model');
  const source = { id: row.id, bytes: await fetchDocument(row.id), name: row.name };
  const document = await extract(source, { signal, onProgress: tell });
  const of = { model: addressOf(model), id: row.id, document };
  const reply = await means.reader.ask({ ask: 'reply', of, request }, { signal, onProgress: tell });
  await means.api.addRun(row.id, reply);
  return reply;
}

/** Reads and stores a file; resolves to its row in the library. */
async function addOne({ api }: Means, file: File, signal: AbortSignal, tell: Tell): Promise<DocumentRow> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const id = await sha256(bytes);
  const { title, words, pages } = await extract({ id, bytes, name: file.name }, { signal, onProgress: tell });
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

export function createComparison(means: Means): ComparisonSession {
  const { store, api } = means;
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
  async function each<Item extends { id: string }>(
    items: readonly Item[],
    work: (item: Item, signal: AbortSignal, tell: Tell) => Promise<(now: comparing.Comparing) => comparing.Comparing>,
  ) {
    running = new AbortController();
    const { signal } = running;
    for (const item of items) {
      const set = (facts: Partial<comparing.ComparingRow>) =>
        change((now) => comparing.rowChanged(now, item.id, facts));
      set({ state: 'reading' });
      try {
        change(await work(item, signal, (progress) => !signal.aborted && set({ progress })));
      } catch (error) {
        if (signal.aborted) break;
        set({ state: 'failed', problem: problemOf(error, NOT_READ).sentence, progress: undefined });
      }
    }
    change(comparing.ended);
    const library = await api.documents();
    store.update((s) => ({ ...s, library }));
  }

  async function run(kind: comparing.Comparing['kind'], question: string) {
    const now = store.get().comparing;
    if (!now || now.running || store.get().job) return;
    change((all) => comparing.begun(all, kind, question));
    const request: RunRequest = kind === 'answer' ? { kind, question } : { kind, inParts: true };
    await each(now.rows.filter(comparing.isStored), async (row, signal, tell) => {
      const reply = await replyOf(means, row, request, signal, tell);
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
      const items = files.map((file, i) => ({ id: `file ${i}`, file }));
      show(
        items.map(({ id, file: { name } }) => ({ id, title: name, name, pages: 0, words: 0, state: 'waiting' })),
        true,
      );
      await each(items, async ({ id, file }, signal, tell) => {
        const row = waiting(await addOne(means, file, signal, tell));
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
