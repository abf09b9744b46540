// Prose by a model that follows instructions: written after the document, taken apart into sentences as it comes, and each sentence
// compared with the document (align.ts). What the model says of its own sentences is never asked.
import type { Engine } from '../../gpu/api.ts';
import {
  type Drawing,
  type ReadDocument,
  ReadingError,
  type Reply,
  type ReplySentence,
  type WindowPlan,
} from '../document.ts';
import { splitSentences } from '../layout/sentences.ts';
import { NOT_SAID, promptFormat, type Task } from '../prompt.ts';
import { type Aligned, type Aligner, createAligner } from './align.ts';
import { readSentences } from './ask.ts';
import { quoteSentence } from './quote.ts';
import { add, fillWindow, type RankOptions, type RunReport, replyOf, type WritingOptions } from './rank.ts';
import type { SummaryOptions } from './summarize.ts';

/** Tokens that a sentence of prose takes, and the share of them that may be wasted before the end is forced. */
const TOKENS_PER_SENTENCE = 60;
const SLACK = 120;
/** Words of a sentence that is surely one of the task. */
const LEAST_REPEATED = 4;

/** Tokens less likely than this share of the likeliest are never drawn: a temperature is for choice of words, not for noise. */
const LEAST_LIKELY = 0.05;

export interface DrawnOptions {
  /** Of prose: in place of the likeliest words. */
  drawing?: Drawing;
}

export interface ProseOptions extends RankOptions, WritingOptions, DrawnOptions {
  /** Sentences; a few more are let pass, many more are cut at a sentence. */
  count: number;
}

/** Throws ReadingError `no-prose` for a model that was not trained to follow instructions. */
export const expectWriter = (
  engine: Pick<Engine, 'tokenizer'>,
): NonNullable<ReturnType<typeof promptFormat>['task']> => {
  const { task } = promptFormat(engine.tokenizer);
  if (task) return task;
  throw new ReadingError(
    'no-prose',
    'This model was not made to write prose. Ask for quotations, or choose an instruct model.',
  );
};

/** What a summary in prose is asked for. */
export const summaryTask = (count: number, purpose: string | undefined): string => {
  const aim = purpose ? ` It is for this purpose: ${purpose}.` : '';
  return `Write a summary of it in about ${count} sentences of plain prose, from all of its parts.${aim} Use the document's own words, names and numbers, and say nothing that it does not say.`;
};

/** The document must be the one that `plan` was made of. Rejects with the signal's reason when stopped. */
export const summarizeInProse = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  options: SummaryOptions & DrawnOptions & { count: number },
): Promise<Reply> => {
  const task = expectWriter(engine)(summaryTask(options.count, options.purpose));
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  const aligner = createAligner(document, readSentences(document, plan));
  const written = await writeProse(engine, document, plan, task, aligner, options, report);
  return {
    kind: 'summary',
    mode: 'prose',
    ...(options.purpose && { purpose: options.purpose }),
    found: written.length > 0,
    sentences: written.map((one) => proseSentence(document, one)),
    ...options.drawing,
    ...replyOf(engine, plan.receipt, report),
  };
};

/**
 * What the model writes after the plan and the task, sentence by sentence (stage `write`, in tokens). What was drawn is drawn again from
 * its begin: in the middle the same seed would draw other words.
 */
export const writeProse = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  task: Task,
  aligner: Aligner,
  { count, onWritten, written: before = '', drawing, onProgress, signal }: ProseOptions,
  report: RunReport,
): Promise<Aligned[]> => {
  const begun = task.thinking || drawing ? '' : before;
  const prompt = [...plan.ids, ...task.ids, ...(begun === '' ? [] : engine.tokenizer.encode(begun))];
  await fillWindow(engine, prompt.slice(0, -1), report, { onProgress, signal });
  const began = performance.now();
  const room = engine.contextLength - prompt.length - 1;
  const maxTokens = Math.min(room, count * TOKENS_PER_SENTENCE + SLACK + (task.thinking ? room : 0));
  const generating = { maxTokens, signal, ...(drawing && { sampling: { ...drawing, minP: LEAST_LIKELY } }) };
  const filter = engine.tokenizer.replyFilter(task);
  const written: Aligned[] = [];
  const shown: ReplySentence[] = [];
  const said = new Set<string>();
  let [text, pending] = ['', ''];
  let decoded = 0;
  let enough = false;
  /** False once enough is said, or the model repeats itself. */
  const take = (last: boolean): boolean => {
    const { sentences, rest } = completeSentences(pending, last);
    pending = rest;
    for (const sentence of sentences) {
      if (isRepeated(sentence, task)) continue;
      if (said.has(sentence) || written.length >= count + 2) return false;
      said.add(sentence);
      const aligned = aligner.align(sentence);
      written.push(aligned);
      if (onWritten) shown.push(proseSentence(document, aligned));
    }
    return true;
  };
  /** As `take`, of what has just come. */
  const hear = (more: string): boolean => {
    text += more;
    pending += more;
    const goesOn = take(false);
    onWritten?.({ text, sentences: shown });
    return goesOn;
  };
  if (begun !== '') enough = !hear(begun);
  for await (const token of enough || maxTokens < 1 ? [] : engine.generate(prompt, generating)) {
    decoded++;
    const goesOn = hear(filter.push(token));
    onProgress?.({ stage: 'write', done: Math.min(decoded, maxTokens), total: maxTokens });
    enough = !goesOn;
    if (enough) break;
  }
  signal?.throwIfAborted();
  pending += filter.finish();
  // What the end of the room cut off is no sentence.
  if (!enough && decoded < maxTokens) take(true);
  add(report, { decodeMs: performance.now() - began, decodeTokens: decoded });
  return written;
};

/** A small model may say its task again before it begins. A few words may be an answer that the question itself holds. */
const isRepeated = (sentence: string, { told }: Task): boolean =>
  sentence !== NOT_SAID && sentence.split(/\s+/).length >= LEAST_REPEATED && told.includes(sentence);

/** "Summary", "Sure!", "Here is a summary of the document:": what models say before they begin, though told not to. */
const ANNOUNCES =
  /^(?:(?:sure|certainly|of course|okay|ok)\b[^.!?:]{0,20}[.!,:]*|(?:(?:sure|certainly|of course|okay),? )?(?:here(?:['’]s| is| are)|below (?:is|are)|the following (?:is|are))\b.{0,120}:|(?:(?:the|a|short|brief|overall) )*(?:summary|answer|key points|conclusion|overview)[:.]?)$/iu;

/** Sentences of `text` that are surely finished, without marks of lists and emphasis, and what is left. */
const completeSentences = (text: string, last: boolean): { sentences: string[]; rest: string } => {
  const lines = text.split('\n');
  const open = last ? '' : lines.pop()!;
  const sentences = lines.flatMap((line) => {
    const plain = withoutMarks(line);
    return splitSentences(plain, 0, plain.length).map(([start, end]) => plain.slice(start, end));
  });
  const spans = splitSentences(open, 0, open.length);
  const closed = spans.slice(0, -1).map(([start, end]) => withoutMarks(open.slice(start, end)));
  const rest = spans.length > 0 ? open.slice(spans.at(-1)![0]) : open;
  return {
    sentences: [...sentences, ...closed].filter((one) => /[\p{L}\p{N}]/u.test(one) && !ANNOUNCES.test(one)),
    rest,
  };
};

const withoutMarks = (line: string): string =>
  line
    .replace(/^\s*(?:#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+)/, '')
    .replace(/\*\*|__/g, '')
    .trim();

/** With the status that its citations have: that the document bears it out, not that they are word for word. */
export const proseSentence = (document: ReadDocument, { text, status, sources }: Aligned): ReplySentence => ({
  text,
  status,
  citations: sources.map((source) => ({ ...quoteSentence(document, source).citations[0], status })),
});
