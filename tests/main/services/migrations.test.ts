// The numbered steps from one history file to the next: one test for each, kept for ever. What the step before left is still there
// after it.
import type Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../main/services/database/index.ts';
import { migrations } from '../../../main/services/database/migrations.ts';
import { openSelfTests } from '../../../main/services/self-tests.ts';
import { openSettings } from '../../../main/services/settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
/** A document's. */
const id = '0a'.repeat(32);
const version = (database: Sqlite.Database) => database.pragma('user_version', { simple: true });

test('1: documents', () => {
  const { database } = openDatabase(folder('m1'), 0, migrations.slice(0, 1));
  expect(version(database)).toBe(1);
  database.prepare(`INSERT INTO documents VALUES ('${id}', 'a', 't', 1, 2, 3, '2026', '2026')`).run();
  expect(() =>
    database.prepare(`INSERT INTO documents VALUES ('short', 'a', 't', 1, 2, 3, '2026', '2026')`).run(),
  ).toThrow();
  database.close();
});

test('2: runs of a document, gone with it', () => {
  openDatabase(folder('m2'), 0, migrations.slice(0, 1))
    .database.prepare(`INSERT INTO documents VALUES ('${id}', 'a', 't', 1, 2, 3, '2026', '2026')`)
    .run();
  const { database } = openDatabase(folder('m2'), 0, migrations.slice(0, 2));
  expect(version(database)).toBe(2);
  database.prepare(`INSERT INTO runs (document_id, created_at, reply) VALUES ('${id}', '2026', '{}')`).run();
  expect(() =>
    database.prepare(`INSERT INTO runs (document_id, created_at, reply) VALUES ('${id}', '2026', '{')`).run(),
  ).toThrow();
  database.prepare('DELETE FROM documents').run();
  expect(database.prepare('SELECT count(*) AS n FROM runs').get()).toEqual({ n: 0 });
  database.close();
});

test('3: settings', () => {
  openDatabase(folder('m3'), 0, migrations.slice(0, 2)).database.close();
  const { database } = openDatabase(folder('m3'), 0, migrations.slice(0, 3));
  expect(version(database)).toBe(3);
  expect(openSettings(database).change({ theme: 'light' })).toMatchObject({ theme: 'light', model: '' });
  database.close();
});

test('4: hashes of model files', () => {
  openDatabase(folder('m4'), 0, migrations.slice(0, 3)).database.close();
  const { database } = openDatabase(folder('m4'), 0, migrations.slice(0, 4));
  const insert = database.prepare(`INSERT INTO model_files VALUES ('m.gguf', 1, 2, ?)`);
  expect(() => insert.run('short')).toThrow();
  expect(insert.run(id).changes).toBe(1);
  database.close();
});

test.each([
  [
    5,
    'replies under way',
    `INSERT INTO begun_runs (document_id, created_at, owner, request) VALUES ('${id}', '2026', 1, '{}')`,
  ],
  [6, 'checkpoints', `INSERT INTO checkpoints VALUES ('${id}', 'k', '2026', '{}')`],
])('%i: %s of a document, gone with it', (step, _name, insert) => {
  openDatabase(folder(`m${step}`), 0, migrations.slice(0, step - 1))
    .database.prepare(`INSERT INTO documents VALUES ('${id}', 'a', 't', 1, 2, 3, '2026', '2026')`)
    .run();
  const { database } = openDatabase(folder(`m${step}`), 0, migrations.slice(0, step));
  database.prepare(insert).run();
  const table = /INTO (\w+)/.exec(insert)![1];
  expect(() => database.prepare(insert.replace("'{}'", "'{'")).run()).toThrow();
  database.prepare('DELETE FROM documents').run();
  expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  database.close();
});

test('7: what a reply under way has written', () => {
  const { database } = openDatabase(folder('m7'), 0, migrations.slice(0, 6));
  database.exec(`INSERT INTO documents VALUES ('${id}', 'a', 't', 1, 2, 3, '2026', '2026');
    INSERT INTO begun_runs (document_id, created_at, owner, request) VALUES ('${id}', '2026', 1, '{}')`);
  database.close();
  const { database: now } = openDatabase(folder('m7'), 0, migrations.slice(0, 7));
  expect(now.prepare('SELECT written FROM begun_runs').get()).toEqual({ written: null });
  expect(() => now.prepare(`UPDATE begun_runs SET written = '{'`).run()).toThrow();
  expect(now.prepare(`UPDATE begun_runs SET written = '{}'`).run().changes).toBe(1);
  now.close();
});

test('8: what self-tests of models found', () => {
  openDatabase(folder('m8'), 0, migrations.slice(0, 7)).database.close();
  const { database } = openDatabase(folder('m8'), 0, migrations.slice(0, 8));
  const insert = database.prepare('INSERT INTO self_tests VALUES (?, ?, ?)');
  expect(() => insert.run('short', '2026', '{}')).toThrow();
  expect(() => insert.run(id, '2026', '{')).toThrow();
  expect(insert.run(id, '2026', '{"depths":0}').changes).toBe(1);
  const tests = openSelfTests(database);
  // What this version does not understand is no result.
  expect(tests.list()).toEqual([]);
  const result = { depths: 5, places: [{ length: 2_048, depth: 0, found: true }], adapter: 'a card' };
  const kept = tests.keep(id, result);
  expect(tests.list()).toEqual([{ ...result, model: id, measuredAt: kept.measuredAt }]);
  database.close();
});

test('all steps are tested above', () => {
  expect(migrations).toHaveLength(8);
});
