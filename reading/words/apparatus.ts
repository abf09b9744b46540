// What stands in a document and is not its text: captions of figures and tables, lists of references, contents, indexes, licences,
// rows of tables whose cells were read as one sentence.
import { type ReadDocument, sameParagraph, sentenceText } from '../document.ts';

const CAPTION =
  /^(?:(?:fig(?:ure|s?\.)?|tab(?:le|\.)?|plate|chart|exhibit|algorithm|listing|box)[\s.]*(?:[A-Z]{0,2}[.-]?\d|[IVX]+\b)|(?:source|notes?|keywords?|copyright|isbn|doi|email)\b[\s:.]*(?:\d|©|:))/iu;
const REFERENCE =
  /^\[\d+\]|\bdoi\b|https?:|www\.|@\S+\.\S|\bpp\.\s*\d|\bvol\.\s*\d|©|\ball rights reserved\b|(?:\.\s*){4}|^\p{Lu}[\p{L}’'-]+,\s\p{Lu}\.[\s,]|^[^.]{3,80}\(\d{4}[a-z]?\)\.\s/iu;
/** Headings of parts that are neither summed up nor answered from. */
const APPARATUS =
  /^[\d.\s]*(?:references|bibliography|works cited|literature(?: cited)?|further reading|(?:end)?notes|(?:table of )?contents|(?:[\p{L},]+ ){0,4}index|acknowledge?ments?|list of (?:figures|tables))[\s:.]*$/iu;
/** Dots that lead to the number of a page. */
const LEADS = /(?:[.·…]\s?){5,}\s*\d*$/;
const LEADER = /^(?:[.·…]\s*){3,}\d*$/;
/** Characters; what is longer was parted at a blank. */
const LONGEST_WHOLE = 1_000;
/** "Anna Berg, left, and Carl Dorn at the mill." */
const PICTURED =
  /,\s(?:(?:far |second from )?(?:left|right)|cent(?:er|re)|top|bottom),|\((?:left|right|cent(?:er|re)|top|bottom|pictured)\)/iu;

/** Of a heading: whether nothing under it is what the document says. */
export const isApparatus = (title: string): boolean => APPARATUS.test(title.trim()) || LEGAL.test(title.trim());
export const isContents = (text: string): boolean => LEADS.test(text);
export const isPicture = (text: string): boolean => PICTURED.test(text);
export const isCaption = (text: string): boolean => CAPTION.test(text);
export const isReference = (text: string): boolean => REFERENCE.test(text);

/** Headings of what a document says of its use and of nothing else, wherever it is no licence itself. */
const LEGAL =
  /^(?:(?:appendix|annex|chapter|section|part)\b)?[\s\dA-Z.:–-]{0,6}\b(?:[\p{L}.’'-]+ ){0,4}?(?:licen[sc]es?(?: agreement| information)?|copying(?: information| conditions)?|disclaimers?|(?:legal|copyright|privacy) (?:notices?|information)|copyrights?(?: and licen[sc]e)?|trademarks?)$/iu;
/** What such texts say wherever they stand. */
const LEGAL_TEXT =
  /\bthis licen[sc]e\b|\bpermission is hereby granted\b|\bshall not be used in advertising\b|\bcopies or substantial portions\b|\bmay be reproduced[^.]{0,80}\bwithout\b[^.]{0,40}\bpermission\b|\bwithout warrant(?:y|ies)\b|\bno representations or warranties\b|\bnot (?:necessarily )?(?:reflect|represent) the (?:official )?(?:opinions?|views?|polic(?:y|ies))\b|\bfor (?:demonstration|informational|information|illustrative) purposes\b|\bgenerated (?:using|by|with) (?:an? )?(?:ai|artificial intelligence|(?:large )?language model)\b/iu;
/** A document of which more than this is under such headings is on them. */
const MOST_LEGAL = 0.4;
/** Words of a cell that is more than a number or a mark. */
const CELL_WORDS = 2;

interface Apparatus {
  /** Indices of sentences. */
  references: ReadonlySet<number>;
  captions: ReadonlySet<number>;
  /** Of licences, disclaimers and the like. */
  legal: ReadonlySet<number>;
  /** Across cells of a table, or the end of one that was too long to be read as one. */
  torn: ReadonlySet<number>;
}

const known = new WeakMap<ReadDocument, Apparatus>();

/** Sentences of reference lists, indexes and captions, wherever in the document their headings stand. */
export const apparatusOf = (document: ReadDocument): Apparatus => {
  const found = known.get(document);
  if (found) return found;
  const references = new Set<number>();
  const captions = new Set<number>();
  let [apparatus, caption] = [false, false];
  document.sentences.forEach((sentence, i) => {
    const text = sentenceText(document, sentence);
    if (sentence.kind === 'heading') apparatus = APPARATUS.test(text);
    // A caption goes on to the end of its paragraph.
    const goesOn = i > 0 && sameParagraph(document, document.sentences[i - 1], sentence);
    caption = isCaption(text) || (caption && goesOn);
    // A line of the contents: what leads to its page may be a sentence of its own.
    const next = document.sentences[i + 1];
    const isEntry = next !== undefined && sentence.kind !== 'heading' && LEADER.test(sentenceText(document, next));
    const leads = sentence.kind !== 'heading' && isContents(text);
    if (apparatus || isEntry || leads) references.add(i);
    if (caption) captions.add(i);
  });
  const whole = { references, captions, legal: legalOf(document), torn: tornOf(document) };
  known.set(document, whole);
  return whole;
};

/** Sentences under a legal heading, its own subheadings included. */
const legalOf = (document: ReadDocument): Set<number> => {
  const found = new Set<number>();
  if (LEGAL.test(document.title)) return found;
  const { outline, sentences, text } = document;
  for (const sentence of sentences) if (LEGAL_TEXT.test(sentenceText(document, sentence))) found.add(sentence.index);
  outline.forEach(({ title, level, start }, i) => {
    if (!LEGAL.test(title.trim())) return;
    const end = outline.slice(i + 1).find((next) => next.level <= level)?.start ?? text.length;
    for (const sentence of sentences) if (sentence.start >= start && sentence.start < end) found.add(sentence.index);
  });
  return found.size > MOST_LEGAL * sentences.length ? new Set() : found;
};

/** Sentences that cells were read into, and those that go on where one was parted for its length. */
const tornOf = (document: ReadDocument): Set<number> => {
  const { blocks, sentences, text } = document;
  const found = new Set<number>();
  let at = 0;
  sentences.forEach((sentence, i) => {
    while (at < blocks.length - 1 && blocks[at].end <= sentence.start) at++;
    const cuts = blocks[at]?.cells?.filter((cell) => cell > sentence.start && cell < sentence.end) ?? [];
    const parts = [sentence.start, ...cuts].map((start, j) => text.slice(start, cuts[j] ?? sentence.end));
    const full = parts.filter((part) => (part.match(/\p{L}{2,}/gu)?.length ?? 0) >= CELL_WORDS);
    const before = sentences[i - 1];
    const goesOn =
      before && sameParagraph(document, before, sentence) && /[\p{L},]$/u.test(sentenceText(document, before));
    if (full.length > 1 || (goesOn && before.end - before.start > LONGEST_WHOLE)) found.add(sentence.index);
  });
  return found;
};
