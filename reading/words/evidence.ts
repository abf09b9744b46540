// What words alone say on a question: BM25 of each sentence and what stands around it, how close together and how many of the
// question's words are met, related word forms, and whether a sentence holds the kind of thing that is asked for (answer-shape.ts).
// The weights are those of a conditional logit (softmax over the sentences of a document) fitted on half of the documents of SQuAD,
// SelQA and QED; tests/bench/RESULTS.md has the figures of the other half.

import { type ReadDocument, type Sentence, sameParagraph, sentenceText } from '../document.ts';
import { answerShape, saysLittle } from './answer-shape.ts';
import { apparatusOf, isContents } from './apparatus.ts';
import { baseOf } from './claims.ts';
import { findParticular, particularOf } from './colophon.ts';
import { contradicts } from './contradicts.ts';
import { bm25Weighted, indexSentences, type LexicalIndex, terms } from './search.ts';
import { synonymsOf } from './synonyms.ts';

export interface Found {
  sentence: Sentence;
  /** Natural log of how likely the sentence is the answer, up to a constant of the question. */
  words: number;
  /** How much of the question is met at all, up to about 3; comparable between questions. */
  evidence: number;
  /** `words` with the model's view added. */
  total: number;
  /** What the document says of itself (colophon.ts): known by its place and shape, which no model weighs. */
  ofItself?: true;
}

/** Per share of the question's meaning (its terms weighted by rarity), but for the last ones: per share of words. */
const WEIGHTS = {
  own: 2.4,
  near: 3.4,
  paragraph: 4.8,
  related: 3.1,
  pairs: 0.6,
  close: 1.5,
  before: 0.7,
  /** In addition, where the sentence opens with a word that points to the one before. */
  leansOn: 1.5,
  /** Of the question's different words, those that are met in any form. */
  met: 3.8,
  /** Of the sentence's words, those that the question does not have. */
  fresh: -2,
  /** An entry of a reference list, or the question's own words and no other: set by hand, as what follows. */
  nothing: -4,
  /** Asks itself: a heading of a list of questions, or one of a talk. */
  asks: -3,
};
/** Words that an answer has and its question does not, where it does not end as a sentence does. */
const LEAST_NEWS = 3;
const ENDS = /[.!?。！？][”"’'»)\]]*$/u;
/** Words of a sentence that are close together. */
const CLOSE = 6;
/** What a word that says little counts of another one. */
const LITTLE = 0.4;
/** What a word of the document's title counts of another one: the whole document is about it. */
const TITLED = 0.3;
/** Evidence counts less where the document never names a part of what is asked, and where few words could meet by chance. */
const UNKNOWN = 0.6;
const CHANCE = 1.2;
/**
 * In fewer sentences the rarity of a word is not known: those that the document does not have would outweigh those that it has. Fewer
 * sentences also meet less by chance: what evidence is worth more then, per natural log of how many times fewer they are.
 */
const MANY = 120;
const FEW = 0.12;
/** Letters that two forms of a word share at least, and what a related form counts of the word itself. */
const STEM = 4;
const RELATED = 0.5;
/** What evidence loses where the sentence says something else in the same words: all. */
const CONTRADICTED = 3;
/** Sentences before and behind one that may hold what it takes for granted. */
const [BEFORE, BEHIND] = [2, 1];
const LONGEST_QUOTE = 1_000;
/** Of what a document says of itself (colophon.ts), and how much less with every further line. */
const SURE = 3;
const NEXT_LINE = 0.01;
/** What the conversation before counts beside the question, at most. */
const RECALLED = 0.8;

export interface FindOptions {
  most: number;
  /** What was spoken of before, for a question that only points to it ("And when was it built?"). */
  context?: string;
  /** Sentences that may be found; all of `sentences` when absent. */
  mayQuote?: (sentence: Sentence) => boolean;
}

export type Finder = (question: string, options: FindOptions) => Found[];

/** The sentences that meet the question best, best first. `sentences` are in the document's order. */
export const findByWords = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  question: string,
  options: FindOptions,
): Found[] => createFinder(document, sentences)(question, options);

/** The same for many questions. */
export const createFinder = (document: ReadDocument, sentences: readonly Sentence[]): Finder => {
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const index = indexSentences(texts);
  const paragraphs = paragraphsOf(document, sentences);
  return (question, options) => find(document, { sentences, texts, index, paragraphs }, question, options);
};

interface Searched {
  sentences: readonly Sentence[];
  texts: readonly string[];
  index: LexicalIndex;
  /** Runs of places in `sentences`. */
  paragraphs: readonly number[][];
}

/** "What does the report say about …?", "According to the document, …": words on asking, which no answer has. */
const FRAME =
  /^\s*(?:(?:and )?what (?:does|do|is) (?:it|they|(?:the|this) (?:document|report|paper|text|article|book|study|authors?)) (?:say|says|tell us|tell|state|write|mention|report|explain|said|stated)(?: (?:about|on|of|regarding))? |according to (?:it|(?:the|this) (?:document|report|paper|text|article|book|study|authors?)),? )/i;

const find = (
  document: ReadDocument,
  { sentences, texts, index, paragraphs }: Searched,
  whole: string,
  { most, context = '', mayQuote = () => true }: FindOptions,
): Found[] => {
  const question = whole.replace(FRAME, '');
  const particular = particularOf(question, context !== '');
  const lines = particular ? findParticular(document, sentences, particular).filter(mayQuote) : [];
  // What a document does not say of itself, no other sentence of it does.
  if (particular) return lines.slice(0, most).map(saysOfItself);
  const titled = new Set(terms(document.title));
  const recalled = pointsBack(question) ? context : '';
  const met = meet(index, question, recalled, titled);
  const judged = index.counts.length < MANY ? meet(asOfMany(index), question, recalled, titled) : met;
  const known = 1 - UNKNOWN * judged.unknown;
  const chance = CHANCE / (met.terms + 1) - FEW * Math.max(0, Math.log(MANY / index.counts.length));
  const shape = answerShape(question);
  const isContradicted = contradicts(question);
  const paragraphAt = paragraphs.flatMap((paragraph) => {
    const share = met.share(paragraph);
    return paragraph.map(() => share);
  });
  const together = (i: number, j: number): boolean =>
    i >= 0 && j < sentences.length && sameParagraph(document, sentences[i], sentences[j]);
  const { references } = apparatusOf(document);
  let heading = -1;
  const found: Found[] = [];
  sentences.forEach((sentence, i) => {
    if (sentence.kind === 'heading') heading = i;
    if (met.own[i] + met.related[i] === 0 || !isQuotable(sentence, texts[i]) || !mayQuote(sentence)) return;
    const around = [heading, ...(together(i - 1, i) ? [i - 1] : []), i, ...(together(i, i + 1) ? [i + 1] : [])].filter(
      (j) => j >= 0,
    );
    const near = met.share(around);
    const before = together(i - 1, i) ? met.own[i - 1] : 0;
    const words =
      WEIGHTS.own * met.own[i] +
      WEIGHTS.near * near +
      WEIGHTS.paragraph * paragraphAt[i] +
      WEIGHTS.related * met.related[i] +
      WEIGHTS.pairs * met.pairs[i] +
      WEIGHTS.close * met.close[i] +
      WEIGHTS.met * met.words[i] +
      WEIGHTS.fresh * met.fresh[i] +
      (/\?[”"’'»)\]]*$/u.test(texts[i]) ? WEIGHTS.asks : 0) +
      (references.has(sentence.index) || met.news[i] < (ENDS.test(texts[i]) ? 1 : LEAST_NEWS) ? WEIGHTS.nothing : 0) +
      (WEIGHTS.before + (opensWithPointer(texts[i]) ? WEIGHTS.leansOn : 0)) * before +
      shape(texts[i]);
    const evidence =
      (judged.own[i] + judged.share(around) + judged.related[i] + 0.5 * judged.pairs[i]) * known - chance;
    // Only what is asked for anew has to stand there: what is pointed back to was said before.
    const beside = [
      document.title,
      heading < 0 ? '' : texts[heading],
      ...texts.slice(Math.max(0, i - BEFORE), i + 1 + BEHIND),
    ];
    const other = recalled === '' && isContradicted(texts[i], beside.join(' ')) ? CONTRADICTED : 0;
    found.push({ sentence, words, evidence: evidence - other, total: words });
  });
  return found.sort((a, b) => b.words - a.words).slice(0, most);
};

const saysOfItself = (sentence: Sentence, i: number): Found => {
  const words = SURE - NEXT_LINE * i;
  return { sentence, words, evidence: SURE, total: words, ofItself: true };
};

/** With the rarity that words would have among many sentences. */
const asOfMany = (index: LexicalIndex): LexicalIndex => ({ ...index, idf: (term) => index.idf(term, MANY) });

/** Runs of sentences, by their places in the list. */
const paragraphsOf = (document: ReadDocument, sentences: readonly Sentence[]): number[][] => {
  const paragraphs: number[][] = [];
  sentences.forEach((sentence, i) => {
    if (i === 0 || !sameParagraph(document, sentences[i - 1], sentence)) paragraphs.push([]);
    paragraphs.at(-1)!.push(i);
  });
  return paragraphs;
};

const BACK =
  /\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|such|one|ones|former|latter|same)\b/i;

/** Whether a question is understood only with what was said before it. */
export const pointsBack = (question: string): boolean =>
  BACK.test(question) ||
  /^\s*(?:and|but|or|so|what about|how about|why(?: not)?\s*\?)/i.test(question) ||
  terms(question).length < 2;

/** Words of a heading that is a sentence: the first of a chapter is often set like one. */
const LONG_HEADING = 12;

const isQuotable = (sentence: Sentence, text: string): boolean =>
  (sentence.kind !== 'heading' || (text.split(' ').length >= LONG_HEADING && /[\p{Ll},;:.]$/u.test(text))) &&
  !isContents(text) &&
  /\p{L}{2}/u.test(text) &&
  (terms(text).length >= 2 || /\d/.test(text)) &&
  text.length <= LONGEST_QUOTE;

/** Shares of the question's meaning, lists for every sentence. */
interface Met {
  /** BM25: more than the share itself where words come again. */
  own: number[];
  /** Other forms of words that are missing ("invaded" for "invasion"). */
  related: number[];
  /** Words that follow one another in the question and in the sentence. */
  pairs: number[];
  /** The most that stands within a few words. */
  close: number[];
  /** Share of the question's words that are there in any form, those of the title less; of the sentence's, what the question does not have. */
  words: number[];
  fresh: number[];
  /** How many words those are. */
  news: number[];
  /** Of words that stand nowhere in the document, in no form. */
  unknown: number;
  /** Different words of the question. */
  terms: number;
  /** Of what stands in any of some sentences. */
  share(sentences: readonly number[]): number;
}

const meet = (index: LexicalIndex, question: string, context: string, titled: ReadonlySet<string>): Met => {
  const asked = terms(question);
  const own = new Set(asked);
  const recalled = [...new Set(terms(context))].filter(
    (term) => !own.has(term) && index.counts.some((c) => c.has(term)),
  );
  const countOf = (list: readonly string[]): number =>
    list.reduce((sum, term) => sum + (titled.has(term) ? TITLED : 1), 0);
  const weightOf = (list: readonly string[]): number => list.reduce((sum, term) => sum + index.idf(term), 0);
  const scale = Math.min(1, (RECALLED * weightOf([...own])) / Math.max(1e-9, weightOf(recalled)));
  const wanted = [...own, ...recalled].map((term) => ({
    term,
    weight:
      index.idf(term) * (own.has(term) ? 1 : scale) * (saysLittle(term) ? LITTLE : 1) * (titled.has(term) ? TITLED : 1),
    kin: kinOf(term, index),
  }));
  const weights = new Map(wanted.map(({ term, weight }) => [term, weight]));
  const all = wanted.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const unknown = wanted.filter(({ term, kin }) => kin.length === 0 && !index.counts.some((count) => count.has(term)));
  const news = index.sequences.map((sequence) => sequence.filter((term) => !own.has(term)).length);
  const askedPairs = asked.slice(1).map((term, i): [string, string] => [asked[i], term]);
  return {
    own: bm25Weighted(index, wanted).map((score) => score / all),
    related: index.counts.map((count) => {
      let sum = 0;
      for (const { term, weight, kin } of wanted) {
        if (count.has(term)) continue;
        const there = kin.filter((form) => count.has(form)).map((form) => Math.min(weight, index.idf(form)));
        if (there.length > 0) sum += RELATED * Math.max(...there);
      }
      return sum / all;
    }),
    pairs: index.sequences.map((sequence) => {
      const met = askedPairs.filter(([a, b]) => sequence.some((term, i) => term === a && sequence[i + 1] === b));
      return met.reduce((sum, [a, b]) => sum + index.idf(a) + index.idf(b), 0) / all;
    }),
    close: index.sequences.map((sequence) => mostWithin(sequence, weights) / all),
    words: index.counts.map((count) => {
      const met = wanted.filter(
        ({ term, kin }) => own.has(term) && (count.has(term) || kin.some((form) => count.has(form))),
      );
      return countOf(met.map(({ term }) => term)) / Math.max(TITLED, countOf([...own]));
    }),
    fresh: news.map((count, i) => count / Math.max(1, index.lengths[i])),
    news,
    unknown: unknown.reduce((sum, { weight }) => sum + weight, 0) / all,
    terms: wanted.length,
    share: (sentences) => {
      const met = wanted.filter(({ term }) => sentences.some((i) => index.counts[i].has(term)));
      return met.reduce((sum, { weight }) => sum + weight, 0) / all;
    },
  };
};

/** The weight of the different terms in the best stretch of a few terms. */
const mostWithin = (sequence: readonly string[], weights: ReadonlyMap<string, number>): number => {
  let most = 0;
  sequence.forEach((term, i) => {
    if (!weights.has(term)) return;
    const stretch = new Set(sequence.slice(i, i + CLOSE));
    let sum = 0;
    for (const one of stretch) sum += weights.get(one) ?? 0;
    most = Math.max(most, sum);
  });
  return most;
};

/** Forms in the document that are related to a word: by their first letters, or irregular ones of the same verb or noun. */
const kinOf = (term: string, index: LexicalIndex): string[] => {
  if (!/^\p{L}{3,}$/u.test(term)) return [];
  const base = baseOf(term);
  const head = term.length >= STEM ? term.slice(0, STEM) : undefined;
  const synonyms = synonymsOf(term);
  return index.vocabulary.filter(
    (other) =>
      other !== term &&
      /^\p{L}+$/u.test(other) &&
      ((head !== undefined && other.startsWith(head)) || baseOf(other) === base || synonyms.has(other)),
  );
};

const POINTER =
  /^[“"‘'([]?(?:it|its|this|these|that|those|they|their|them|he|his|she|her|such|both|another|the (?:former|latter|same))\b/iu;
const CONNECTIVE =
  /^[“"‘'([]?(?:however|but|and|also|thus|hence|therefore|moreover|furthermore|nevertheless|nonetheless|instead|otherwise|then|so|yet|still|similarly|likewise|consequently|in (?:addition|contrast|turn)|on the other hand|as a result|for (?:example|instance))\b/iu;
/** "It is known that …" points to nothing. */
const EMPTY_IT = /^[“"]?it (?:is|was|has been) [\p{L}-]+(?: \p{L}+){0,4} (?:that|to)\b/iu;
/** "Foresters call this period …" */
const POINTED_NOUN = /^(?:\S+ ){1,5}(?:this|these|such an?|that same) \p{Ll}/u;

export const opensWithPointer = (text: string): boolean => POINTER.test(text) && !EMPTY_IT.test(text);

/** Whether a sentence is hard to understand without the one before it. */
export const leansOnPrevious = (text: string): boolean =>
  opensWithPointer(text) || CONNECTIVE.test(text) || (text.length < 80 && POINTED_NOUN.test(text));
