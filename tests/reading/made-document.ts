// Documents written by hand for the tests of what comes after the PDF: paragraphs of sentences on pages.
import type { Page, ReadDocument, Sentence } from '../../reading/document.ts';

export type MadePage = (string | { heading: string })[][] | 'blank' | 'scanned' | 'failed';

/** Each page is a list of paragraphs, each a list of sentences. */
export const makeDocument = (pages: readonly MadePage[], title = 'A made document'): ReadDocument => {
  const made: ReadDocument = {
    title,
    text: '',
    pages: [],
    blocks: [],
    sentences: [],
    words: 0,
    outline: [],
    leftOut: [],
    notes: [],
  };
  pages.forEach((paragraphs, i) => {
    const number = i + 1;
    const page: Page = { number, width: 595, height: 842, start: made.text.length, end: 0, state: 'text' };
    if (typeof paragraphs === 'string') page.state = paragraphs;
    else addPage(made, number, paragraphs);
    page.end = made.text.length;
    made.pages.push(page);
  });
  made.words = made.text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return made;
};

const addPage = (made: ReadDocument, page: number, paragraphs: Exclude<MadePage, string>): void => {
  for (const paragraph of paragraphs) {
    if (made.text !== '') made.text += '\n';
    const from = made.text.length;
    paragraph.forEach((sentence, i) => {
      const text = typeof sentence === 'string' ? sentence : sentence.heading;
      if (i > 0) made.text += ' ';
      const start = made.text.length;
      made.text += text;
      const kind: Sentence['kind'] = typeof sentence === 'string' ? 'prose' : 'heading';
      const boxes = [{ page, x: 72, y: 100, width: 300, height: 12 }];
      made.sentences.push({ index: made.sentences.length, start, end: made.text.length, page, kind, boxes });
    });
    const isHeading = paragraph.some((sentence) => typeof sentence !== 'string');
    made.blocks.push({
      ...(isHeading ? { kind: 'heading', level: 1 } : { kind: 'prose' }),
      start: from,
      end: made.text.length,
    });
  }
};
