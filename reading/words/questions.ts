// Questions that a person might ask of a document, made of its own sentences: "The mill was built in 1840." answers "When was the mill
// built?". A sentence is turned only where that takes no more grammar than moving its verb; what would read badly is left out. A
// heading gives "What does the document say about …?", where it is a noun or a gerund that can stand there.
import { terms } from './search.ts';

export type Kind = 'what' | 'when' | 'why' | 'about';

export interface MadeQuestion {
  kind: Kind;
  text: string;
}

const LONGEST_SUBJECT = 6;
const LONGEST_REST = 9;
const LONGEST_HEADING = 7;

const AUX = '(?:is|are|was|were|can|could|must|should|may|might)';
const MONTH = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const DATE = `(?:in (?:(?:early|late) )?(?:the )?(?:${MONTH} )?(?:1[0-9]|20)\\d{2}s?|on (?:\\d{1,2} ${MONTH}|${MONTH} \\d{1,2}),? (?:1[0-9]|20)\\d{2})`;
const DONE =
  '(?:founded|built|established|created|published|introduced|invented|discovered|opened|closed|completed|launched|passed|signed|adopted|formed|born|developed|released|first [a-z]+ed|abolished|destroyed|named|made)';

/** Opens with something that only the sentences before it make clear, or with no subject at all. */
const UNCLEAR =
  /^(?:it|its|this|that|these|those|they|their|them|he|his|she|her|we|our|us|you|your|i|my|there|here|such|another|others?|some|many|most|several|both|each|every|all|any|no|none|one|two|three|four|five|if|when|while|where|although|though|because|since|as|for|in|on|at|by|with|from|to|of|after|before|during|under|over|between|however|but|and|or|so|yet|thus|then|also|not|only|even|what|who|why|how|which|figure|table|section|chapter|note|see|otherwise|typically|generally|usually|currently|finally|instead|similarly|likewise|indeed|often|sometimes|(?:an? |the )?(?:possible|important|key|main|major|other|good|common|typical|simple|better|best|further|additional|alternative|potential|only|first|second|last|next|new)|\p{L}+ing|the (?:former|latter|same|other|first|second|next|following|above|result|reason|latter|problem|question|answer|difference|figures?|tables?|numbers?)|an? (?:number|few|lot|variety|series))\b/iu;
const SUBJECT =
  /^(?:(?:the|an?|The|An?) )?[\p{L}][\p{L}\p{N}’'.-]*(?: [\p{L}\p{N}][\p{L}\p{N}’'.-]*)*(?: \([A-Z][\w-]{1,9}\))?$/u;

const wordsIn = (text: string): number => text.split(' ').length;

const isSubject = (text: string): boolean =>
  SUBJECT.test(text) &&
  !UNCLEAR.test(text) &&
  wordsIn(text) <= LONGEST_SUBJECT &&
  terms(text).length >= 1 &&
  !/\b(?:which|who|that|and|or|but|if|when|because|not|has|have|had|is|are|was|were|can|could|will|would|may|might|must|should|do|does|did|[\p{Ll}]+ly)\b/u.test(
    text,
  ) &&
  !/\b(?:19|20)\d{2}\b/.test(text);

/** Words of a sentence that would make no sense behind its question word. */
const isRest = (text: string): boolean =>
  wordsIn(text) <= LONGEST_REST &&
  !/[,;:()“”"–—]|\b(?:that|which|who|when|where|if|whether|this|these|those|it|they|them|he|she|we|our|you|also|however|therefore|thus|not|only|still|often|always|never)\b/i.test(
    text,
  );

const WHEN = new RegExp(
  `^(.{3,60}?) (was|were) (${DONE}(?: (?!in |on |by )[\\p{Ll}]+){0,4})(?: by [^,]{3,40})? ${DATE}(?:[,.;]|$| (?:and|by|at|as|to|with|when|on|in|for|near|under|after|before|because)\\b)`,
  'u',
);
const WHAT = /^(.{3,60}?) (is|are) (?:an?|any|one of|the \p{Ll}+ (?:that|which|of|in|for))\s+\p{Ll}/u;
const WHY = new RegExp(`^(.{3,60}?) (${AUX}) ([^,;]{4,80}?),? because `, 'u');

export interface QuestionMaker {
  /** Of a sentence of running English; none of most sentences. */
  of(sentence: string): MadeQuestion[];
  /** "What does the document say about …?" for a heading or a name; of a heading that asks itself, that question. */
  about(heading: string): MadeQuestion | undefined;
}

/** `text`: the document's, for how it writes words that a sentence or a heading begins with. */
export const questionMaker = (text: string): QuestionMaker => {
  const small = new Set(text.match(/(?<![\p{L}\p{N}.-])\p{Ll}+(?![\p{L}\p{N}])/gu));
  // With a capital in the middle of a sentence it is a name.
  const named = new Set(text.match(/(?<=\p{Ll},? )\p{Lu}\p{Ll}+/gu)?.map((word) => word.toLowerCase()));
  const isSmall = (word: string): boolean =>
    small.has(word) || (!named.has(word) && SUFFIX.test(word) && small.has(word.replace(SUFFIX, '')));
  return {
    of: (sentence) => questionsOf(sentence, isSmall),
    about: (heading) => questionAbout(heading, text, isSmall),
  };
};

/** "Builders" is no name where "build" is a word. */
const SUFFIX = /(?<=^.{4,})(?:s|ers?|ings?|ed|ments?|ness|al|ions?|able)$/;

type IsSmall = (word: string) => boolean;

/**
 * A heading or a subject as it stands inside a sentence: "A forest of grass" is "a forest of grass", "Control and Status Registers"
 * small too where the document writes all of these words so elsewhere, "Skagen's harbour" stays.
 */
export const withinSentence = (title: string, isSmall: IsSmall): string => {
  const words = title.split(/(?=[\s,()])/);
  const isCapital = (word: string): boolean => /^[\s,(]*\p{Lu}[\p{Ll}'’]*$/u.test(word);
  const lower = (word: string): string => word.toLowerCase();
  const bare = (word: string): string => lower(word).replace(/^[\s,(]+/, '');
  const isArticle = (word: string): boolean => /^(?:an?|the)$/.test(bare(word));
  const small = (word: string): boolean => isCapital(word) && (isArticle(word) || isSmall(bare(word)));
  // A word that is small elsewhere in the document is no name; a name's first one may be ("The Harbour Budget").
  const capitals = words.filter(isCapital);
  const [first, ...others] = words;
  if (capitals.every(small)) return words.map((word) => (isCapital(word) ? lower(word) : word)).join('');
  const onlyFirst = !/\p{Lu}/u.test(others.join(''));
  return small(first) && (onlyFirst || isArticle(first)) ? lower(first) + others.join('') : title;
};

const questionsOf = (sentence: string, isSmall: IsSmall): MadeQuestion[] => {
  const inside = (subject: string): string => withinFirst(subject, isSmall);
  const made: MadeQuestion[] = [];
  const when = WHEN.exec(sentence);
  if (when && isSubject(when[1]) && isRest(when[3]))
    made.push({ kind: 'when', text: `When ${when[2]} ${inside(when[1])} ${when[3]}?` });
  const why = WHY.exec(sentence);
  if (why && isSubject(why[1]) && isRest(why[3]))
    made.push({ kind: 'why', text: `Why ${why[2]} ${inside(why[1])} ${why[3]}?` });
  const what = WHAT.exec(sentence);
  if (what && isSubject(what[1]) && isDefined(what[1]))
    made.push({ kind: 'what', text: `What ${what[2]} ${inside(what[1])}?` });
  return made;
};

/** Inside a sentence capitals are right but for the first word's. */
const withinFirst = (subject: string, isSmall: IsSmall): string => {
  const [first, ...others] = subject.split(/(?=\s)/);
  return /^(?:An?|The)$/.test(first) ||
    (/^\p{Lu}\p{Ll}+(?:-\p{Ll}+)*$/u.test(first) && isSmall(first.toLowerCase().replace(/-.*/, '')))
    ? first.toLowerCase() + others.join('')
    : subject;
};

/** "The forest is a …" speaks of one that is known already; what has a first and a last name is somebody. */
const isDefined = (subject: string): boolean =>
  !/^the\b|\d/i.test(subject) &&
  !/^(?:\p{Lu}\p{Ll}+ ){1,2}\p{Lu}\p{Ll}+$/u.test(subject) &&
  (terms(subject).length > 1 || /^an? /i.test(subject) || /\p{Lu}.*\p{Lu}/u.test(subject));

const NO_NOUN =
  /^(?:abstract|introduction|conclusions?|summary|background|contents|references|appendix|annex|preface|foreword|overview|notes?|results|discussion|methods?|general|other|more|further|how|why|when|where|who|which|is|are|do|does|can|if|in|on|at|by|to|for|from|with|and|or|the following|see|final|version|page|table|figure|part|chapter|section|volume)\b/i;

const NUMBERED =
  /^(?:(?:[Cc]hapter|[Ss]ection|[Pp]art|[Aa]ppendix|[Aa]nnex)\s+)?(?:[A-Z]?\d+(?:\.\d+)*|[IVX]+)[.:)]?\s+/;

const questionAbout = (heading: string, text: string, isSmall: IsSmall): MadeQuestion | undefined => {
  const title = heading.replace(NUMBERED, '').replace(/[\s.:;]+$/, '');
  if (/^(?:what|who|when|where|why|how)\b.{6,90}\?$/i.test(title)) return { kind: 'about', text: title };
  const plain = title === title.toUpperCase() ? asWritten(title, text) : title;
  if (plain === undefined || NO_NOUN.test(plain) || !/^[\p{L}\p{N}][\p{L}\p{N}\s,’'()&-]*$/u.test(plain))
    return undefined;
  const words = plain.split(/[\s,]+/);
  if (words.length > LONGEST_HEADING || new Set(words).size < words.length || terms(plain).length < 2) return undefined;
  return { kind: 'about', text: `What does the document say about ${withinSentence(plain, isSmall)}?` };
};

/** What stands in capitals, as the document writes it elsewhere; undefined where it does not. */
const asWritten = (title: string, text: string): string | undefined => {
  const small = title.toLowerCase();
  return text.includes(small) ? small : undefined;
};

const ENGLISH = new Set(
  'the of and to in is are was for that with as on by be this from it which or an at not have has'.split(' '),
);
const LEAST_ENGLISH = 0.18;
const SAMPLED = 200_000;

/** Questions are asked in English: of a text in another language they would be in two. */
export const isEnglish = (text: string): boolean => {
  const words =
    text
      .slice(0, SAMPLED)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  return words.filter((word) => ENGLISH.has(word)).length >= LEAST_ENGLISH * words.length;
};
