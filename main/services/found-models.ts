// Which models lie in which folders: .gguf files by their names, one that is split over several files as one model. The disk is asked
// each time, because files come and go.
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { MainError, type ModelRow } from '../common/api.ts';
import { groupModels } from '../common/model-names.ts';

export interface ModelFolders {
  /** Of the models that came with the app. */
  embedded: string;
  /** Where imported and fetched ones lie. */
  own: string;
  /** The reader's, or ''. Nothing is ever written or removed there. */
  elsewhere(): string;
}

export interface FoundModel extends ModelRow {
  /** In their order. */
  paths: string[];
  modifiedMs: number;
}

interface FoundFile {
  file: string;
  path: string;
  bytes: number;
  modifiedMs: number;
}

/** Programs keep models as publisher / model / files; deeper than this nothing is looked for, nor among more files and folders. */
const deepest = 4;
const mostEntries = 5_000;

const plain = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80);

/** Readable, safe in a URL, and the same on every start; `file` is the first of its files, of `elsewhere` with its folders. */
export const modelId = (file: string, where: keyof ModelFolders): string => {
  const stem = plain(file.replace(/^.*[\\/]/, '').replace(/\.gguf$/i, ''));
  if (where === 'embedded') return stem;
  const kind = where === 'own' ? 'own' : 'folder';
  return `${kind}-${stem}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`;
};

const entriesOf = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);

const filesAmong = async (folder: string, entries: readonly Dirent[]): Promise<FoundFile[]> => {
  const found: FoundFile[] = [];
  const names = entries.map(({ name }) => name).filter((name) => /\.gguf$/i.test(name) && !name.startsWith('.'));
  for (const file of names.sort()) {
    const path = join(folder, file);
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile()) found.push({ file, path, bytes: info.size, modifiedMs: Math.round(info.mtimeMs) });
  }
  return found;
};

const modelsAmong = (files: readonly FoundFile[], where: keyof ModelFolders, root: string): FoundModel[] =>
  groupModels(files, ({ file }) => file).map(({ name, files, missing }) => ({
    id: modelId(where === 'elsewhere' ? relative(root, files[0].path) : files[0].file, where),
    name,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    embedded: where === 'embedded',
    ...(where === 'elsewhere' && { elsewhere: true as const }),
    ...(files.length + missing.length > 1 && { parts: files.map(({ bytes }) => bytes) }),
    ...(missing.length > 0 && { missing }),
    paths: files.map(({ path }) => path),
    modifiedMs: Math.max(...files.map(({ modifiedMs }) => modifiedMs)),
  }));

/** The models in one folder, by name; what a model sees pictures with is none. */
export const findModels = async (folder: string, where: 'embedded' | 'own'): Promise<FoundModel[]> =>
  modelsAmong(await filesAmong(folder, await entriesOf(folder)), where, folder);

/** The models in the reader's folder and the folders in it, hidden ones left out. `all`: false when there was too much to look at. */
const findBelow = async (root: string): Promise<{ models: FoundModel[]; all: boolean }> => {
  const models: FoundModel[] = [];
  const folders = [{ path: root, depth: 1 }];
  let seen = 0;
  for (let next = folders.shift(); next; next = folders.shift()) {
    const { path, depth } = next;
    const entries = await entriesOf(path);
    seen += entries.length;
    if (seen > mostEntries) return { models, all: false };
    models.push(...modelsAmong(await filesAmong(path, entries), 'elsewhere', root));
    if (depth === deepest) continue;
    for (const { name } of entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')))
      folders.push({ path: join(path, name), depth: depth + 1 });
  }
  return { models: models.sort((a, b) => a.name.localeCompare(b.name)), all: true };
};

/** Embedded ones first, then the own, then those elsewhere. */
export const findAll = async ({ embedded, own, elsewhere }: ModelFolders): Promise<FoundModel[]> => [
  ...(await findModels(embedded, 'embedded')),
  ...(await findModels(own, 'own')),
  ...(elsewhere() ? (await findBelow(elsewhere())).models : []),
];

/** Throws a MainError where models cannot be used from. */
export const checkModelFolder = async (folder: string): Promise<void> => {
  const kept = 'The models stay as they were.';
  if (!isAbsolute(folder)) throw new MainError('refused', `Give the whole path of the folder. ${kept}`);
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory())
    throw new MainError('not-found', `There is no folder of this name. ${kept} Check the path.`);
  await readdir(folder).catch(() => {
    throw new MainError('refused', `This folder may not be read. ${kept} Choose another one.`);
  });
  const { models, all } = await findBelow(folder);
  if (!all)
    throw new MainError('refused', `There is too much in this folder. ${kept} Choose the one that holds the models.`);
  if (models.length === 0)
    throw new MainError('not-found', `There is no model (GGUF) in this folder. ${kept} Choose another one.`);
};
