// What stands in a document and is not its text: captions of figures and tables, lists of references, contents, indexes.
import { type ReadDocument, sameParagraph, sentenceText } from '../document.ts';

const CAPTION =
  /^(?:(?:fig(?:ure|s?\.)?|tab(?:le|\.)?|plate|chart|exhibit|algorithm|listing|box)[\s.]*(?:[A-Z]{0,2}[.-]?\d|[IVX]+\b)|(?:source|notes?|keywords?|copyright|isbn|doi|email)\b[\s:.]*(?:\d|©|:))/iu;
const REFERENCE =
  /^\[\d+\]|\bdoi\b|https?:|www\.|@\S+\.\S|\bpp\.\s*\d|\bvol\.\s*\d|©|\ball rights reserved\b|(?:\.\s*){4}|^\p{Lu}[\p{L}’'-]+,\s\p{Lu}\.[\s,]|^[^.]{3,80}\(\d{4}[a-z]?\)\.\s/iu;
/** Headings of parts that are neither summed up nor answered from. */
const APPARATUS =
  /^[\d.\s]*(?:references|bibliography|works cited|literature(?: cited)?|further reading|(?:end)?notes|(?:table of )?contents|index|acknowledge?ments?|list of (?:figures|tables))[\s:.]*$/iu;
export const isCaption = (text: string): boolean => CAPTION.test(text);
export const isReference = (text: string): boolean => REFERENCE.test(text);

interface Apparatus {
  /** Indices of sentences. */
  references: ReadonlySet<number>;
  captions: ReadonlySet<number>;
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
    if (apparatus) references.add(i);
    if (caption) captions.add(i);
  });
  known.set(document, { references, captions });
  return { references, captions };
};
