// `summarize` and `ask`: the main job in a terminal.
import type { ReadDocument, Reader, Reply, ReplySentence } from '../../../reading/index.ts';
import { hashOf, type OpenDocument, openDocument, openReader } from './composition.ts';
import { exportedOf, formatOf, writeExport } from './exports.ts';
import { duration, pageList, plain, print, printJson, textWidth, wrap } from './output.ts';
import type { Running } from './running.ts';

export interface ReplyCommandOptions {
  model: string;
  adapter: string;
  sentences?: number;
  pages?: [number, number][];
  context?: number;
  ropeFactor?: number;
  out?: string;
  json?: boolean;
  password?: string;
}

interface Done {
  opened: OpenDocument;
  reply: Reply;
}

/** One file after the other with one model; a file that cannot be summarized does not keep the others from it. */
export async function summarizeFiles(paths: string[], options: ReplyCommandOptions, running: Running): Promise<void> {
  if (options.out) formatOf(options.out);
  const done: Done[] = [];
  let reader: Reader | undefined;
  for (const path of paths) {
    try {
      const opened = await openDocument(path, options, running);
      reader ??= await openReader(options.model, options.adapter, running);
      const reply = await reader.summarize(opened.document, replyOptions(opened, options, running));
      running.progress.end();
      reply.model.sha256 = await hashOf(options.model);
      done.push({ opened, reply });
      if (!options.json) await print(asText(opened.document, reply));
    } catch (error) {
      if (running.signal.aborted) throw error;
      running.fail(paths.length > 1 ? named(error, path) : error, path);
    }
  }
  if (done.length === 0) return;
  const objects = done.map(({ opened, reply }) => asJson(opened, reply));
  if (options.json) await printJson(paths.length > 1 ? { replies: objects } : objects[0]);
  if (options.out)
    await writeExport(
      options.out,
      done.map(({ opened, reply }) => exportedOf(opened, reply)),
      running,
    );
}

export async function askFile(
  path: string,
  question: string,
  options: ReplyCommandOptions,
  running: Running,
): Promise<void> {
  if (options.out) formatOf(options.out);
  try {
    const opened = await openDocument(path, options, running);
    const reader = await openReader(options.model, options.adapter, running);
    const reply = await reader.ask(opened.document, question, replyOptions(opened, options, running));
    running.progress.end();
    reply.model.sha256 = await hashOf(options.model);
    if (options.json) await printJson(asJson(opened, reply));
    else await print(asText(opened.document, reply));
    if (options.out) await writeExport(options.out, [exportedOf(opened, reply)], running);
  } catch (error) {
    if (running.signal.aborted) throw error;
    running.fail(error, path);
  }
}

export const replyOptions = ({ extractMs }: OpenDocument, options: ReplyCommandOptions, running: Running) => ({
  sentences: options.sentences,
  pages: options.pages,
  contextLength: options.context,
  ropeFactor: options.ropeFactor,
  extractMs,
  onProgress: running.progress.report,
  signal: running.signal,
});

/** Says which of several files the sentence is about. */
const named = (error: unknown, path: string): unknown => {
  if (error instanceof Error && 'kind' in error && !error.message.includes(path))
    error.message = `${plain(path)}: ${error.message}`;
  return error;
};

/** The shape that scripts rely on; names stay, new ones may come. */
export const asJson = ({ name, sha256, document }: OpenDocument, reply: Reply): object => ({
  document: { name, title: document.title, sha256, pages: document.pages.length, words: document.words },
  model: {
    name: reply.model.name,
    sha256: reply.model.sha256,
    arch: reply.model.architecture,
    types: reply.model.types,
  },
  window: reply.window,
  ...(reply.kind === 'answer' && {
    question: reply.question,
    found: reply.found,
    answer: reply.sentences.map(({ text }) => text).join(' '),
  }),
  sentences: reply.sentences,
  // Sentences are quoted, not generated: nothing is decoded.
  timing: { ...reply.timing, decodeMs: 0, decodeTokens: 0 },
  adapter: reply.adapter,
});

const asText = (document: ReadDocument, reply: Reply): string => {
  const width = textWidth();
  const body = reply.found
    ? reply.sentences.map((sentence, i) => numbered(sentence, i + 1, width))
    : ['The document does not say.'];
  return ['', wrap(plain(document.title), width), ...body, wrap(receipt(document, reply), width), '']
    .join('\n\n')
    .slice(1, -1);
};

const numbered = ({ text, citations }: ReplySentence, number: number, width: number): string => {
  const pages = citations.map(({ page, label }) => (label ? `p. ${page} (${label})` : `p. ${page}`));
  // No break between "p." and its number.
  const end = [...new Set(pages)].join(', ').replaceAll(' ', '\u00a0');
  return wrap(`${plain(text)} [${plain(end)}]`, width, `${number}.`.padStart(4).padEnd(6)).replaceAll('\u00a0', ' ');
};

const receipt = ({ pages }: ReadDocument, { window, timing, adapter }: Reply): string => {
  const number = (value: number) => value.toLocaleString('en');
  const read =
    window.pagesLeftOut.length === 0
      ? `All ${pages.length} pages read`
      : `Pages ${pageList(window.pagesRead)} read, pages ${pageList(window.pagesLeftOut)} left out`;
  const stretched = window.factor > 1 ? `, a window of ${number(window.native)} stretched ×${window.factor}` : '';
  const time = duration(timing.extractMs + timing.prefillMs + timing.rankMs);
  return `${read}: ${number(window.tokens)} tokens${stretched}; ${adapter.name}, ${time}.`;
};
