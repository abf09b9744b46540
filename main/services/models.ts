// The models at hand: those that came with the app, those in the data folder, imported, fetched or put there by hand, and those in a
// folder that the reader names, which are read where they are. Hashes are kept for as long as a file's size and time of change stay the
// same.
import { createHash } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MainError, type ModelCheck, type ModelRow } from '../common/api.ts';
import { isModelFile, missingSentence, partNames, partOfName } from '../common/model-names.ts';
import type { Database } from './database/index.ts';
import { asMainError, withDiskErrors } from './disk-error.ts';
import { type FoundModel, findAll, type ModelFolders, modelId } from './found-models.ts';
import { hashOfFile, openFolder, storeParts, storeWhole, wholeBody } from './stored-file.ts';

export interface Models {
  /** Embedded ones first, then by name. */
  list(): Promise<ModelRow[]>;
  /** File of a model, or undefined when there is none of that id; `part` from 1 on of one that is split. */
  path(id: string, part?: number): Promise<string | undefined>;
  /**
   * Stores a model file of the reader's under `file` (or a name beside it that is free), whole or not at all. That it is a model is
   * checked before by whoever has the engine. `sizes`: the bytes are those of so many files of a split model, one behind the other.
   */
  store(file: string, bytes: AsyncIterable<Uint8Array>, sizes?: readonly number[]): Promise<ModelRow>;
  /** Takes over files that lie on the same disk, all of one model, whose hashes are known. */
  adopt(files: readonly AdoptedFile[]): Promise<ModelRow>;
  /** Reads the whole file and compares its hash with the one that was kept. */
  verify(id: string): Promise<ModelCheck>;
  remove(id: string): Promise<void>;
}

export interface AdoptedFile {
  name: string;
  path: string;
  /** Hexadecimal. */
  sha256: string;
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

/** Of one file its own hash, of several the hash of their hashes in hexadecimal, one behind the other. */
export const joinedHash = (hashes: readonly string[]): string =>
  hashes.length === 1 ? hashes[0] : createHash('sha256').update(hashes.join('')).digest('hex');

const hashOf = async (paths: readonly string[]): Promise<string> => {
  const hashes: string[] = [];
  try {
    for (const path of paths) hashes.push(await hashOfFile(path));
  } catch (error) {
    throw asMainError(error);
  }
  return joinedHash(hashes);
};

const notThere = () => new MainError('not-found', 'This model is not in the library.');
const tooLarge = () => new MainError('too-large', 'This model file is larger than 256 GB; nothing was stored.');

/** Hashes by path of the first file, size and time of change. */
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
    keep: ({ paths: [path], bytes, modifiedMs }: FoundModel, sha256: string) =>
      withDiskErrors(() => put.run({ path, bytes, modifiedMs, sha256 })),
    forget: (path: string) => withDiskErrors(() => erase.run(path)),
  };
};

/** Names that are free in `folder` for the files of one model, beside what is there: name-2.gguf. */
const freeNames = async (folder: string, file: string, count: number): Promise<string[]> => {
  const taken = new Set((await readdir(folder)).map((name) => name.toLowerCase()));
  const stem = partOfName(file)?.stem ?? file.replace(/\.gguf$/i, '');
  for (let n = 1; ; n++) {
    const own = n === 1 ? stem : `${stem}-${n}`;
    const names = count === 1 ? [n === 1 ? file : `${own}.gguf`] : partNames(own, count);
    if (names.every((name) => !taken.has(name.toLowerCase()))) return names;
  }
};

export const openModels = (database: Database, folders: ModelFolders): Models => {
  const hashes = openHashes(database);
  const ownFolder = folders.own;
  const find = async (id: string) => (await findAll(folders)).find((model) => model.id === id);

  const rowOf = async (model: FoundModel): Promise<ModelRow> => {
    const { paths, modifiedMs, ...row } = model;
    const kept = hashes.kept(paths[0]);
    if (kept?.bytes === row.bytes && kept.modifiedMs === modifiedMs) return { ...row, sha256: kept.sha256 };
    if (kept || row.bytes > quicklyHashed || row.missing) return row;
    const sha256 = await hashOf(paths);
    hashes.keep(model, sha256);
    return { ...row, sha256 };
  };

  /** What was stored under `name`, with its hash. */
  const stored = async (name: string, sha256: string): Promise<ModelRow> => {
    const model = await find(modelId(name, 'own'));
    if (!model) throw notThere();
    hashes.keep(model, sha256);
    return rowOf(model);
  };

  return {
    list: async () => Promise.all((await findAll(folders)).map(rowOf)),
    path: async (id, part = 1) => (await find(id))?.paths[part - 1],
    store: async (file, bytes, sizes = []) => {
      if (!isModelFile(file)) throw new MainError('refused', 'This name is no name for a model; rename the file.');
      await openFolder(ownFolder);
      const names = await freeNames(ownFolder, file, Math.max(1, sizes.length));
      const paths = names.map((name) => join(ownFolder, name));
      const body = wholeBody(bytes, largestModel, tooLarge);
      if (sizes.length < 2) return stored(names[0], await storeWhole(paths[0], body));
      return stored(names[0], joinedHash(await storeParts(paths, sizes, body)));
    },
    adopt: async (files) => {
      await openFolder(ownFolder);
      const names = await freeNames(ownFolder, files[0].name, files.length);
      const moves = files.map(({ path }, i) => ({ from: path, to: join(ownFolder, names[i]) })).reverse();
      const moved: typeof moves = [];
      try {
        // The first one last: a model whose first part is there is whole.
        for (const move of moves) {
          await rename(move.from, move.to);
          moved.push(move);
        }
      } catch (error) {
        for (const { from, to } of moved) await rename(to, from).catch(() => undefined);
        throw asMainError(error);
      }
      return stored(names[0], joinedHash(files.map(({ sha256 }) => sha256)));
    },
    verify: async (id) => {
      const model = await find(id);
      if (!model) throw notThere();
      if (model.missing) throw new MainError('refused', missingSentence(model.missing));
      const kept = hashes.kept(model.paths[0]);
      const sha256 = await hashOf(model.paths);
      if (!kept) hashes.keep(model, sha256);
      return { sha256, state: !kept ? 'first time' : kept.sha256 === sha256 ? 'same' : 'changed' };
    },
    remove: async (id) => {
      const model = await find(id);
      if (!model) throw notThere();
      if (model.embedded) throw new MainError('refused', 'This model came with Longleaf and stays.');
      if (model.elsewhere)
        throw new MainError(
          'refused',
          'This model lies in your own folder, where Longleaf removes nothing. Delete it there.',
        );
      hashes.forget(model.paths[0]);
      for (const path of model.paths)
        await rm(path, { force: true }).catch((error) => {
          throw asMainError(error);
        });
    },
  };
};
