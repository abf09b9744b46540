// A verbatim summary: the document is in the window, a lexical score preselects candidates from all of it, the model says how
// likely each is as the summary of what it has read, and the best that do not repeat one another are quoted in their order.
import type { Engine } from '../gpu/api.ts';
import {
  type ReadDocument,
  type Reply,
  type Sentence,
  type StageProgress,
  sameParagraph,
  sentenceText,
  type WindowPlan,
} from './document.ts';
import { leansOnPrevious } from './evidence.ts';
import { promptFormat } from './prompt.ts';
import { quoteSentence } from './quote.ts';
import { fillWindow, type RunReport, replyOf, scoreCandidates } from './rank.ts';
import { centrality, cosine, indexSentences, pickDiverse, standardize, type Vector, vectors } from './search.ts';

export interface SummaryOptions {
  /** Sentences of the summary; 5 to 8 by the document's length when absent. */
  sentences?: number;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
  /** Time that reading the PDF took, for the receipt. */
  extractMs?: number;
}

/** Candidates that the model scores, and how many where it runs on the processor. */
const CANDIDATES = 40;
const CANDIDATES_SOFTWARE = 24;
/** Parts of the document that candidates are taken from in equal numbers. */
const PARTS = 8;
/** No fifth of the document gives more than this share of a summary, while others have something to give. */
const LARGEST_SHARE = 0.4;

const WEIGHTS = { model: 1, central: 0.8, early: 0.5, title: 0.4, cue: 0.6, shape: 1 };

const CUE =
  /\b(?:we (?:present|propose|show|find|found|describe|introduce|conclude|recommend|argue|demonstrate)|this (?:paper|report|study|article|document|book|chapter|agreement|work|standard|thesis)|in (?:summary|conclusion|short|sum)|the (?:aim|purpose|goal|objective|results?|main|key|most important)|to (?:summari[sz]e|conclude)|therefore|overall|must|shall)\b/iu;
const CAPTION =
  /^(?:(?:fig(?:ure|s?\.)?|tab(?:le|\.)?|plate|chart|exhibit|algorithm|listing|box)[\s.]*(?:[A-Z]{0,2}[.-]?\d|[IVX]+\b)|(?:source|notes?|keywords?|copyright|isbn|doi|email)\b[\s:.]*(?:\d|©|:))/iu;
const REFERENCE =
  /^\[\d+\]|\bdoi\b|https?:|www\.|@\S+\.\S|\bpp\.\s*\d|\bvol\.\s*\d|©|\ball rights reserved\b|(?:\.\s*){4}|^\p{Lu}[\p{L}’'-]+,\s\p{Lu}\.[\s,]|^[^.]{3,80}\(\d{4}[a-z]?\)\.\s/iu;
/** Headings of parts that a summary never quotes. */
const APPARATUS =
  /^[\d.\s]*(?:references|bibliography|works cited|literature(?: cited)?|further reading|(?:end)?notes|(?:table of )?contents|index|acknowledge?ments?|list of (?:figures|tables))[\s:.]*$/iu;
/** Words that hold a number: above this share it is a row of a table. */
const MOST_NUMBERS = 0.35;

/** How much a sentence can stand alone: 0 well, below 0 less so; -Infinity for what is no sentence at all. */
export const shapeOf = (sentence: Sentence, text: string): number => {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const cjk = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/gu)?.length ?? 0;
  if (sentence.kind === 'heading' || (words < 6 && cjk < 12) || text.length > 1_000) return Number.NEGATIVE_INFINITY;
  const numbers = text.match(/(?<=^|\s)\S*\d\S*/gu)?.length ?? 0;
  if (letters < 0.6 * text.replace(/\s/g, '').length || numbers > MOST_NUMBERS * words) return Number.NEGATIVE_INFINITY;
  if (CAPTION.test(text) || REFERENCE.test(text)) return Number.NEGATIVE_INFINITY;
  let score = 0;
  if (!/[.!。!?][”"’'»)\]]*\d{0,2}$/u.test(text)) score -= 1.5;
  if (/[?？]$/u.test(text)) score -= 1;
  if (/^\p{Ll}/u.test(text)) score -= 1.5;
  if (sentence.kind === 'item') score -= 0.3;
  // A quote is looked up on one page.
  if (sentence.boxes.some((box) => box.page !== sentence.page)) score -= 1.5;
  if (leansOnPrevious(text)) score -= 1.2;
  if (words < 10) score -= 0.5;
  if (words > 45) score -= 0.5 + (words - 45) / 60;
  return score;
};

interface Candidate {
  sentence: Sentence;
  span: WindowPlan['spans'][number];
  /** Place in the document, 0 to 1. */
  place: number;
  vector: Vector;
  /** Score before the model is asked. */
  prior: number;
}

/** The document must be the one that `plan` was made of. Rejects with the signal's reason when stopped. */
export const summarize = async (
  engine: Engine,
  document: ReadDocument,
  plan: WindowPlan,
  options: SummaryOptions = {},
): Promise<Reply> => {
  const report: RunReport = { extractMs: options.extractMs ?? 0 };
  await fillWindow(engine, plan, report, options);
  const began = performance.now();
  const format = promptFormat(engine.tokenizer);
  const room = engine.contextLength - plan.ids.length - format.summary.length;
  const candidates = preselect(document, plan, room, engine.adapter.software ? CANDIDATES_SOFTWARE : CANDIDATES);
  const scores = await scoreCandidates(
    engine,
    [...plan.ids, ...format.summary],
    candidates.map(({ span }) => plan.ids.slice(format.quote === undefined ? span.start : span.start - 1, span.end)),
    options,
  );
  const likely = standardize(scores);
  const total = candidates.map((candidate, i) => WEIGHTS.model * likely[i] + candidate.prior);
  const count = Math.min(options.sentences ?? usualLength(document), candidates.length);
  const chosen = choose(candidates, total, count).sort((a, b) => a.sentence.start - b.sentence.start);
  report.rankMs = performance.now() - began;
  return {
    kind: 'summary',
    found: chosen.length > 0,
    sentences: chosen.map(({ sentence }) => quoteSentence(document, sentence)),
    ...replyOf(engine, plan, report),
  };
};

const usualLength = ({ words }: ReadDocument): number =>
  words < 1_500 ? 5 : words < 6_000 ? 6 : words < 15_000 ? 7 : 8;

/** The `most` best candidates of fewer than `room` tokens by words alone, in equal numbers from every part of the document. */
const preselect = (document: ReadDocument, plan: WindowPlan, room: number, most: number): Candidate[] => {
  const sentences = plan.spans.map((span) => document.sentences[span.sentence]);
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const shapes = usableShapes(document, sentences, texts);
  const index = indexSentences([...texts, document.title]);
  const all = vectors(index);
  const title = all.pop()!;
  const central = standardize(centrality(all));
  const candidates = plan.spans.flatMap((span, i): Candidate[] => {
    if (shapes[i] === Number.NEGATIVE_INFINITY || span.end - span.start >= room) return [];
    const place = span.start / plan.ids.length;
    const prior =
      WEIGHTS.central * central[i] +
      WEIGHTS.early * Math.exp(-place * 6) +
      WEIGHTS.title * Math.min(1, 3 * cosine(all[i], title)) +
      (CUE.test(texts[i]) ? WEIGHTS.cue : 0) +
      WEIGHTS.shape * shapes[i];
    return [{ sentence: sentences[i], span, place, vector: all[i], prior }];
  });
  return spread(candidates, most);
};

/** Shapes of all sentences; where none can stand alone (a list, a poster), whatever has letters may be quoted. */
const usableShapes = (document: ReadDocument, sentences: readonly Sentence[], texts: readonly string[]): number[] => {
  let [apparatus, caption] = [false, false];
  const shapes = sentences.map((sentence, i) => {
    if (sentence.kind === 'heading') apparatus = APPARATUS.test(texts[i]);
    // A caption goes on to the end of its paragraph.
    const goesOn = i > 0 && sameParagraph(document, sentences[i - 1], sentence);
    caption = CAPTION.test(texts[i]) || (caption && goesOn);
    return apparatus || caption ? Number.NEGATIVE_INFINITY : shapeOf(sentence, texts[i]);
  });
  if (shapes.some((shape) => shape > Number.NEGATIVE_INFINITY)) return shapes;
  return texts.map((text) => (/\p{L}{2}/u.test(text) ? Math.min(0, text.length - 40) / 40 : -2));
};

const spread = (candidates: Candidate[], most: number): Candidate[] => {
  if (candidates.length <= most) return candidates;
  const parts: Candidate[][] = Array.from({ length: PARTS }, () => []);
  for (const candidate of candidates) parts[Math.min(PARTS - 1, Math.floor(candidate.place * PARTS))].push(candidate);
  for (const part of parts) part.sort((a, b) => b.prior - a.prior);
  const taken: Candidate[] = [];
  for (let rank = 0; taken.length < most; rank++) {
    const row = parts.flatMap((part) => part.slice(rank, rank + 1)).sort((a, b) => b.prior - a.prior);
    taken.push(...row.slice(0, most - taken.length));
  }
  return taken.sort((a, b) => a.span.start - b.span.start);
};

const choose = (candidates: readonly Candidate[], scores: readonly number[], count: number): Candidate[] => {
  const fifth = (i: number): number => Math.min(4, Math.floor(candidates[i].place * 5));
  const most = Math.max(1, Math.ceil(LARGEST_SHARE * count));
  const seldom = (item: number, chosen: readonly number[]): boolean =>
    chosen.filter((other) => fifth(other) === fifth(item)).length < most;
  const all = candidates.map((candidate) => candidate.vector);
  const picked = pickDiverse(scores, all, count, 2, seldom);
  const full = picked.length < count ? pickDiverse(scores, all, count, 2) : picked;
  return full.map((i) => candidates[i]);
};
