// What a sentence can be asked for, by its shape: when, why, how, where, how many, who, which one, what is owed. Each pattern takes a
// plain clause (clauses.ts) and turns it, or leaves it; those that ask for the subject need no turning at all ("More than forty
// people came to the fair": "How many people came to the fair?").
import { type Clause, clauseOf, DATE, plainOf, turned } from './clauses.ts';

export type Kind =
  | 'what'
  | 'when'
  | 'why'
  | 'how'
  | 'where'
  | 'who'
  | 'which'
  | 'amount'
  | 'must'
  | 'means'
  | 'event'
  | 'about';

export interface MadeQuestion {
  kind: Kind;
  text: string;
}

/** How a subject is written inside a question; undefined where it says nothing by itself. */
export type Inside = (subject: string) => string | undefined;

const LONGEST_REST = 9;
const LONGEST_PREDICATE = 13;
const LEAST_PREDICATE = 3;

/** Words of a sentence that would make no sense behind its question word. */
const DEICTIC =
  /\b(?:this|these|those|it|they|them|he|him|she|we|us|our|you|your|i|my|such|here|there|above|below|following|latter|former|same|other|another|also|however|therefore|thus|then)\b/iu;
const isRest = (text: string): boolean =>
  text.split(' ').length <= LONGEST_REST &&
  !/[,;:()“”"—/\\{}@_]|(?<!\d)–|–(?!\d)| - |\p{Ll}\.\p{Lu}|\b(?:and|that|which|who|when|where|if|whether|not|only|still|often|always|never|than|as)\b/iu.test(
    text,
  ) &&
  !DEICTIC.test(text) &&
  !ENDS_OPEN.test(text);
const ENDS_OPEN =
  /\b(?:the|an?|of|in|on|at|by|to|for|from|with|and|or|as|than|into|over|under|about|between|its|their|his|her|more|most|very|even|is|are|was|were|be|been|has|have|had|both|either|first|later|once|until|since|known|used|called|named|such|serving|together|well|up|all)$/iu;
/** Where a predicate can end before the sentence does. */
const BREAK =
  /[,;:—“”"]|(?<!\d)–|–(?!\d)| - | (?:which|where|while|whereas|although|though|but|because|so that|who|when|if|unless|since|after which|in order to|as well as|such as|as|(?:known|used|described|regarded|defined|well) as|according to|due to|and (?:\p{Ll}+ly )?(?:is|are|was|were|has|have|had|can|will|it|its|they|he|she|the|an?|this|there|that|by|\d\S*|\p{Ll}+ed)) /u;

/** A whole predicate, to its end or to where the next clause begins; undefined where it would be in pieces. */
const predicate = (text: string): string | undefined => {
  const end = text.search(BREAK);
  const part = (end < 0 ? text : text.slice(0, end)).trim();
  const count = part.split(' ').length;
  // Cut in the middle of a list or of a place ("in Oslo, Norway").
  if (end >= 0 && text[end] === ',' && /^, (?:\S+ ){0,4}(?:and|or) /u.test(text.slice(end))) return undefined;
  return count >= LEAST_PREDICATE &&
    count <= LONGEST_PREDICATE &&
    !DEICTIC.test(part) &&
    !ENDS_OPEN.test(part) &&
    !/[/()\\{}@_]|\p{Ll}\.\p{Lu}/u.test(part)
    ? part
    : undefined;
};

const ABOUT =
  '(?:(?:a total of|more than|fewer than|less than|over|about|around|approximately|roughly|some|nearly|almost|at least|up to|only|just|well over|an estimated|an average of) )?';
const ONES =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)';
const NUMBER = `(?:\\d+(?:,\\d{3})*(?:\\.\\d+)?(?: (?:million|billion|thousand|hundred))?|(?:an? )?${ONES}(?:[ -](?:and )?${ONES})*)`;
const PLURAL =
  '(?!ways |things |reasons |points |cases |of |percent |per )(?:\\p{Ll}[\\p{Ll}-]* ){0,3}(?:\\p{Ll}[\\p{Ll}-]*[^s\\W]s|people|men|women|children|species)';
const MONEY = '(?:US)?[$£€] ?\\d';

const COUNTED =
  '(?:have been|had been|are|were|have|had|live|lived|took|came|died|voted|attended|participated|joined|left|use|used)';
const HOW_MANY = new RegExp(`^${ABOUT}(?!(?:one|1) )${NUMBER} (${PLURAL}) (${COUNTED} .*)$`, 'iu');
const PERCENT = new RegExp(
  `^${ABOUT}\\d+(?:\\.\\d+)?(?: percent| per cent|%) of ((?:the |all )?(?:\\p{L}[\\p{L}-]* ){1,5}?)((?:is|are|was|were|have|has|had|use|used|live|lived|say|said|come|came|voted) .*)$`,
  'iu',
);
const OWNED = new RegExp(
  `^${ABOUT}(?!(?:one|1) )${NUMBER} (${PLURAL})(?= (?:in|on|at|for|from|with|across|to|per|that|which|who|by)\\b|[,;]|$)`,
  'iu',
);
const MEASURE = new RegExp(
  `^${ABOUT}${NUMBER}(?: to ${NUMBER})? (?:feet|foot|metres?|meters?|miles?|kilomet(?:re|er)s?|km|inches|yards|years?|pages) (long|tall|high|wide|deep|thick|old)(?= (?:and|at|on|in|from|with)\\b|[,;]|$)`,
  'iu',
);
const LASTING = new RegExp(
  `^${ABOUT}(?:\\d+|(?:an? )?${ONES})(?: to ${ONES})? (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries)(?=[,;]|$| (?:and|but|until|before|in|from|for|to)\\b)`,
  'iu',
);
const PRICED =
  /\b(?:fees?|rent|price|cost|costs|budget|salary|payment|revenue|fine|premium|deposit|charge|income|grant|penalty|deductible|copayment|limit|deficit|debt)\b/iu;

const AGENT =
  /\b(?:tenants?|landlords?|applicants?|part(?:y|ies)|students?|(?:employe|license|truste|less)es?|(?:employ|manag|own|suppli|sell|buy|custom|us|develop|borrow|lend|insur|hold|offic|memb|teach|work|research|bidd|provid|consum|vot|manufactur|taxpay|subscrib|passeng|driv|import|export|commission)ers?|(?:operat|contract|less|licens|direct|visit|auth|edit|debt|credit|inspect|doct|vend)ors?|agents?|committees?|agenc(?:y|ies)|departments?|compan(?:y|ies)|organi[sz]ations?|participants?|states?|people|persons?|residents?|patients?|guests?|nurses?|board|council|parents?|recipients?)$/iu;
export const PERSON =
  /\b(?:person|man|woman|king|queen|president|ministers?|chancellor|emperor|prince|princess|pope|bishop|monk|priest|poet|scientist|chemist|physicist|mathematician|historian|politician|musician|physician|economist|artist|novelist|journalist|biologist|botanist|theologian|librarian|philosopher|lawyer|judge|architect|athlete|merchant|captain|nurse|chief|member|student|graduate|saint|governor|senator|mayor|(?:engineer|writer|painter|leader|explorer|teacher|player|manager|founder|officer|designer|professor|director|author|actor|inventor|editor|doctor|composer|reformer|singer|farmer|soldier|ruler|commander|astronomer|geographer|photographer|driver|owner|winner|speaker|secretary|settler|traveller|traveler|discoverer|translator|sculptor|surveyor|ambassador|advisor|adviser|lecturer|researcher|filmmaker|producer|swimmer))\b/iu;
const NAME =
  /^(?:(?:Sir|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Professor|King|Queen|President|Pope|Saint|Lord|General) )?(?:\p{Lu}[\p{Ll}’'-]+|\p{Lu}\.)(?: (?:of|de|van|von|al|ibn|\p{Lu}\.|\p{Lu}[\p{L}’'-]+)){1,3}$/u;
const MADE =
  /^(?:invented|discovered|founded|designed|wrote|painted|composed|built|established|created|introduced|developed|coined|published|directed|abolished|conquered|defeated|proposed|signed|led)$/;
/** The same in the passive voice, with its past. */
const MADE_BY: Record<string, string> = { written: 'wrote' };
const SAID =
  /^(?:describe|offer|propose|recommend|suggest|announce|claim|argue|predict|discover|invent|introduce|conclude|demand|demonstrate|establish|promise|observe)$/;
const PLACED =
  /^(located|situated|born|buried|based|headquartered|held)\b(?= (?:in|at|near) (?:the )?(?:\p{L}+ (?:of )?){0,3}\p{Lu}\p{Ll})/u;
const CHOSEN =
  /^the (?:only|first|last|second[- ]largest|\p{Ll}{2,}est|(?:most|least) \p{Ll}+) (?!(?:and|or|in|of any|at|to|on|for|one|ones|figure|example|part|way|thing|reason)\b)\p{Ll}/u;
const DATED = new RegExp(
  `^(.*?) ?\\b${DATE}(?=[,.;]|$| (?:and|by|at|as|to|with|when|on|in|for|near|under|after|before|because|from)\\b)`,
  'u',
);
const CAUSED = /^(.{4,90}?),? (?:because (?!of (?:this|these|that|it)\b)|in order to |so that |owing to )/u;
const MADE_HOW =
  /^(.*?) ?\bby (?!being|including|(?:programming|building|operating|engineering|marketing|banking|teaching|learning|testing|training|accounting|housing|lightning|manufacturing|mining|publishing|lending|nothing|something|anything|everything|morning|evening|king|spring|string)\b|\p{Ll}+ing (?:this|these|it|them)\b)(?:\p{Ll}+ly )?\p{Ll}{2,}ing\b(?! (?:to|of|and)\b)/u;
const IN_TIME =
  /^(.{4,70}?),? (?:within|no later than|not later than|at least|not less than|by no later than) (?:the |an? )?(?:\S+ ){1,3}(?:days?|months?|weeks?|hours?|years?|date)\b/u;

/** Of a sentence of running English; none of most sentences. */
export const questionsOf = (sentence: string, inside: Inside): MadeQuestion[] => {
  const plain = plainOf(sentence);
  const clause = clauseOf(plain);
  const made = [...countedIn(plain, clause), meaning(plain, inside), happened(sentence)];
  if (clause) {
    const subject = inside(clause.subject);
    made.push(chosen(clause), who(clause));
    if (subject !== undefined)
      made.push(
        ...reasons(clause, subject),
        ...placeAndTime(clause, subject),
        ...measured(clause, subject),
        ...owed(clause, subject),
        said(clause, subject),
      );
  }
  return made.filter((one) => one !== undefined);
};

const ask = (kind: Kind, words: string): MadeQuestion => ({ kind, text: `${words.trim()}?` });
type Maybe = MadeQuestion | undefined;

/** "About three million acres were left": nothing is turned. */
const countedIn = (plain: string, clause: Clause | undefined): Maybe[] => {
  const when = clause?.when;
  const main = when
    ? plain.slice(plain.toLowerCase().indexOf(when.toLowerCase()) + when.length).replace(/^,? /, '')
    : plain;
  const many = HOW_MANY.exec(main);
  const percent = PERCENT.exec(main);
  const said = many && predicateOf(many[2], when);
  const share = percent && predicateOf(`${percent[1].trim()} ${percent[2]}`, when);
  return [
    said && !DEICTIC.test(many[1]) ? ask('amount', `How many ${many[1]} ${said}`) : undefined,
    share ? ask('amount', `What percentage of ${share}`) : undefined,
  ];
};

const predicateOf = (text: string, when?: string): string | undefined => {
  if (!when) return predicate(text);
  const end = text.search(BREAK);
  const part = end < 0 ? text : text.slice(0, end);
  return predicate(`${part} ${when}`);
};

const QUOTED =
  /^(?:The (?:term|word|expression|phrase) )?[“"‘']([^“”"’']{3,40})[”"’'],? (?:(?:shall|will) )?(?:mean|means|refers? to|is defined as|denotes)\b/u;
const NAMED =
  /^(?:The (?:term|word|expression|phrase|abbreviation) )([\p{L}\p{N}-]+(?: [\p{L}\p{N}-]+){0,3}) (?:means|refers to|is defined as|denotes|stands for|describes)\b/u;
const MEANS = /^(.{3,50}?) (?:(means)|(refers to)|is defined as) (?:the|an?|any|how|when|what)\b/u;

const meaning = (plain: string, inside: Inside): Maybe => {
  const quoted = QUOTED.exec(plain);
  if (quoted) return ask('means', `What does “${quoted[1].replace(/,$/, '')}” mean`);
  const named = NAMED.exec(plain);
  if (named) return ask('means', `What does the term ${named[1]} mean`);
  const [, written = '', means, refers] = MEANS.exec(plain) ?? [];
  const subject = inside(written);
  if (!subject || /s$/.test(subject)) return undefined;
  if (refers) return /^the /.test(subject) ? undefined : ask('what', `What is ${subject}`);
  return ask('means', means ? `What does ${subject} mean` : `How is ${subject} defined`);
};

const EVENT =
  /^In ((?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?(?:1[0-9]|20)\d{2}),? (?!it\b|its\b|he\b|she\b|they\b|this\b|these\b|there\b|we\b)/u;
const happened = (sentence: string): Maybe => {
  const year = EVENT.exec(sentence)?.[1];
  return year &&
    / (?:was|were|\p{Ll}{2,}ed|became|began|took|made|gave|wrote|won|lost|left|built|bought|sold|sent|came|went|held|led)\b/u.test(
      sentence.slice(0, 90),
    )
    ? ask('event', `What happened in ${year}`)
    : undefined;
};

/** "X is the only woodpecker that digs in living pines": asks for X. */
const chosen = ({ subject, verb, form, adverb, rest }: Clause): Maybe => {
  if (form || adverb || !/^(?:is|are|was|were)$/.test(verb) || !CHOSEN.test(rest) || !/\p{Lu}|^an? /u.test(subject))
    return undefined;
  if (
    /^(?:It|This|That|These|Those|They|He|She|We|You|I|There|Here|One|Some|Another|The (?:first|second|last|only|other|latter|former|same|result|reason|following))\b/u.test(
      subject,
    )
  )
    return undefined;
  const whole = predicate(rest);
  if (!whole || whole.split(' ').length < 4) return undefined;
  const noun = whole.split(/ (?:of|in|to|that|who|for|on|at|from|with) /u)[0];
  const isPerson = PERSON.test(noun);
  if (isPerson && /^(?:are|were)$/.test(verb)) return undefined;
  return ask('which', `${isPerson ? 'Who' : 'What'} ${verb} ${whole}`);
};

const who = (clause: Clause): Maybe => {
  const { subject, apposition, form, verb, rest, when } = clause;
  const isName = NAME.test(subject);
  if (isName && form?.auxiliary === 'did' && MADE.test(verb)) {
    const said = predicateOf(`${verb} ${rest}`, when);
    if (said && !/\b(?:his|her|their|its)\b/.test(said)) return ask('who', `Who ${said}`);
  }
  const told =
    apposition && /^(?:an?|the) /.test(apposition)
      ? apposition
      : /^(?:is|was)$/.test(verb) && /^an? /.test(rest)
        ? rest
        : undefined;
  if (isName && told && PERSON.test(told.split(' ').slice(0, 6).join(' ')))
    return ask('who', `Who ${form?.auxiliary === 'did' || /^(?:was|were)$/.test(verb) ? 'was' : 'is'} ${subject}`);
  return undefined;
};

const reasons = (clause: Clause, subject: string): Maybe[] => {
  const { rest, form, verb, apposition } = clause;
  if (apposition && apposition.length > 60) return [];
  const why = CAUSED.exec(rest);
  const how = MADE_HOW.exec(rest);
  const isVoiced = form !== undefined || /^(?:is|are|was|were|can|could|must|has|have)$/.test(verb);
  return [
    why && isRest(why[1]) && !/^to\b/.test(why[1]) && !/\bby \p{Ll}+ing\b/u.test(why[1])
      ? ask('why', `Why ${turned(clause, subject, why[1])}`)
      : undefined,
    how &&
    isVoiced &&
    isRest(how[1]) &&
    how[1] !== '' &&
    (form ? how[1].split(' ').length <= 6 : PARTICIPLE.test(how[1].replace(/^(?:be|been) /, '').split(' ')[0]))
      ? ask('how', `How ${turned(clause, subject, how[1])}`)
      : undefined,
  ];
};

const placeAndTime = (clause: Clause, subject: string): Maybe[] => {
  const { rest, form, verb, when } = clause;
  const isPast = form ? form.auxiliary === 'did' : /^(?:was|were)$/.test(verb);
  const placed = form ? undefined : PLACED.exec(rest)?.[1];
  const dated = isPast ? DATED.exec(rest)?.[1].replace(/ by .*$/u, '') : undefined;
  const fronted = isPast && when && /^(?:in|on) /.test(when) ? predicate(rest) : undefined;
  const before = dated ?? fronted;
  const made =
    /^(?:founded|established|built|designed|invented|discovered|created|introduced|developed|published|painted|composed|directed|written)\b/u.exec(
      rest,
    )?.[0];
  const by =
    made && !form && /^(?:was|were)$/.test(verb)
      ? new RegExp(`^${made} by (?:the )?(?:\\p{Lu}|\\p{Ll}+ers?\\b|two \\p{Ll}+|monks)`, 'u').test(rest)
      : false;
  return [
    placed ? ask('where', `Where ${verb} ${subject} ${placed}`) : undefined,
    before !== undefined &&
    isRest(before) &&
    (form || PARTICIPLE.test(before.split(' ')[0])) &&
    (form ? before !== '' || /^(?:die|begin|end|open|close|start)$/.test(form.base) : before !== '') &&
    !/ by \p{L}/u.test(before)
      ? ask('when', `When ${turned(clause, subject, before)}`)
      : undefined,
    by ? ask('who', `Who ${MADE_BY[made!] ?? made} ${subject}`) : undefined,
  ];
};

const PARTICIPLE = /^(?:first|\p{Ll}+(?:ed|en|wn|de|lt|ught|und|id|ut|ld|ung|orn|pt|st|ft|et|ade))$/u;

const HAS = /^(?:have|contain|include|employ|cover|feature|own|operate|attract|receive|hold|house|require|serve)$/;

const measured = (clause: Clause, subject: string): Maybe[] => {
  const { rest, form, verb } = clause;
  const owned = form && HAS.test(form.base) ? OWNED.exec(rest)?.[1] : undefined;
  const measure = /^(?:is|are|was|were)$/.test(verb) ? MEASURE.exec(rest)?.[1] : undefined;
  const lasting = form && /^(?:last|take)$/.test(form.base) && LASTING.test(rest);
  const priced = /^(?:is|was)$/.test(verb) && PRICED.test(subject) && new RegExp(`^${ABOUT}${MONEY}`, 'u').test(rest);
  return [
    owned && !DEICTIC.test(owned) ? ask('amount', `How many ${owned} ${turned(clause, subject, '')}`) : undefined,
    measure ? ask('amount', `How ${measure} ${verb} ${subject}`) : undefined,
    lasting ? ask('amount', `How long ${turned(clause, subject, '')}`) : undefined,
    priced ? ask('amount', `How much ${verb} ${subject}`) : undefined,
  ];
};

/** Duties: within what time, and whose they are. */
const owed = (clause: Clause, subject: string): Maybe[] => {
  const duty = /^(?:must|shall)$/.test(clause.verb)
    ? clause.rest
    : /^(?:is|are)$/.test(clause.verb)
      ? /^required to (.+)$/u.exec(clause.rest)?.[1]
      : undefined;
  if (
    duty === undefined ||
    !AGENT.test(clause.subject) ||
    /^(?:not|be|have|include|only|also|consist|mean)\b/.test(duty)
  )
    return [];
  const before = IN_TIME.exec(duty)?.[1];
  if (before !== undefined && isRest(before)) return [ask('must', `When must ${subject} ${before}`)];
  const said = predicate(duty);
  return [said && said.split(' ').length >= 4 ? ask('must', `Who must ${said}`) : undefined];
};

const said = (clause: Clause, subject: string): Maybe => {
  const { form, when, rest, subject: written } = clause;
  const isName = NAME.test(written) || (/^\p{Lu}[\p{L}-]+$/u.test(written) && subject === written);
  if (
    form?.auxiliary !== 'did' ||
    clause.adverb === 'never' ||
    !SAID.test(form.base) ||
    !isName ||
    !/^(?:the|an?|that|to|\p{Ll}+)\b/u.test(rest)
  )
    return undefined;
  return ask('what', `What ${turned(clause, subject, when && /^(?:in|on) /.test(when) ? when : '')}`);
};
