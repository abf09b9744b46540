// Everything of the reader's goes: the rows of the history first, in one transaction and out of the file itself, then files. What came
// with the app stays, and so does the folder.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MainError } from '../common/api.ts';
import { type Database, databaseFile } from './database/index.ts';
import { withDiskErrors } from './disk-error.ts';
import type { Downloads } from './downloads/index.ts';
import type { Models } from './models.ts';

interface Everything {
  database: Database;
  dataFolder: string;
  models: Pick<Models, 'list' | 'remove'>;
  downloads: Pick<Downloads, 'list' | 'remove'>;
}

/** Folders of files that were stored for the reader; models and downloads are removed by those who know them. */
const FOLDERS = ['documents', 'snapshots', 'recognised', 'checkpoints'];

const emptyDatabase = (database: Database): void => {
  const tables = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  database
    .transaction(() => {
      database.pragma('defer_foreign_keys = ON');
      for (const { name } of tables) database.exec(`DELETE FROM "${name}"`);
    })
    .immediate();
  // What was deleted lies in the file, and in its log, until both are written anew.
  database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
};

/** A damaged history that was kept aside, with its log. */
const isKeptAside = (file: string): boolean => file.startsWith(databaseFile.replace(/\.db$/, '-damaged-'));

export interface EverythingStore {
  /** Rejects with a MainError when something could not be removed; all else is gone then. */
  remove(): Promise<void>;
  /** To be called when a window begins: what another that had not heard of it yet has stored meanwhile goes too. */
  finish(): Promise<void>;
}

const removeFiles = async (dataFolder: string, attempt: (work: Promise<unknown>) => Promise<unknown>) => {
  for (const folder of FOLDERS) {
    for (const file of await readdir(join(dataFolder, folder)).catch(() => []))
      await attempt(rm(join(dataFolder, folder, file), { force: true }));
  }
  for (const file of (await readdir(dataFolder)).filter(isKeptAside)) await attempt(rm(join(dataFolder, file)));
};

export const openEverything = ({ database, dataFolder, models, downloads }: Everything): EverythingStore => {
  let removed = false;
  return {
    remove: async () => {
      withDiskErrors(() => emptyDatabase(database));
      removed = true;
      const left: string[] = [];
      const attempt = (work: Promise<unknown>) => work.catch((error) => left.push(String(error?.code ?? error?.name)));
      for (const { id } of await downloads.list()) await attempt(downloads.remove(id));
      for (const { id, embedded } of await models.list()) if (!embedded) await attempt(models.remove(id));
      await removeFiles(dataFolder, attempt);
      if (left.length === 0) return;
      const files = `${left.length} ${left.length === 1 ? 'file' : 'files'} could not be deleted`;
      throw new MainError(
        'disk',
        `${files}; everything else is gone. Delete what is left in the data folder.`,
        left.slice(0, 5).join(', '),
      );
    },
    finish: async () => {
      if (removed) await removeFiles(dataFolder, (work) => work.catch(() => undefined));
      removed = false;
    },
  };
};
