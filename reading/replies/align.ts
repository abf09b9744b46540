// Whether the document bears out a sentence that a model wrote. Nothing is asked of the model: the sentence is compared with the
// document's own, word by word, and the rule is strict, because a false sentence that is marked verified does more harm than a
// true one that is not. Verified means: one sentence of the document (with the one before it, where it opens with a pronoun) has
// every content word, number and name of it, says no more and no less with its small words, and has no other number or name
// between those that the claim joins. Near means less: the numbers, names, negation and half of the words stand there. Whatever it
// is, it is led to the nearest page.

import { type ReadDocument, type Sentence, type Status, sameParagraph, sentenceText } from '../document.ts';
import { type Claim, claimOf, sameFamily, type Token } from '../words/claims.ts';
import { createFinder, opensWithPointer } from '../words/evidence.ts';
import { speaksToModel } from '../words/instructions.ts';
import { indexSentences, type LexicalIndex, terms } from '../words/search.ts';
import { checkQuotations } from './quotations.ts';

export interface Aligned {
  status: Status;
  /** The sentence, with quotations in it set right where that was possible. */
  text: string;
  /** Sentences that bear it out or, where none does, are nearest to it; best first. */
  sources: Sentence[];
}

export interface Aligner {
  align(text: string): Aligned;
}

/** Sentences that are compared word by word. */
const SHORTLIST = 12;
/** Share of a claim's words, weighted by rarity, that the sentence it is near to has. */
const NEAR = 0.5;
const MOST_SOURCES = 2;
/** Fewer content words are no claim. */
const LEAST_WORDS = 3;

/** What stands before a claim and is none: "Overall, …", "The report states that …", "According to the authors, …". */
const FRAME =
  /^(?:(?:overall|in (?:summary|addition)|furthermore|additionally|moreover|finally|therefore|thus|hence|also|however),?\s+)?(?:according to (?:the|this) (?:document|report|paper|text|article|study|section|chapter|authors?),?\s+|(?:the|this) (?:document|report|paper|text|article|study|section|chapter|authors?) (?:also )?(?:say|state|note|describe|explain|discusse?|mention|present|argue|report|add)s?(?: that)?\s+)?/i;

/** `sentences`: those of the document that may bear something out. */
export const createAligner = (document: ReadDocument, sentences: readonly Sentence[]): Aligner => {
  const texts = sentences.map((sentence) => sentenceText(document, sentence));
  const index = indexSentences(texts);
  const find = createFinder(document, sentences);
  const isName = nameTest(texts);
  const claims = new Map<number, Claim>();
  const claimAt = (i: number): Claim => {
    const known = claims.get(i) ?? claimOf(texts[i], isName);
    claims.set(i, known);
    return known;
  };
  /** What the sentence before adds for one that opens with a pronoun: its words, and its name where it has only one. */
  const before = (i: number): Claim | undefined =>
    i > 0 && opensWithPointer(texts[i]) && sameParagraph(document, sentences[i - 1], sentences[i])
      ? claimAt(i - 1)
      : undefined;
  return {
    align(text) {
      const shortlist = nearest(index, text).filter(({ i }) => !speaksToModel(texts[i]));
      const quoted = checkQuotations(document, sentences, text);
      const claim = claimOf(quoted.text.replace(FRAME, ''), isName);
      // What stands for something itself takes no word in its place.
      const pointed = opensWithPointer(quoted.text);
      const verbatim = shortlist.find(({ i }) => texts[i] === quoted.text);
      const bears =
        verbatim ?? shortlist.find(({ i }) => isBorneOut(claim, claimAt(i), pointed ? undefined : before(i)));
      if (quoted.status !== 'unverified' && bears)
        return { status: quoted.status, text: quoted.text, sources: [sentences[bears.i]] };
      const found = find(text, { most: MOST_SOURCES, mayQuote: (one) => !speaksToModel(sentenceText(document, one)) });
      const sources = found.map(({ sentence }) => sentence);
      const near =
        quoted.status !== 'unverified' &&
        shortlist.find(({ i, share }) => share >= NEAR && isNear(claim, claimAt(i), before(i)));
      if (!near) return { status: 'unverified', text, sources };
      const first = sentences[near.i];
      return {
        status: 'near',
        text,
        sources: [first, ...sources.filter((one) => one !== first)].slice(0, MOST_SOURCES),
      };
    },
  };
};

/** Sentences by the share of the text's meaning that they have, the likeliest first. */
const nearest = (index: LexicalIndex, text: string): { i: number; share: number }[] => {
  const wanted = [...new Set(terms(text))].map((term) => ({ term, weight: index.idf(term) }));
  const all = wanted.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const shares = index.counts.map((count, i) => ({
    i,
    share: wanted.reduce((sum, { term, weight }) => sum + (count.has(term) ? weight : 0), 0) / all,
  }));
  return shares
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || index.lengths[a.i] - index.lengths[b.i])
    .slice(0, SHORTLIST);
};

/** A word that is written with a capital inside sentences, and never without. */
const nameTest = (texts: readonly string[]): ((word: string) => boolean) => {
  const capital = new Set<string>();
  const small = new Set<string>();
  for (const text of texts) {
    for (const [word] of text.matchAll(/(?<=\S\s["“'(]?)\p{L}[\p{L}\p{M}'’-]*/gu))
      (/^\p{Lu}/u.test(word) ? capital : small).add(word);
  }
  return (word) => capital.has(word) && !small.has(word.toLowerCase());
};

const isEntity = ({ kind }: Token): boolean => kind !== 'word';

const matches = (a: Token, b: Token): boolean =>
  a.kind === 'number' || b.kind === 'number'
    ? a.kind === b.kind && a.form === b.form
    : a.form === b.form || (a.kind === 'word' && b.kind === 'word' && sameFamily(a.form, b.form));

/** Conditions and doubts: where the source has one anywhere, leaving it out makes another claim; a duty only in the same part. */
const CONDITIONS = ['may', 'if', 'only', 'should', 'less', 'least', 'most', 'some', 'about'];
const DUTIES = ['must'];
/** What may not be added to a source that does not have it. */
const WEIGHTY = new Set(['must', 'only', 'all', 'most', 'least', 'before', 'after', 'more', 'less']);

export const isBorneOut = (claim: Claim, source: Claim, before?: Claim): boolean => {
  if (claim.negated !== source.negated) return false;
  const wanted = claim.tokens;
  const different = new Set(
    wanted.filter(({ kind, form }) => kind === 'number' || form.length > 1).map(({ form }) => form),
  );
  if (different.size < LEAST_WORDS) return false;
  const own = wanted.filter((token) => source.tokens.some((other) => matches(token, other)));
  const borrowed = wanted.filter((token) => !own.includes(token));
  if (borrowed.length > 0 && !mayBorrow(borrowed, before)) return false;
  if (own.length < Math.max(1, wanted.length / 2)) return false;
  const stretch = stretchWith(own, source.tokens);
  return (
    sameLogic(claim, source, stretch) &&
    !isCounted(stretch[0], source.tokens) &&
    joinsNothingElse(own, stretch, own.length < wanted.length)
  );
};

/** Has every number and name of the claim, denies or affirms as it does, and no duty or limit is missing that the claim has. */
const isNear = (claim: Claim, source: Claim, before?: Claim): boolean => {
  if (claim.negated !== source.negated) return false;
  const there = [...source.tokens, ...(before?.tokens ?? [])];
  const groups = new Set(source.logic.map(({ group }) => group));
  return (
    claim.tokens.filter(isEntity).every((token) => there.some((other) => sameEntity(token, other))) &&
    claim.logic.every(({ group }) => groups.has(group) || !WEIGHTY.has(group))
  );
};

/** A name may be written small elsewhere, a number never otherwise. */
const sameEntity = (a: Token, b: Token): boolean =>
  matches(a, b) || (a.kind === 'name' && b.kind === 'word' && (terms(a.form)[0] ?? a.form) === b.form);

/** A share or a number stands right before it: "62 percent of patients" are not the patients. */
const isCounted = (first: Token, source: readonly Token[]): boolean => {
  const before = source[source.indexOf(first) - 1];
  return (
    before !== undefined &&
    before.part === first.part &&
    !before.modifier &&
    (before.kind === 'number' || before.form === PERCENT)
  );
};

const PERCENT = terms('percent')[0];

const sameLogic = (claim: Claim, source: Claim, stretch: readonly Token[]): boolean => {
  const [first, last] = [stretch[0].part, stretch.at(-1)!.part];
  const said = new Set(claim.logic.map(({ group }) => group));
  const anywhere = new Set(source.logic.map(({ group }) => group));
  const here = new Set(source.logic.filter(({ part }) => part >= first && part <= last).map(({ group }) => group));
  if (![...said].every((group) => here.has(group))) return false;
  return (
    CONDITIONS.every((group) => !anywhere.has(group) || said.has(group)) &&
    DUTIES.every((group) => !here.has(group) || said.has(group))
  );
};

/** From the sentence before come words, and a name only where there is no other that it could be. */
const mayBorrow = (tokens: readonly Token[], before: Claim | undefined): boolean => {
  if (!before || before.negated || tokens.some(({ kind }) => kind === 'number')) return false;
  if (!tokens.every((token) => before.tokens.some((other) => matches(token, other)))) return false;
  const names = before.tokens.filter(({ kind }) => kind === 'name');
  const given = tokens.filter(({ kind }) => kind === 'name');
  return given.length === 0 || names.every((name) => given.some((other) => other.form === name.form));
};

/** The shortest stretch of `source` that has all of `tokens`. */
const stretchWith = (tokens: readonly Token[], source: readonly Token[]): Token[] => {
  let best: Token[] = [...source];
  for (let from = 0; from < source.length; from++) {
    if (!tokens.some((token) => matches(token, source[from]))) continue;
    for (let to = from + 1; to <= source.length && to - from < best.length; to++) {
      const stretch = source.slice(from, to);
      if (tokens.every((token) => stretch.some((other) => matches(token, other)))) {
        best = stretch;
        break;
      }
    }
  }
  return best;
};

/**
 * Between what the claim joins stands no number or name that it does not have, unless it only says more of what stands before it;
 * names and numbers come in the same order, and nothing was moved but a date to the front ("In 1891 …"): "A sued B" is not
 * "B sued A", and of "A has three and B has five" neither half may take from the other.
 */
const joinsNothingElse = (tokens: readonly Token[], stretch: readonly Token[], borrows: boolean): boolean => {
  const hasNumber = tokens.some(({ kind }) => kind === 'number');
  const mayBeLeft = ({ kind, modifier }: Token): boolean => modifier === true && !(kind === 'number' && hasNumber);
  const others = stretch.filter((one) => isEntity(one) && !tokens.some((token) => matches(token, one)));
  if ((tokens.some(isEntity) || borrows) && !others.every(mayBeLeft)) return false;
  for (const kind of ['name', 'number'] as const) {
    const order = tokens.filter((token) => token.kind === kind).map(({ form }) => form);
    const there = stretch.filter((token) => token.kind === kind).map(({ form }) => form);
    if (!isSubsequence(order, there)) return false;
  }
  const words = tokens.findIndex(({ kind }) => kind !== 'number');
  const moved = stretch.at(-1)!.part === stretch[0].part ? tokens.slice(Math.max(0, words)) : tokens;
  return turnsOf(moved, stretch) === 0;
};

/** How often the claim goes back in the source. */
const turnsOf = (tokens: readonly Token[], source: readonly Token[]): number => {
  let [turns, last] = [0, -1];
  for (const token of tokens) {
    const after = source.findIndex((other, i) => i > last && matches(token, other));
    const at = after >= 0 ? after : source.findIndex((other) => matches(token, other));
    if (at <= last) turns++;
    last = at;
  }
  return turns;
};

const isSubsequence = (short: readonly string[], long: readonly string[]): boolean => {
  let at = 0;
  for (const one of long) if (one === short[at]) at++;
  return at >= short.length;
};
