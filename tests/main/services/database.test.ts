// The history file under all that befalls it: every migration, a newer version, damage, a second process, and kill -9.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openServices } from '../../../main/app.ts';
import { MainError } from '../../../main/common/api.ts';
import { openDatabase } from '../../../main/services/database/index.ts';
import { migrations } from '../../../main/services/database/migrations.ts';
import { openDocuments } from '../../../main/services/documents.ts';
import { openHistory } from '../../../main/services/history.ts';
import { openSettings } from '../../../main/services/settings.ts';
import { aReply } from '../a-reply.ts';
import { mulberry32 } from '../random.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const pdf = Buffer.from('%PDF-1.7 a document');
const id = createHash('sha256').update(pdf).digest('hex');
const document = { id, name: 'a.pdf', title: 'A', pages: 6, words: 900 };
const version = (database: Sqlite.Database) => database.pragma('user_version', { simple: true });

const bytes = async function* (data: Uint8Array = pdf) {
  yield data;
};

/** A data folder with one document and `runs` replies, closed. */
const filledFolder = async (name: string, runs: number, text?: string): Promise<string> => {
  const { database } = openDatabase(folder(name));
  const documents = await openDocuments(database, join(folder(name), 'documents'));
  await documents.store(id, bytes());
  await documents.add(document);
  const history = openHistory(database);
  for (let n = 0; n < runs; n++) history.add(id, aReply(text));
  openSettings(database).change({ theme: 'dark' });
  database.close();
  return folder(name);
};

const kindOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof MainError) return error.kind;
    throw error;
  }
  return 'no error';
};

test('migrations that fail in the middle leave the step before', async () => {
  await filledFolder('half', 2);
  const broken = [...migrations, 'CREATE TABLE later (a); DROP TABLE nowhere;'];
  expect(() => openDatabase(folder('half'), 0, broken)).toThrow('nowhere');
  const { database } = openDatabase(folder('half'));
  expect(version(database)).toBe(migrations.length);
  expect(database.prepare(`SELECT name FROM sqlite_master WHERE name = 'later'`).get()).toBeUndefined();
  expect(openHistory(database).runs(id)).toHaveLength(2);
  database.close();
});

test('a history is kept as safely as SQLite can', () => {
  const { database } = openDatabase(folder('safe'));
  const pragma = (name: string) => database.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
  database.close();
});

test('a restart finds documents, runs and settings', async () => {
  const folders = {
    dataFolder: await filledFolder('restart', 2),
    assetsFolder: folder('none'),
    rendererFolder: folder('none'),
  };
  const services = await openServices({ ...folders, say: () => undefined });
  expect(await services.api.documents()).toEqual([
    { ...document, bytes: pdf.length, runs: 2, addedAt: expect.any(String), openedAt: expect.any(String) },
  ]);
  expect((await services.api.runs(id)).map(({ reply }) => reply)).toEqual([aReply(), aReply()]);
  expect((await services.api.start()).settings).toMatchObject({ theme: 'dark', model: '' });
  await services.api.removeDocument(id);
  expect(await services.api.runs(id)).toEqual([]);
  expect(readdirSync(join(folder('restart'), 'documents'))).toEqual([]);
  services.close();
});

test('a newer history is refused, and not a byte of it changes', async () => {
  const path = join(await filledFolder('newer', 1), 'longleaf.db');
  const { database } = openDatabase(folder('newer'));
  database.pragma(`user_version = ${migrations.length + 1}`);
  database.close();
  const before = readFileSync(path);
  expect(() => openDatabase(folder('newer'))).toThrow(
    'This history was made by a newer version of Longleaf; nothing was changed. Update the app.',
  );
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder('newer')).filter((name) => name.includes('damaged'))).toEqual([]);
});

describe('a damaged history is kept aside and the app starts', () => {
  const aside = (name: string) => readdirSync(folder(name)).filter((file) => /^longleaf-damaged-.*\.db$/.test(file));

  test.each([
    ['text', Buffer.from('this is not a database, but it is long enough to be looked at as one '.repeat(40))],
    ['zeros', Buffer.alloc(8_192)],
    ['a few bytes', Buffer.from('SQLite')],
    ['a cut header', Buffer.from('SQLite format 3\0')],
  ])('%s', (kind, content) => {
    const name = `damaged ${kind}`;
    mkdirSync(folder(name));
    writeFileSync(join(folder(name), 'longleaf.db'), content);
    const { database, notices } = openDatabase(folder(name));
    expect(notices).toEqual([
      expect.stringMatching(
        /^Your history was damaged; 0 documents and 0 replies were recovered\. The old file is kept: /,
      ),
    ]);
    expect(aside(name)).toHaveLength(1);
    expect(readFileSync(join(folder(name), aside(name)[0])).equals(content)).toBe(true);
    expect(openSettings(database).change({ theme: 'dark' }).theme).toBe('dark');
    database.close();
  });

  test('pages overwritten at random: what can be read is taken over', async () => {
    const name = 'damaged pages';
    const path = join(await filledFolder(name, 60, 'y'.repeat(3_000)), 'longleaf.db');
    const file = readFileSync(path);
    const random = mulberry32(3);
    const pages = file.length / 4_096;
    // The first pages hold the schema and the document; without them there is nothing to find.
    for (let n = 0; n < 10; n++) {
      const page = 10 + Math.floor(random() * (pages - 10));
      file.fill(Math.floor(random() * 256), page * 4_096, (page + 1) * 4_096);
    }
    writeFileSync(path, file);
    const { database, notices } = openDatabase(folder(name));
    const kept = openHistory(database).runs(id).length;
    expect(notices[0]).toContain(`1 document and ${kept} repl`);
    expect(kept).toBeGreaterThan(0);
    expect(database.pragma('quick_check', { simple: true })).toBe('ok');
    expect(aside(name)).toHaveLength(1);
    database.close();
  });

  test('cut short', async () => {
    const name = 'damaged cut';
    truncateSync(join(await filledFolder(name, 60, 'y'.repeat(3_000)), 'longleaf.db'), 40 * 4_096);
    const { database, notices } = openDatabase(folder(name));
    expect(notices).toHaveLength(1);
    expect(database.pragma('quick_check', { simple: true })).toBe('ok');
    database.close();
  });
});

describe('two at once', () => {
  test('share a history', async () => {
    const first = openDatabase(await filledFolder('shared', 1)).database;
    const second = openDatabase(folder('shared')).database;
    openHistory(first).add(id, aReply());
    openHistory(second).add(id, aReply());
    expect(openHistory(first).runs(id)).toHaveLength(3);
    first.close();
    second.close();
  });

  test('and one that waits in vain says so', async () => {
    const first = openDatabase(await filledFolder('waits', 1)).database;
    const second = openDatabase(folder('waits'), 50).database;
    first.exec('BEGIN IMMEDIATE');
    expect(kindOf(() => openHistory(second).add(id, aReply()))).toBe('busy');
    first.exec('ROLLBACK');
    expect(kindOf(() => openHistory(second).add(id, aReply()))).toBe('no error');
    first.close();
    second.close();
  });

  test('start at once on an empty folder', async () => {
    const opened = await Promise.all([1, 2, 3].map(async () => openDatabase(folder('at once')).database));
    expect(opened.map(version)).toEqual([migrations.length, migrations.length, migrations.length]);
    for (const database of opened) database.close();
  });
});

describe('the disk', () => {
  test('is full: the reply is not saved, nothing else is lost, and it works again', async () => {
    const { database } = openDatabase(await filledFolder('full', 1));
    const history = openHistory(database);
    const pages = database.pragma('page_count', { simple: true });
    database.pragma(`max_page_count = ${pages}`);
    expect(kindOf(() => history.add(id, aReply('z'.repeat(15_000))))).toBe('disk-full');
    expect(history.runs(id)).toHaveLength(1);
    database.pragma('max_page_count = 1000000');
    history.add(id, aReply('z'.repeat(15_000)));
    expect(history.runs(id)).toHaveLength(2);
    database.close();
  });

  // Root may write everywhere, and Windows has other rights.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is read-only: one sentence, and nothing changes',
    async () => {
      const dataFolder = await filledFolder('read-only', 1);
      const before = readdirSync(dataFolder);
      chmodSync(join(dataFolder, 'longleaf.db'), 0o400);
      chmodSync(dataFolder, 0o500);
      expect(() => openDatabase(dataFolder)).toThrow(
        'Longleaf cannot read or write its history; nothing was changed. Check the rights of its data folder.',
      );
      expect(readdirSync(dataFolder)).toEqual(before);
      chmodSync(dataFolder, 0o700);
    },
  );

  test('has a file where the data folder should be', () => {
    writeFileSync(folder('a file'), '');
    expect(kindOf(() => openDatabase(folder('a file')))).toBe('disk');
  });

  test('puts a reply that was removed back in its place, once, and none of a document that is gone', async () => {
    const { database } = openDatabase(await filledFolder('put back', 3));
    const history = openHistory(database);
    const before = history.runs(id);
    history.remove(before[1]!.id);
    for (let n = 0; n < 2; n++) history.restore(before[1]!);
    expect(history.runs(id)).toEqual(before);
    expect(history.add(id, aReply()).id).toBeGreaterThan(before[2]!.id);
    expect(() => history.restore({ ...before[1]!, id: 99, documentId: 'f'.repeat(64) })).toThrow(
      /no longer in the library/,
    );
    database.close();
  });

  test('keeps nothing half of a document when the app is killed: the next start removes it', async () => {
    const dataFolder = await filledFolder('parts', 0);
    const parts = join(dataFolder, 'documents');
    writeFileSync(join(parts, `${id}.999999999.0.part`), 'half');
    writeFileSync(join(parts, `${id}.${process.ppid}.0.part`), 'of a Longleaf that runs');
    const { database } = openDatabase(dataFolder);
    await openDocuments(database, parts);
    expect(readdirSync(parts).sort()).toEqual([`${id}.${process.ppid}.0.part`, `${id}.pdf`].sort());
    database.close();
  });
});

test('a reply for a document that is gone is refused', async () => {
  const { database } = openDatabase(await filledFolder('gone', 0));
  expect(kindOf(() => openHistory(database).add('0'.repeat(64), aReply()))).toBe('not-found');
  database.close();
});

test('a document whose bytes were not stored is refused', async () => {
  const { database } = openDatabase(folder('no bytes'));
  const documents = await openDocuments(database, folder('no bytes/documents'));
  await expect(documents.add(document)).rejects.toMatchObject({ kind: 'not-found' });
  expect(documents.list()).toEqual([]);
  database.close();
});

/** Starts the writer, kills it `afterMs` after its first run was acknowledged; returns all that was. */
const writeAndKill = (dataFolder: string, afterMs: number): Promise<Map<number, number>> =>
  new Promise((done) => {
    const child = spawn(
      process.execPath,
      [
        '--experimental-strip-types',
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'writer.ts'),
        dataFolder,
        id,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let heard = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (data: string) => {
      const before = heard.split('\n').length;
      heard += data;
      // "ready", and what the first line leaves behind it.
      if (before <= 2 && heard.split('\n').length > 2) setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.on('close', () => {
      const lines = heard.split('\n').slice(1, -1);
      done(new Map(lines.map((line) => line.split(' ').map(Number) as [number, number])));
    });
  });

/** 200 kills with LONGLEAF_LONG_TESTS=1; each costs the start of a process. */
const kills = process.env.LONGLEAF_LONG_TESTS === '1' ? 200 : 6;

test(`${kills} kills in the middle of writing lose nothing that was acknowledged`, {
  timeout: 10_000 * kills,
}, async () => {
  const dataFolder = await filledFolder('killed', 0);
  const acknowledged = new Map<number, number>();
  const random = mulberry32(11);
  for (let kill = 0; kill < kills; kill++) {
    for (const [run, length] of await writeAndKill(dataFolder, Math.floor(random() * 60)))
      acknowledged.set(run, length);
    const { database, notices } = openDatabase(dataFolder);
    expect(notices).toEqual([]);
    const there = new Map(
      openHistory(database)
        .runs(id)
        .map((run) => [run.id, run.reply.sentences[0].text.length]),
    );
    for (const [run, length] of acknowledged) expect(there.get(run)).toBe(length);
    // At most the one that was being written is there without having been acknowledged.
    expect(there.size - acknowledged.size).toBeLessThanOrEqual(kill + 1);
    database.close();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(kills);
});
