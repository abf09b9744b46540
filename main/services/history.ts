// Runs: what was asked of a document and what came back, as JSON. One run is one transaction. A run that was begun and never
// ended, because its window or its process was killed, is known by its owner and can be asked for again.
import {
  type BegunRun,
  MainError,
  type ReplyValue,
  type RunRequest,
  type RunRow,
  replySchema,
  runRequestSchema,
  type Written,
  writtenSchema,
} from '../common/api.ts';
import { isRunning } from '../running.ts';
import type { Database } from './database/index.ts';
import { errorCode, withDiskErrors } from './disk-error.ts';

export interface FoundRun extends RunRow {
  /** Of its document. */
  title: string;
  name: string;
}

export interface History {
  /** Of one document, oldest first. */
  runs(documentId: string): RunRow[];
  /** Ends the run `begun` with this reply, in one transaction. */
  add(documentId: string, reply: ReplyValue, begun?: number): RunRow;
  remove(id: number): void;
  /** Puts one that was removed back in its place. */
  restore(run: RunRow): void;
  /** Newest first. `query`: words that must all stand in question, reply or title, whatever their case and accents. */
  search(query?: string): FoundRun[];
  get(id: number): FoundRun | undefined;
  /** How many replies the model of this hash has made. */
  repliesOf(sha256: string): number;
  begin(documentId: string, request: RunRequest): number;
  /** What a begun run has written so far survives a kill from now on. */
  keepWritten(begun: number, written: Written): void;
  end(begun: number): void;
  /** Begun runs whose window or process is gone, oldest first. */
  interrupted(documentId: string): BegunRun[];
  /** The window that had begun these is gone. */
  interrupt(begun: Iterable<number>): void;
}

interface StoredRun {
  id: number;
  documentId: string;
  createdAt: string;
  reply: string;
}

interface StoredBegun {
  id: number;
  documentId: string;
  createdAt: string;
  owner: number;
  request: string;
  written: string | null;
}

const columns = 'id, document_id AS documentId, created_at AS createdAt';

/** A row that this version cannot read is left out of the list and stays in the file. */
const readRun = <Row extends StoredRun>(row: Row): (Omit<Row, 'reply'> & { reply: ReplyValue })[] => {
  const reply = replySchema.safeParse(JSON.parse(row.reply));
  return reply.success ? [{ ...row, reply: reply.data }] : [];
};

/** Without case and accents. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

export const wordsOf = (query: string): string[] => folded(query).split(/\s+/).filter(Boolean);

const says = ({ title, name, reply }: FoundRun, words: readonly string[]): boolean => {
  const text = folded([title, name, reply.question ?? '', ...reply.sentences.map((one) => one.text)].join('\n'));
  return words.every((word) => text.includes(word));
};

const documentGone = () =>
  new MainError('not-found', 'This document is no longer in the library; the reply was not saved.');

const withDocument = <T>(insert: () => T): T => {
  try {
    return insert();
  } catch (error) {
    throw errorCode(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY' ? documentGone() : error;
  }
};

const openBegun = (database: Database) => {
  const insert = database.prepare<[string, string, number, string], { id: number }>(
    'INSERT INTO begun_runs (document_id, created_at, owner, request) VALUES (?, ?, ?, ?) RETURNING id',
  );
  const erase = database.prepare('DELETE FROM begun_runs WHERE id = ?');
  const write = database.prepare('UPDATE begun_runs SET written = ? WHERE id = ?');
  const disown = database.prepare('UPDATE begun_runs SET owner = 0 WHERE id = ?');
  const ofDocument = database.prepare<[string], StoredBegun>(
    `SELECT ${columns}, owner, request, written FROM begun_runs WHERE document_id = ? ORDER BY id`,
  );
  return {
    erase,
    begin: (documentId: string, request: RunRequest) =>
      withDiskErrors(() => {
        const now = new Date().toISOString();
        return withDocument(() => insert.get(documentId, now, process.pid, JSON.stringify(request))!.id);
      }),
    keepWritten: (begun: number, written: Written) =>
      void withDiskErrors(() => write.run(JSON.stringify(written), begun)),
    end: (begun: number) => void withDiskErrors(() => erase.run(begun)),
    interrupted: (documentId: string) =>
      withDiskErrors(() =>
        ofDocument.all(documentId).flatMap(({ owner, request, written, ...row }): BegunRun[] => {
          const known = runRequestSchema.safeParse(JSON.parse(request));
          const there = written === null ? undefined : writtenSchema.safeParse(JSON.parse(written)).data;
          return known.success && !isRunning(owner)
            ? [{ ...row, request: known.data, ...(there && { written: there }) }]
            : [];
        }),
      ),
    interrupt: (ids: Iterable<number>) => withDiskErrors(() => [...ids].forEach((id) => void disown.run(id))),
  };
};

export const openHistory = (database: Database): History => {
  const ofDocument = database.prepare<[string], StoredRun>(
    `SELECT ${columns}, reply FROM runs WHERE document_id = ? ORDER BY id`,
  );
  const found = `SELECT runs.id, document_id AS documentId, created_at AS createdAt, reply, title, name
    FROM runs JOIN documents ON documents.id = document_id`;
  type StoredFound = StoredRun & { title: string; name: string };
  const all = database.prepare<[], StoredFound>(`${found} ORDER BY runs.id DESC`);
  const one = database.prepare<[number], StoredFound>(`${found} WHERE runs.id = ?`);
  const insert = database.prepare<[string, string, string], Omit<StoredRun, 'reply'>>(
    `INSERT INTO runs (document_id, created_at, reply) VALUES (?, ?, ?) RETURNING ${columns}`,
  );
  const erase = database.prepare('DELETE FROM runs WHERE id = ?');
  const back = database.prepare(
    'INSERT INTO runs (id, document_id, created_at, reply) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const byModel = database.prepare<[string], { count: number }>(
    `SELECT count(*) AS count FROM runs WHERE json_extract(reply, '$.model.sha256') = ?`,
  );
  const { erase: eraseBegun, ...begun } = openBegun(database);
  const add = database.transaction((documentId: string, reply: ReplyValue, ended?: number): RunRow => {
    if (ended !== undefined) eraseBegun.run(ended);
    return { ...insert.get(documentId, new Date().toISOString(), JSON.stringify(reply))!, reply };
  });

  return {
    ...begun,
    runs: (documentId) => withDiskErrors(() => ofDocument.all(documentId).flatMap(readRun)),
    add: (documentId, reply, ended) =>
      withDiskErrors(() => withDocument(() => add.immediate(documentId, reply, ended))),
    remove: (id) =>
      withDiskErrors(() => {
        if (erase.run(id).changes === 0) throw new MainError('not-found', 'This reply is not in the history.');
      }),
    restore: ({ id, documentId, createdAt, reply }) =>
      withDiskErrors(() => {
        // Numbers are given once: this one is free unless it was put back already.
        withDocument(() => back.run(id, documentId, createdAt, JSON.stringify(reply)));
      }),
    search: (query = '') =>
      withDiskErrors(() => {
        const words = wordsOf(query);
        return all
          .all()
          .flatMap(readRun)
          .filter((run) => says(run, words));
      }),
    repliesOf: (sha256) => withDiskErrors(() => byModel.get(sha256)!.count),
    get: (id) =>
      withDiskErrors(() => {
        const row = one.get(id);
        return row && readRun(row)[0];
      }),
  };
};
