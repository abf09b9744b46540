// From the library to what is on show: documents and replies that were found by their words.
import type { FoundReply } from '../../main/common/api.ts';
import type { Opening } from '../document/opening.ts';
import type { Means } from '../means.ts';
import { citationOfSeveral } from '../places.ts';
import type { ComparisonSession } from '../replies/comparison.ts';
import { showRun } from '../replies/show-run.ts';
import { comparingAside, runShown, type Selection } from '../state.ts';

export interface Showing {
  /** Opens a document of the library, where it is not the one on show. */
  showDocument(id: string): Promise<void>;
  /** The same, and shows a reply to it. */
  showReply(found: Pick<FoundReply, 'id' | 'documentId'>): Promise<void>;
  /** The same, and the place of the document that one of its sentences was taken from. */
  showCitation(found: Pick<FoundReply, 'documentId'>, selection: Selection): Promise<void>;
  /** Replies with these words; none where that cannot be known. */
  searchReplies(words: string): Promise<readonly FoundReply[]>;
}

type ShowingMeans = Pick<Means, 'store' | 'api'> & Pick<Opening, 'openStored'> & Pick<ComparisonSession, 'passwordOf'>;

export function createShowing({ store, api, openStored, passwordOf }: ShowingMeans): Showing {
  /** Several that are on show together make room, and are where the way back leads. */
  const showDocument = async (id: string) => {
    const { document, library } = store.get();
    const row = library.find((one) => one.id === id);
    if (document?.id === id) store.update(comparingAside);
    else if (row) await openStored(row, passwordOf(id));
  };
  /** A reply of the document on show. */
  const runOf = (documentId: string, id: number) => {
    const { document, runs } = store.get();
    return document?.id === documentId ? runs.find((run) => run.id === id) : undefined;
  };
  return {
    showDocument,
    async showReply({ id, documentId }) {
      await showDocument(documentId);
      const run = runOf(documentId, id);
      if (run) showRun(store, run);
    },
    async showCitation({ documentId }, selection) {
      await showDocument(documentId);
      const run = runOf(documentId, selection.run);
      if (run) store.update((s) => citationOfSeveral(runShown(s, run), selection));
    },
    searchReplies: (words) => api.searchReplies(words).catch(() => []),
  };
}
