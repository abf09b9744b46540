// PDFs as the reader gave them, stored under the SHA-256 of their bytes. Bytes become a document by a rename after their hash
// was checked, so nothing is ever stored half.
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DocumentRow, MainError, type NewDocument } from '../common/api.ts';
import { isRunning } from '../running.ts';
import type { Database } from './database/index.ts';
import { asMainError, withDiskErrors } from './disk-error.ts';

/** Bytes. pdf.js reads a document in memory, and no browser holds more in one piece. */
export const largestDocument = 2 * 1024 * 1024 * 1024 - 1;

const idPattern = /^[0-9a-f]{64}$/;
const partPattern = /^[0-9a-f]{64}\.(\d+)\.\d+\.part$/;

export interface Documents {
  list(): DocumentRow[];
  /** After its bytes were stored; a known document is marked as opened. */
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

/** What an earlier start left half written. The parts of another Longleaf that still runs are its own. */
const removeParts = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const part = partPattern.exec(name);
    if (part && (Number(part[1]) === process.pid || !isRunning(Number(part[1]))))
      await rm(join(folder, name), { force: true });
  }
};

/** Makes a rename last through a power cut; Windows has no such call and needs none. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const wrongHash = () =>
  new MainError('wrong-hash', 'The file changed while it was read; nothing was stored. Open it again.');
const tooLarge = () => new MainError('too-large', 'This PDF is larger than 2 GB; nothing was stored.');

/** What the window sent, with one sentence when it stops sending. */
const wholeBody = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch {
    throw new MainError('refused', 'The file did not arrive whole; nothing was stored. Open it again.');
  }
};

/** Writes and hashes at once. Returns the SHA-256 in hexadecimal, after the bytes are on the disk. */
const writeHashed = async (path: string, bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const chunk of wholeBody(bytes)) {
      size += chunk.byteLength;
      if (size > largestDocument) throw tooLarge();
      hash.update(chunk);
      for (let written = 0; written < chunk.byteLength; ) {
        written += (await handle.write(chunk, written)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
};

/** Over a file of the same name, whose bytes are the same by its hash: where the system forbids that, the old one is as good. */
const renameOver = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    const there = await stat(to).catch(() => undefined);
    const fresh = await stat(from).catch(() => undefined);
    if (there?.size === undefined || there.size !== fresh?.size) throw error;
    await rm(from, { force: true });
  }
};

const fileStore = (folder: string) => {
  let parts = 0;
  const path = (id: string): string => {
    if (!idPattern.test(id)) throw new MainError('not-found', 'This document is not in the library.');
    return join(folder, `${id}.pdf`);
  };
  const store = async (id: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    const target = path(id);
    const part = join(folder, `${id}.${process.pid}.${parts++}.part`);
    try {
      if ((await writeHashed(part, bytes)) !== id) throw wrongHash();
      await renameOver(part, target);
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw asMainError(error);
    }
  };
  return { path, store };
};

/** `folder` is made if need be; throws a MainError when it cannot be. */
export const openDocuments = async (database: Database, folder: string): Promise<Documents> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeParts(folder);
  } catch (error) {
    throw asMainError(error);
  }
  const files = fileStore(folder);
  const all = database.prepare<[], DocumentRow>(
    `SELECT ${columns} FROM documents ORDER BY opened_at DESC, added_at DESC`,
  );
  const one = database.prepare<[string], DocumentRow>(`SELECT ${columns} FROM documents WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO documents (id, name, title, pages, words, bytes, added_at, opened_at)
     VALUES (@id, @name, @title, @pages, @words, @bytes, @now, @now)
     ON CONFLICT (id) DO UPDATE SET opened_at = @now, bytes = @bytes`,
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
