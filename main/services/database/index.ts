// The history file: SQLite in WAL mode with synchronous=FULL, so that what was acknowledged survives a kill and a power cut. A
// history of a newer version is never written to; a damaged one is kept aside under another name, what can still be read
// of it is taken over, and the reader is told.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { MainError } from '../../common/api.ts';
import { asMainError, errorCode, isDamage, withDiskErrors } from '../disk-error.ts';
import { migrations } from './migrations.ts';

export type Database = Sqlite.Database;

export interface OpenedDatabase {
  database: Database;
  /** Sentences for the reader: a damaged history that was kept aside. */
  notices: string[];
}

export const databaseFile = 'longleaf.db';
/** How long a write waits for another process. Milliseconds. */
const defaultPatience = 5_000;

const versionOf = (database: Database) => database.pragma('user_version', { simple: true }) as number;

/** Before anything is opened for writing. Readonly connections leave the file and its log as they are. */
const refuseNewer = (path: string, steps: readonly string[]): void => {
  const database = new Sqlite(path, { readonly: true });
  try {
    if (versionOf(database) <= steps.length) return;
  } finally {
    database.close();
  }
  throw new MainError(
    'newer-database',
    'This history was made by a newer version of Longleaf; nothing was changed. Update the app.',
  );
};

/** Each step is one transaction together with its number, so that a kill between or within steps loses nothing. */
const migrate = (database: Database, steps: readonly string[]): void => {
  for (let step = versionOf(database); step < steps.length; step++) {
    database
      .transaction(() => {
        // Another process may have been faster.
        if (versionOf(database) !== step) return;
        database.exec(steps[step]);
        database.pragma(`user_version = ${step + 1}`);
      })
      .immediate();
  }
};

const openFile = (path: string, patience: number, steps: readonly string[]): Database => {
  if (existsSync(path)) refuseNewer(path, steps);
  const database = new Sqlite(path, { timeout: patience });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      throw Object.assign(new Error('quick_check failed'), { code: 'SQLITE_CORRUPT' });
    }
    migrate(database, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** The file and its log under a name that no later start opens. Returns the new path. */
const keepAside = (path: string): string => {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const aside = path.replace(/\.db$/, `-damaged-${stamp}.db`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
};

/** Copies the rows of one table that can still be read and that the new history accepts. Returns how many. */
const salvageTable = (damaged: Database, fresh: Database, table: string): number => {
  const columns = fresh.pragma(`table_info(${table})`) as { name: string }[];
  const names = columns.map((column) => column.name);
  const insert = fresh.prepare(
    `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
  );
  let kept = 0;
  try {
    for (const row of damaged.prepare(`SELECT ${names.join(', ')} FROM ${table}`).iterate()) {
      try {
        kept += insert.run(row).changes;
      } catch (error) {
        if (!errorCode(error).startsWith('SQLITE_CONSTRAINT')) throw error;
      }
    }
  } catch (error) {
    // Reading came to the damage: what was copied so far stays.
    if (!errorCode(error).startsWith('SQLITE_')) throw error;
    if (errorCode(error).startsWith('SQLITE_FULL')) throw error;
  }
  return kept;
};

/** Returns the number of documents and of runs that were taken over. */
const salvage = (aside: string, fresh: Database): { documents: number; runs: number } => {
  let damaged: Database;
  try {
    damaged = new Sqlite(aside, { readonly: true });
  } catch {
    return { documents: 0, runs: 0 };
  }
  try {
    return fresh
      .transaction(() => {
        const documents = salvageTable(damaged, fresh, 'documents');
        const runs = salvageTable(damaged, fresh, 'runs');
        salvageTable(damaged, fresh, 'settings');
        return { documents, runs };
      })
      .immediate();
  } finally {
    damaged.close();
  }
};

/**
 * Opens the history in `folder`, which is made if need be. Throws a MainError when it is newer, in use or cannot be written.
 * `steps` are the numbered migrations; tests give fewer or more.
 */
export const openDatabase = (
  folder: string,
  patience: number = defaultPatience,
  steps: readonly string[] = migrations,
): OpenedDatabase =>
  withDiskErrors(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, databaseFile);
    try {
      return { database: openFile(path, patience, steps), notices: [] };
    } catch (error) {
      if (!isDamage(error)) throw atStart(error);
    }
    const aside = keepAside(path);
    const database = openFile(path, patience, steps);
    const { documents, runs } = salvage(aside, database);
    const notice = `Your history was damaged; ${count(documents, 'document')} and ${count(runs, 'reply', 'replies')} were recovered. The old file is kept: ${aside}`;
    return { database, notices: [notice] };
  });

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

const atStart = (error: unknown): unknown => {
  const known = asMainError(error);
  if (!(known instanceof MainError)) return error;
  if (known.kind === 'busy') {
    return new MainError(
      'busy',
      'Another Longleaf is using this history; nothing was changed. Close it and start again.',
      known.detail,
    );
  }
  if (known.kind === 'disk') {
    return new MainError(
      'disk',
      'Longleaf cannot read or write its history; nothing was changed. Check the rights of its data folder.',
      known.detail,
    );
  }
  return known;
};
