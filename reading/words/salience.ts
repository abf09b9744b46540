// How much a sentence tells of its document, by words and shape alone: how close it is to the whole, to the title and to its
// heading, where it stands, whether it says what the document is for, and whether it can be understood by itself. The weights are
// those of a conditional logit against people's summaries (tests/bench/RESULTS.md has the figures).
import type { Sentence } from '../document.ts';
import { isPicture } from './apparatus.ts';
import { leansOnPrevious } from './evidence.ts';
import { centrality, cosine, standardize, terms, type Vector } from './search.ts';
import { verbForm } from './verbs.ts';

const AIM =
  /\b(?:we|this (?:paper|work|study|article)) (?:\p{L}+ly |also |then |here )?(?:present|propose|introduce|show|develop|describe|study|investigate|demonstrate|provide|explore|address|analy[sz]e|derive|extend|prove|argue|recommend|find)s?\b|\bthis (?:document|report|standard|book|agreement|specification|guide|thesis|manual|policy|contract|proposal|publication)(?: \p{Lu}\p{L}+)? (?:describe|define|present|provide|specifie|explain|cover|contain|give|introduce|propose|outline|discusse|establishe|applie|govern|set)s\b|\bthe (?:aim|purpose|goal|objective|scope)s? (?:of|is|are|was)\b|\b(?:proposes?|is proposing|recommends?|concludes?|finds) (?:to|that|an?|the|this)\b/iu;
/** Says what its authors did, which of a paper's sentences is next to a summary of it. */
const PROPOSES =
  /\b(?:we|this (?:paper|work|study|article)|here,? we) (?:\p{L}+ly |also |then |here |thus )?(?:propose|present|introduce|develop|describe|design|investigate|study|explore)s?\b/iu;
const OWN_WORK = /\b(?:we|our|this (?:paper|work|article|study))\b/iu;
/** What came out, in so many words. */
const FINDING =
  /\b(?:the|our|its) (?:main|key|central|principal|overall|chief|most important) (?:findings?|conclusions?|results?|points?|messages?|arguments?|claims?|recommendations?)\b[^.]{0,40}\b(?:is|are|was|were)\b/iu;
/** At the beginning or the end of a document: of its making, not of what it says. */
const IMPRINT =
  /\b(?:licen[cs]ed?|copyright|trademarks?|isbn|all rights|(?:previous|last|earlier|this) (?:version|edition)|released|acknowledge|thank|errata)\b/iu;
const MARGIN = 0.05;
/** Sends its reader elsewhere, or is addressed to whoever holds the document, not to whoever wants to know what it says. */
const INVITES =
  /\bplease (?:contact|call|visit|e-?mail|write to|refer to|see)\b|\bfor (?:more|further|additional) (?:information|details)\b|\bif you have (?:any )?(?:questions|concerns|comments)\b|\b(?:call|phone|visit) (?:us|our)\b|\bcall \d|\bfree copy\b|\bplease (?:cite|quote)\b|\b(?:cite|cited) (?:this|as)\b|\bsuggested citation\b/iu;
/** What somebody who may has decided. */
const DECIDES =
  /\b(?:we|the (?:[\p{L}-]+ )?(?:court|board|council|committee|commission|jury|panel|assembly|members)) (?:therefore |thus |hereby |unanimously |accordingly |now )?(?:holds?|held|affirm(?:s|ed)?|reversed?|reverses|vacate[ds]?|remand(?:s|ed)?|approve[ds]?|adopt(?:s|ed)?|resolve[ds]?|agree[ds]?|ordere?d?|decide[ds]?|vote[ds]?|reject(?:s|ed)?) (?!by\b)|\bjudgment\b.{0,80} is (?:affirmed|reversed|vacated)\b|\b(?:motion|resolution) (?:was |is )?(?:carried|passed|approved|adopted|rejected)\b/iu;
const RESULT =
  /\b(?:in (?:summary|conclusion|short|sum)|to (?:summari[sz]e|conclude)|overall|(?:the |our )?results? (?:show|suggest|indicate|demonstrate)|(?:we|the authors?) conclude|most important(?:ly)?|the (?:main|key))\b/iu;
const DEFINITION = /^(?:The |An? )?[^,.;:]{2,60}? (?:is|are|was|were|means|refers to) (?:an?|the|one)\b/u;
const EXAMPLE = /\b(?:for (?:example|instance)|e\.g\.|such as|imagine|suppose)/iu;
const POINTS =
  /^note\b|\bin this (?:section|chapter|appendix|annex)\b|\bthis (?:section|chapter|appendix|annex)\b|^(?:now|next|first|finally|below),? we\b|\b(?:the|each|this|these|which) (?:text )?tables?\b|\b(?:tables|figures|sections|chapters) \d|\b(?:(?:see|in|of) (?:also )?(?:section|chapter|appendix|figure|fig\.|table|page)s?\b|(?:section|figure|table|appendix|chapter) (?:\d|[A-Z]\b)|as (?:shown|described|discussed|mentioned) (?:in|above|below|earlier)|the following|above\b|below\b)/iu;
const SPOKEN =
  /^[“"‘'«]|[“"”»][^“"”»]*\b(?:said|asked|replied|cried|answered|says)\b|\b(?:said|replied) (?:I|he|she|they)\b/u;
/** "By default it creates …", "Machines of this type …": leans on a sentence before, in its first words. */
const LEANS =
  /^(?:\S+ ){1,5}?(?:(?:it|they|he|she|them)\b|(?:these|those|this) (?!paper|work|article|study|document|report|book|agreement|guide|manual|policy|contract|standard|package|specification|thesis|website|leaflet|booklet|day|year|is|was|are|were|that|who|which|of|in)\p{Ll})/iu;
/** "Returns the number of …": says of a function what it does. */
const BARE =
  /^(?!Does\b|Has\b)(\p{Lu}\p{Ll}+s) (?!are|were|have|must|can|may|will|that|which|of|in|and|or|is|was|shall|should)\p{Ll}/u;
/** "Anna Lind is an economist in the Office of Rivers": of who wrote it. */
const BLURB =
  /^(?:(?:Dr|Prof|Mr|Ms|Mrs)\.? )?(?:\p{Lu}[\p{L}.’'-]* ){2,4}(?:is|are|was|holds|works|teaches|serves|received)\b[^.]{0,60}\b(?:in|at|of|with|for|from) (?:the |an? )?(?:\p{Lu}\S* )*(?:Universit|Institute|Department|Division|College|School|Office|Center|Centre|Bureau|Ministry|Faculty|Laborator|Company|Corporation|Inc\b|Bank\b|Agency|Council|Association|Foundation|Society)/u;
const ADDRESSES = /\b(?:I|me|my|you|your|yours|mine)\b/u;
const DUTY = /\b(?:must|shall|required to)\b/iu;

/** Fitted, but for what makes a sentence hard to read by itself: people's summaries do not tell that, a reader of quotations does. */
const WEIGHTS = {
  /** Closeness to the sum of all sentences, standardised. */
  central: 0.6,
  /** Falls from 1 at the beginning to 0 within the first half. */
  early: 1,
  /** Closeness to the document's title and to the heading above it, 0 to 1. */
  title: 2.6,
  heading: 0.75,
  /** Share of the title's words, in an abstract: longer documents repeat them. */
  titleWords: 0.8,
  /** Says what the document is for, what came out, what something is; a duty. */
  aim: 1.6,
  proposes: 1.6,
  /** Of an abstract's sentences, the first that speaks of the authors' own work. */
  turns: 2.2,
  result: 0.7,
  decides: 0.9,
  definition: 0.3,
  duty: 0.4,
  /** The result itself; what the thing of the title is, in a document that has an introduction. */
  finding: 1.5,
  defines: 1.5,
  /** First sentence of what stands under a heading. */
  opensSection: 0.6,
  /** Needs the sentence before it. */
  leans: -0.7,
  /** Points to it in its first words. */
  pointsBack: -0.35,
  example: -0.4,
  /** The author's life; what a function does; a label of a form, or what comes before a list. */
  blurb: -2,
  bare: -1,
  label: -1,
  /** Leads to another place; speaks of the document's making. */
  points: -1,
  imprint: -1.5,
  invites: -1.5,
  /** A note below the text; what a picture shows. */
  note: -1.5,
  pictured: -1.5,
  /** Holds four signs or more that sentences do not have; says what a parameter of a function is. */
  coded: -2,
  labelled: -2,
  /** Somebody speaks; speaks of "I" and "you"; asks; cries out. */
  spoken: -0.6,
  addresses: -0.4,
  question: -0.8,
  cry: -0.6,
  /** Ends without a mark, begins with a small letter, is an entry of a list, goes on over a page. */
  open: -1.5,
  small: -1.2,
  item: -0.3,
  split: -1.5,
  /** Fewer than ten words; more than 45; the share of words with a digit in them. */
  short: -0.6,
  long: -0.8,
  figures: -0.5,
  /** Natural log of the number of words, as far as 25. */
  words: 2.1,
};

/** A field of a function's description, where a program is documented: what goes in, what comes out. */
const LABELLED =
  /(?:^|[.;] )(?:[a-z]\w*|Returns?|Return values?|Parameters?|Arguments?|Throws|Raises|Synopsis|Usage|Since|Default|Deprecated|See also): \S/u;
/** Of code and declarations; a sentence has few. */
const SIGN = /[=_|<>*]|\[(?=\p{L})|\(\)/gu;
const LEAST_SIGNS = 4;
const LONG = 45;
const MOST_COUNTED = 25;
/** Sentences of a document that has an introduction. */
const INTRODUCED = 60;

/** One number for each name above, for each sentence. */
type Features = Record<keyof typeof WEIGHTS, number>;

/** `all`: the sentences' vectors, `title` that of the document's title; `places`: 0 to 1. */
const featuresOf = (
  sentences: readonly Sentence[],
  texts: readonly string[],
  { all, title, places }: { all: readonly Vector[]; title: Vector; places: readonly number[] },
): Features[] => {
  const central = standardize(centrality(all));
  // An abstract is an introduction from end to end.
  const introduction = Math.min(1, sentences.length / INTRODUCED);
  const turn = texts.findIndex((text) => OWN_WORK.test(text));
  let heading = -1;
  return sentences.map((sentence, i) => {
    const text = texts[i];
    const afterHeading = i > 0 && sentences[i - 1].kind === 'heading';
    if (sentence.kind === 'heading') heading = i;
    const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    const yes = (holds: boolean): number => (holds ? 1 : 0);
    return {
      central: central[i],
      early: introduction * Math.exp(-places[i] * 6),
      title: Math.min(1, 3 * cosine(all[i], title)),
      titleWords:
        ((1 - introduction) * [...title.keys()].filter((term) => all[i].has(term)).length) / Math.max(1, title.size),
      heading: heading >= 0 ? Math.min(1, 2 * cosine(all[i], all[heading])) : 0,
      aim: yes(AIM.test(text) && !POINTS.test(text)),
      proposes: yes(PROPOSES.test(text) && !POINTS.test(text)),
      turns: i === turn ? 1 - introduction : 0,
      result: yes(RESULT.test(text)),
      decides: yes(DECIDES.test(text)),
      definition: yes(DEFINITION.test(text)),
      finding: yes(FINDING.test(text)),
      defines: introduction * yes(defines(text, title)),
      duty: yes(DUTY.test(text)),
      opensSection: yes(afterHeading),
      leans: yes(leansOnPrevious(text)),
      pointsBack: yes(LEANS.test(text)),
      example: yes(EXAMPLE.test(text)),
      blurb: yes(BLURB.test(text)),
      bare: yes(isBare(text)),
      label: yes(/:$/.test(text)),
      points: yes(POINTS.test(text)),
      imprint: yes((places[i] < MARGIN || places[i] > 1 - MARGIN) && IMPRINT.test(text)),
      invites: yes(INVITES.test(text)),
      note: yes(/^(?:[*∗†‡§]+\s?\p{L}|\(\p{L}[^)]*\)$)/u.test(text)),
      coded: yes((text.match(SIGN)?.length ?? 0) >= LEAST_SIGNS),
      labelled: yes(LABELLED.test(text)),
      pictured: yes(isPicture(text)),
      spoken: yes(SPOKEN.test(text)),
      addresses: yes(ADDRESSES.test(text)),
      question: yes(/[?？]$/u.test(text)),
      cry: yes(/[!！]/u.test(text)),
      open: yes(!/[.!。!?][”"’'»)\]]*\d{0,2}$/u.test(text)),
      small: yes(/^\p{Ll}/u.test(text)),
      item: yes(sentence.kind === 'item'),
      // A quote is looked up on one page.
      split: yes(sentence.boxes.some((box) => box.page !== sentence.page)),
      short: yes(words < 10),
      long: words > LONG ? 0.5 + (words - LONG) / 60 : 0,
      figures: (text.match(/(?<=^|\s)\S*\d\S*/gu)?.length ?? 0) / Math.max(1, words),
      words: Math.log(1 + Math.min(MOST_COUNTED, words)),
    };
  });
};

/** Words of a title that names the thing itself ("EUnit"), not what is said of it. */
const SHORT_TITLE = 4;
const DEFINES =
  /^(?:the |an? )?([^,.;:]{2,60}?) (?:(?:is|are) (?:an?|the|one)\b|(?:provides?|allows?|contains?|implements?|deals?|offers?|helps?|describes?|acts?|applies)\b)/iu;

/** "The Mill application is a …" under the title "Mill". */
const defines = (text: string, title: Vector): boolean => {
  const subject = DEFINES.exec(text)?.[1];
  if (subject === undefined || title.size === 0 || title.size > SHORT_TITLE) return false;
  const named = new Set(terms(subject));
  return named.size <= title.size + 2 && [...title.keys()].every((term) => named.has(term));
};

/** A verb of the third person without a subject, which no noun looks like. */
const isBare = (text: string): boolean => {
  const first = BARE.exec(text)?.[1].toLowerCase();
  return first !== undefined && (verbForm(first)?.auxiliary === 'does' || FUNCTIONS.has(first));
};
const FUNCTIONS = new Set(
  'returns calls sets waits starts gets deletes adds reads writes opens closes checks computes converts prints removes updates stops'.split(
    ' ',
  ),
);

/** What the document is for, or what the thing of its title is. */
export const saysItsAim = (text: string, title: Vector): boolean =>
  ((AIM.test(text) || PROPOSES.test(text)) && !POINTS.test(text)) || defines(text, title);

/** How much each of `sentences` tells, in the order that they stand in. */
export const salience = (
  sentences: readonly Sentence[],
  texts: readonly string[],
  view: { all: readonly Vector[]; title: Vector; places: readonly number[] },
): number[] =>
  featuresOf(sentences, texts, view).map((features) =>
    Object.entries(WEIGHTS).reduce((sum, [name, weight]) => sum + weight * features[name as keyof Features], 0),
  );
