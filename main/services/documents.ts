// PDFs as the reader gave them, stored under the SHA-256 of their bytes. Bytes become a document by a rename after their hash
// was checked, so nothing is ever stored half.
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DocumentRow, MainError, type NewDocument } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { asMainError, withDiskErrors } from './disk-error.ts';
import { openFolder, storeWhole, wholeBody } from './stored-file.ts';

/** Bytes. pdf.js reads a document in memory, and no browser holds more in one piece. */
export const largestDocument = 2 * 1024 * 1024 * 1024 - 1;

const idPattern = /^[0-9a-f]{64}$/;

export interface Documents {
  list(): DocumentRow[];
  /** After its bytes were stored; a known document is marked as opened, with what was read of it now: a scan may have a text. */
  add(document: NewDocument): Promise<DocumentRow>;
  /** The document, its runs and its bytes. */
  remove(id: string): Promise<void>;
  /** Where the bytes of a stored document lie. */
  path(id: string): string;
  /** Stores bytes under their hash; rejects with kind 'wrong-hash' when they are others, and keeps nothing of them. */
  store(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
}

const columns = `documents.id, name, title, pages, words, bytes, added_at AS addedAt, opened_at AS openedAt,
  (SELECT count(*) FROM runs WHERE document_id = documents.id) AS runs`;

const wrongHash = () =>
  new MainError('wrong-hash', 'The file changed while it was read; nothing was stored. Open it again.');
const tooLarge = () => new MainError('too-large', 'This PDF is larger than 2 GB; nothing was stored.');

const fileStore = (folder: string) => {
  const path = (id: string): string => {
    if (!idPattern.test(id)) throw new MainError('not-found', 'This document is not in the library.');
    return join(folder, `${id}.pdf`);
  };
  const store = async (id: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    await storeWhole(path(id), wholeBody(bytes, largestDocument, tooLarge), (hash) => {
      if (hash !== id) throw wrongHash();
    });
  };
  return { path, store };
};

/** `folder` is made if need be; throws a MainError when it cannot be. */
export const openDocuments = async (database: Database, folder: string): Promise<Documents> => {
  await openFolder(folder);
  const files = fileStore(folder);
  const all = database.prepare<[], DocumentRow>(
    `SELECT ${columns} FROM documents ORDER BY opened_at DESC, added_at DESC`,
  );
  const one = database.prepare<[string], DocumentRow>(`SELECT ${columns} FROM documents WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO documents (id, name, title, pages, words, bytes, added_at, opened_at)
     VALUES (@id, @name, @title, @pages, @words, @bytes, @now, @now)
     ON CONFLICT (id) DO UPDATE SET opened_at = @now, bytes = @bytes, title = @title, pages = @pages, words = @words`,
  );
  const erase = database.prepare('DELETE FROM documents WHERE id = ?');

  return {
    ...files,
    list: () => withDiskErrors(() => all.all()),
    add: async (document) => {
      const file = await stat(files.path(document.id)).catch(() => undefined);
      if (!file) throw new MainError('not-found', 'The PDF was not stored; open it again.');
      return withDiskErrors(() => {
        insert.run({ ...document, name: basename(document.name), bytes: file.size, now: new Date().toISOString() });
        return one.get(document.id)!;
      });
    },
    remove: async (id) => {
      const file = files.path(id);
      const erased = withDiskErrors(() => erase.run(id).changes);
      if (erased === 0) throw new MainError('not-found', 'This document is not in the library.');
      await rm(file, { force: true }).catch((error) => {
        throw asMainError(error);
      });
    },
  };
};
