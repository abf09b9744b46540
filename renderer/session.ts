// What the reader's actions set in motion. Opening is in opening.ts, summaries and answers in replies.ts; the small calls to
// main are here. Outcomes go into the store through the pure functions of state.ts.
import type { RotaryReport } from '../gpu/api.ts';
import type { MainApi, RunRow } from '../main/common/api.ts';
import { namesModel } from '../main/common/model-names.ts';
import type { ExportFormat } from '../reading/index.ts';
import { createOpening, type Opening } from './document/opening.ts';
import { layOut, readWith } from './engine/laying-out.ts';
import type { ReaderClient } from './engine/reader-client.ts';
import { createForgetting, type Forgetting } from './forgetting.ts';
import { plural } from './format.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import type { Means } from './means.ts';
import { createModelChoice, type ModelChoice } from './models/models.ts';
import { createSelfTesting, type SelfTesting } from './models/self-test.ts';
import { problemOf } from './problems.ts';
import { type ComparisonSession, createComparison } from './replies/comparison.ts';
import { exportedDocument, saveExport } from './replies/exports.ts';
import { createReplies, type Replies } from './replies/replies.ts';
import { addressOf, modelOf } from './replies/subject.ts';
import type { Finding } from './search/finding.ts';
import { createShowing, type Showing } from './search/showing.ts';
import * as state from './state.ts';
import type { Store } from './store.ts';

export interface Session
  extends Opening,
    Replies,
    ModelChoice,
    ComparisonSession,
    SelfTesting,
    Keeping,
    Forgetting,
    Showing {
  /** Does again what failed last. */
  again(): void;
  /** Models among them are imported first. One document is opened; several are added to the library and shown together. */
  openFiles(files: readonly File[]): Promise<void>;
  /** How the open document is read when it does not fit; then sums it up. */
  choose(chosen: state.Chosen): Promise<void>;
  /** Lays it out with another factor. */
  readWith(factor: number): Promise<void>;
  /** How the model that reads is turned by position; rejects when its file cannot be read. */
  rotary(): Promise<RotaryReport>;
  /** Saves these replies of the open document. */
  exportRuns(runs: readonly RunRow[], format: ExportFormat): Promise<void>;
}

/** Said beside what became of the models that they were dropped with. */
const leftUnopened = (now: state.State, documents: number): state.State => {
  const { problem, notice } = now.modelsView;
  const said = `${plural(documents, 'other file')} that came with it ${documents === 1 ? 'was' : 'were'} not opened.`;
  return state.modelsShown(now, { problem, notice: notice ? `${notice} ${said}` : said });
};

const NOT_SAVED = 'This could not be saved; what was stored before is kept. Try again.';

export function createSession(store: Store, api: MainApi, reader: ReaderClient, finding: Finding): Session {
  let last: (() => Promise<void>) | undefined;
  const remember = (work: () => Promise<void>) => {
    last = work;
  };
  const means: Means = { store, api, reader, remember };
  const replies = createReplies(means);
  const opening = createOpening({ ...means, finding }, () => {
    replies.stop();
    replies.stopReadingIn();
  });

  /** Runs a call to main whose failure is a card, not an end. */
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      remember(() => attempt(work));
      store.update((s) => ({ ...s, dialog: undefined, problem: problemOf(error, NOT_SAVED) }));
    }
  };

  const comparison = createComparison(means);
  const models = createModelChoice(means);
  return {
    ...opening,
    ...replies,
    ...models,
    ...comparison,
    ...createSelfTesting(means, replies.readIn),
    ...createKeeping(means, attempt, opening.closeDocument),
    ...createForgetting(means, attempt, { ...opening, ...comparison }),
    ...createShowing({ ...means, ...opening, ...comparison }),
    async openFiles(files) {
      const documents = files.filter(({ name }) => !namesModel(name));
      if (documents.length < files.length) {
        const went = await models.importModels(files.filter(({ name }) => namesModel(name)));
        if (documents.length === 0) return;
        if (!went) return store.update((s) => leftUnopened(s, documents.length));
        store.update(state.dialogClosed);
      }
      // Whoever looks at several adds to them.
      if (documents.length > 1 || (documents.length === 1 && state.comparingShown(store.get())))
        await comparison.addFiles(documents);
      else if (documents.length === 1) await opening.openFile(documents[0]!);
    },
    async choose(chosen) {
      const { document } = store.get();
      if (!document) return;
      store.update((s) =>
        chosen.inParts ? state.documentChanged(s, document.id, { chosen }) : state.layoutForgotten(s, chosen),
      );
      if (!chosen.inParts) await layOut(means, document.id);
      await replies.summarise(chosen);
    },
    readWith: (factor) => readWith(means, factor),
    async rotary() {
      const model = modelOf(store.get());
      if (!model) throw new Error('no model');
      return reader.ask({ ask: 'rotary', model: addressOf(model, store.get().settings) });
    },
    exportRuns: (runs, format) =>
      attempt(async () => {
        const { document, library } = store.get();
        const row = library.find(({ id }) => id === document?.id);
        if (!row) return;
        const sentence = await saveExport(format, [exportedDocument(row, runs)]);
        if (sentence) store.update((s) => ({ ...s, problem: { sentence } }));
      }),
    again: () => void last?.(),
  };
}
