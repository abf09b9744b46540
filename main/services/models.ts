// The models at hand: those that came with the app and the .gguf files that the reader put into the data folder. The list is read
// from the disk each time, because files come and go.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelRow } from '../common/api.ts';

export interface Models {
  /** Embedded ones first, then by name. */
  list(): Promise<ModelRow[]>;
  /** File of a model, or undefined when there is none of that id. */
  path(id: string): Promise<string | undefined>;
}

interface FoundModel extends ModelRow {
  path: string;
}

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

const readFolder = async (folder: string, embedded: boolean): Promise<FoundModel[]> => {
  const names = await readdir(folder).catch(() => []);
  const found: FoundModel[] = [];
  for (const file of names.filter((name) => /\.gguf$/i.test(name) && !name.startsWith('.')).sort()) {
    const path = join(folder, file);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) continue;
    found.push({ id: modelId(file, embedded), name: file.replace(/\.gguf$/i, ''), bytes: info.size, embedded, path });
  }
  return found;
};

export const openModels = (embeddedFolder: string, ownFolder: string): Models => {
  const all = async () => [...(await readFolder(embeddedFolder, true)), ...(await readFolder(ownFolder, false))];
  return {
    list: async () => (await all()).map(({ path: _path, ...row }) => row),
    path: async (id) => (await all()).find((model) => model.id === id)?.path,
  };
};
