// A question: words find the sentences that may answer it, the model weighs them with the document before it, and one to three
// are quoted. Where words find no answer, the reply says that the document does not say.
import type { Engine } from '../../gpu/api.ts';
import {
  type ReadDocument,
  ReadingError,
  type Reply,
  type Sentence,
  type StageProgress,
  sameParagraph,
  sentenceText,
  type WindowPlan,
} from '../document.ts';
import { promptFormat, type Turn } from '../prompt.ts';
import { type Found, findByWords, leansOnPrevious } from '../words/evidence.ts';
import { standardize } from '../words/search.ts';
import { quoteSentence } from './quote.ts';
import {
  add,
  type Chooser,
  fillWindow,
  isEngine,
  pointAt,
  type RankOptions,
  type RunReport,
  readsHeads,
  replyOf,
  scoreCandidates,
} from './rank.ts';

export interface AskOptions {
  /** Most sentences that are quoted. */
  sentences?: number;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
  extractMs?: number;
  /** Earlier questions of the conversation, oldest first: what "it" and "there" point to. */
  thread?: readonly Turn[];
  /** Where only a part of the document is in the window: all of the sentences that were searched. */
  searched?: readonly Sentence[];
}

/** Sentences that the model weighs, and how many where it runs on the processor; one that points weighs the first of them. */
const SHORTLIST = 24;
const SHORTLIST_SOFTWARE = 10;
export const POINTED = 8;
const LONGEST_QUESTION = 1_000;
/** Tokens kept for a quoted sentence when the question itself is long. */
const LEAST_ROOM = 160;
/** Earlier questions that are laid in again. */
const MOST_TURNS = 2;
/**
 * What the model's view counts beside the words'. Where Longleaf Sprig points: fitted by `npm run bench -- replies "" answers`, which
 * prints the number that belongs here. For models that do not point, how much likelier a sentence is, for which there is no figure yet.
 */
export const ANSWER_WEIGHTS = { pointer: 0.4, gain: 0.5 };
/** Words of a sentence that explains the one after it, or ends the one before. */
const LEAST_BEFORE = 3;
/** Words of one that goes on after it, and is no line of a table. */
const LEAST_CUT = 5;
const wordsOf = (text: string): number => text.match(/\p{L}{2,}/gu)?.length ?? 0;
/** A further sentence is quoted when by its words it is at least exp(-ALSO) times as likely the answer as the best one. */
const ALSO = 1;

/** When the document says something on the question: evidence of the best sentence's words. No view of the model separates better. */
export interface FoundLimits {
  /** Below this evidence nothing is an answer. */
  least: number;
  /** From this evidence on nobody need be asked again. */
  sure: number;
}

export const FOUND_LIMITS: FoundLimits = { least: 0.4, sure: 0.6 };

/** Throws ReadingError `no-question`; rejects with the signal's reason when stopped. */
export const ask = async (
  engine: Chooser,
  document: ReadDocument,
  plan: WindowPlan,
  question: string,
  options: AskOptions = {},
): Promise<Reply> => {
  const asked = checkQuestion(question);
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  const thread = (options.thread ?? []).slice(-MOST_TURNS);
  const prompt = [...plan.ids, ...promptFormat(engine.tokenizer).question(asked, thread)];
  const room = engine.contextLength - prompt.length;
  if (room < LEAST_ROOM) throw new ReadingError('no-question', 'This question is too long. Ask it in fewer words.');
  await fillWindow(engine, prompt, report, options);
  const began = performance.now();
  const spans = new Map(plan.spans.map((span) => [span.sentence, span]));
  const likely = findByWords(document, options.searched ?? readSentences(document, plan), asked, {
    most: isEngine(engine) && engine.adapter.software ? SHORTLIST_SOFTWARE : SHORTLIST,
    context: contextOf(thread),
    mayQuote: ({ index }) => {
      const span = spans.get(index);
      return span !== undefined && span.end - span.start < room;
    },
  });
  const isFound = likely.length > 0 && likely[0].evidence >= FOUND_LIMITS.least;
  const ranked = isFound ? await weigh(engine, plan, prompt, likely, options) : [];
  const chosen = isFound ? pick(document, plan, ranked, options.sentences ?? 3) : [];
  add(report, { rankMs: performance.now() - began });
  return {
    kind: 'answer',
    question: asked,
    found: chosen.length > 0,
    sentences: chosen.map((sentence) => quoteSentence(document, sentence)),
    ...replyOf(engine, plan.receipt, report),
  };
};

export const readSentences = (document: ReadDocument, plan: WindowPlan): Sentence[] =>
  plan.spans.map((span) => document.sentences[span.sentence]);

/** Words that a question may point back to. */
export const contextOf = (thread: readonly Turn[]): string =>
  thread.map(({ question, answer }) => `${question} ${answer}`).join(' ');

/** The question without blanks at its ends; one without words, or a very long one, is refused. */
export const checkQuestion = (question: string): string => {
  const asked = question.replace(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(asked))
    throw new ReadingError('no-question', 'There is no question. Type one in a few words.');
  if (asked.length > LONGEST_QUESTION)
    throw new ReadingError('no-question', 'This question is too long. Ask it in fewer words.');
  return asked;
};

/** Adds the model's view, and puts the likeliest first. What a document says of itself is known by its place and needs none. */
const weigh = async (
  engine: Chooser,
  plan: WindowPlan,
  prompt: readonly number[],
  shortlist: readonly Found[],
  options: AskOptions,
): Promise<Found[]> => {
  const { pointer } = promptFormat(engine.tokenizer);
  if (!isEngine(engine) || shortlist.every((found) => found.ofItself)) return [...shortlist];
  if (pointer === undefined) return weighByGain(engine, plan, prompt, shortlist, options);
  if (ANSWER_WEIGHTS.pointer === 0 || !readsHeads(engine)) return [...shortlist];
  const spans = new Map(plan.spans.map((span) => [span.sentence, span]));
  const pointed = shortlist.slice(0, POINTED);
  const places = pointed.map(({ sentence }) => spans.get(sentence.index)!);
  const view = await pointAt(engine, prompt, places, pointer, options);
  return [...byPointer(pointed, view, ANSWER_WEIGHTS.pointer), ...shortlist.slice(POINTED)];
};

/** The words' scores and `weight` times the natural logs of the pointer's shares, standardised; best first. */
export const byPointer = <T extends { words: number }>(
  pointed: readonly T[],
  view: readonly number[],
  weight: number,
): (T & { total: number })[] => {
  const model = standardize(view);
  return pointed
    .map((found, i) => ({ ...found, total: found.words + weight * model[i] }))
    .sort((a, b) => b.total - a.total);
};

/**
 * How much likelier a sentence becomes by this question than by none (pointwise mutual information per token, so that sentences which
 * are likely anyway gain nothing).
 */
const weighByGain = async (
  engine: Engine,
  plan: WindowPlan,
  prompt: readonly number[],
  shortlist: readonly Found[],
  options: AskOptions,
): Promise<Found[]> => {
  const words = standardize(shortlist.map((found) => found.words));
  const sentences = shortlist.map(({ sentence }) => sentence);
  const model = standardize(await informationGains(engine, plan, prompt, sentences, options));
  return shortlist
    .map((found, i) => ({ ...found, total: words[i] + ANSWER_WEIGHTS.gain * model[i] }))
    .sort((a, b) => b.total - a.total);
};

/** log P(sentence | document, question) - log P(sentence | document, no question), per token, natural. */
export const informationGains = async (
  engine: Engine,
  plan: WindowPlan,
  prompt: readonly number[],
  sentences: readonly Sentence[],
  options: RankOptions,
): Promise<number[]> => {
  const format = promptFormat(engine.tokenizer);
  const spans = new Map(plan.spans.map((span) => [span.sentence, span]));
  const candidates = sentences.map(({ index }) => {
    const { start, end } = spans.get(index)!;
    return plan.ids.slice(format.quote === undefined ? start : start - 1, end);
  });
  const none = [...plan.ids, ...format.question('')];
  const unasked = await scoreCandidates(engine, none, candidates, options, { index: 0, of: 2 });
  const asked = await scoreCandidates(engine, prompt, candidates, options, { index: 1, of: 2 });
  return asked.map((score, i) => score - unasked[i]);
};

/** "The highest peak in the": ends in the middle, where a picture or another column parts it from the rest. */
const isCutOff = (document: ReadDocument, sentence: Sentence): boolean => {
  const text = sentenceText(document, sentence);
  return sentence.kind !== 'item' && !/[.!?:;…。！？][”"’'»)\]\d]*$/u.test(text) && wordsOf(text) >= LEAST_CUT;
};

/** The best sentence and those about as likely; one that leans on the sentence before it brings that along. */
const pick = (document: ReadDocument, plan: WindowPlan, ranked: readonly Found[], most: number): Sentence[] => {
  const [best, ...others] = ranked;
  const also = others.filter((found) => found.words >= best.words - ALSO && found.total > best.total - 2 * ALSO);
  const read = new Set(plan.spans.map((span) => span.sentence));
  const chosen: Sentence[] = [];
  for (const { sentence } of [best, ...also]) {
    const before = document.sentences[sentence.index - 1];
    const room = most - chosen.length;
    if (room > 1 && before && read.has(before.index) && before.kind !== 'heading' && !chosen.includes(before)) {
      const leans = leansOnPrevious(sentenceText(document, sentence)) && sameParagraph(document, before, sentence);
      // The end of a citation ("94 Stat. 654.") explains nothing.
      if (leans && wordsOf(sentenceText(document, before)) >= LEAST_BEFORE) chosen.push(before);
    }
    // What the document says twice is quoted once.
    const said = chosen.some((one) => sentenceText(document, one) === sentenceText(document, sentence));
    if (room > 0 && !said) chosen.push(sentence);
    const after = document.sentences[sentence.index + 1];
    const goesOn =
      isCutOff(document, sentence) &&
      after?.kind === 'prose' &&
      read.has(after.index) &&
      wordsOf(sentenceText(document, after)) >= LEAST_BEFORE;
    if (goesOn && room > 1 && !said && !chosen.includes(after)) chosen.push(after);
  }
  return chosen;
};
