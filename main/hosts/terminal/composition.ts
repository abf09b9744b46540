// Where reading, the engine and this machine meet: a PDF from disk, a model from disk, an adapter from Dawn.
import { basename, dirname, join } from 'node:path';
import type { Engine, LoadOptions } from '../../../gpu/api.ts';
import { createEngine, type OpenModel, openModel } from '../../../gpu/index.ts';
import { type ReadDocument, Reader, type ReadOptions } from '../../../reading/index.ts';
import { partNames, partOfName } from '../../common/model-names.ts';
import { appFolder } from '../../places.ts';
import { joinedHash } from '../../services/models.ts';
import { hashOfFile } from '../../services/stored-file.ts';
import { findGpu } from './adapter.ts';
import { extractInChild } from './extraction.ts';
import { openModelFile } from './model-file.ts';
import { plain } from './output.ts';
import { fileProblem } from './problems.ts';
import type { Running } from './running.ts';
import { budgetIn, dataFolder } from './snapshots.ts';

export const embeddedModel = (): string => join(appFolder(), 'assets', 'models', 'longleaf-sprig-q8_0.gguf');

export interface OpenDocument {
  name: string;
  sha256: string;
  document: ReadDocument;
  extractMs: number;
}

/** Rejects with a ReadingError or a TerminalError, each with its one sentence. */
export async function openDocument(
  path: string,
  options: Pick<ReadOptions, 'password' | 'keepRunningLines'> & { ocr?: boolean; keep?: boolean },
  running: Running,
): Promise<OpenDocument> {
  const began = performance.now();
  const { password, keepRunningLines, ocr, keep } = options;
  const keeps = ocr && keep !== false && budgetIn(dataFolder()) > 0;
  const request = { path, name: plain(basename(path)), password, keepRunningLines, ocr };
  const { document } = await extractInChild(keeps ? { ...request, dataFolder: dataFolder() } : request, {
    signal: running.signal,
    onProgress: running.progress.report,
  }).catch((error) => {
    throw fileProblem(error, path, 'a PDF');
  });
  const extractMs = performance.now() - began;
  for (const note of document.notes) running.say(plain(note));
  return { name: basename(path), sha256: await hashOf(path), document, extractMs };
}

export interface ModelInUse {
  model: OpenModel;
  createEngine(options: LoadOptions): Promise<Engine>;
}

/** Opens a model file, and once an engine is wanted the adapter it will run on; both are given back when the command ends. */
export async function prepareModel(path: string, adapter: string, running: Running): Promise<ModelInUse> {
  const file = await openModelFile(path);
  running.atEnd(() => file.close());
  const model = await openModel(file);
  let finding: ReturnType<typeof findGpu> | undefined;
  const find = async () => {
    const found = await findGpu({ adapter });
    running.atEnd(() => found.release());
    if (found.software)
      running.say(`Computing with ${found.name}, a software adapter: no graphics card is used, so this takes longer.`);
    return found;
  };
  const onDeviceLost = () => running.say('The graphics device was reset. Resuming.');
  return {
    model,
    createEngine: async (options) => {
      finding ??= find();
      const { gpu, software } = await finding;
      // A software adapter would take more than there is, and the machine would swap.
      const memory = software ? process.availableMemory() : undefined;
      return createEngine(gpu, model, { onDeviceLost, memory, ...options });
    },
  };
}

export async function openReader(path: string, adapter: string, running: Running): Promise<Reader> {
  const { model, createEngine } = await prepareModel(path, adapter, running);
  const reader = new Reader(model, createEngine);
  running.atEnd(async () => {
    await reader.settled();
    reader.dispose();
  });
  return reader;
}

const hashes = new Map<string, Promise<string>>();

/** SHA-256 of a file of any size, in hexadecimal digits; read once in a command. */
export function hashOf(path: string): Promise<string> {
  const known = hashes.get(path) ?? hashFile(path);
  hashes.set(path, known);
  return known;
}

/** Of a model in several files as the library has it. */
async function hashFile(path: string): Promise<string> {
  const part = partOfName(basename(path));
  const hashes: string[] = [];
  for (const name of part ? partNames(part.stem, part.count) : [basename(path)])
    hashes.push(await hashOfFile(join(dirname(path), name)));
  return joinedHash(hashes);
}
