// The plain clause that a sentence begins with: when, who or what, the verb, and the rest. Nothing else of English grammar is known
// here; a sentence that is not built that way has no clause, and no question is made of it.
import { type VerbForm, verbForm } from './verbs.ts';

export interface Clause {
  /** "In 1705", where it stands first. */
  when?: string;
  subject: string;
  /** What stands between commas behind the subject. */
  apposition?: string;
  /** "often", "once": stays in the question. */
  adverb: string;
  verb: string;
  /** Of a main verb; "is", "must" and their like have none: they go before the subject as they are. */
  form?: VerbForm;
  rest: string;
}

const MONTH = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const YEAR = '(?:1[0-9]|20)\\d{2}';
/** A date as it stands in a sentence. */
export const DATE = `(?:in (?:(?:early|late) )?(?:the )?(?:${MONTH},? )?${YEAR}s?|on (?:\\d{1,2} ${MONTH}|${MONTH} \\d{1,2}),? ${YEAR})`;
const FRONT = new RegExp(
  `^(${DATE}|(?:by|since|between|before|after|until) (?:the (?:middle|end|beginning) of )?(?:the )?(?:${MONTH} )?${YEAR}s?(?: and ${YEAR})?),? `,
  'iu',
);
const OPENER =
  /^(?:however|moreover|furthermore|therefore|thus|indeed|in addition|as a result|finally|typically|generally|in general|usually|in fact|in practice|traditionally|historically|accordingly|consequently|in particular|for example|for instance),? /iu;
/** Marks of notes, and what stands in brackets. */
const ASIDE = /\s*\[[^\]]{1,20}\]|\s+\([^()]{1,80}\)(?![\p{L}\d-])/gu;
const AUXILIARY = /^(?:is|are|was|were|can|could|must|shall|should|may|might|will)$/;
const ADVERB =
  /^(?:once|often|usually|first|generally|normally|typically|always|never|originally|officially|formally|mainly|primarily|initially)$/;
/** Stays out of it. */
const LINK =
  /^(?:also|then|later|still|now|subsequently|eventually|finally|thus|therefore|however|even|soon|again|already|too)$/;
/** Another finite verb: the word before was no verb, or the sentence is no plain one. */
const FINITE = /^(?:is|are|was|were|has|have|had|does|do|did|can|could|will|would|shall|should|must|may|might)$/;
const PARTICIPLE = /^(?:been|\p{Ll}+(?:ed|en|wn|ght|ung|ept|eld|ade))$/u;
const LONGEST_SUBJECT = 7;

/** A sentence without brackets, its opening word and the mark at its end. */
export const plainOf = (sentence: string): string => {
  const plain = sentence
    .replace(ASIDE, '')
    .replace(/\s+/g, ' ')
    .replace(/[.;:!]?$/, '')
    .trim()
    .replace(OPENER, '');
  return plain === sentence ? plain : plain.charAt(0).toUpperCase() + plain.slice(1);
};

/** Of a sentence that `plainOf` gave. */
export const clauseOf = (plain: string): Clause | undefined => {
  const when = FRONT.exec(plain)?.[1];
  const main = when === undefined ? plain : plain.replace(FRONT, '');
  const aside = /^([^,]{3,60}), ([^,]{3,90}), (?=\p{Ll})/u.exec(main);
  const whole = aside ? `${aside[1]} ${main.slice(aside[0].length)}` : main;
  const words = whole.split(' ');
  const least = aside ? aside[1].split(' ').length : 1;
  for (let i = least; i < words.length - 1 && i <= LONGEST_SUBJECT + 1; i++) {
    if (/[,;:“”"]/.test(words[i - 1])) return undefined;
    const at = ADVERB.test(words[i]) || LINK.test(words[i]) ? i + 1 : i;
    const verb = words[at];
    const form = isPerfect(words, at) ? undefined : verbForm(verb);
    if (!form && !AUXILIARY.test(verb) && !isPerfect(words, at)) continue;
    const rest = words.slice(at + 1);
    // "The method used is a new one", "Water needs are met": what looks like a verb is none.
    const clause = rest.slice(
      0,
      Math.max(
        0,
        rest.findIndex((word) =>
          /[,;:]$|^(?:because|which|that|who|and|when|where|so|but|as|while|if|than|until|unless|after|before|since|whether)$/.test(
            word,
          ),
        ),
      ) || rest.length,
    );
    if (form && (clause.some(isAnotherVerb) || !agrees(words.slice(0, i), form))) continue;
    if (words[i - 1] === 'to') return undefined;
    if (aside && i > least) return undefined;
    return {
      ...(when && { when: when.charAt(0).toLowerCase() + when.slice(1) }),
      subject: words.slice(0, i).join(' '),
      ...(aside && { apposition: aside[2] }),
      adverb: at > i && ADVERB.test(words[i]) ? words[i] : '',
      verb,
      ...(form && { form }),
      rest: rest.join(' '),
    };
  }
  return undefined;
};

/** Of the words behind a verb: another one. */
const isAnotherVerb = (word: string, i: number, all: readonly string[]): boolean =>
  FINITE.test(word) || (i > 0 && all[i - 1] !== 'to' && verbForm(word)?.auxiliary === 'does');

const PLURAL = /(?:[^su]s|ies|people|men|women|children|species|data|police|media)$/u;

/** "Two mills use", "A mill uses". */
const agrees = (subject: readonly string[], { auxiliary }: VerbForm): boolean => {
  if (auxiliary === 'did') return true;
  const until = subject.findIndex((word) => /^(?:of|in|at|on|for|from|with|to|by|under|between)$/.test(word));
  const head = (until > 0 ? subject.slice(0, until) : subject).at(-1)!;
  return auxiliary === 'do' ? PLURAL.test(head) : !PLURAL.test(head) || /^\p{Lu}/u.test(head);
};

const isPerfect = (words: readonly string[], at: number): boolean =>
  /^(?:has|have|had)$/.test(words[at]) && PARTICIPLE.test(words[at + 1] ?? '');

/** The clause turned round, behind a question word: "did Parliament offer …", "is the mill …". */
export const turned = ({ verb, form, adverb }: Clause, subject: string, rest: string): string =>
  [form ? form.auxiliary : verb, subject, adverb, form?.base, rest].filter(Boolean).join(' ');
