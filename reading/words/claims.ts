// What a sentence claims, word by word, so that two sentences can be compared: content words in a common form, numbers, names,
// and the small words that turn a meaning round (not, only, must, before, more).
import { isStopWord, terms } from './search.ts';

export interface Token {
  kind: 'word' | 'number' | 'name';
  /** Form in which two sentences are compared. */
  form: string;
  /** Which part of the sentence it stands in: parts end at commas and the like, and at "and", "but", "while". */
  part: number;
  /** Follows "of", "in", "over" …: it says more of what stands before it, and can be left out. */
  modifier?: boolean;
}

export interface Claim {
  /** Content words, numbers and names in their order. */
  tokens: Token[];
  /** An odd number of negations. */
  negated: boolean;
  /** Groups of small words that bear on the meaning, each with its part: "must" and "shall" are one group. */
  logic: { group: string; part: number }[];
}

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const NEGATION =
  /^(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|n't|non|hardly|scarcely|barely|rarely|seldom|fail|failed|fails|failing|lack|lacks|lacked|refuse|refused|refuses|deny|denied|denies|except|unless|instead)$/;

/** Words of one group say the same; a word that stands in no group says nothing here. */
const LOGIC: Record<string, string> = Object.fromEntries(
  (
    [
      ['may', 'may might can could possibly perhaps maybe probably likely unlikely'],
      ['must', 'must shall required obliged mandatory'],
      ['should', 'should ought'],
      ['will', 'will would going'],
      ['if', 'if unless whether provided otherwise'],
      ['only', 'only solely exclusively merely just'],
      ['all', 'all every each always entire whole both'],
      ['some', 'some several few partly sometimes certain'],
      ['most', 'most mostly majority mainly usually generally often'],
      ['more', 'more greater larger higher longer better over above exceed exceeds exceeding'],
      ['less', 'less fewer smaller lower shorter worse under below'],
      ['least', 'least minimum'],
      ['before', 'before until prior previously earlier'],
      ['after', 'after since following later subsequently'],
      ['about', 'about approximately nearly almost roughly around'],
      ['or', 'or either'],
    ] as const
  ).flatMap(([group, words]) => words.split(' ').map((word) => [word, group])),
);

/** Past forms that no rule takes to their verb. */
const IRREGULAR: Record<string, string> = Object.fromEntries(
  'built build|bought buy|brought bring|thought think|taught teach|caught catch|sold sell|told tell|held hold|left leave|kept keep|felt feel|met meet|paid pay|said say|made make|gave give|given give|grew grow|grown grow|knew know|known know|rose rise|risen rise|fell fall|fallen fall|wrote write|written write|took take|taken take|came come|became become|began begin|begun begin|found find|fought fight|led lead|lost lose|sent send|spent spend|stood stand|understood understand|won win|wore wear|went go|gone go|saw see|seen see|chose choose|chosen choose|spoke speak|spoken speak|broke break|broken break|drew draw|drawn draw|drove drive|driven drive|ate eat|ran run|sang sing|showed show|shown show|struck strike|swore swear|threw throw|thrown throw|children child|men man|women woman|people person|feet foot'
    .split('|')
    .map((pair) => pair.split(' ')),
);

const stemOf = (word: string): string => terms(word)[0] ?? word;
const BASES = new Map(Object.entries(IRREGULAR).map(([form, base]) => [stemOf(form), stemOf(base)]));

/** Of a stem: that of its verb or noun, where no rule leads there ("built", "build"). */
export const baseOf = (stem: string): string => BASES.get(stem) ?? stem;

const formOf = (word: string): string => {
  const base = IRREGULAR[word] ?? word;
  return terms(base)[0] ?? base;
};

/** "1,250.0" as "1250", "forty-two" as "42"; undefined for what is no number. */
const numberOf = (word: string): string | undefined => {
  if (/^\d/.test(word)) {
    const plain = word.replace(/,(?=\d{3})/g, '').replace(/[.,]+$/, '');
    return /^\d+(?:\.\d+)?$/.test(plain) ? `${Number(plain)}` : plain;
  }
  const [tens, unit] = word.split('-');
  const [t, u] = [TENS.indexOf(tens), UNITS.indexOf(unit ?? tens)];
  if (t >= 0) return `${20 + 10 * t + (unit === undefined ? 0 : Math.max(0, u))}`;
  return unit === undefined && u >= 0 ? `${u}` : undefined;
};

const PREPOSITION = /^(?:of|in|on|at|over|near|from|since|within|during|across|along|between|under)$/;
const ARTICLE =
  /^(?:the|an?|early|late|january|february|march|april|may|june|july|august|september|october|november|december)$/;
const BREAK = /^(?:[,;:()–—]|and|but|while|whereas|although|though|or)$/;
const WORDS = /\d+(?:[.,:/]\d+)*(?:st|nd|rd|th)?|[%,;:()–—]|\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/gu;

/** `isName`: whether a capitalised word at the start of the sentence is a name. */
export const claimOf = (text: string, isName: (word: string) => boolean): Claim => {
  const tokens: Token[] = [];
  const logic: Claim['logic'] = [];
  let part = 0;
  let negations = 0;
  let first = true;
  let modifies = false;
  for (const [written] of text.normalize('NFKC').matchAll(WORDS)) {
    const word = written.toLowerCase().replace(/’/g, "'").replace(/'s?$/, '');
    if (BREAK.test(word)) {
      part++;
      if (!LOGIC[word]) continue;
    }
    const opens = first;
    first = false;
    if (NEGATION.test(word) || /n't$/.test(word)) negations++;
    const group = LOGIC[word];
    if (group) logic.push({ group, part });
    const modifier: Pick<Token, 'modifier'> = modifies && /^[\p{Lu}\d]/u.test(written) ? { modifier: true } : {};
    modifies = PREPOSITION.test(word) || (modifies && (ARTICLE.test(word) || 'modifier' in modifier));
    const number = word === 'one' ? undefined : numberOf(word);
    if (number !== undefined) tokens.push({ kind: 'number', form: number, part, ...modifier });
    else if (word === '%') tokens.push({ kind: 'word', form: formOf('percent'), part });
    else if (!isStopWord(word) && !NEGATION.test(word) && !group) {
      const name = /^\p{Lu}/u.test(written) && (!opens || isName(written));
      // Parts of "long-distance" are compared one by one, so that "long distance" says the same.
      for (const piece of word.split('-'))
        if (!isStopWord(piece))
          tokens.push({ kind: name ? 'name' : 'word', form: name ? piece : formOf(piece), part, ...modifier });
    }
  }
  return { tokens, negated: negations % 2 === 1, logic };
};

const ENDINGS =
  /^(?:|e|s|es|ed|d|ing|er|ers|or|ors|ion|ions|ation|ations|ition|ment|ments|ly|al|ally|ness|ity|ive|y|ies|ied|ance|ence|ant|ent|able|ible)$/;

/** Whether two forms are of one word family: "invade" and "invasion" are, "contract" and "contrary" are not. */
export const sameFamily = (a: string, b: string): boolean => {
  if (a === b) return true;
  let common = 0;
  while (common < a.length && a[common] === b[common]) common++;
  return common >= 5 && ENDINGS.test(a.slice(common)) && ENDINGS.test(b.slice(common));
};
