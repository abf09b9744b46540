// Which sentences of a document may sum it up, by words and shape alone: what can stand by itself, is close to the whole, to the
// title and to what the summary is for, from every part of the document. The model weighs what is chosen here.

import { type ReadDocument, type Sentence, sentenceText, type WindowPlan } from '../document.ts';
import { type Section, sectionAt } from '../sections.ts';
import { apparatusOf, isCaption, isReference } from './apparatus.ts';
import { isFragment } from './fragments.ts';
import { speaksToModel } from './instructions.ts';
import { salience, saysItsAim } from './salience.ts';
import { bm25, indexSentences, pickDiverse, standardize, type Vector, vectors } from './search.ts';

/** Parts of the document that candidates are taken from in equal numbers. */
const PARTS = 8;
/** No fifth of the document gives more than this share of what a model writes itself. */
export const LARGEST_SHARE = 0.3;
export const FIFTHS = 5;
/** What sentences of a fifth of the document beyond its share of a summary cost, times the square of their number. */
const CROWDED = 0.5;
/** What likeness to a chosen sentence (cosine) takes from a score. */
const REPEATED = 3;

/** What saying once more what the document is for costs: the aim of an abstract comes again in the introduction. */
const AIMED = 1.5;

/** What closeness to the purpose counts, standardised. */
const PURPOSE = 1;

/** Words that hold a number: above this share it is a row of a table. */
const MOST_NUMBERS = 0.35;
/** Letters: above this share it is a heading, a form or a line of code. */
const MOST_CAPITALS = 0.5;

/** Of lists of what codes mean ("26 = merger", "13 79-80 Date of interest"). */
const CODED = /^\S{1,12} ?= |^\d+\w?(?:-\d+)? \d/;
/** Words of a line that ends without a mark and is no mere entry of a list. */
const LEAST_OPEN = 9;

/** Whether it is a sentence that could be quoted at all: no heading, caption, reference, row of numbers or word to a model. */
export const isSentence = (sentence: Sentence, text: string): boolean => {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const cjk = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/gu)?.length ?? 0;
  if (sentence.kind === 'heading' || (words < 6 && cjk < 12) || text.length > 1_000) return false;
  const numbers = text.match(/(?<=^|\s)\S*\d\S*/gu)?.length ?? 0;
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  if (
    capitals > MOST_CAPITALS * letters ||
    letters < 0.6 * text.replace(/\s/g, '').length ||
    numbers > MOST_NUMBERS * words
  )
    return false;
  if (words < LEAST_OPEN && cjk === 0 && !/[.!?:;][”"’'»)\]]*\d{0,2}$/u.test(text)) return false;
  return !CODED.test(text) && !isFragment(text) && !isCaption(text) && !isReference(text) && !speaksToModel(text);
};

export interface Candidate {
  sentence: Sentence;
  span: WindowPlan['spans'][number];
  /** Place in the document, 0 to 1. */
  place: number;
  vector: Vector;
  /** Says what the document is for. */
  aims: boolean;
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
  /** What the plan's sentences are a part of, where they are: they are judged as parts of it. */
  whole?: readonly Sentence[];
}

/** What words and shape say of sentences, by their indices. */
interface Judged {
  /** 0 to 1, in what they were judged as parts of. */
  places: Map<number, number>;
  vectorOf: Map<number, Vector>;
  tells: Map<number, number>;
  aims: Map<number, boolean>;
}

const judge = (document: ReadDocument, sentences: readonly Sentence[]): Judged => {
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const all = vectors(indexSentences([...texts, document.title]));
  const title = all.pop()!;
  const [first, last] = [sentences[0].start, sentences.at(-1)!.end];
  const places = sentences.map(({ start }) => (start - first) / (last - first));
  const tells = salience(sentences, texts, { all, title, places });
  const aims = texts.map((text) => saysItsAim(text, title));
  const byIndex = <T>(values: readonly T[]) => new Map(sentences.map(({ index }, i) => [index, values[i]]));
  return { places: byIndex(places), vectorOf: byIndex(all), tells: byIndex(tells), aims: byIndex(aims) };
};

const judged = new WeakMap<readonly Sentence[], Judged>();

/** The same, kept for as long as the list is. */
const judgeWhole = (document: ReadDocument, whole: readonly Sentence[]): Judged => {
  const found = judged.get(whole) ?? judge(document, whole);
  judged.set(whole, found);
  return found;
};

/** The `most` best candidates of fewer than `room` tokens by words alone, in equal numbers from every part of the document. */
export const preselect = (
  document: ReadDocument,
  plan: WindowPlan,
  { room, most, purpose = '', wholeOnly = false, sections, whole }: SelectOptions,
): Candidate[] => {
  const sentences = plan.spans.map((span) => document.sentences[span.sentence]);
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const usable = usableSentences(document, sentences, texts, wholeOnly);
  const wanted = standardize(bm25(indexSentences(texts), purpose));
  const { places, vectorOf, tells, aims } = whole ? judgeWhole(document, whole) : judge(document, sentences);
  const candidates = plan.spans.flatMap((span, i): Candidate[] => {
    if (!usable[i] || span.end - span.start >= room) return [];
    const { index } = sentences[i];
    const prior = tells.get(index)! + PURPOSE * wanted[i];
    return [
      {
        sentence: sentences[i],
        span,
        place: places.get(index)!,
        vector: vectorOf.get(index)!,
        aims: aims.get(index)!,
        prior,
      },
    ];
  });
  return spread(candidates, most, sections);
};

/** Which may be quoted; where nothing is a sentence (a list, a poster), whatever has letters may be. */
const usableSentences = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  texts: readonly string[],
  wholeOnly: boolean,
): boolean[] => {
  const { references, captions, legal, torn } = apparatusOf(document);
  const usable = sentences.map(
    (sentence, i) =>
      ![references, captions, legal, torn].some((set) => set.has(sentence.index)) && isSentence(sentence, texts[i]),
  );
  return wholeOnly || usable.includes(true) ? usable : texts.map((text) => /\p{L}{2}/u.test(text));
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

/** The `count` best that do not repeat one another: from every section its share, else from no fifth many more than from others. */
export const choose = (
  candidates: readonly Candidate[],
  scores: readonly number[],
  count: number,
  sections?: readonly Section[],
): Candidate[] => {
  const parts = candidates.map(({ sentence, place }) =>
    sections ? sectionAt(sections, sentence.index) : Math.min(FIFTHS - 1, Math.floor(place * FIFTHS)),
  );
  const share = count / (sections ? Math.max(1, new Set(parts).size) : FIFTHS);
  const cost = (item: number, chosen: readonly number[]): number => {
    const beyond = chosen.filter((other) => parts[other] === parts[item]).length + 1 - Math.max(1, share);
    const again = candidates[item].aims && chosen.some((other) => candidates[other].aims) ? AIMED : 0;
    if (sections) return beyond >= 1 ? Number.POSITIVE_INFINITY : again;
    return CROWDED * Math.max(0, beyond) ** 2 + again;
  };
  const all = candidates.map((candidate) => candidate.vector);
  return pickDiverse(scores, all, count, REPEATED, cost).map((i) => candidates[i]);
};
