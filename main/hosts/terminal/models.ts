// `models`: the same models as the window's, in the same data folder: listed, looked for, fetched, imported, checked, removed.
import { existsSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ByteSource } from '../../../gpu/api.ts';
import { bytesFor, factsOf, joinParts, type OpenModel, openModel } from '../../../gpu/index.ts';
import { LARGEST_WINDOW } from '../../../reading/window.ts';
import type { DownloadRow, ModelRow } from '../../common/api.ts';
import { catalogue, roughMemory, searchCatalogue } from '../../common/catalogue.ts';
import { groupModels, importName, missingSentence, partNames, seesPictures } from '../../common/model-names.ts';
import { type DownloadMeans, type Downloads, openDownloads } from '../../services/downloads/index.ts';
import { checkModelFolder } from '../../services/found-models.ts';
import type { Models } from '../../services/models.ts';
import type { SettingsStore } from '../../services/settings.ts';
import { type LibraryOptions, needed, openLibrary } from './library.ts';
import { openModelFile } from './model-file.ts';
import { plain, print, printJson, size } from './output.ts';
import { fileProblem, TerminalError } from './problems.ts';
import type { Running } from './running.ts';
import { dataFolder } from './snapshots.ts';

export const MODEL_ACTIONS = ['list', 'search', 'download', 'import', 'folder', 'verify', 'remove'] as const;

export interface ModelsOptions extends LibraryOptions {
  /** What a download must be. */
  sha256?: string;
}

/**
 * A model by its file, by the folder that holds it, or by the id or name of one that is in the library; what is none of them is returned
 * as it is.
 */
export const modelFile = async (asked: string, running: Pick<Running, 'say' | 'atEnd'>): Promise<string> => {
  if (existsSync(asked)) return statSync(asked).isDirectory() ? onlyModelIn(asked) : asked;
  const { models } = await openLibrary(running);
  const model = (await models.list()).find(({ id, name }) => id === asked || name === asked);
  return (model && (await models.path(model.id))) ?? asked;
};

const onlyModelIn = async (folder: string): Promise<string> => {
  const [model, ...others] = groupModels(await readdir(folder), (name) => name);
  if (!model) throw new TerminalError(`There is no model in ${folder}; name a model file (GGUF).`);
  if (others.length > 0)
    throw new TerminalError(`There are ${others.length + 1} models in ${folder}; name one of them.`);
  if (model.missing.length > 0) throw new TerminalError(missingSentence(model.missing));
  return join(folder, model.files[0]);
};

/** `means`: for tests of downloads. */
export async function modelsCommand(
  action: (typeof MODEL_ACTIONS)[number],
  what: string | undefined,
  options: ModelsOptions,
  running: Running,
  means?: Partial<DownloadMeans>,
): Promise<void> {
  if (action === 'search') return listCatalogue(what ?? '', options);
  const { models, settings } = await openLibrary(running);
  if (action === 'list') return listModels(models, options);
  if (action === 'folder') return ownFolder(settings, what, options);
  if (action === 'download') {
    const downloads = openDownloads(join(dataFolder(), 'downloads'), models, {
      isOffline: () => settings.read().offline,
      proxy: () => settings.read().proxy,
      ...means,
    });
    running.atEnd(() => downloads.close());
    return download(downloads, needed(what, 'a model of the catalogue, or an address (https)'), options, running);
  }
  if (action === 'import')
    return importModels(models, needed(what, 'a model file (GGUF), or a folder'), options, running);
  const id = needed(what, 'a model by its id; longleaf models list shows them');
  if (action === 'remove') {
    await models.remove(id);
    return options.json ? printJson({ removed: id }) : print(`Removed ${id}.`);
  }
  const { sha256, state } = await models.verify(id);
  if (state === 'changed') throw new TerminalError(`${id} is not the file that was imported; import it again.`, sha256);
  if (options.json) return printJson({ id, sha256, state });
  await print(`${id} is ${state === 'same' ? 'as it was imported' : 'read for the first time'}.\nSHA-256 ${sha256}`);
}

const count = (value: number): string => value.toLocaleString('en');

/** What a model is, in one line, and in names that scripts may rely on. */
const described = (open: OpenModel) => {
  const { name, architecture, types, trainedContext, chat, licence } = factsOf(open);
  const window32k = bytesFor(open, LARGEST_WINDOW);
  const says = chat ? 'writes prose' : 'quotes only';
  const terms = licence === undefined ? '' : `, licence ${licence}`;
  const line = `${architecture}, trained on ${count(trainedContext)} tokens, ${says}, ${size(window32k)} with a window of ${count(LARGEST_WINDOW)}${terms}`;
  return { line, facts: { name, architecture, types, trainedContext, chat, licence, window32k } };
};

const listModels = async (models: Models, { json }: ModelsOptions): Promise<void> => {
  const rows: (ModelRow & { facts?: object; refused?: string; line: string })[] = [];
  for (const row of await models.list()) rows.push({ ...row, ...(await look(models, row)) });
  if (json) return printJson({ models: rows.map(({ line: _, ...row }) => row), folder: join(dataFolder(), 'models') });
  const width = Math.max(...rows.map(({ id }) => id.length));
  const text = ({ id, name, bytes, embedded, line }: (typeof rows)[number]) =>
    `${id.padEnd(width)}  ${size(bytes).padStart(11)}  ${plain(name)}${embedded ? ' (came with Longleaf)' : ''}\n${' '.repeat(width + 2)}${plain(line)}`;
  await print(rows.map(text).join('\n'));
};

/** Says from where models are used as they lie there, and changes it: a folder, or `none`. */
const ownFolder = async (settings: SettingsStore, what: string | undefined, { json }: ModelsOptions): Promise<void> => {
  const folder = what === undefined ? undefined : what === 'none' ? '' : resolve(what);
  if (folder) await checkModelFolder(folder);
  const { modelFolder } = folder === undefined ? settings.read() : settings.change({ modelFolder: folder });
  if (json) return printJson({ folder: modelFolder || null });
  await print(
    modelFolder
      ? `Models in ${plain(modelFolder)} are used as they lie there.`
      : 'No folder of your own is used; name one whose models are to be used as they lie there.',
  );
};

const look = async (models: Models, { id, missing }: ModelRow) => {
  const path = await models.path(id);
  if (missing || path === undefined)
    return { line: missingSentence(missing ?? []), refused: missingSentence(missing ?? []) };
  const file = await openModelFile(path);
  try {
    return described(await openModel(file));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { line: said, refused: said };
  } finally {
    await file.close();
  }
};

const listCatalogue = async (query: string, { json }: ModelsOptions): Promise<void> => {
  const found = searchCatalogue(query);
  const rows = found.map((model) => ({ ...model, window32k: roughMemory(model, LARGEST_WINDOW) }));
  if (json) return printJson({ models: rows });
  if (found.length === 0)
    return print('No model of the catalogue is called that; longleaf models download takes an address too.');
  const width = Math.max(...found.map(({ id }) => id.length));
  const text = ({ id, name, about, bytes, context, licence, window32k }: (typeof rows)[number]) =>
    `${id.padEnd(width)}  ${size(bytes).padStart(8)}  ${name}\n${' '.repeat(width + 12)}${about} Trained on ${count(context)} tokens; about ${size(window32k)} with a window of ${count(LARGEST_WINDOW)}. ${licence}.`;
  await print(rows.map(text).join('\n'));
};

/** The header is checked by the engine before a byte is stored; a folder's models are imported one after the other. */
const importModels = async (models: Models, path: string, options: ModelsOptions, running: Running): Promise<void> => {
  const info = await stat(path).catch((error) => {
    throw fileProblem(error, path, 'a model file (GGUF)');
  });
  if (!info.isDirectory()) return importModel(models, path, options, running);
  const names = await readdir(path);
  const found = groupModels(names, (name) => name);
  for (const name of names.filter(seesPictures)) running.say(`${plain(name)} sees pictures (mmproj) and was left out.`);
  if (found.length === 0) throw new TerminalError(`There is no model in ${path}; name a model file (GGUF).`);
  for (const { files, missing } of found) {
    try {
      if (missing.length > 0) throw new TerminalError(missingSentence(missing));
      await importModel(
        models,
        join(path, files[0]),
        { ...options, json: options.json && found.length === 1 },
        running,
      );
    } catch (error) {
      if (running.signal.aborted || found.length === 1) throw error;
      if (error instanceof Error) error.message = `${plain(files[0])}: ${error.message}`;
      running.fail(error);
    }
  }
};

const importModel = async (models: Models, path: string, { json }: ModelsOptions, running: Running): Promise<void> => {
  const file = await openModelFile(path);
  running.atEnd(() => file.close());
  const { info } = await openModel(file);
  const [model] = groupModels([basename(path)], (name) => name);
  const sizes = file.parts?.map((part) => part.size) ?? [];
  const stem = importName(model?.name ?? basename(path)).replace(/\.gguf$/, '');
  const name = sizes.length > 1 ? partNames(stem, sizes.length)[0] : `${stem}.gguf`;
  const row = await models.store(name, inPieces(file, running.signal), sizes);
  if (json) return printJson({ imported: row, name: info.name, architecture: info.architecture, types: info.types });
  await print(`${plain(info.name)} was imported as ${row.id} (${size(row.bytes)}).\nSHA-256 ${row.sha256}`);
};

const piece = 1 << 20;

const inPieces = async function* (file: ByteSource, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += piece) {
    signal.throwIfAborted();
    yield await file.read(at, Math.min(piece, file.size - at));
  }
};

/** A model on its server as the engine's random access. */
const remoteSource = (downloads: Downloads, { id, parts }: DownloadRow): ByteSource => {
  const sources = parts.map((bytes, i) => ({
    size: bytes,
    read: (offset: number, length: number) => downloads.read(id, i, offset, length),
  }));
  return sources.length > 1 ? joinParts(sources) : sources[0];
};

/** Looked at first: what cannot run is refused before its weights are fetched. Run again, it goes on where it was stopped. */
const download = async (
  downloads: Downloads,
  what: string,
  options: ModelsOptions,
  running: Running,
): Promise<void> => {
  const entry = catalogue.find(({ id }) => id === what);
  if (!entry && !what.includes(':'))
    throw new TerminalError(`There is no model ${plain(what)} in the catalogue; longleaf models search lists them.`);
  const row = await downloads.ask(entry?.url ?? what, entry?.sha256 ?? options.sha256);
  const { id } = row;
  if (row.state === 'asked') {
    const open = await openModel(remoteSource(downloads, row)).catch(async (error) => {
      await downloads.remove(id);
      throw error;
    });
    const { line, facts } = described(open);
    running.say(plain(`${facts.name}: ${size(row.bytes)}, ${line}.`));
  } else running.say(`It goes on where it was stopped, at ${Math.floor((100 * row.done) / row.bytes)} %.`);
  await downloads.start(id);
  const stop = () => void downloads.stop(id);
  running.signal.addEventListener('abort', stop, { once: true });
  const timer = setInterval(() => {
    void downloads.list().then((rows) => {
      const now = rows.find((one) => one.id === id);
      if (now?.state === 'fetching')
        running.progress.report({ stage: 'fetch', done: now.done, total: now.bytes, secondsLeft: now.secondsLeft });
    });
  }, 250);
  const ended = await downloads.settled(id).finally(() => clearInterval(timer));
  running.progress.end();
  if (ended.state === 'stopped') {
    running.say(`${size(ended.done)} of ${size(ended.bytes)} were fetched and are kept; run it again to go on.`);
    running.signal.throwIfAborted();
  }
  if (ended.state !== 'done') throw new TerminalError(`${ended.problem} Run it again to go on.`);
  if (options.json) return printJson({ downloaded: ended.model, bytes: ended.bytes, checked: ended.hashed });
  const checked = ended.hashed ? 'and is what its publisher says' : 'its publisher states no checksum';
  await print(`It was stored as ${ended.model}, ${checked}.`);
};
