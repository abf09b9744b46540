// A question: words find the sentences that may answer it, the model weighs them with the document before it, and one to three
// are quoted. Where neither words nor model find an answer, the reply says that the document does not say.
import type { Engine } from '../gpu/api.ts';
import {
  type ReadDocument,
  ReadingError,
  type Reply,
  type Sentence,
  type StageProgress,
  sentenceText,
  type WindowPlan,
} from './document.ts';
import { promptFormat } from './prompt.ts';
import { quoteSentence } from './quote.ts';
import { fillWindow, type RunReport, replyOf, scoreCandidates } from './rank.ts';
import { bm25, indexSentences, type LexicalIndex, standardize, terms } from './search.ts';

export interface AskOptions {
  /** Most sentences that are quoted. */
  sentences?: number;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
  extractMs?: number;
}

/** Sentences that the model weighs, and how many where it runs on the processor. */
const SHORTLIST = 24;
const SHORTLIST_SOFTWARE = 10;
const LONGEST_QUESTION = 1_000;
/** Tokens kept for a quoted sentence when the question itself is long. */
const LEAST_ROOM = 160;
/** What a sentence gets of its neighbours' and its heading's score: an answer often stands beside the words asked for. */
const NEIGHBOUR = 0.3;
const HEADING = 0.3;
const WEIGHTS = { words: 1, model: 0.5, shape: 0.25 };
/** A further sentence is quoted when its words score at least this part of the best one's. */
const ALSO = 0.7;

/**
 * When the document says something on the question: share of the question's meaning (terms weighted by rarity) that stands in
 * the best sentence and around it, and how much likelier the model finds "none" than a quotation (natural log).
 */
export interface FoundLimits {
  /** Below this share nothing is an answer. */
  least: number;
  /** From this share on the words decide alone. */
  sure: number;
  /** Between them the model may refuse, when "none" is likelier than a quotation by this much. */
  none: number;
}

export const FOUND_LIMITS: FoundLimits = { least: 0.4, sure: 0.75, none: 0 };

/** Throws ReadingError `no-question`; rejects with the signal's reason when stopped. */
export const ask = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  question: string,
  options: AskOptions = {},
): Promise<Reply> => {
  const asked = checkQuestion(question);
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  await fillWindow(engine, plan, report, options);
  const began = performance.now();
  const room = engine.contextLength - plan.ids.length - promptFormat(engine.tokenizer).question(asked).length;
  if (room < LEAST_ROOM) throw new ReadingError('no-question', 'This question is too long. Ask it in fewer words.');
  const size = engine.adapter.software ? SHORTLIST_SOFTWARE : SHORTLIST;
  const likely = findByWords(document, plan, asked, room).slice(0, size);
  const shortlist = likely.some((found) => found.coverage >= FOUND_LIMITS.least) ? likely : [];
  const ranked = shortlist.length > 0 ? await weigh(engine, plan, asked, shortlist, options) : [];
  const chosen =
    ranked.length > 0 && (await isFound(engine, plan, asked, ranked[0], options))
      ? pick(ranked, options.sentences ?? 3)
      : [];
  report.rankMs = performance.now() - began;
  return {
    kind: 'answer',
    question: asked,
    found: chosen.length > 0,
    sentences: chosen.map(({ sentence }) => quoteSentence(document, sentence)),
    ...replyOf(engine, plan, report),
  };
};

/** The question without blanks at its ends; one without words, or a very long one, is refused. */
export const checkQuestion = (question: string): string => {
  const asked = question.replace(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(asked))
    throw new ReadingError('no-question', 'There is no question. Type one in a few words.');
  if (asked.length > LONGEST_QUESTION)
    throw new ReadingError('no-question', 'This question is too long. Ask it in fewer words.');
  return asked;
};

export interface Found {
  sentence: Sentence;
  span: WindowPlan['spans'][number];
  text: string;
  /** BM25 of the sentence itself, and with what stands around it. */
  own: number;
  words: number;
  /** Share of the question's meaning in the sentence and around it, 0 to 1. */
  coverage: number;
  total: number;
}

/** Sentences of fewer than `room` tokens that share words with the question, best first. */
export const findByWords = (document: ReadDocument, plan: WindowPlan, question: string, room: number): Found[] => {
  const sentences = plan.spans.map((span) => document.sentences[span.sentence]);
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const index = indexSentences(texts);
  const own = bm25(index, question);
  let heading = -1;
  const found = plan.spans.map((span, i): Found => {
    if (sentences[i].kind === 'heading') heading = i;
    const around = Math.max(own[i - 1] ?? 0, own[i + 1] ?? 0);
    const above = heading >= 0 && heading !== i ? own[heading] : 0;
    const near = [i, i - 1, i + 1, heading].filter((j) => j >= 0 && j < texts.length);
    return {
      sentence: sentences[i],
      span,
      text: texts[i],
      own: own[i],
      words: own[i] + NEIGHBOUR * around + HEADING * above + WEIGHTS.shape * answerShape(question, texts[i]),
      coverage: own[i] > 0 ? coverageOf(index, question, near) : 0,
      total: 0,
    };
  });
  return found
    .filter((f) => f.own > 0 && f.sentence.kind !== 'heading' && isQuotable(f.text) && f.span.end - f.span.start < room)
    .sort((a, b) => b.words - a.words)
    .slice(0, SHORTLIST);
};

const isQuotable = (text: string): boolean =>
  /\p{L}{2}/u.test(text) && (terms(text).length >= 2 || /\d/.test(text)) && text.length <= 1_000;

const coverageOf = (index: LexicalIndex, question: string, near: readonly number[]): number => {
  let [met, all] = [0, 0];
  for (const term of new Set(terms(question))) {
    const weight = index.idf(term);
    all += weight;
    if (near.some((i) => index.counts[i].has(term))) met += weight;
  }
  return all > 0 ? met / all : 0;
};

/** Whether a sentence holds the kind of thing that is asked for: a number, a date, a name. */
const answerShape = (question: string, text: string): number => {
  if (/\b(?:when|what (?:year|date|day))\b/i.test(question))
    return /\b\d{4}\b|\b\d{1,2}:\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b/.test(
      text,
    )
      ? 1
      : 0;
  if (/\bhow (?:many|much|long|old|far|often|large|big)\b/i.test(question))
    return /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million)\b/i.test(text)
      ? 1
      : 0;
  if (/\bwh(?:o|om|ose)\b/i.test(question)) return /\S\s\p{Lu}\p{Ll}+/u.test(text) ? 1 : 0;
  if (/\bwhy\b/i.test(question))
    return /\b(?:because|since|therefore|so that|due to|in order to|reason)\b/i.test(text) ? 1 : 0;
  if (/\bwhat (?:is|are)\b/i.test(question)) return /\b(?:is|are|means|refers to)\b/i.test(text) ? 0.5 : 0;
  return 0;
};

const quoteIds = (plan: WindowPlan, found: Found, marked: boolean): number[] =>
  plan.ids.slice(marked ? found.span.start - 1 : found.span.start, found.span.end);

/**
 * Adds the model's view: how much likelier a sentence becomes by this question than by none (pointwise mutual information per
 * token, so that sentences which are likely anyway gain nothing).
 */
const weigh = async (
  engine: Engine,
  plan: WindowPlan,
  question: string,
  shortlist: Found[],
  options: AskOptions,
): Promise<Found[]> => {
  const format = promptFormat(engine.tokenizer);
  const candidates = shortlist.map((found) => quoteIds(plan, found, format.quote !== undefined));
  const unasked = await scoreCandidates(engine, [...plan.ids, ...format.question('')], candidates, options, {
    index: 0,
    of: 2,
  });
  const prompt = [...plan.ids, ...format.question(question)];
  const asked = await scoreCandidates(engine, prompt, candidates, options, { index: 1, of: 2 });
  const model = standardize(asked.map((score, i) => score.mean - unasked[i].mean));
  const words = standardize(shortlist.map((found) => found.words));
  shortlist.forEach((found, i) => {
    found.total = WEIGHTS.words * words[i] + WEIGHTS.model * model[i];
  });
  return [...shortlist].sort((a, b) => b.total - a.total);
};

const isFound = async (
  engine: Engine,
  plan: WindowPlan,
  question: string,
  best: Found,
  options: AskOptions,
): Promise<boolean> => {
  if (best.coverage < FOUND_LIMITS.least) return false;
  if (best.coverage >= FOUND_LIMITS.sure) return true;
  const format = promptFormat(engine.tokenizer);
  if (format.none === undefined || format.quote === undefined) return true;
  const prompt = [...plan.ids, ...format.question(question)];
  const [[none], [quote]] = await engine.logprobs(prompt, [[format.none], [format.quote]], { signal: options.signal });
  return none - quote <= FOUND_LIMITS.none;
};

const pick = (ranked: readonly Found[], most: number): Found[] => {
  const [best, ...others] = ranked;
  const also = others.filter(
    (found) => found.own >= ALSO * best.own && found.coverage >= ALSO * best.coverage && found.total > 0,
  );
  return [best, ...also].slice(0, most);
};
