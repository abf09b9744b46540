// Words of scanned pages that were recognised before, kept so that a reopened scan is not recognised again. It is a cache: what is
// missing, cut or foreign costs time and nothing else. Who keeps it, and where, is the host's business.
import { fingerprint } from '../long/checkpoints.ts';

/** A word as recognised: bounds in pixels from the top left corner of the picture. */
export interface Word {
  text: string;
  /** 0-100. */
  confidence: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  /** Words of one line, and lines of one paragraph, have the same number. */
  line: number;
  paragraph: number;
}

/** JSON by name. `load` may give anything that was once JSON, or nothing; `save` may fail. */
export interface RecognisedStore {
  load(name: string): Promise<unknown>;
  save(name: string, value: RecognisedPage): Promise<void>;
}

/** A page as it was recognised: its words in pixels, `scale` of them per point. */
export interface RecognisedPage {
  scale: number;
  words: Word[];
}

/** What recognised: another recogniser, another language or another way of drawing has other results. */
const RECOGNISER = 'tesseract 7.0.0, eng 4.0.0_best_int, 300 dpi';

/** Limits on everything: words of one page, characters of one word. */
const MOST_WORDS = 50_000;
const LONGEST_WORD = 200;

/** SHA-256 of the document, so that all of a document's can be found, and a fingerprint of the page and of what recognises. */
export const recognisedName = (document: string, page: number): string =>
  `${document}-${fingerprint(RECOGNISER, `${page}`)}`;

const NUMBERS = ['confidence', 'x0', 'y0', 'x1', 'y1', 'line', 'paragraph'] as const;

const isWord = (value: unknown): value is Word => {
  const word = value as Word | null;
  return (
    typeof word?.text === 'string' &&
    word.text.length <= LONGEST_WORD &&
    NUMBERS.every((name) => Number.isFinite(word[name]))
  );
};

/** What was kept, if it is what it should be. */
export const asRecognisedPage = (value: unknown): RecognisedPage | undefined => {
  const page = value as RecognisedPage | null | undefined;
  if (!page || !(page.scale > 0) || !Array.isArray(page.words) || page.words.length > MOST_WORDS) return undefined;
  return page.words.every(isWord) ? page : undefined;
};

/** The same for the pages of one document. Neither rejects: a disk that is full is no reason not to read. */
export interface RecognisedPages {
  load(page: number): Promise<RecognisedPage | undefined>;
  save(page: number, value: RecognisedPage): Promise<void>;
}

export const recognisedPages = (store: RecognisedStore, document: string): RecognisedPages => ({
  load: async (page) => asRecognisedPage(await store.load(recognisedName(document, page)).catch(() => undefined)),
  save: (page, value) => store.save(recognisedName(document, page), value).catch(() => undefined),
});
