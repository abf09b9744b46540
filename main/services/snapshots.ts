// What was read into a model, kept on disk so that a reopened document need not be read in again: one file for each document,
// model and set of pages, as private as the document. It is a cache: the oldest go when the budget is spent, all of a document's
// go when it is forgotten, and one that is missing, cut or foreign costs time and nothing else (the engine checks every byte).
// The recognised text of scanned pages is kept in the same way, in a folder of its own: one file for each page.
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { MainError } from '../common/api.ts';
import { asMainError } from './disk-error.ts';
import { openFolder, storeWhole, wholeBody } from './stored-file.ts';

export interface Snapshots {
  /** File of a snapshot, or undefined when there is none. */
  path(name: string): Promise<string | undefined>;
  /** It counts as used now. To be said before it is read: while it is read its time of change must stay. */
  use(name: string): Promise<void>;
  /** Stores it whole or not at all, in place of an older one of that name. `size` in bytes, where it is known before. */
  store(name: string, bytes: AsyncIterable<Uint8Array>, size?: number): Promise<void>;
  /** Removes all snapshots of a document; those that are being stored, and later ones, are refused. */
  forget(documentId: string): Promise<void>;
  /** The document is in the library, again. */
  expect(documentId: string): void;
  usage(): Promise<{ count: number; bytes: number }>;
  /** Removes what is over a budget that has become smaller. */
  trim(): Promise<void>;
  /** Removes all. */
  clear(): Promise<void>;
}

const namePattern = /^[0-9a-f]{64}-[0-9a-f]{8,64}$/;
const ending = '.kv';
/** Of a document's SHA-256. */
const hashDigits = 64;

/** Whether a snapshot may have this name: the document's SHA-256 and a fingerprint of what was read by what. */
export const isSnapshotName = (name: string): boolean => namePattern.test(name);

interface Kept {
  path: string;
  bytes: number;
  usedMs: number;
}

/** Most bytes of recognised text: about 10,000 pages. */
const RECOGNISED_BUDGET = 500_000_000;

/** Recognised text in the data folder. Whoever keeps nothing of what was read, a budget of 0, does not keep this either. */
export const openRecognised = (dataFolder: string, budget: () => number): Snapshots =>
  openSnapshots(join(dataFolder, 'recognised'), () => (budget() > 0 ? RECOGNISED_BUDGET : 0));

/** `budget`: most bytes of all snapshots together; 0 keeps none. */
export const openSnapshots = (folder: string, budget: () => number): Snapshots => {
  const forgotten = new Set<string>();
  let ready: Promise<void> | undefined;
  const open = (): Promise<void> => {
    ready ??= openFolder(folder);
    ready.catch(() => {
      ready = undefined;
    });
    return ready;
  };

  const kept = async (): Promise<Kept[]> => {
    const names = await readdir(folder).catch(() => []);
    const found: Kept[] = [];
    for (const name of names.filter((one) => one.endsWith(ending))) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info?.isFile()) found.push({ path, bytes: info.size, usedMs: info.mtimeMs });
    }
    return found.sort((a, b) => a.usedMs - b.usedMs);
  };

  /** Removes the longest unused until all others take at most `most` bytes; `besides` is counted out. */
  const shrink = async (most: number, besides: string): Promise<void> => {
    const others = (await kept()).filter(({ path }) => path !== besides);
    let total = others.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of others) {
      if (total <= most) return;
      await rm(path, { force: true });
      total -= bytes;
    }
  };

  const find = async (name: string): Promise<string | undefined> => {
    if (!isSnapshotName(name)) return undefined;
    const path = join(folder, name + ending);
    const info = await stat(path).catch(() => undefined);
    return info?.isFile() ? path : undefined;
  };

  return {
    path: find,
    use: async (name) => {
      const path = await find(name);
      const now = new Date();
      if (path !== undefined) await utimes(path, now, now).catch(() => undefined);
    },
    store: async (name, bytes, size = 0) => {
      const most = budget();
      const tooLarge = () =>
        new MainError('too-large', 'What was read is larger than the room for it; it will be read in again next time.');
      if (!isSnapshotName(name)) throw new MainError('refused', 'This is no name of a snapshot.');
      if (most === 0 || size > most) throw tooLarge();
      const isForgotten = () => forgotten.has(name.slice(0, hashDigits));
      const refuseForgotten = () => {
        if (isForgotten()) throw new MainError('refused', 'The document was removed; nothing of it was kept.');
      };
      refuseForgotten();
      const path = join(folder, name + ending);
      await open();
      await shrink(most - size, path);
      await storeWhole(path, wholeBody(bytes, most, tooLarge), refuseForgotten);
      const { size: stored } = await stat(path);
      if (isForgotten()) await rm(path, { force: true });
      refuseForgotten();
      await shrink(most - stored, path);
    },
    forget: async (documentId) => {
      forgotten.add(documentId);
      const names = await readdir(folder).catch(() => []);
      // What is being stored is taken away by whoever stores it.
      const own = names.filter((name) => name.startsWith(`${documentId}-`) && name.endsWith(ending));
      for (const name of own) {
        await rm(join(folder, name), { force: true }).catch((error) => {
          throw asMainError(error);
        });
      }
    },
    expect: (documentId) => void forgotten.delete(documentId),
    trim: () => shrink(budget(), ''),
    clear: () => shrink(0, ''),
    usage: async () => {
      const all = await kept();
      return { count: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
  };
};
