// What a long reading has done so far, so that a stop or a crash loses at most the part under way: JSON under a key, one
// transaction each. It is a cache: it goes with its document and when its reply is stored.
import { MainError } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { errorCode, withDiskErrors } from './disk-error.ts';

export interface CheckpointStore {
  load(documentId: string, key: string): unknown;
  save(documentId: string, key: string, value: unknown): void;
  forget(documentId: string, key: string): void;
}

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
    load: (documentId, key) =>
      withDiskErrors(() => {
        const row = one.get(documentId, key);
        return row && (JSON.parse(row.value) as unknown);
      }),
    save: (documentId, key, value) =>
      withDiskErrors(() => {
        try {
          put.run(documentId, key, new Date().toISOString(), JSON.stringify(value));
        } catch (error) {
          if (errorCode(error) !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error;
          throw new MainError('not-found', 'This document is no longer in the library.');
        }
      }),
    forget: (documentId, key) => void withDiskErrors(() => erase.run(documentId, key)),
  };
};
