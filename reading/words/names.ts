// Whether a line is nothing but names of people, by its shape: no list of names is at hand, and labels of forms, heads of tables and
// names of places have capitals too. What tells them apart is how names stand together: two words or more each, parted by commas
// and "and", with initials and marks of affiliation.
import type { ReadDocument, Sentence } from '../document.ts';

/** Characters that are looked through for words written small, and of how many words of a line one may be such ("Mark Brown"). */
const SEARCHED = 400_000;
const MOST_COMMON = 4;
/** Words of one name, those between aside ("van"), and of the only one on a line that nothing marks as a name. */
const NAME = { least: 2, most: 4 };
const LONGEST_ALONE = 3;
/** With such a word it is a body, not a person. */
export const BODY =
  /\b(?:university|universit\S+|institute?|department|college|school|laborator(?:y|ies)|corporation|inc|ltd|llc|gmbh|foundation|association|society|agency|ministry|office|center|centre|company|committee|council|commission|press|hospital|faculty|division|group|administration|board|trust|research)\b/i;
const COMMON = new Set(
  'version draft final report year summary contents edition volume chapter page appendix table figure part section number date name type title document paper file form see by to from for in on at the all yes no january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter north south east west total amount price address city country street phone'.split(
    ' ',
  ),
);
/** Those who are written to, or judge. */
const ADDRESSED = /^(?:mr|mrs|ms|miss|messrs|dear|attn|hon|honou?rable|judge|justice|clerk)\b\.?/i;
/** Words that stand inside names and lists of them. */
const BETWEEN =
  /^(?:and|&|of|de|la|le|van|von|der|den|di|da|dos|del|el|al|bin|ibn|et|und|jr|sr|phd|md|msc|prof|dr)\.?$/i;
const NAME_WORD = /^\p{Lu}(?:\.|[\p{L}\p{M}\p{Sk}'’]*(?:-\p{L}[\p{L}\p{M}'’]*)*\.?)$/u;
const MARKS = /[\d∗*†‡§¶#$+^]+/g;
const LISTED = /[,;·•|&]|\s(?:and|et|und)\s/u;
/** "David A. Patterson"; "A" and "I" alone are words of some language. */
const INITIAL = /\p{L}\.? (?:\p{Lu}\.|[B-HJ-Z])(?= \p{Lu})/u;

/** Marks of affiliation and footnotes taken off; what is left word by word. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(MARKS, ' ')
    .replace(/[,;:·•|()]/g, ' ')
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));

/** Words that are written small somewhere are no names. */
export const commonWords = (text: string): ((word: string) => boolean) => {
  const small = new Set(
    text
      .slice(0, SEARCHED)
      .replace(/\{[^{}]*\}|\S+@\S+/g, ' ')
      .match(/(?<![\p{L}\p{N}.@-])\p{Ll}{2,}(?![\p{L}@])/gu),
  );
  return (word) => small.has(word.toLowerCase()) || COMMON.has(word.toLowerCase());
};

/** Whether it could be names: two different words with capitals at least and nothing else. Enough under the heading "Authors". */
export const couldBeNames = (text: string, isCommon: (word: string) => boolean): boolean => {
  const words = wordsOf(text).filter((word) => !BETWEEN.test(word));
  if (words.length < 2 || !words.every((word) => NAME_WORD.test(word)) || BODY.test(text)) return false;
  if (text === text.toUpperCase() || ADDRESSED.test(text) || /^\d|[?!=/:[\]]|\d{3}|(?:^|\s)\d+(?=\s|$)/.test(text))
    return false;
  const common = words.filter(isCommon).length;
  return (
    common <= words.length / MOST_COMMON &&
    new Set(words).size >= 0.75 * words.length &&
    words.some((word) => word.length > 2)
  );
};

/** `sure`: a list of names, or one with an initial or a mark; `alone`: one name that only its place can tell. */
export type Names = 'sure' | 'alone' | 'none';

/**
 * `cells`: the same text as it is parted on its page, where it stands in a row of a table or of names side by side; `lines`: how many
 * lines it runs over.
 */
export const namesOn = (
  text: string,
  isCommon: (word: string) => boolean,
  cells: readonly string[] = [text],
  lines = 1,
): Names => {
  if (!couldBeNames(text, isCommon)) return 'none';
  const parts = cells
    .flatMap((cell) => cell.replace(MARKS, ', ').split(LISTED).map(wordsOf))
    .filter((part) => part.length > 0);
  const sizes = parts.map((words) => words.filter((word) => !BETWEEN.test(word)).length);
  const isListed = LISTED.test(text) && parts.length > 1;
  // "José M. Ortiz, Jr." ends with a part that has no name of its own.
  const named = sizes.filter((size) => size > 0);
  const areNames = named.every((size) => size >= NAME.least && size <= NAME.most);
  if (areNames && named.length > 1 && isListed) return 'sure';
  if (INITIAL.test(text) && (areNames || !isListed)) return 'sure';
  const isStacked = lines > 1 && named.length === 1 && named[0] >= NAME.least * lines && named[0] <= NAME.most * lines;
  const isAlone = areNames && (named.length > 1 || named[0] <= LONGEST_ALONE) && !/[,;]$/.test(text);
  return (isAlone || isStacked) && !wordsOf(text).some(isCommon) ? 'alone' : 'none';
};

/** The cells of the row that a sentence fills; the sentence itself where it stands in none, or in a part of one. */
export const cellsOf = (document: ReadDocument, sentence: Sentence): string[] => {
  const row = document.blocks.find(
    ({ kind, start, end }) => kind === 'row' && start <= sentence.start && end >= sentence.end,
  );
  const cuts = row?.cells?.filter((at) => at > sentence.start && at < sentence.end) ?? [];
  return [sentence.start, ...cuts].map((start, i) => document.text.slice(start, cuts[i] ?? sentence.end));
};
