// Downloads as they lie on the disk: for each a folder with `download.json` (where from, how large, what it must be) and one file for
// each file of the model, as far as it came. A kill at any moment leaves a folder from which the download goes on.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kept, keptSchema } from '../../common/kept-download.ts';
import { asMainError } from '../disk-error.ts';
import { storeWhole } from '../stored-file.ts';

const idPattern = /^d-[0-9a-f]{12}$/;

export interface KeptDownloads {
  newId(): string;
  /** Oldest first; what cannot be read is left out. */
  all(): Promise<[id: string, kept: Kept][]>;
  load(id: string): Promise<Kept | undefined>;
  save(id: string, kept: Kept): Promise<void>;
  remove(id: string): Promise<void>;
  /** Where file `index` of a download grows. */
  part(id: string, index: number): string;
}

export const openKept = (folder: string): KeptDownloads => {
  const of = (id: string, file: string): string => join(folder, id, file);
  const load = async (id: string): Promise<Kept | undefined> => {
    if (!idPattern.test(id)) return undefined;
    const text = await readFile(of(id, 'download.json'), 'utf8').catch(() => undefined);
    try {
      return text === undefined ? undefined : keptSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  };
  return {
    newId: () => `d-${randomBytes(6).toString('hex')}`,
    load,
    all: async () => {
      const found: [string, Kept][] = [];
      for (const id of await readdir(folder).catch(() => [])) {
        const kept = await load(id);
        if (kept) found.push([id, kept]);
      }
      return found.sort(([, a], [, b]) => (a.askedAt < b.askedAt ? -1 : 1));
    },
    save: async (id, kept) => {
      try {
        await mkdir(join(folder, id), { recursive: true, mode: 0o700 });
      } catch (error) {
        throw asMainError(error);
      }
      const text = Buffer.from(JSON.stringify(kept));
      await storeWhole(
        of(id, 'download.json'),
        (async function* () {
          yield text;
        })(),
      );
    },
    remove: async (id) => {
      if (idPattern.test(id)) await rm(join(folder, id), { recursive: true, force: true });
    },
    part: (id, index) => of(id, `${index + 1}.part`),
  };
};
