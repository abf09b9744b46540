// What a question asks for, and how well a sentence holds it: a date, a number, a name, a place, a reason, a list, what something is
// called, what an abbreviation stands for, what something is. Each counts once, by weights that were fitted with those of
// evidence.ts (tests/bench/RESULTS.md).
import { terms } from './search.ts';

const WEIGHTS = {
  date: 2,
  number: 2.9,
  /** In addition, with a unit: set by hand. */
  measured: 1.5,
  name: 1.3,
  place: 1.15,
  why: 0.5,
  list: 0.9,
  called: 0.9,
  abbreviation: 1,
  /** In addition, where nothing but the abbreviation is asked for: set by hand. */
  spelledOut: 2,
  definition: 1.8,
  apposition: 1.1,
};

const MONTHS =
  /\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\bcentur(?:y|ies)\b|\b\d{1,3}0s\b/;
const NUMERALS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|third|quarter|dozen|once|twice)s?\b/i;
const DIGITS = /\d+(?:[.,:]\d+)*/g;
/** "[108]" after a sentence counts nothing. */
const MARKS = /\[\d[\d,\s–-]*\]/g;
const MEASURED =
  /\d\)?[\s-](?:million |billion |thousand )?(?:square|cubic|sq|km|kilomet\p{L}+|miles?|m|met(?:re|er)s?|feet|foot|ft|inch\p{L}*|cm|mm|acres?|hectares?|tons?|tonnes?|kg|pounds?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|degrees|percent|pages)\b/iu;
const HOW_OFTEN =
  /\b(?:(?:bi|semi)?-?(?:annual|year|month|week|quarter|hour|dai|night)ly|annual|once|twice|every|each|per|times|regularly|rarely|never|always)\b/i;
/** Capitals that do not only start the sentence. */
const NAMES = /(?<=\S\s[“"(]?)\p{Lu}[\p{L}.'’-]+(?:\s\p{Lu}[\p{L}.'’-]+)*/gu;

/** Words of a question that say what kind of thing is asked for, or next to nothing: the answer seldom repeats them. */
const LIGHT = new Set(
  terms(
    'year date day month decade time kind type sort name term number percent percentage amount person individual people country city state place part form make made do use used call take get give become happen mean work many much long far old often large big tall high',
  ),
);

export const saysLittle = (term: string): boolean => LIGHT.has(term);

interface Kind {
  asked: RegExp;
  holds(text: string): boolean;
  weight: number;
}

/** Kinds that do not depend on the question's own words. */
const FIXED: readonly Kind[] = [
  {
    asked: /\bhow (?:large|big|wide|tall|high|deep|far|long|heavy|fast|old)\b/i,
    holds: (text) => MEASURED.test(text),
    weight: WEIGHTS.measured,
  },
  { asked: /\bhow (?:often|frequently)\b/i, holds: (text) => HOW_OFTEN.test(text), weight: WEIGHTS.number },
  {
    asked: /\bwhy\b|\bwhat (?:caused?|causes|reason|led)|\bfor what (?:reason|purpose)/i,
    holds: (text) =>
      /\b(?:because|due to|since|so that|in order to|as a result|therefore|caused|reason|owing to|led to)\b/i.test(
        text,
      ),
    weight: WEIGHTS.why,
  },
  {
    asked: /\b(?:what|which) (?:are|were|two|three|four|kinds|types)\b/i,
    holds: (text) => /,[^,]+(?:,| and)/.test(text),
    weight: WEIGHTS.list,
  },
  {
    asked: /\b(?:called|name|named|term|known as)\b/i,
    holds: (text) => /[“"”]|\bcalled\b|\bknown as\b|\bnamed\b|\bterm/i.test(text),
    weight: WEIGHTS.called,
  },
];

/** The weights of what the question asks for and the sentence holds, summed. */
export const answerShape = (question: string): ((text: string) => number) => {
  const asked = new Set(terms(question));
  const given = new Set(question.match(DIGITS));
  const numbers = (text: string): string[] =>
    (text.replace(MARKS, ' ').match(DIGITS) ?? []).filter((number) => !given.has(number));
  const hasName = (text: string): boolean =>
    (text.match(NAMES) ?? []).map(terms).some((name) => name.length > 0 && !name.some((term) => asked.has(term)));
  const kinds: Kind[] = [
    {
      asked: /\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b/i,
      holds: (text) => MONTHS.test(text) || numbers(text).some((n) => /^[12]\d{3}$|:/.test(n)),
      weight: WEIGHTS.date,
    },
    {
      asked:
        /\bhow (?:many|much|long|old|far|large|big|tall|high|fast|deep|wide)\b|\bwhat (?:percent|percentage|number|amount|population)\b/i,
      holds: (text) => numbers(text).length > 0 || NUMERALS.test(text),
      weight: WEIGHTS.number,
    },
    { asked: /\bwh(?:o|om|ose)\b/i, holds: hasName, weight: WEIGHTS.name },
    {
      asked:
        /\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|region|continent|area|county|location|nation)\b/i,
      holds: (text) => /\b(?:in|at|near|from|to|of)\s(?:the\s)?\p{Lu}\p{L}/u.test(text) && hasName(text),
      weight: WEIGHTS.place,
    },
    ...FIXED,
  ];
  const wanted = kinds.filter(({ asked: pattern }) => pattern.test(question));
  const patterns = [...abbreviations(question), ...definitions(question)];
  return (text) =>
    wanted.reduce((sum, { holds, weight }) => sum + (holds(text) ? weight : 0), 0) +
    patterns.reduce((sum, { pattern, weight }) => sum + (pattern.test(text) ? weight : 0), 0);
};

interface Pattern {
  pattern: RegExp;
  weight: number;
}

/** "NATO" is spelled out where it stands in brackets, or has something in brackets behind it. */
const abbreviations = (question: string): Pattern[] =>
  (question.match(/\b[A-Z]{2,}s?\b/g) ?? [])
    .map((found) => found.replace(/s$/, ''))
    .map((short) => ({ pattern: new RegExp(`\\(${short}\\)|\\b${short} \\(`), weight: WEIGHTS.abbreviation }));

/** "What is a stromule?": "a stromule is a …", "a stromule, or …", "called a stromule". */
const definitions = (question: string): Pattern[] => {
  const subject =
    /^(?:what|who) (?:is|was|are|were|does) (?:an? |the )?([\p{L}\p{N} '-]+?)(?: (?:stand for|mean))?\??$/iu.exec(
      question,
    )?.[1];
  if (subject === undefined) return [];
  const it = `${subject.replace(/s$/, '').replace(/[^\p{L}\p{N} ]/gu, '.')}e?s?`;
  const is = `\\b${it}\\b(?:\\s*\\([^)]*\\)|,[^,]{1,60},)?\\s*(?:is|are|was|were|refers? to|means?) (?:an?|the|one|any|defined|known|to)\\b`;
  const or = `\\b${it}\\b(?:,| \\() ?(?:an?|the|or)\\b|(?:, or|called|known as|named|termed) (?:an? |the )?["“]?${it}\\b|\\b${it} \\(`;
  const short = /^[A-Z]{2,}s?$/.test(subject)
    ? [{ pattern: new RegExp(`\\(${subject}\\)`), weight: WEIGHTS.spelledOut }]
    : [];
  return [
    ...short,
    { pattern: new RegExp(is, 'iu'), weight: WEIGHTS.definition },
    { pattern: new RegExp(or, 'iu'), weight: WEIGHTS.apposition },
  ];
};
