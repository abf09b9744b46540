// Several documents that are asked together: which they are, what is asked of them, and the export of what they say.
import { comparisonRow, type ExportFormat } from '../../reading/index.ts';
import type { Means } from '../means.ts';
import { comparingShown } from '../state.ts';
import * as comparing from './comparing.ts';
import { createComparisonWork, waiting } from './comparison-work.ts';
import { exportedDocument, saveExport } from './exports.ts';

export interface ComparisonSession {
  /** Shows the view for these documents of the library. */
  compare(ids: readonly string[]): void;
  /** Adds files to the library and shows them together, beside those that are; one that cannot be read is named. */
  addFiles(files: readonly File[]): Promise<void>;
  /** Takes one out of those that are asked together; it stays in the library. */
  leaveOut(id: string): void;
  askAll(question: string): Promise<void>;
  summariseAll(): Promise<void>;
  /** Asks those that have not been asked: what the others said stays. */
  askRest(): Promise<void>;
  stopComparing(): void;
  closeComparison(): void;
  /** Of a locked document among them, once it was told: it need not be told again while the window lives. */
  passwordOf(id: string): string | undefined;
  exportComparison(format: ExportFormat): Promise<void>;
}

const NOT_ADDED = 'Documents can be added once these have been read, or were stopped.';

export function createComparison(means: Means): ComparisonSession {
  const { store } = means;
  const work = createComparisonWork(means);
  const change = (next: (now: comparing.Comparing) => comparing.Comparing) =>
    store.update((s) => (s.comparing ? { ...s, comparing: next(s.comparing) } : s));
  const show = (rows: readonly comparing.ComparingRow[]) =>
    store.update((s) => ({
      ...s,
      problem: undefined,
      comparing: { kind: 'answer', question: '', rows, running: false },
    }));

  /** Of these as they are once `begun`. */
  async function run(
    kind: comparing.Comparing['kind'],
    question: string,
    begun: (now: comparing.Comparing) => { all: comparing.Comparing; asked: readonly comparing.ComparingRow[] },
  ) {
    const now = store.get().comparing;
    if (!now || now.running || store.get().job) return;
    const { all, asked } = begun(now);
    change(() => all);
    await work.ask(asked, comparing.requestOf(kind, question, store.get().wish));
  }
  const askAll = (kind: comparing.Comparing['kind'], question: string) =>
    run(kind, question, (now) => ({ all: comparing.begun(now, kind, question), asked: now.rows }));

  return {
    compare(ids) {
      work.stop();
      const { library } = store.get();
      show(library.filter(({ id }) => ids.includes(id)).map(waiting));
    },
    async addFiles(files) {
      const shown = comparingShown(store.get());
      if (shown?.running) return store.update((s) => ({ ...s, problem: { sentence: NOT_ADDED } }));
      if (!shown) show([]);
      const items = files.map((file, i) => ({ id: `file ${Date.now()} ${i}`, name: file.name, file }));
      change((all) => comparing.filesComing(all, items));
      await work.addFiles(items);
    },
    leaveOut(id) {
      change((all) => comparing.rowRemoved(all, id));
      store.update((s) => (s.comparing?.rows.length === 0 ? { ...s, comparing: undefined } : s));
    },
    askAll: (question) => askAll('answer', question.trim()),
    summariseAll: () => askAll('summary', ''),
    async askRest() {
      const { comparing: now } = store.get();
      if (now)
        await run(now.kind, now.question, () => ({ all: { ...now, running: true }, asked: comparing.rest(now) }));
    },
    stopComparing: work.stop,
    passwordOf: work.passwordOf,
    closeComparison() {
      work.stop();
      store.update((s) => ({ ...s, comparing: undefined }));
    },
    async exportComparison(format) {
      const sentence = await saveComparison(store.get(), format);
      if (sentence) store.update((s) => ({ ...s, problem: { sentence } }));
    },
  };
}

const tableRow = ({ title, run, problem }: comparing.ComparingRow) =>
  run
    ? comparisonRow(title, run.reply)
    : { document: title, found: false, answer: '', pages: '', problem: problem ?? 'Not read.' };

async function saveComparison(
  { comparing: now, library }: ReturnType<Means['store']['get']>,
  format: ExportFormat,
): Promise<string | undefined> {
  if (!now) return undefined;
  const documents = now.rows.flatMap(({ id, run }) => {
    const row = library.find((one) => one.id === id);
    return row && run ? [exportedDocument(row, [run])] : [];
  });
  const table = now.kind === 'answer' ? { question: now.question, rows: now.rows.map(tableRow) } : undefined;
  return saveExport(format, documents, table);
}
