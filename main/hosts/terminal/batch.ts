// Several documents at once: a summary of each into a folder with an index, or one question to all of them and a table of their
// answers. One document that cannot be read does not stop the others; what failed is said at the end, and the exit code is 1.
import { mkdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import {
  type Block,
  type Comparison,
  comparisonRow,
  type ExportFormat,
  exportName,
  htmlOf,
  markdownOf,
  pageRanges,
  type Reader,
  type Reply,
} from '../../../reading/index.ts';
import { hashOf, type OpenDocument, openDocument, openReader } from './composition.ts';
import { exportedOf, formatOf, rendered, writeExport, writeWhole } from './exports.ts';
import { modelFile } from './models.ts';
import { plain, print, printJson, textWidth, wrap } from './output.ts';
import { sentenceOf, writeProblem } from './problems.ts';
import { asJson, askFile, askOne, type ReplyCommandOptions, summarizeFiles, summarizeOne } from './replies.ts';
import type { Running } from './running.ts';

export interface BatchOptions extends ReplyCommandOptions {
  format?: ExportFormat;
}

interface Read {
  path: string;
  opened: OpenDocument;
  reply: Reply;
}

interface Failed {
  path: string;
  problem: string;
}

/** `summarize`: into a folder when `--out` names one. */
export async function summarizeAll(paths: string[], asked: BatchOptions, running: Running): Promise<void> {
  const options = { ...asked, model: await modelFile(asked.model, running) };
  if (options.out !== undefined && (await isFolder(options.out)))
    await summarizeInto(options.out, paths, options, running);
  else await summarizeFiles(paths, options, running);
}

/** `ask`: one document, or several compared. */
export async function askAll(paths: string[], question: string, asked: BatchOptions, running: Running): Promise<void> {
  const options = { ...asked, model: await modelFile(asked.model, running) };
  if (paths.length > 1) await askFiles(paths, question, options, running);
  else await askFile(paths[0]!, question, options, running);
}

/** Whether `--out` means a folder: it is one, ends like one, or has no ending that names a format. */
const isFolder = async (out: string): Promise<boolean> =>
  /[/\\]$/.test(out) || extname(out) === '' || ((await stat(out).catch(() => undefined))?.isDirectory() ?? false);

type Make = (reader: Reader, opened: OpenDocument) => Promise<Reply>;

/** Replies of all documents that can be read, in order, and a sentence for each of the others. */
async function readAll(
  paths: readonly string[],
  options: BatchOptions,
  running: Running,
  make: Make,
  take: (read: Read) => Promise<void>,
): Promise<{ read: Read[]; failed: Failed[] }> {
  const read: Read[] = [];
  const failed: Failed[] = [];
  let reader: Reader | undefined;
  for (const [i, path] of paths.entries()) {
    try {
      if (paths.length > 1) running.say(`${i + 1} of ${paths.length}: ${plain(path)}`);
      const opened = await openDocument(path, options, running);
      reader ??= await openReader(options.model, options.adapter, running);
      const reply = await make(reader, opened);
      reply.model.sha256 = await hashOf(options.model);
      running.progress.end();
      const one = { path, opened, reply };
      await take(one);
      read.push(one);
    } catch (error) {
      if (running.signal.aborted) throw error;
      const problem = sentenceOf(error, path);
      failed.push({ path, problem });
      running.fail(error, path);
    }
  }
  if (failed.length > 0 && paths.length > 1) {
    running.say(
      `${read.length} of ${paths.length} read. Not read: ${failed.map((one) => plain(one.path)).join(', ')}.`,
    );
  }
  return { read, failed };
}

/** `out`: a folder, made if need be. A file for each document, named after it, and an index with a table. */
async function summarizeInto(
  out: string,
  paths: readonly string[],
  options: BatchOptions,
  running: Running,
): Promise<void> {
  const format = options.format ?? 'md';
  await mkdir(out, { recursive: true }).catch((error) => {
    throw writeProblem(error, out);
  });
  const names = distinctNames(paths, format);
  const make: Make = (reader, opened) => summarizeOne(reader, opened, options, running);
  const { read, failed } = await readAll(paths, options, running, make, async ({ path, opened, reply }) => {
    const { content } = await rendered(format, [exportedOf(opened, reply)]);
    await writeWhole(join(out, names.get(path)!), content, running);
  });
  const index = await writeIndex(out, format, indexRows(paths, names, read, failed), running);
  running.say(`Written to ${out}: ${read.length} ${read.length === 1 ? 'summary' : 'summaries'} and ${index}.`);
  if (!options.json) return;
  const replies = read.map(({ path, opened, reply }) => ({ file: names.get(path), ...asJson(opened, reply) }));
  await printJson({ out, index, replies, failed });
}

/** By path; two files of one name are kept apart by a number. */
const distinctNames = (paths: readonly string[], format: ExportFormat): Map<string, string> => {
  const taken = new Set(['index.md', 'index.html', 'index.json']);
  const names = new Map<string, string>();
  for (const path of paths) {
    const stem = basename(path, extname(path));
    let name = exportName(stem, format);
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = exportName(`${stem} ${n}`, format);
    taken.add(name.toLowerCase());
    names.set(path, name);
  }
  return names;
};

interface IndexRow {
  document: string;
  title: string;
  pages: string;
  read: string;
  leftOut: string;
  file: string;
  problem?: string;
}

const indexRows = (
  paths: readonly string[],
  names: ReadonlyMap<string, string>,
  read: readonly Read[],
  failed: readonly Failed[],
): IndexRow[] =>
  paths.map((path) => {
    const document = basename(path);
    const one = read.find((candidate) => candidate.path === path);
    if (!one) {
      const problem = failed.find((candidate) => candidate.path === path)?.problem ?? 'not read';
      return { document, title: '', pages: '', read: '', leftOut: '', file: '', problem };
    }
    const { window } = one.reply;
    return {
      document,
      title: one.opened.document.title,
      pages: `${one.opened.document.pages.length}`,
      read: pageRanges(window.pagesRead),
      leftOut: pageRanges(window.pagesLeftOut),
      file: names.get(path)!,
    };
  });

/** Returns its name. Beside PDFs the index is a web page, which is easier to look through. */
const writeIndex = async (
  out: string,
  format: ExportFormat,
  rows: readonly IndexRow[],
  running: Running,
): Promise<string> => {
  const blocks: Block[] = [
    { kind: 'title', text: 'Summaries' },
    {
      kind: 'table',
      head: ['Document', 'Title', 'Pages', 'Read', 'Left out', 'Summary'],
      rows: rows.map((row) => [row.document, row.title, row.pages, row.read, row.leftOut, row.problem ?? row.file]),
    },
  ];
  const [name, content] =
    format === 'json'
      ? ['index.json', `${JSON.stringify({ summaries: rows }, undefined, 2)}\n`]
      : format === 'md'
        ? ['index.md', markdownOf(blocks)]
        : ['index.html', htmlOf(blocks)];
  await writeWhole(join(out, name), content, running);
  return name;
};

/** One question to several documents, each by itself, and a table of what they say. */
async function askFiles(
  paths: readonly string[],
  question: string,
  options: BatchOptions,
  running: Running,
): Promise<void> {
  if (options.out) formatOf(options.out);
  const make: Make = (reader, opened) => askOne(reader, opened, question, options, running);
  const { read, failed } = await readAll(paths, options, running, make, async () => undefined);
  const comparison: Comparison = {
    question,
    rows: paths.map((path) => {
      const one = read.find((candidate) => candidate.path === path);
      if (one) return comparisonRow(basename(path), one.reply);
      const problem = failed.find((candidate) => candidate.path === path)?.problem ?? 'not read';
      return { document: basename(path), found: false, answer: '', pages: '', problem };
    }),
  };
  if (options.json) {
    await printJson({ ...comparison, replies: read.map(({ opened, reply }) => asJson(opened, reply)) });
  } else await print(comparisonText(comparison));
  if (!options.out) return;
  const documents = read.map(({ opened, reply }) => exportedOf(opened, reply));
  await writeExport(options.out, documents, running, comparison);
}

/** A table for the width of the terminal: the document on the left, what it says on the right. */
const comparisonText = ({ question, rows }: Comparison): string => {
  const width = textWidth();
  const left = Math.min(24, Math.max(8, ...rows.map(({ document }) => document.length)));
  const lines = rows.map(({ document, found, answer, pages, problem }) => {
    const name = plain(document);
    const first = `  ${name.length > left ? `${name.slice(0, left - 1)}…` : name.padEnd(left)}  `;
    const said = problem ?? (found ? `${answer} [${pages}]` : 'The document does not say.');
    return wrap(plain(said), width, first, ' '.repeat(first.length));
  });
  const found = rows.filter((row) => row.found).length;
  return ['', wrap(plain(question), width), ...lines, `Found in ${found} of ${rows.length} documents.`, '']
    .join('\n\n')
    .slice(1, -1);
};
