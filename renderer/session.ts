// What the reader's actions set in motion. Opening is in opening.ts, summaries and answers in replies.ts; the small calls to
// main are here. Outcomes go into the store through the pure functions of state.ts.
import type { DocumentRow, MainApi, RunRow, Settings } from '../main/common/api.ts';
import { createOpening, type Opening } from './opening.ts';
import { problemOf } from './problems.ts';
import type { ReaderClient } from './reader-client.ts';
import { createReplies, type Replies } from './replies.ts';
import * as state from './state.ts';
import type { Store } from './store.ts';

export interface Session extends Opening, Replies {
  /** Does again what failed last. */
  again(): void;
  removeDocument(row: DocumentRow): Promise<void>;
  removeRun(run: RunRow): Promise<void>;
  changeSettings(change: Partial<Settings>): Promise<void>;
}

/** What opening and replies work with. */
export interface Means {
  store: Store;
  api: MainApi;
  reader: ReaderClient;
  /** Remembers what `again` does. */
  remember(work: () => Promise<void>): void;
}

const NOT_SAVED = 'This could not be saved; what was stored before is kept. Try again.';

export function createSession(store: Store, api: MainApi, reader: ReaderClient): Session {
  let last: (() => Promise<void>) | undefined;
  const remember = (work: () => Promise<void>) => {
    last = work;
  };
  const means: Means = { store, api, reader, remember };
  const replies = createReplies(means);
  const opening = createOpening(means, replies.stop);

  /** Runs a call to main whose failure is a card, not an end. */
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      remember(() => attempt(work));
      store.update((s) => ({ ...s, dialog: undefined, problem: problemOf(error, NOT_SAVED) }));
    }
  };

  return {
    ...opening,
    ...replies,
    again: () => void last?.(),
    removeDocument: (row) =>
      attempt(async () => {
        if (store.get().document?.id === row.id) opening.closeDocument();
        await api.removeDocument(row.id);
        const library = await api.documents();
        store.update((s) => ({ ...s, library, dialog: undefined }));
      }),
    removeRun: (row) =>
      attempt(async () => {
        await api.removeRun(row.id);
        store.update((s) => state.runRemoved(s, row.id));
      }),
    changeSettings: (change) =>
      attempt(async () => {
        const settings = await api.changeSettings(change);
        store.update((s) => ({ ...s, settings }));
      }),
  };
}
