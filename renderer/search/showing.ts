// From the library to what is on show: documents and replies that were found by their words.
import type { FoundReply } from '../../main/common/api.ts';
import { showRun } from '../acts.ts';
import type { Opening } from '../document/opening.ts';
import type { Means } from '../means.ts';
import type { ComparisonSession } from '../replies/comparison.ts';

export interface Showing {
  /** Opens a document of the library, where it is not the one on show. */
  showDocument(id: string): Promise<void>;
  /** The same, and shows a reply to it. */
  showReply(found: Pick<FoundReply, 'id' | 'documentId'>): Promise<void>;
  /** Replies with these words; none where that cannot be known. */
  searchReplies(words: string): Promise<readonly FoundReply[]>;
}

type ShowingMeans = Pick<Means, 'store' | 'api'> &
  Pick<Opening, 'openStored'> &
  Pick<ComparisonSession, 'closeComparison'>;

export function createShowing({ store, api, openStored, closeComparison }: ShowingMeans): Showing {
  const showDocument = async (id: string) => {
    const { document, library, comparing } = store.get();
    const row = library.find((one) => one.id === id);
    if (comparing) closeComparison();
    if (row && document?.id !== id) await openStored(row);
  };
  return {
    showDocument,
    async showReply({ id, documentId }) {
      await showDocument(documentId);
      const { document, runs } = store.get();
      const run = document?.id === documentId ? runs.find((one) => one.id === id) : undefined;
      if (run) showRun(store, run);
    },
    searchReplies: (words) => api.searchReplies(words).catch(() => []),
  };
}
