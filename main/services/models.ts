// The models at hand: those that came with the app and the .gguf files in the data folder, imported or put there by hand. The list
// is read from the disk each time, because files come and go. Hashes are kept for as long as a file's size and time of
// change stay the same.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MainError, type ModelCheck, type ModelRow } from '../common/api.ts';
import type { Database } from './database/index.ts';
import { asMainError, withDiskErrors } from './disk-error.ts';
import { openFolder, storeWhole, wholeBody } from './stored-file.ts';

export interface Models {
  /** Embedded ones first, then by name. */
  list(): Promise<ModelRow[]>;
  /** File of a model, or undefined when there is none of that id. */
  path(id: string): Promise<string | undefined>;
  /**
   * Stores a model file of the reader's under `file` (or a name beside it that is free), whole or not at all. That it is a model is
   * checked before by whoever has the engine.
   */
  store(file: string, bytes: AsyncIterable<Uint8Array>): Promise<ModelRow>;
  /** Reads the whole file and compares its hash with the one that was kept. */
  verify(id: string): Promise<ModelCheck>;
  remove(id: string): Promise<void>;
}

interface FoundModel extends ModelRow {
  path: string;
  modifiedMs: number;
}

interface StoredHash {
  bytes: number;
  modifiedMs: number;
  sha256: string;
}

/** Bytes. */
export const largestModel = 256 * 1024 ** 3;
/** Up to this size a hash is computed when it is asked for, without being told. Bytes. */
const quicklyHashed = 64 * 1024 ** 2;

/** Whether a model may be stored under this name. */
export const isModelFile = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.gguf$/i.test(name);

const plain = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80);

/** Readable, safe in a URL, and the same on every start. */
const modelId = (file: string, embedded: boolean): string => {
  const stem = plain(file.replace(/\.gguf$/i, ''));
  if (embedded) return stem;
  return `own-${stem}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`;
};

/** A file's name as an import may have it: letters, digits, dots, dashes. */
export const importName = (file: string): string => {
  const stem = file
    .replace(/\.gguf$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  return `${stem.slice(0, 100) || 'model'}.gguf`;
};

/** The model files in a folder, by name. */
export const findModels = async (folder: string, embedded: boolean): Promise<FoundModel[]> => {
  const names = await readdir(folder).catch(() => []);
  const found: FoundModel[] = [];
  for (const file of names.filter((name) => /\.gguf$/i.test(name) && !name.startsWith('.')).sort()) {
    const path = join(folder, file);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) continue;
    found.push({
      id: modelId(file, embedded),
      name: file.replace(/\.gguf$/i, ''),
      bytes: info.size,
      embedded,
      path,
      modifiedMs: Math.round(info.mtimeMs),
    });
  }
  return found;
};

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    throw asMainError(error);
  }
  return hash.digest('hex');
};

const notThere = () => new MainError('not-found', 'This model is not in the library.');
const tooLarge = () => new MainError('too-large', 'This model file is larger than 256 GB; nothing was stored.');

/** Hashes by path, size and time of change. */
const openHashes = (database: Database) => {
  const one = database.prepare<[string], StoredHash>(
    'SELECT bytes, modified_ms AS modifiedMs, sha256 FROM model_files WHERE file = ?',
  );
  const put = database.prepare(
    `INSERT INTO model_files (file, bytes, modified_ms, sha256) VALUES (@path, @bytes, @modifiedMs, @sha256)
     ON CONFLICT (file) DO UPDATE SET bytes = @bytes, modified_ms = @modifiedMs, sha256 = @sha256`,
  );
  const erase = database.prepare('DELETE FROM model_files WHERE file = ?');
  return {
    kept: (path: string) => withDiskErrors(() => one.get(path)),
    keep: ({ path, bytes, modifiedMs }: FoundModel, sha256: string) =>
      withDiskErrors(() => put.run({ path, bytes, modifiedMs, sha256 })),
    forget: (path: string) => withDiskErrors(() => erase.run(path)),
  };
};

export const openModels = (database: Database, embeddedFolder: string, ownFolder: string): Models => {
  const hashes = openHashes(database);
  const all = async () => [...(await findModels(embeddedFolder, true)), ...(await findModels(ownFolder, false))];
  const find = async (id: string) => (await all()).find((model) => model.id === id);

  const rowOf = async (model: FoundModel): Promise<ModelRow> => {
    const { path, modifiedMs, ...row } = model;
    const kept = hashes.kept(path);
    if (kept?.bytes === row.bytes && kept.modifiedMs === modifiedMs) return { ...row, sha256: kept.sha256 };
    if (kept || row.bytes > quicklyHashed) return row;
    const sha256 = await hashOf(path);
    hashes.keep(model, sha256);
    return { ...row, sha256 };
  };

  return {
    list: async () => Promise.all((await all()).map(rowOf)),
    path: async (id) => (await find(id))?.path,
    store: async (file, bytes) => {
      if (!isModelFile(file)) throw new MainError('refused', 'This name is no name for a model; rename the file.');
      await openFolder(ownFolder);
      const taken = new Set((await readdir(ownFolder)).map((name) => name.toLowerCase()));
      let name = file;
      for (let n = 2; taken.has(name.toLowerCase()); n++) name = file.replace(/\.gguf$/i, `-${n}.gguf`);
      const path = join(ownFolder, name);
      const sha256 = await storeWhole(path, wholeBody(bytes, largestModel, tooLarge));
      const model = await find(modelId(name, false));
      if (!model) throw notThere();
      hashes.keep(model, sha256);
      return rowOf(model);
    },
    verify: async (id) => {
      const model = await find(id);
      if (!model) throw notThere();
      const kept = hashes.kept(model.path);
      const sha256 = await hashOf(model.path);
      if (!kept) hashes.keep(model, sha256);
      return { sha256, state: !kept ? 'first time' : kept.sha256 === sha256 ? 'same' : 'changed' };
    },
    remove: async (id) => {
      const model = await find(id);
      if (!model) throw notThere();
      if (model.embedded) throw new MainError('refused', 'This model came with Longleaf and stays.');
      hashes.forget(model.path);
      await rm(model.path, { force: true }).catch((error) => {
        throw asMainError(error);
      });
    },
  };
};
