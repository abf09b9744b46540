// Questions that a person might ask of a document, made of its own sentences: "The mill was built in 1840." answers "When was the mill
// built?". A sentence is turned only where that takes no more grammar than moving its verb; what would read badly is left out. A
// heading gives "What does the document say about …?", where it is a noun or a gerund that can stand there.
import { type Inside, type MadeQuestion, PERSON, questionsOf } from './question-patterns.ts';
import { terms } from './search.ts';

export type { Kind, MadeQuestion } from './question-patterns.ts';

const LONGEST_SUBJECT = 6;
const LONGEST_HEADING = 7;
const MOST_CAPITALS = 2;
/** How often a document names what it is about. */
const KNOWN = 3;

/** Opens with something that only the sentences before it make clear, or with no subject at all. */
const UNCLEAR =
  /^(?:it|its|this|that|these|those|they|their|them|he|his|she|her|we|our|us|you|your|i|my|there|here|such|another|others?|some|many|most|several|both|each|every|all|any|no|none|one|two|three|four|five|if|when|while|where|although|though|because|since|as|for|in|on|at|by|with|from|to|of|after|before|during|under|over|between|inside|outside|within|beyond|among|along|behind|near|unlike|like|similar|prior|contrary|thanks|amongst|compared|based|multiple|despite|given|due|according|across|against|around|above|below|through|throughout|upon|without|via|per|besides|except|toward|towards|until|once|rather|more|most|less|today|later|earlier|perhaps|maybe|please|let|however|but|and|or|so|yet|thus|then|also|not|only|even|what|who|why|how|which|figure|table|section|chapter|note|see|otherwise|typically|generally|usually|currently|finally|instead|similarly|likewise|indeed|often|sometimes|\p{L}+(?:al|ate|ent|ant|ous|ive|ar|ic|ib|ab|ed|ort|ight|ost)ly|(?:an? |the )?(?:possible|important|key|main|major|other|good|common|typical|simple|better|best|further|additional|alternative|potential|only|first|second|last|next|new)|\p{L}+ing|the (?:former|latter|same|other|first|second|next|following|above|result|reason|latter|problem|question|answer|difference|figures?|tables?|numbers?)|an? (?:number|few|lot|variety|series))\b/iu;
const SUBJECT =
  /^(?:(?:the|an?|The|An?) )?[\p{L}][\p{L}\p{N}’'.-]*(?: [\p{L}\p{N}][\p{L}\p{N}’'.-]*)*(?: \([A-Z][\w-]{1,9}\))?$/u;

const wordsIn = (text: string): number => text.split(' ').length;

const isSubject = (text: string): boolean =>
  SUBJECT.test(text) &&
  !UNCLEAR.test(text) &&
  wordsIn(text) <= LONGEST_SUBJECT &&
  terms(text).length >= 1 &&
  !/\b(?:which|who|that|and|or|but|if|when|because|not|has|have|had|is|are|was|were|can|could|will|would|may|might|must|should|cannot|shall|do|does|did|this|these|those|it|they|them|we|you|your|our|us|such|[\p{Ll}]+ly)\b/u.test(
    text,
  ) &&
  !/\b(?:19|20)\d{2}\b/.test(text);

const WHAT = /^(.{3,60}?) (is|are) ((?:an?|any|one of|the \p{Ll}+ (?:that|which|of|in|for))\s+\p{Ll}.*)/u;
/** "Argument Name", "function read.table": of a program. */
const CODE =
  /^(?:function|argument|option|parameter|command|method|class|field|variable|package|macro|flag)\b|\w[._]\w/iu;

const CAMEL = /^\p{Lu}\p{Ll}+\p{Lu}\p{Ll}+$/u;

export interface QuestionMaker {
  /** Of a sentence of running English; none of most sentences. */
  of(sentence: string): MadeQuestion[];
  /** "What does the document say about …?" for a heading or a name; of a heading that asks itself, that question. */
  about(heading: string): MadeQuestion | undefined;
}

/** `text`: the document's, for how it writes words that a sentence or a heading begins with. */
export const questionMaker = (text: string): QuestionMaker => {
  const small = countOf(text.match(/(?<![\p{L}\p{N}.-])\p{Ll}+(?![\p{L}\p{N}])/gu));
  // With a capital in the middle of a sentence it is a name.
  const named = countOf(text.match(/(?<=\p{Ll},? )\p{Lu}\p{Ll}+/gu)?.map((word) => word.toLowerCase()));
  const often = (counts: ReadonlyMap<string, number>, word: string): number => counts.get(word) ?? 0;
  const isSmall = (word: string): boolean =>
    (small.has(word) && often(small, word) >= often(named, word)) ||
    (!named.has(word) && SUFFIX.test(word) && small.has(word.replace(SUFFIX, '')));
  const frequency = countOf(terms(text));
  // "The mill" is known to a reader who has not read on only where the document speaks of it again and again.
  const isKnown = (subject: string): boolean =>
    CAMEL.test(subject)
      ? often(frequency, subject.toLowerCase()) >= 2 * KNOWN
      : !/^the /i.test(subject) ||
        /\p{Lu}/u.test(subject.slice(1)) ||
        terms(subject).length > 1 ||
        often(frequency, terms(subject)[0]) >= KNOWN;
  // Whether the first word is a name only the rest of the document tells.
  const isWritten = (subject: string): boolean => {
    const first = /^(\p{Lu}\p{Ll}+)(?:-\p{Ll}+)*(?= \p{Ll}|$)/u.exec(subject)?.[1].toLowerCase();
    return first === undefined || /^(?:an?|the)$/.test(first) || isSmall(first) || named.has(first);
  };
  const inside = (subject: string): string | undefined =>
    isSubject(subject) && isKnown(subject) && isWritten(subject) ? withinFirst(subject, isSmall) : undefined;
  return {
    of: (sentence) => [...questionsOf(sentence, inside), ...definition(sentence, inside)],
    about: (heading) => questionAbout(heading, text, isSmall),
  };
};

const countOf = (all: readonly string[] | null = []): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const one of all ?? []) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
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

const definition = (sentence: string, inside: Inside): MadeQuestion[] => {
  const [, written, verb, told] = WHAT.exec(sentence) ?? [];
  if (!written || !isDefined(written) || PERSON.test(told.split(' ').slice(0, 6).join(' '))) return [];
  const subject = inside(written);
  return subject ? [{ kind: 'what', text: `What ${verb} ${subject}?` }] : [];
};

/** Inside a sentence capitals are right but for the first word's. */
const withinFirst = (subject: string, isSmall: IsSmall): string => {
  const [first, ...others] = subject.split(/(?=\s)/);
  return /^(?:An?|The)$/.test(first) ||
    (!/^\s\p{Lu}\p{Ll}/u.test(others[0] ?? '') &&
      /^\p{Lu}\p{Ll}+(?:-\p{Ll}+)*$/u.test(first) &&
      isSmall(first.toLowerCase().replace(/-.*/, '')))
    ? first.toLowerCase() + others.join('')
    : subject;
};

/** "The forest is a …" speaks of one that is known already; what has a first and a last name is somebody. */
const isDefined = (subject: string): boolean =>
  !CODE.test(subject) &&
  !/^the\b|\d|\b(?:called|named|known|used)\b/i.test(subject) &&
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
  const within = withinSentence(plain, isSmall);
  // A heading with capitals from end to end reads like one inside a question too.
  if ((within.match(/(?<![\p{L}’'-])\p{Lu}\p{Ll}/gu)?.length ?? 0) > MOST_CAPITALS) return undefined;
  return { kind: 'about', text: `What does the document say about ${within}?` };
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
