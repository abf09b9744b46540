// What looks like a sentence by its length and is none: lines of code and of listings, rows of numbers and contents without leaders,
// what is cut off in the middle, the source under a motto. It can be found and quoted in an answer, but sums nothing up.

/** Ends where nothing ends: a comma, an open bracket, a word that wants another one. */
const CUT =
  /[,([–—&-]$|\[\d+,?$|(?<![.!?]\s)\b(?:and|or|the|of|to|an?|in|by|for|with|that|which|from|as|is|are|was|were)$/iu;
/** "—From Of Fires and Towers, by Sister Anna". */
const SOURCE = /^[—–](?:\s?(?:From|by)\b|\s?\p{Lu}[^.!?]*$)/iu;
const ENDS = /[.!?:;。！？][”"’'»)\]]*$/u;
const NUMBER = /^[$€£(]*\d[\d.,:%/()–-]*[†‡*]*$/u;
/** Commands of TeX and braces. */
const MARKUP = /\\[a-zA-Z@]+|[{}]/g;
/** Of the words of a line of code, how many such marks there are. */
const MOST_MARKUP = 0.35;

export const isFragment = (text: string): boolean => {
  const words = text.split(/\s+/);
  return (
    CUT.test(text) ||
    SOURCE.test(text) ||
    /^\d+ \\/.test(text) ||
    (text.match(MARKUP)?.length ?? 0) > MOST_MARKUP * words.length ||
    isNumbered(words) ||
    (!ENDS.test(text) && isRow(words))
  );
};

/** "25 Mills 55 26 Weirs 59", "7 let a = 1 8 let b = 2": begins with a number and goes on with the next. */
const isNumbered = (words: readonly string[]): boolean => {
  const first = /^\d{1,3}$/.test(words[0]) ? Number(words[0]) : undefined;
  return first !== undefined && words.slice(2).includes(`${first + 1}`);
};

/** Of the words of a row, so many begin with a digit. */
const ROW = { least: 3, share: 0.25 };

/** Numbers at its end, at both ends, or all through. */
const isRow = (words: readonly string[]): boolean => {
  const [first, last, before] = [words[0], words.at(-1)!, words.at(-2) ?? ''];
  const numbers = words.filter((word) => /^\d/.test(word)).length;
  return (
    (NUMBER.test(last) && (NUMBER.test(before) || NUMBER.test(first))) ||
    (numbers >= ROW.least && numbers >= ROW.share * words.length)
  );
};
