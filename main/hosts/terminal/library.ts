// `history`, and what it shares with `models` (models.ts): the same data folder as the window's.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ExportedDocument,
  type ExportFormat,
  headingOf,
  type Reply,
  receiptFacts,
  whereOf,
} from '../../../reading/index.ts';
import { MainError } from '../../common/api.ts';
import { appFolder } from '../../places.ts';
import { openDatabase } from '../../services/database/index.ts';
import { type Documents, openDocuments } from '../../services/documents.ts';
import { type FoundRun, type History, openHistory } from '../../services/history.ts';
import { type Models, openModels } from '../../services/models.ts';
import { openSettings, type SettingsStore } from '../../services/settings.ts';
import { openRecognised, openSnapshots } from '../../services/snapshots.ts';
import { checkpointFolder } from './checkpoints.ts';
import { hashOf } from './composition.ts';
import { rendered } from './exports.ts';
import { plain, print, printJson, textWidth, wrap } from './output.ts';
import { fileProblem, TerminalError } from './problems.ts';
import type { Running } from './running.ts';
import { dataFolder } from './snapshots.ts';

export interface LibraryOptions {
  json?: boolean;
  format?: ExportFormat;
}

export interface Library {
  documents: Documents;
  history: History;
  models: Models;
  settings: SettingsStore;
}

export const openLibrary = async (running: Pick<Running, 'say' | 'atEnd'>): Promise<Library> => {
  const folder = dataFolder();
  const { database, notices } = openDatabase(folder);
  running.atEnd(() => database.close());
  for (const notice of notices) running.say(notice);
  const settings = openSettings(database);
  return {
    documents: await openDocuments(database, join(folder, 'documents')),
    history: openHistory(database),
    models: openModels(database, {
      embedded: join(appFolder(), 'assets', 'models'),
      own: join(folder, 'models'),
      elsewhere: () => settings.read().modelFolder,
    }),
    settings,
  };
};

export const needed = (value: string | undefined, what: string): string => {
  if (value === undefined || value.trim() === '') throw new TerminalError(`Name ${what}.`);
  return value;
};

export const HISTORY_ACTIONS = ['list', 'search', 'show', 'export', 'delete', 'forget'] as const;

export async function historyCommand(
  action: (typeof HISTORY_ACTIONS)[number],
  what: string | undefined,
  options: LibraryOptions,
  running: Running,
): Promise<void> {
  const { documents, history } = await openLibrary(running);
  if (action === 'forget') {
    const id = await documentOf(needed(what, 'a PDF, or the SHA-256 of one'));
    await forget(documents, id);
    return options.json ? printJson({ forgotten: id }) : print(`Forgot ${id}: replies, file and what was read of it.`);
  }
  if (action === 'list' || action === 'search') {
    const query = action === 'search' ? needed(what, 'what to search for') : '';
    return listRuns(history.search(query), options);
  }
  const run = found(history, needed(what, 'a reply by its number; longleaf history list shows them'));
  if (action === 'delete') {
    history.remove(run.id);
    return options.json ? printJson({ deleted: run.id }) : print(`Deleted reply ${run.id}.`);
  }
  const exported = exportedRun(documents, run);
  if (action === 'export') return printExport(exported, options.format ?? 'md', running);
  return options.json ? printJson(exported) : print(runText(run, exported));
}

const documentOf = async (what: string): Promise<string> =>
  /^[0-9a-f]{64}$/.test(what)
    ? what
    : hashOf(what).catch((error) => {
        throw fileProblem(error, what, 'a PDF');
      });

/** Everything of a document, whether the window or the terminal left it. The reader's own file stays. */
const forget = async (documents: Documents, id: string): Promise<void> => {
  const folder = dataFolder();
  await openSnapshots(join(folder, 'snapshots'), () => 0).forget(id);
  await openRecognised(folder, () => 0).forget(id);
  for (const name of await readdir(checkpointFolder()).catch(() => []))
    if (name.startsWith(`${id.slice(0, 24)}-`)) await rm(join(checkpointFolder(), name), { force: true });
  if (documents.list().some((row) => row.id === id)) await documents.remove(id);
};

const found = (history: History, what: string): FoundRun => {
  const run = /^\d{1,15}$/.test(what) ? history.get(Number(what)) : undefined;
  if (!run) throw new MainError('not-found', `There is no reply ${plain(what)} in the history.`);
  return run;
};

const exportedRun = (documents: Documents, run: FoundRun): ExportedDocument => {
  const row = documents.list().find(({ id }) => id === run.documentId);
  const { title, name } = run;
  return {
    document: { title, name, sha256: run.documentId, pages: row?.pages ?? 0, words: row?.words ?? 0 },
    replies: [{ reply: run.reply as Reply, createdAt: run.createdAt }],
  };
};

const listRuns = async (runs: readonly FoundRun[], { json }: LibraryOptions): Promise<void> => {
  if (json) {
    const rows = runs.map(({ id, createdAt, documentId, title, name, reply }) => {
      const { kind, question, found: said } = reply;
      return { id, createdAt, document: { sha256: documentId, title, name }, kind, question, found: said };
    });
    return printJson({ replies: rows });
  }
  const lines = runs.map(
    ({ id, createdAt, title, name, reply }) =>
      `${String(id).padStart(5)}  ${createdAt.slice(0, 16).replace('T', ' ')}  ${plain(`${title || name}: ${headingOf(reply)}`)}`,
  );
  await print(lines.length > 0 ? lines.join('\n') : 'Nothing is there.');
};

const runText = ({ reply, createdAt }: FoundRun, { document }: ExportedDocument): string => {
  const width = textWidth();
  const body = reply.sentences.map(({ text, citations }, i) =>
    wrap(`${plain(text)} [${plain(citations.map(whereOf).join(', '))}]`, width, `${i + 1}.`.padStart(4).padEnd(6)),
  );
  const facts = receiptFacts(reply as Reply, document.pages, createdAt);
  return [
    wrap(plain(document.title || document.name), width),
    wrap(plain(headingOf(reply)), width),
    ...(reply.found ? body : ['The document does not say.']),
    facts.map(([name, value]) => wrap(`${name}: ${plain(value)}`, width)).join('\n'),
  ].join('\n\n');
};

/** To stdout, so that it goes wherever the shell sends it. */
const printExport = async (exported: ExportedDocument, format: ExportFormat, running: Running): Promise<void> => {
  if (format === 'pdf' && process.stdout.isTTY)
    throw new TerminalError('A PDF is not for the screen; send it to a file with >.');
  const { content, missing } = await rendered(format, [exported]);
  if (missing.length > 0) running.say(`No font here writes ${missing.length} of its characters, shown as boxes.`);
  await new Promise<void>((done) => process.stdout.write(content, () => done()));
};
