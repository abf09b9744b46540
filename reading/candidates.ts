// Which sentences of a document may sum it up, by words and shape alone: what can stand by itself, is close to the whole, to the
// title and to what the summary is for, from every part of the document. The model weighs what is chosen here.
import { type ReadDocument, type Sentence, sameParagraph, sentenceText, type WindowPlan } from './document.ts';
import { leansOnPrevious } from './evidence.ts';
import { speaksToModel } from './instructions.ts';
import { bm25, centrality, cosine, indexSentences, pickDiverse, standardize, type Vector, vectors } from './search.ts';
import { type Section, sectionAt } from './sections.ts';

/** Parts of the document that candidates are taken from in equal numbers. */
const PARTS = 8;
/** No fifth of the document gives more than this share of a summary, while others have something to give. */
export const LARGEST_SHARE = 0.4;
export const FIFTHS = 5;

const WEIGHTS = { central: 0.8, early: 0.5, title: 0.4, cue: 0.6, shape: 1, purpose: 0.8 };

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
  if (CAPTION.test(text) || REFERENCE.test(text) || speaksToModel(text)) return Number.NEGATIVE_INFINITY;
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

export interface Candidate {
  sentence: Sentence;
  span: WindowPlan['spans'][number];
  /** Place in the document, 0 to 1. */
  place: number;
  vector: Vector;
  /** Score before the model is asked. */
  prior: number;
}

export interface SelectOptions {
  /** Tokens that a candidate may not reach. */
  room: number;
  most: number;
  purpose?: string;
  /** Sentences only that can stand alone, even where there is none. */
  wholeOnly?: boolean;
  /** Parts to take candidates from; parts of about one size when absent. */
  sections?: readonly Section[];
}

/** The `most` best candidates of fewer than `room` tokens by words alone, in equal numbers from every part of the document. */
export const preselect = (
  document: ReadDocument,
  plan: WindowPlan,
  { room, most, purpose = '', wholeOnly = false, sections }: SelectOptions,
): Candidate[] => {
  const sentences = plan.spans.map((span) => document.sentences[span.sentence]);
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const shapes = usableShapes(document, sentences, texts, wholeOnly);
  const index = indexSentences([...texts, document.title]);
  const all = vectors(index);
  const title = all.pop()!;
  const wanted = standardize(bm25(index, purpose).slice(0, -1));
  const central = standardize(centrality(all));
  const first = plan.spans[0].start;
  const candidates = plan.spans.flatMap((span, i): Candidate[] => {
    if (shapes[i] === Number.NEGATIVE_INFINITY || span.end - span.start >= room) return [];
    const place = (span.start - first) / (plan.ids.length - first);
    const prior =
      WEIGHTS.central * central[i] +
      WEIGHTS.early * Math.exp(-place * 6) +
      WEIGHTS.title * Math.min(1, 3 * cosine(all[i], title)) +
      WEIGHTS.purpose * wanted[i] +
      (CUE.test(texts[i]) ? WEIGHTS.cue : 0) +
      WEIGHTS.shape * shapes[i];
    return [{ sentence: sentences[i], span, place, vector: all[i], prior }];
  });
  return spread(candidates, most, sections);
};

/** Shapes of the sentences; where none can stand alone (a list, a poster), whatever has letters may be quoted. */
const usableShapes = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  texts: readonly string[],
  wholeOnly: boolean,
): number[] => {
  const apart = apparatusOf(document);
  const shapes = sentences.map((sentence, i) =>
    apart.has(sentence.index) ? Number.NEGATIVE_INFINITY : shapeOf(sentence, texts[i]),
  );
  if (wholeOnly || shapes.some((shape) => shape > Number.NEGATIVE_INFINITY)) return shapes;
  return texts.map((text) => (/\p{L}{2}/u.test(text) ? Math.min(0, text.length - 40) / 40 : -2));
};

const known = new WeakMap<ReadDocument, ReadonlySet<number>>();

/** Sentences of reference lists, indexes and captions, wherever in the document their headings stand. */
const apparatusOf = (document: ReadDocument): ReadonlySet<number> => {
  const found = known.get(document);
  if (found) return found;
  const apart = new Set<number>();
  let [apparatus, caption] = [false, false];
  document.sentences.forEach((sentence, i) => {
    const text = sentenceText(document, sentence);
    if (sentence.kind === 'heading') apparatus = APPARATUS.test(text);
    // A caption goes on to the end of its paragraph.
    const goesOn = i > 0 && sameParagraph(document, document.sentences[i - 1], sentence);
    caption = CAPTION.test(text) || (caption && goesOn);
    if (apparatus || caption) apart.add(i);
  });
  known.set(document, apart);
  return apart;
};

/** Candidates by the part that they stand in: one of `sections`, or of eight parts of one length. */
const byPart = (candidates: readonly Candidate[], sections?: readonly Section[]): Candidate[][] => {
  const groups: Candidate[][] = Array.from({ length: sections?.length ?? PARTS }, () => []);
  for (const candidate of candidates) {
    const { place, sentence } = candidate;
    const part = sections ? sectionAt(sections, sentence.index) : Math.min(PARTS - 1, Math.floor(place * PARTS));
    groups[part].push(candidate);
  }
  return groups;
};

const spread = (candidates: Candidate[], most: number, sections?: readonly Section[]): Candidate[] => {
  if (candidates.length <= most) return candidates;
  const parts = byPart(candidates, sections);
  for (const part of parts) part.sort((a, b) => b.prior - a.prior);
  const taken: Candidate[] = [];
  for (let rank = 0; taken.length < most; rank++) {
    const row = parts.flatMap((part) => part.slice(rank, rank + 1)).sort((a, b) => b.prior - a.prior);
    taken.push(...row.slice(0, most - taken.length));
  }
  return taken.sort((a, b) => a.span.start - b.span.start);
};

/** The `count` best that do not repeat one another: from every section its share, else from no fifth too many. */
export const choose = (
  candidates: readonly Candidate[],
  scores: readonly number[],
  count: number,
  sections?: readonly Section[],
): Candidate[] => {
  const part = (i: number): number =>
    sections
      ? sectionAt(sections, candidates[i].sentence.index)
      : Math.min(FIFTHS - 1, Math.floor(candidates[i].place * FIFTHS));
  const share = sections ? 1 / Math.max(1, new Set(candidates.map((_, i) => part(i))).size) : LARGEST_SHARE;
  const most = Math.max(1, Math.ceil(share * count));
  const seldom = (item: number, chosen: readonly number[]): boolean =>
    chosen.filter((other) => part(other) === part(item)).length < most;
  const all = candidates.map((candidate) => candidate.vector);
  const picked = pickDiverse(scores, all, count, 2, seldom);
  const full = picked.length < count && !sections ? pickDiverse(scores, all, count, 2) : picked;
  return full.map((i) => candidates[i]);
};
