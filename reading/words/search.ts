// Lexical search over the sentences of a document: BM25 (Robertson & Zaragoza 2009), the closeness of a sentence to the whole
// (centroid of tf-idf vectors), and the choice of sentences that do not repeat one another (MMR, Carbonell & Goldstein 1998).

const STOP = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could did do
  does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just
  may me might more most must my no nor not now of off on once only or other our out over own same shall she should so some such than
  that the their them then there these they this those through to too under until up us very was we were what when where which while
  who whom whose why will with would you your according tell give`
    .trim()
    .split(/\s+/),
);

export const isStopWord = (word: string): boolean => STOP.has(word);

/** "employees2": a word with the mark of a note at its end. */
const NOTED = /^(\p{Ll}{5,})\d{1,2}$/u;

/** Words that carry meaning, in a light stem; every CJK character is a word. */
export const terms = (text: string): string[] => {
  const found: string[] = [];
  for (const [word] of text
    .toLowerCase()
    .matchAll(
      /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])[\p{L}\p{N}\p{M}])+/gu,
    )) {
    if (!STOP.has(word)) found.push(stem(word.replace(NOTED, '$1')));
  }
  return found;
};

/** Takes off the endings of plurals, of -ing and -ed, and of -ly: enough to make a question's words meet the text's. */
const stem = (word: string): string => {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stemmed = word;
  if (/ies$/.test(stemmed) && stemmed.length > 4) stemmed = `${stemmed.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh|z)es$/.test(stemmed)) stemmed = stemmed.slice(0, -2);
  else if (/[^su]s$/.test(stemmed)) stemmed = stemmed.slice(0, -1);
  if (/[aeiouy].*(?:ing|ed)$/.test(stemmed) && stemmed.length > 5)
    stemmed = undouble(stemmed.replace(/(?:ing|ed)$/, ''));
  else if (/ly$/.test(stemmed) && stemmed.length > 5) stemmed = stemmed.slice(0, -2);
  return stemmed.length > 4 ? stemmed.replace(/(?<=..)e$/, '') : stemmed;
};

const undouble = (word: string): string => (/([bdfgmnprt])\1$/.test(word) ? word.slice(0, -1) : word);

export interface LexicalIndex {
  /** Terms of every sentence in their order, and all terms there are. */
  sequences: string[][];
  vocabulary: string[];
  /** Count of every term, per sentence. */
  counts: Map<string, number>[];
  lengths: number[];
  meanLength: number;
  /** Rarity of a term, as if there were at least so many sentences; one that does not occur has that of an unseen term. */
  idf(term: string, atLeast?: number): number;
}

export const indexSentences = (texts: readonly string[]): LexicalIndex => {
  const frequency = new Map<string, number>();
  const sequences = texts.map(terms);
  const counts = sequences.map((sequence) => {
    const count = new Map<string, number>();
    for (const term of sequence) count.set(term, (count.get(term) ?? 0) + 1);
    for (const term of count.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    return count;
  });
  const lengths = sequences.map((sequence) => sequence.length);
  const meanLength = Math.max(1, lengths.reduce((sum, n) => sum + n, 0) / Math.max(1, lengths.length));
  const idf = (term: string, atLeast = 0): number => {
    const n = frequency.get(term) ?? 0;
    return Math.log(1 + (Math.max(atLeast, texts.length) - n + 0.5) / (n + 0.5));
  };
  return { sequences, vocabulary: [...frequency.keys()], counts, lengths, meanLength, idf };
};

/** How soon further occurrences count less, and how much long sentences are held back: fitted for sentences, not for pages. */
const K1 = 0.8;
const B = 0.4;

/** BM25 of every sentence for the query. */
export const bm25 = (index: LexicalIndex, query: string): number[] =>
  bm25Weighted(
    index,
    [...new Set(terms(query))].map((term) => ({ term, weight: index.idf(term) })),
  );

/** The same for terms with weights of their own in place of their rarity. */
export const bm25Weighted = (index: LexicalIndex, wanted: readonly { term: string; weight: number }[]): number[] =>
  index.counts.map((count, i) => {
    const norm = K1 * (1 - B + (B * index.lengths[i]) / index.meanLength);
    let score = 0;
    for (const { term, weight } of wanted) {
      const n = count.get(term);
      if (n) score += (weight * n * (K1 + 1)) / (n + norm);
    }
    return score;
  });

/** A sentence's terms weighted by rarity, of length 1. */
export type Vector = Map<string, number>;

export const vectors = (index: LexicalIndex): Vector[] =>
  index.counts.map((count) =>
    unit(new Map([...count].map(([term, n]) => [term, (1 + Math.log(n)) * index.idf(term)]))),
  );

const unit = (vector: Vector): Vector => {
  let squares = 0;
  for (const value of vector.values()) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (const [term, value] of vector) vector.set(term, value / length);
  return vector;
};

export const cosine = (a: Vector, b: Vector): number => {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, value] of small) sum += value * (large.get(term) ?? 0);
  return sum;
};

/** Closeness of every sentence to the sum of all. */
export const centrality = (all: readonly Vector[]): number[] => {
  const sum: Vector = new Map();
  for (const vector of all) for (const [term, value] of vector) sum.set(term, (sum.get(term) ?? 0) + value);
  unit(sum);
  return all.map((vector) => cosine(vector, sum));
};

/** Scores with mean 0 and standard deviation 1; all 0 where they do not differ. */
export const standardize = (scores: readonly number[]): number[] => {
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, scores.length));
  return scores.map((score) => (deviation > 1e-9 ? (score - mean) / deviation : 0));
};

/** Cosine from which two sentences say the same. */
export const TOO_ALIKE = 0.65;

/**
 * Indices of up to `count` items, best first: each next one has the best score less `penalty` times its likeness to what was
 * chosen, and less its `cost`, given what was chosen before.
 */
export const pickDiverse = (
  scores: readonly number[],
  all: readonly Vector[],
  count: number,
  penalty: number,
  cost: (item: number, chosen: readonly number[]) => number = () => 0,
): number[] => {
  const chosen: number[] = [];
  const likeness = scores.map(() => 0);
  while (chosen.length < count) {
    let [best, most] = [-1, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < scores.length; i++) {
      if (chosen.includes(i) || likeness[i] > TOO_ALIKE) continue;
      const worth = scores[i] - penalty * likeness[i] - cost(i, chosen);
      if (worth > most) [best, most] = [i, worth];
    }
    if (best < 0) break;
    chosen.push(best);
    for (let i = 0; i < scores.length; i++) likeness[i] = Math.max(likeness[i], cosine(all[i], all[best]));
  }
  return chosen;
};
