// What the reader wants no more: a document, a reply, the rest of one that was interrupted. A reply can be put back.
import type { BegunRun, DocumentRow, RunRow } from '../main/common/api.ts';
import type { Means } from './means.ts';
import * as state from './state.ts';

export interface Forgetting {
  removeDocument(row: DocumentRow): Promise<void>;
  /** Says that it is gone, and how to have it back. */
  removeRun(run: RunRow): Promise<void>;
  forgetInterruption(begun: BegunRun): Promise<void>;
}

interface Others {
  closeDocument(): void;
  leaveOut(id: string): void;
}

/** `attempt`: runs a call to main whose failure is said. */
export function createForgetting(
  means: Means,
  attempt: (work: () => Promise<void>) => Promise<void>,
  { closeDocument, leaveOut }: Others,
): Forgetting {
  const { store, api } = means;
  const restore = async (row: RunRow) => {
    await api.restoreRun(row);
    store.update((s) => state.runStored(s, row));
  };
  return {
    forgetInterruption: ({ id }) =>
      attempt(async () => {
        await api.endRun(id);
        store.update((s) => state.interruptionGone(s, id));
      }),
    removeDocument: (row) =>
      attempt(async () => {
        if (store.get().document?.id === row.id) closeDocument();
        await api.removeDocument(row.id);
        leaveOut(row.id);
        const library = await api.documents();
        store.update((s) => ({ ...s, library, dialog: undefined }));
      }),
    removeRun: (row) =>
      attempt(async () => {
        await api.removeRun(row.id);
        means.remember(() => attempt(() => restore(row)));
        const sentence = row.reply.kind === 'summary' ? 'The summary was removed.' : 'The question was removed.';
        store.update((s) => ({
          ...state.runRemoved(s, row.id),
          problem: { sentence, remedy: { kind: 'undo' }, notice: true },
        }));
      }),
  };
}
