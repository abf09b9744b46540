// Quotations: a sentence of the document with its page and its place, and the check that it is what the document says.
import { type Citation, type ReadDocument, type ReplySentence, type Sentence, sentenceText } from '../document.ts';

/** Most rectangles that a citation carries. */
const MOST_BOXES = 400;

export const quoteSentence = (document: ReadDocument, sentence: Sentence): ReplySentence => {
  const quote = sentenceText(document, sentence);
  const { page, start, end } = sentence;
  const { label, recognised } = document.pages[page - 1] ?? {};
  const citation: Citation = {
    page,
    ...(label === undefined ? {} : { label }),
    quote,
    start,
    end,
    status: checkQuote(document, quote, start, end),
    ...(recognised && { recognised: true }),
    boxes: sentence.boxes.slice(0, MOST_BOXES),
  };
  return { text: quote, citations: [citation] };
};

/** `verified`: word for word at its place; `repaired`: the same but for blanks and hyphens; `unverified`: anything else. */
export const checkQuote = (document: ReadDocument, quote: string, start: number, end: number): Citation['status'] => {
  const there = document.text.slice(start, end);
  if (there === quote && quote !== '') return 'verified';
  const bare = (text: string): string => text.normalize('NFKC').replace(/[\s\p{Pd}\u00AD]/gu, '');
  return bare(quote) !== '' && bare(there) === bare(quote) ? 'repaired' : 'unverified';
};
