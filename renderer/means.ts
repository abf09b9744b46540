// What opening, replies, models and the other parts of a session work with.
import type { MainApi } from '../main/common/api.ts';
import type { ReaderClient } from './engine/reader-client.ts';
import type { Store } from './store.ts';

export interface Means {
  store: Store;
  api: MainApi;
  reader: ReaderClient;
  /** Remembers what `again` does. */
  remember(work: () => Promise<void>): void;
}
