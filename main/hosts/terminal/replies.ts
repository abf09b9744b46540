// `summarize` and `ask`: the main job in a terminal.
import {
  type Drawing,
  fingerprint,
  isByWords,
  type ReadDocument,
  type Reader,
  ReadingError,
  type Reply,
  type ReplyMode,
  type ReplySentence,
  type Turn,
  whereOf,
} from '../../../reading/index.ts';
import { checkpointFolder, fileCheckpoints } from './checkpoints.ts';
import { hashOf, type OpenDocument, openDocument, openReader } from './composition.ts';
import { exportedOf, formatOf, writeExport } from './exports.ts';
import { duration, pageList, plain, print, printJson, textWidth, wrap } from './output.ts';
import type { Running } from './running.ts';
import { dataFolder, fileSnapshots } from './snapshots.ts';

export interface ReplyCommandOptions {
  model: string;
  adapter: string;
  mode?: ReplyMode;
  /** Of prose. */
  temperature?: number;
  seed?: number;
  sentences?: number;
  length?: 'short' | 'medium' | 'long';
  for?: string;
  bySection?: boolean;
  /** Questions that follow on the first, and what was asked and answered before. */
  then?: string[];
  thread?: readonly Turn[];
  suggest?: boolean;
  /** Words alone choose: no model is asked. */
  byWords?: boolean;
  /** False with --no-parts. */
  parts?: boolean;
  /** False with --no-keep. */
  keep?: boolean;
  pages?: [number, number][];
  context?: number;
  ropeFactor?: number;
  out?: string;
  json?: boolean;
  password?: string;
  /** Recognise the text of scanned pages. */
  ocr?: boolean;
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
      const reply = await summarizeOne(reader, opened, options, running);
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

/** In the window where it fits, else in parts, unless those are not wanted; what is read of them survives a stop. */
export async function summarizeOne(
  reader: Reader,
  opened: OpenDocument,
  options: ReplyCommandOptions,
  running: Running,
) {
  const how = await replyOptions(opened, options, running);
  try {
    return await reader.summarize(opened.document, how);
  } catch (error) {
    const choice = error instanceof ReadingError ? error.choice : undefined;
    if (!choice) throw error;
    if (options.parts === false) throw withChoice(error as ReadingError);
    const { needed, capacity, parts, pages } = choice;
    const fits = pages ? `; --pages ${pages[0]}-${pages[1]} would fit at once` : '';
    const size = `${needed.toLocaleString('en')} tokens are more than the window's ${capacity.toLocaleString('en')}`;
    running.say(`${size}: read in ${parts.count} parts${fits}.`);
  }
  const settings = fingerprint(JSON.stringify(settingsOf(how)));
  const key = [opened.sha256.slice(0, 24), (await hashOf(options.model)).slice(0, 16), settings].join('-');
  const store = fileCheckpoints(checkpointFolder(), running.say);
  const begun = (await store.load(key)) !== undefined;
  if (begun) running.say('It goes on where it was stopped.');
  // Words alone are done before it could be told how long they take.
  else if (!isByWords(how)) {
    const { seconds } = await reader.estimateParts(opened.document, how);
    running.say(
      `That takes about ${duration(seconds * 1000)}; it can be stopped and goes on from there when run again.`,
    );
  }
  const reply = await reader.summarize(opened.document, { ...how, inParts: true, checkpoints: { store, key } });
  await store.forget(key);
  return reply;
}

/** In the window where it fits, else from the passages that words find, unless those are not wanted. */
export async function askOne(
  reader: Reader,
  opened: OpenDocument,
  question: string,
  options: ReplyCommandOptions,
  running: Running,
): Promise<Reply> {
  try {
    const how = await replyOptions(opened, options, running);
    return await reader.ask(opened.document, question, {
      ...how,
      thread: options.thread,
      inParts: options.parts !== false,
    });
  } catch (error) {
    throw error instanceof ReadingError && error.choice ? withChoice(error) : error;
  }
}

/** The refusal with all that can be done instead. */
const withChoice = ({ kind, message, detail, choice }: ReadingError): ReadingError => {
  const ways = choice?.larger
    ? [`stretch the window with --rope-factor ${choice.larger.factor} (${choice.larger.note})`]
    : [];
  ways.push(`read it in ${choice?.parts.count} parts (leave --no-parts out)`, 'choose another --model');
  return new ReadingError(kind, `${message} Or ${ways.join(', or ')}.`, detail, choice);
};

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
    const replies: Reply[] = [];
    for (const asked of [question, ...(options.then ?? [])]) {
      const thread = replies.map((one) => ({ question: one.question ?? '', answer: textOf(one) }));
      const reply = await askOne(reader, opened, asked, { ...options, thread }, running);
      running.progress.end();
      reply.model.sha256 = await hashOf(options.model);
      replies.push(reply);
      if (!options.json) await print(asText(opened.document, reply));
    }
    const objects = replies.map((reply) => asJson(opened, reply));
    if (options.json) await printJson(options.then ? { replies: objects } : objects[0]);
    if (options.out)
      await writeExport(
        options.out,
        replies.map((reply) => exportedOf(opened, reply)),
        running,
      );
  } catch (error) {
    if (running.signal.aborted) throw error;
    running.fail(error, path);
  }
}

const textOf = ({ sentences }: Reply): string => sentences.map(({ text }) => text).join(' ');

/** `ask --suggest`: questions that the document answers. */
export async function suggestFor(path: string, options: ReplyCommandOptions, running: Running): Promise<void> {
  const opened = await openDocument(path, options, running);
  const reader = await openReader(options.model, options.adapter, running);
  const how = await replyOptions(opened, options, running);
  const questions = await reader.suggest(opened.document, { ...how, inParts: options.parts !== false });
  running.progress.end();
  if (options.json) await printJson({ questions });
  else await print(questions.map(plain).join('\n'));
}

const settingsOf = ({
  mode,
  drawing,
  sentences,
  length,
  purpose,
  bySection,
  pages,
  contextLength,
  ropeFactor,
}: Settings) => [
  mode,
  ...(drawing ? [drawing] : []),
  sentences,
  length,
  purpose,
  bySection,
  pages,
  contextLength,
  ropeFactor,
];

type Settings = Awaited<ReturnType<typeof replyOptions>>;

/** Quotations are chosen, never drawn. */
const drawingOf = ({ mode, temperature = 0, seed = 1 }: ReplyCommandOptions): Drawing | undefined =>
  mode === 'prose' && temperature > 0 ? { temperature, seed } : undefined;

export const replyOptions = async (
  { extractMs, sha256 }: OpenDocument,
  options: ReplyCommandOptions,
  running: Running,
) => ({
  mode: options.mode,
  byWords: options.byWords,
  drawing: drawingOf(options),
  sentences: options.sentences,
  length: options.length,
  purpose: options.for,
  bySection: options.bySection,
  pages: options.pages,
  contextLength: options.context,
  ropeFactor: options.ropeFactor,
  extractMs,
  kept:
    options.keep === false
      ? undefined
      : { store: fileSnapshots(dataFolder()), document: sha256, model: await hashOf(options.model) },
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
  ...(reply.mode && { mode: reply.mode }),
  ...(reply.seed !== undefined && { seed: reply.seed, temperature: reply.temperature }),
  ...(reply.purpose && { purpose: reply.purpose }),
  ...(reply.parts && { parts: reply.parts }),
  ...(reply.kind === 'answer' && {
    question: reply.question,
    found: reply.found,
    answer: textOf(reply),
  }),
  sentences: reply.sentences,
  // Where sentences are quoted by rank, nothing is decoded.
  timing: { decodeMs: 0, decodeTokens: 0, ...reply.timing },
  ...(reply.adapter && { adapter: reply.adapter }),
  ...(reply.byWords && { byWords: true }),
});

const asText = (document: ReadDocument, reply: Reply): string => {
  const width = textWidth();
  const body = reply.found
    ? reply.sentences.flatMap((sentence, i, all) => [
        ...(sentence.section && sentence.section !== all[i - 1]?.section ? [wrap(plain(sentence.section), width)] : []),
        numbered(sentence, i + 1, width),
      ])
    : ['The document does not say.'];
  // In a conversation, which of the questions this answers.
  const asked = reply.question === undefined ? [] : [wrap(plain(reply.question), width)];
  return ['', wrap(plain(document.title), width), ...asked, ...body, wrap(receipt(document, reply), width), '']
    .join('\n\n')
    .slice(1, -1);
};

const numbered = ({ text, citations, status }: ReplySentence, number: number, width: number): string => {
  const pages = citations.map(whereOf);
  // No break between "p." and its number.
  const end = [...new Set(pages)].join(', ').replaceAll(' ', '\u00a0');
  // Prose says how it stands to the document; a quotation is what the document says.
  const mark = status === undefined || status === 'verified' ? '' : ` (${status})`;
  const where = end === '' ? '' : ` [${status === 'unverified' || status === 'near' ? 'cf. ' : ''}${plain(end)}]`;
  return wrap(`${plain(text)}${mark}${where}`, width, `${number}.`.padStart(4).padEnd(6)).replaceAll('\u00a0', ' ');
};

const namedPages = (ranges: readonly [number, number][]): string => {
  const list = pageList(ranges);
  return `${/^\d+$/.test(list) ? 'page' : 'pages'} ${list}`;
};

const receipt = ({ pages }: ReadDocument, { window, timing, adapter, parts, seed, temperature }: Reply): string => {
  const number = (value: number) => value.toLocaleString('en');
  const all = pages.length === 1 ? 'Its one page read' : `All ${pages.length} pages read`;
  const read =
    window.pagesLeftOut.length === 0
      ? all
      : `Read: ${namedPages(window.pagesRead)}; left out: ${namedPages(window.pagesLeftOut)}`;
  const inParts = parts ? ` in ${parts.length} parts` : '';
  const stretched =
    adapter && window.factor > 1 ? `, a window of ${number(window.native)} stretched ×${window.factor}` : '';
  const time = duration(timing.extractMs + timing.prefillMs + timing.rankMs + (timing.decodeMs ?? 0));
  const drawn = seed === undefined ? '' : `; words drawn at temperature ${temperature} with seed ${seed}`;
  const by = adapter?.name ?? 'chosen by words alone';
  return `${read}${inParts}: ${number(window.tokens)} tokens${stretched}; ${by}, ${time}${drawn}.`;
};
