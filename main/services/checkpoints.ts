// What a long reading has done so far, so that a stop or a crash loses at most the part under way: JSON under a key, one
// transaction each. It is a cache: it goes with its document and when its reply is stored.
import { MainError } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { errorCode, withDiskErrors } from './disk-error.ts';

export interface CheckpointStore {
  /** JSON that was saved under the name last: `<SHA-256 of the document>.<key>`. */
  load(name: string): string | undefined;
  /** Throws a MainError when `value` is no JSON or the document is not in the library. */
  save(name: string, value: string): void;
  forget(name: string): void;
}

/** Characters of one checkpoint. */
export const largestCheckpoint = 64 * 1024 * 1024;

const parted = (name: string): [documentId: string, key: string] => {
  const [, documentId, key] = /^([0-9a-f]{64})\.([0-9a-z-]{1,200})$/.exec(name) ?? [];
  if (!documentId || !key) throw new MainError('refused', 'This is no name of a checkpoint.');
  return [documentId, key];
};

export const openCheckpoints = (database: Database): CheckpointStore => {
  const one = database.prepare<[string, string], { value: string }>(
    'SELECT value FROM checkpoints WHERE document_id = ? AND key = ?',
  );
  const put = database.prepare(
    `INSERT INTO checkpoints (document_id, key, saved_at, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (document_id, key) DO UPDATE SET saved_at = excluded.saved_at, value = excluded.value`,
  );
  const erase = database.prepare('DELETE FROM checkpoints WHERE document_id = ? AND key = ?');
  return {
    load: (name) => withDiskErrors(() => one.get(...parted(name))?.value),
    save: (name, value) =>
      withDiskErrors(() => {
        try {
          put.run(...parted(name), new Date().toISOString(), value);
        } catch (error) {
          const code = errorCode(error);
          if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY')
            throw new MainError('not-found', 'This document is no longer in the library.');
          if (code === 'SQLITE_CONSTRAINT_CHECK') throw new MainError('refused', 'This checkpoint is no JSON.');
          throw error;
        }
      }),
    forget: (name) => void withDiskErrors(() => erase.run(...parted(name))),
  };
};
