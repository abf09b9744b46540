// Questions on the document itself: who wrote it, what it is called, when it came out, who published it, whom to write to. What says
// so stands on its first pages in lines that are no sentences and share no word with the question ("Anna Berg, Uppsala University"):
// words find other things. Such lines are known by their shape, by what stands before them ("Editors:", "©", the heading "Authors")
// and by the file's own author and title; where none will do, words decide as for any question.
import { type ReadDocument, type Sentence, sentenceText } from '../document.ts';
import { apparatusOf } from './apparatus.ts';
import { BODY, cellsOf, commonWords, couldBeNames, type Names, namesOn, wordsOf } from './names.ts';

export type Particular = 'author' | 'title' | 'date' | 'publisher' | 'contact';

/** Pages with text that such lines are looked for on, and how many of their lines. */
const PAGES = 3;
const MOST_LINES = 80;
/** What has a label or a heading of its own may come a little later, or at the end. */
const LABELLED_WITHIN = 10;
const LAST_PAGES = 2;
const LONGEST_LINE = 250;
const LEAST = 2;
/** Words of a sentence of running text, and how many such sentences a document has that somebody wrote. */
const LEAST_RUNNING = 12;
const LEAST_TEXT = 3;
/** Lines between a title and the name below it, and between a name and where the person works. */
const NEAR = 2;
/** Lines that are about as sure as the best one belong to it. */
const ALSO = 1;

const NOUN =
  '(?:document|paper|article|report|book|booklet|study|thesis|dissertation|manual|guide|handbook|specification|spec|standard|text|publication|work|pdf|file|manuscript|essay|pamphlet|brochure|white ?paper|memo(?:randum)?|note|letter|contract|agreement|minutes|presentation|story|novel|survey|review|proposal|plan|policy|notice|rule|sheet)';
/** The document, and nothing more: "the report", not "the report of 1884". */
const IT = `(?:it|this|the (?:whole )?${NOUN}|this ${NOUN}|that ${NOUN})`;
const ITS = `(?:its|the|this ${NOUN}['’]s|the ${NOUN}['’]s)`;
const OF_IT = `(?: (?:of|for|on|behind) ${IT})?`;
const DONE =
  '(?:first |originally |last |finally )?(?:published|written|issued|released|printed|dated|made|updated|revised|finished|completed|finali[sz]ed|submitted|presented|adopted|come out|appear)';
const WRITERS = '(?:authors?|writers?|editors?|creators?|contributors?)';

const QUESTIONS: readonly [Particular, readonly string[]][] = [
  [
    'author',
    [
      `who (?:has |have )?(?:written|wrote|authored|made|created|compiled|edited|prepared|produced|drafted) ${IT}`,
      `who (?:is|are|was|were) ${ITS} ${WRITERS}${OF_IT}`,
      `(?:by whom|who) (?:is|was) ${IT} (?:written|authored|made|created|compiled|edited|prepared|drafted)(?: by)?`,
      `who (?:is|was) ${IT} by`,
      `(?:what (?:are|is) the names? of|name|list|tell me) ${ITS} ${WRITERS}${OF_IT}`,
      `how many authors (?:are there|does ${IT} have|has ${IT})`,
      `${WRITERS}`,
    ],
  ],
  [
    'title',
    [
      `what (?:is|was) ${ITS} (?:full )?title${OF_IT}`,
      `what (?:is|was) the (?:full )?name (?:of|for) ${IT}`,
      `what is ${IT} (?:called|titled|entitled)`,
      'title',
    ],
  ],
  [
    'date',
    [
      `when (?:was|is|has|did) ${IT} (?:been )?${DONE}`,
      `(?:what|which) (?:is|was) ${ITS} (?:date|year|publication date|(?:date|year) of (?:publication|issue|release))${OF_IT}`,
      `(?:in |on )?(?:what|which) (?:date|year|month|day) (?:was|is|did) ${IT} ${DONE}`,
      `(?:how old|from when|from (?:what|which) year) is ${IT}`,
      `(?:date|publication date|year of publication)`,
    ],
  ],
  [
    'publisher',
    [
      `who (?:has )?(?:published|issued|released|printed|commissioned) ${IT}`,
      `(?:who|what) (?:is|was) ${ITS} (?:publisher|issuer|copyright (?:holder|owner))${OF_IT}`,
      `(?:by whom|where) (?:is|was) ${IT} (?:published|issued|released|printed)`,
      `who (?:holds|owns|has) ${ITS} copyright${OF_IT}`,
      'publisher',
    ],
  ],
  [
    'contact',
    [
      `(?:how|where) (?:can|could|do|does|may|should) (?:i|we|one|you|readers?) (?:contact|reach|write to|get in touch with) ${ITS} (?:${WRITERS}|publisher)${OF_IT}`,
      `what (?:is|are) ${ITS} ${WRITERS}['’]?s?['’]? (?:e-?mail|contact|phone|address(?:es)?)(?: \\w+)?`,
      `what (?:is|are) the (?:e-?mails?|contacts?|phone|addresse?s?)(?: \\w+)? (?:of|for) ${ITS} (?:${WRITERS}|publisher)${OF_IT}`,
      `(?:contact|contacts|contact (?:details|information)|e-?mail(?: address)?)`,
    ],
  ],
];

const PATTERNS = QUESTIONS.map(
  ([particular, forms]) => [particular, new RegExp(`^(?:and |please |so )?(?:${forms.join('|')})\\W*$`, 'i')] as const,
);
/** With a conversation before the question, these may be about what was spoken of. */
const POINTING = /\b(?:it|its)\b/i;

/** What a question asks of the document itself; undefined where it asks of anything else. */
export const particularOf = (question: string, inConversation = false): Particular | undefined => {
  const asked = question.replace(/\s+/g, ' ').trim();
  if (inConversation && POINTING.test(asked)) return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(asked))?.[0];
};

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)';
const YEAR = '(?:1[5-9]|20)\\d{2}';
const DATE = new RegExp(
  `\\b(?:\\d{1,2}(?:st|nd|rd|th)?,? )?${MONTH}\\.?(?: \\d{1,2}(?:st|nd|rd|th)?)?,? ${YEAR}\\b|\\b${YEAR}-\\d{2}(?:-\\d{2})?\\b|\\b\\d{1,2}[./]\\d{1,2}[./]${YEAR}\\b|\\b${YEAR}\\b`,
  'i',
);
const NAMED_DATE = new RegExp(`\\b${MONTH}\\b`, 'i');
const WEEKDAY = /\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?/i;
const DATE_LABEL =
  /^(?:published|issued|released|printed|dated?(?: of (?:issue|publication|release)|(?! of\b))|publication date|version|draft|edition|revised|last (?:updated|revised|modified)|updated|submitted|accepted|approved|adopted|effective)\b/i;
const COPYRIGHT = /(?:©|\(c\)|\bcopyright\b)/i;

const AUTHOR_LABEL =
  /^(?:(?:lead |main |principal |corresponding |contributing )?(?:authors?|editors?|writers?)(?: and (?:authors?|editors?))?\s*[:–—-]|(?:written|edited|prepared|compiled|drafted|authored|reported) by\b)/iu;
const BY = /^(?:by|By|BY)\s+(\p{Lu}.*)/u;
/** Of a judgment. */
const DELIVERED =
  /^per curiam\b|\b(?:C\. ?|P\. ?)?J\., delivered the opinion\b|\bjustice \p{L}+ (?:delivered|announced) the (?:opinion|judgment)\b|^opinion by:?\s/iu;
const PARTY = /(?:^|\s|—)(?:plaintiff|defendant|appell(?:ant|ee)|respondent|petitioner)s?\b[.,]?(?:\s*\)|$|—)/i;
/** After this a letter is signed. */
const CLOSING =
  /^(?:(?:yours |very |most )*(?:sincerely|truly|faithfully|respectfully)(?: yours| submitted)?|(?:with )?(?:kind|best|warm)(?:est)? (?:regards|wishes)|yours),?$/i;
/** "The Longleaf authors" */
const THE_AUTHORS = /^(?:\S+ ){1,4}(?:authors|editors|staff|working group)$/i;
const AUTHOR_HEADING =
  /^(?:(?:the |lead |main |principal |contributing |major )?(?:authors?|editors?|project leads?|writers?)|about the authors?|author team|\p{L}*(?:autor(?:en|es|i)?|auteurs?|verfasser))\s*:?$/iu;
const PUBLISHER_LABEL =
  /^(?:published|issued|released|printed|commissioned) by\b|^(?:publisher|issuer|agency|issuing (?:body|authority))\s*:/i;
/** What the text says of itself, wherever it stands. */
const SAID = `\\b(?:this|the present) ${NOUN} (?:was|is|has been) (?:[\\p{L}-]+ly )?`;
const SAID_OF_AUTHOR = new RegExp(
  `${SAID}(?:written|prepared|compiled|authored|edited|drafted|produced|made) (?:for [^,.]{2,60} )?by\\b`,
  'iu',
);
const SAID_OF_PUBLISHER = new RegExp(`${SAID}(?:published|issued|released|commissioned) (?:in \\d{4} )?by\\b`, 'iu');
const SAID_OF_DATE = new RegExp(
  `${SAID}(?:first |last )?(?:published|issued|released|written|finished|completed|updated|revised|adopted)\\b[^.]{0,40}\\b\\d{4}`,
  'iu',
);
const CONTACT_LABEL =
  /^(?:(?:for (?:further|more) information,?|please)? ?contact|correspondence|e-?mail|phone|telephone|tel|fax)\b/i;
const ADDRESS = /\S@\S+\.\p{L}{2,}|\b(?:tel|phone|fax)\b\.?:?\s*[+(\d]/iu;
/** With these the text begins. */
const OPENING =
  /^[\d.\s]*(?:abstract|introduction|summary|executive summary|preface|foreword|contents|table of contents|background)\b/i;
const WEB = /https?:|www\.|\.(?:com|org|net|dk|de|edu|gov)\b/i;
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

interface Line {
  sentence: Sentence;
  text: string;
  /** The heading that it stands under. */
  under: string;
  /** On the first pages; what is not there is judged by its label alone. */
  isFront: boolean;
  /** On the first page with text. */
  isFirst: boolean;
  isTitle: boolean;
  isHeading: boolean;
  /** Names of those who wrote it, by their shape and place. */
  isNames: boolean;
}

/** A word such as "josh" is a user's name and no author. */
const authorOf = (document: ReadDocument): string | undefined => {
  const author = bare(document.author ?? '');
  return author.includes(' ') ? author : undefined;
};

const isCited = (author: string | undefined, text: string): boolean =>
  author?.split(' ').every((word) => ` ${bare(text)} `.includes(` ${word} `)) ?? false;

/** "Written by" of a form that nobody filled in names nobody. */
const isLabelled = (text: string): boolean => {
  const [label] = AUTHOR_LABEL.exec(text) ?? [];
  return label !== undefined && !text.endsWith(':') && /\p{L}{2}/u.test(text.slice(label.length));
};

/** "by Ingrid Dahl"; in capitals only where names follow, or a body ("BY MARKET SHARE"). */
const isByline = (text: string): boolean => {
  const [, rest] = BY.exec(text) ?? [];
  if (rest === undefined || text.length > LONGEST_LINE) return false;
  return rest !== rest.toUpperCase() || BODY.test(rest) || /\p{Lu}\. |[,&]/u.test(rest);
};

const isCopyright = (text: string): boolean => text.length < LONGEST_LINE && COPYRIGHT.test(text.slice(0, 40));

const judges: Record<Particular, (line: Line, document: ReadDocument) => number> = {
  author: ({ text, under, isFront, isTitle, isNames: named }, document) => {
    if (isTitle) return 0;
    if (SAID_OF_AUTHOR.test(text)) return 5;
    if (isLabelled(text) || (isFront && isByline(text))) return 6;
    if (isFront && text.length < LONGEST_LINE && isCited(authorOf(document), text)) return 5;
    if (DELIVERED.test(text)) return 5.5;
    if (AUTHOR_HEADING.test(under) || CLOSING.test(under)) return named ? 5.5 : 0;
    if (/^agency\s*:/i.test(text)) return 4.5;
    if (PUBLISHER_LABEL.test(text)) return 2.5;
    return isFront && (named || THE_AUTHORS.test(text)) ? 4 : 0;
  },
  title: ({ isTitle }) => (isTitle ? 5 : 0),
  date: ({ text, isFirst, isFront }) => {
    const date = DATE.exec(text)?.[0];
    if (date === undefined) return 0;
    if (SAID_OF_DATE.test(text)) return 5;
    const rest = text.replace(date, '').replace(WEEKDAY, '');
    const named = NAMED_DATE.test(date) || /[-./]/.test(date) ? 1 : 0;
    if (isFront && DATE_LABEL.test(text) && wordsOf(rest).length <= 8) return 5 + named;
    if (isFront && wordsOf(rest).length <= (isFirst ? 2 : 0) && !/\d/.test(rest)) return 4 + named;
    return isCopyright(text) ? 3 : 0;
  },
  publisher: ({ text, isTitle }) => {
    if (isTitle) return 0;
    if (PUBLISHER_LABEL.test(text) || SAID_OF_PUBLISHER.test(text)) return 6;
    return isCopyright(text) && !/\bauthor/i.test(text) && /(?:\d|\bby\b)[,\s]+(?:by |the )?\p{Lu}\p{L}/iu.test(text)
      ? BODY.test(text)
        ? 5
        : 4
      : 0;
  },
  contact: ({ text }) =>
    ADDRESS.test(text) && text.length < 2 * LONGEST_LINE ? 4 + (CONTACT_LABEL.test(text) ? 1 : 0) : 0,
};

/** Lines of the first pages, and those that a label or a heading may tell by on the pages after them and on the last ones. */
const linesOf = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  isCommon: (word: string) => boolean,
): Line[] => {
  const pages = document.pages.filter(({ state }) => state === 'text').map(({ number }) => number);
  const [front, late] = [PAGES, LABELLED_WITHIN].map((n) => pages[n - 1] ?? Number.POSITIVE_INFINITY);
  const last = pages.at(-LAST_PAGES) ?? 0;
  const title = bare(document.title);
  const { references } = apparatusOf(document);
  const lines: Line[] = [];
  let under = '';
  for (const sentence of sentences) {
    if ((sentence.page > late && sentence.page < last) || references.has(sentence.index)) continue;
    const text = sentenceText(document, sentence).trim();
    // "Authors:" and "Yours sincerely," head what follows as well as a heading does.
    const heads = CLOSING.test(text) || (text.endsWith(':') && AUTHOR_HEADING.test(text));
    const isHeading = heads || (sentence.kind === 'heading' && !couldBeNames(text, isCommon));
    if (isHeading) under = text;
    const isFront = sentence.page <= front && lines.length < MOST_LINES;
    const isTitle = isFront && bare(text).length > 3 && title.includes(bare(text)) && !WEB.test(text);
    const isFirst = sentence.page === pages[0];
    const line = { sentence, text, under: isHeading ? '' : under, isFront, isFirst, isTitle, isHeading };
    lines.push({ ...line, isNames: false });
  }
  return lines;
};

/** Where the title of the document is not among the lines, the first heading is it. */
const withTitle = (lines: Line[]): Line[] => {
  if (lines.some(({ isTitle }) => isTitle)) return lines;
  const first = lines.find(({ sentence, isFront }) => isFront && sentence.kind === 'heading');
  return lines.map((line) => (line === first ? { ...line, isTitle: true } : line));
};

const isRunning = ({ sentence, text }: Line): boolean =>
  sentence.kind === 'prose' && /[.!?]$/.test(text) && text.split(' ').length >= LEAST_RUNNING;

/** What may stand on the line of a name: "Ingrid Dahl, 5 May 2019", "Bo Ek bo.ek@example.org". */
const withoutExtras = (text: string): string =>
  text
    .replace(/\(?\S+@[^\s)]+\)?|(?:https?:|www\.)\S+/g, ' ')
    .replace(WEEKDAY, ' ')
    .replace(DATE, ' ')
    .replace(/,?\s+$/, '');

/**
 * Names of authors stand above the text, which begins below the title: lists of names anywhere, one by itself only by the title or above
 * where the person works. Those in a table or a form, and the parties of a case, are others'.
 */
const withNames = (document: ReadDocument, lines: Line[], isCommon: (word: string) => boolean): Line[] => {
  const title = lines.findIndex(({ isTitle }) => isTitle);
  const isCase = lines.some(({ isFront, text }) => isFront && PARTY.test(text));
  const hasText = lines.filter(isRunning).length >= LEAST_TEXT;
  let [begun, since] = [false, Number.POSITIVE_INFINITY];
  return lines.map((line, i) => {
    const { text, under, isFront, isHeading, isTitle, sentence } = line;
    begun ||= (i > title && isRunning(line)) || (isHeading && OPENING.test(text));
    since = isTitle ? 0 : since + 1;
    if (AUTHOR_HEADING.test(under) || CLOSING.test(under)) return { ...line, isNames: couldBeNames(text, isCommon) };
    if (begun || isCase || !isFront) return line;
    const cells = cellsOf(document, sentence).map(withoutExtras);
    const names: Names = namesOn(withoutExtras(text), isCommon, cells, sentence.boxes.length);
    const atWork = lines.slice(i, i + 1 + NEAR).some((next) => BODY.test(next.text) || ADDRESS.test(next.text));
    const isBelowTitle = since <= NEAR && sentence.kind !== 'heading';
    return { ...line, isNames: names === 'sure' || (names === 'alone' && hasText && (isBelowTitle || atWork)) };
  });
};

/**
 * The sentences of `sentences` (all or some of the document's, in order) that say it: in order, those that belong together; none
 * where nothing surely does.
 */
export const findParticular = (
  document: ReadDocument,
  sentences: readonly Sentence[],
  particular: Particular,
): Sentence[] => {
  const isCommon = commonWords(document.text);
  const lines = withNames(document, withTitle(linesOf(document, sentences, isCommon)), isCommon);
  const scores = lines.map((line) => judges[particular](line, document));
  const best = Math.max(0, ...scores);
  if (best < LEAST) return [];
  const first = scores.indexOf(best);
  // A date or a publisher is said in one line; names and titles run over several.
  if (particular === 'date' || particular === 'publisher') return [lines[first].sentence];
  let end = first;
  while (end < lines.length && scores[end] >= best - ALSO) end++;
  const said = lines.slice(first, end);
  return said
    .filter(({ text }, i) => said.findIndex((one) => bare(one.text) === bare(text)) === i)
    .map(({ sentence }) => sentence);
};
