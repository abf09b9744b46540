// Whether the sentence that meets a question best speaks of something else in the same words: it says the opposite ("before" for "after"), is
// asked what is not so and says nothing of that kind, or names another year. Such a sentence is no answer; fitted on half of the
// articles of SQuAD 2.0 (tests/bench/RESULTS.md).

/**
 * Not those of which one implies the other of somebody or something else ("A won against B": who lost?), nor births and deaths, ends and
 * beginnings, which one sentence gives by a span.
 */
const OPPOSITES = `
before after|first last|largest smallest|biggest smallest|highest lowest|oldest youngest|oldest newest|most least|more less|more fewer
increase decrease|increased decreased|increasing decreasing|rise fall|rose fell|higher lower|larger smaller|greater smaller|greater lesser
longer shorter|earlier later|earliest latest|north south|northern southern|east west|eastern western|northeast southwest|northwest southeast
maximum minimum|always never|public private|allow prohibit|allowed prohibited|allowed banned|legal illegal|accept reject|accepted rejected
support oppose|supported opposed|opened closed|upper lower|better worse|best worst|strong weak|stronger weaker|rich poor|old new|male female
men women|man woman|positive negative|internal external|inside outside|inner outer|success failure|successful unsuccessful|likely unlikely
common rare|common uncommon|similar different|same different|agree disagree|agreed disagreed|major minor|majority minority|arrive depart|hot cold
warm cold|fast slow|faster slower|easy difficult|easier harder|simple complex|modern ancient|urban rural|create destroy|created destroyed
build destroy|built destroyed|direct indirect|equal unequal|dependent independent|active passive|appear disappear|appeared disappeared
include exclude|included excluded|including excluding|constant variable|odd even|thick thin|deep shallow|wide narrow|expensive cheap|heavy light`;

const OPPOSITE = new Map<string, Set<string>>();
for (const pair of OPPOSITES.trim().split(/[|\n]/)) {
  const [a, b] = pair.split(' ');
  OPPOSITE.set(a, new Set([...(OPPOSITE.get(a) ?? []), b]));
  OPPOSITE.set(b, new Set([...(OPPOSITE.get(b) ?? []), a]));
}

/** Asks for what is not so. "What happens if the rent is not paid?" may be answered by what happens then. */
const ASKS_NOT =
  /(?<!\bor (?:may |do |does |did |is |are )?)\b(?:not(?! only)|never|neither|nor|cannot|no longer)\b|n['’]t\b/iu;
const CONDITION = /\b(?:if|unless|when|in case|without)\b|^\s*why\b/iu;
/** Says what is not so, in one way or another. */
const SAYS_NOT =
  /\b(?:not|never|no|neither|nor|without|cannot|none|nobody|nothing|lack\w*|fail\w*|unable|refus\w+|except|rather|instead|illegal\w*|few|fewer|rarely|hardly|barely|seldom|den(?:y|ies|ied)|reject\w*|avoid\w*|prevent\w*|prohibit\w*|forbid\w*|forbidden|exclud\w+|oppos\w+|absence|absent|free of|other than|different|only|unlike|less|but|however|although|though|while|whereas|despite|unless|until|un\w{4,}|in(?:ability|complete|capable|sufficient|valid)\w*|im(?:possible|mobile)|dis(?:agree|allow|continu|prov)\w*|non-?\w+)\b|n['’]t\b/iu;
const YEAR = /\b(?:1[0-9]|20)\d{2}\b/g;

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/\p{L}+/gu));
const yearsOf = (text: string): string[] => text.match(YEAR) ?? [];

export type Contradicts = (sentence: string, around: string) => boolean;

/** `around`: the sentence with those beside it, its heading and the document's title. */
export const contradicts = (question: string): Contradicts => {
  const asked = [...wordsOf(question)].filter((word) => OPPOSITE.has(word));
  const years = yearsOf(question);
  const asksNot = ASKS_NOT.test(question) && !CONDITION.test(question);
  if (asked.length === 0 && years.length === 0 && !asksNot) return () => false;
  return (sentence, around) => {
    if (asksNot && !SAYS_NOT.test(sentence)) return true;
    const [here, near] = [wordsOf(sentence), wordsOf(around)];
    const isOpposite = (word: string): boolean =>
      !near.has(word) && [...OPPOSITE.get(word)!].some((other) => here.has(other));
    // "A is larger than B" tells which one is smaller.
    if (!here.has('than') && asked.some(isOpposite)) return true;
    return yearsOf(sentence).length > 0 && years.some((year) => !around.includes(year));
  };
};
