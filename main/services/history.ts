// Runs: what was asked of a document and what came back, as JSON. One run is one transaction.
import { MainError, type ReplyValue, type RunRow, replySchema } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { errorCode, withDiskErrors } from './disk-error.ts';

export interface History {
  /** Of one document, oldest first. */
  runs(documentId: string): RunRow[];
  add(documentId: string, reply: ReplyValue): RunRow;
  remove(id: number): void;
}

interface StoredRun {
  id: number;
  documentId: string;
  createdAt: string;
  reply: string;
}

/** A row that this version cannot read is left out of the list and stays in the file. */
const readRun = (row: StoredRun): RunRow[] => {
  const reply = replySchema.safeParse(JSON.parse(row.reply));
  return reply.success ? [{ ...row, reply: reply.data }] : [];
};

export const openHistory = (database: Database): History => {
  const columns = 'id, document_id AS documentId, created_at AS createdAt, reply';
  const ofDocument = database.prepare<[string], StoredRun>(
    `SELECT ${columns} FROM runs WHERE document_id = ? ORDER BY id`,
  );
  const insert = database.prepare<[string, string, string], StoredRun>(
    `INSERT INTO runs (document_id, created_at, reply) VALUES (?, ?, ?) RETURNING ${columns}`,
  );
  const erase = database.prepare('DELETE FROM runs WHERE id = ?');

  return {
    runs: (documentId) => withDiskErrors(() => ofDocument.all(documentId).flatMap(readRun)),
    add: (documentId, reply) =>
      withDiskErrors(() => {
        try {
          const row = insert.get(documentId, new Date().toISOString(), JSON.stringify(reply))!;
          return { ...row, reply };
        } catch (error) {
          if (errorCode(error) !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error;
          throw new MainError('not-found', 'This document is no longer in the library; the reply was not saved.');
        }
      }),
    remove: (id) =>
      withDiskErrors(() => {
        if (erase.run(id).changes === 0) throw new MainError('not-found', 'This reply is not in the history.');
      }),
  };
};
