// PDF bytes to a ReadDocument. pdf.js is handed in by the host as something that can be started and ended (in Node on a thread,
// in the window in a worker); nothing is fetched, no script of a PDF runs, and neither a page that fails nor one that never
// ends takes the others with it.

import { type ReadDocument, ReadingError, type StageProgress } from '../document.ts';
import { assemble, type Gathered, noteOfTrouble } from '../layout/assemble.ts';
import type { LettersWriter } from '../layout/letters.ts';
import { readBookmarks } from './outline.ts';
import { type PageRead, readPage } from './page.ts';
import { spellings } from './passwords.ts';
import { type Recogniser, recognisePages, takeRecognised } from './recognise.ts';
import type { RecognisedPages } from './recognised.ts';
import { type PdfDocument, type PdfEngine, PdfSession, PdfTrouble } from './session.ts';

export interface ReadOptions {
  password?: string;
  /** The file's name, for its title and for errors. */
  name?: string;
  /** Folders of pdfjs-dist on this machine, each with its closing slash: character maps and standard fonts. */
  resources?: { cMapUrl?: string; standardFontDataUrl?: string; wasmUrl?: string };
  /** The text as it is printed: with running heads, feet and page numbers, and notes where they stand. */
  keepRunningLines?: boolean;
  /** Opens what reads the text of scanned pages in their pictures; asked only when there are such pages. */
  recogniser?: () => Promise<Recogniser>;
  /** Where recognised pages are kept: those that are there count as read, whether a recogniser is given or not. */
  recognised?: RecognisedPages;
  /** Is told where each letter of the document is printed. */
  letters?: LettersWriter;
  /** A page was read, or its text recognised. */
  onPage?: (read: PageRead) => void;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** Pages of one document; the calls to main and the replies hold as many. */
export const MOST_PAGES = 20_000;
/** Milliseconds for opening, and more for each megabyte: a file whose table of objects is lost is searched from end to end. */
const OPEN_LIMIT = 7_000;
const OPEN_LIMIT_PER_MB = 100;
/** After so many pages a fresh pdf.js goes on: it never lets go of all that it knows of a page. */
const RENEW_EVERY = 500;
/** For labels, outline and title, which a document can do without. */
const EXTRAS_LIMIT = 3_000;
/** After so many pages that had to be ended, the rest is left unread. */
const MOST_ENDED_PAGES = 3;

/**
 * Reads all pages. Rejects with a ReadingError that names what the file is (empty, no PDF, damaged, locked, without pages,
 * without text, too large), or with the signal's reason. `start` starts a pdf.js, which is ended before this settles.
 */
export const readPdf = async (
  start: () => PdfEngine,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<ReadDocument> => {
  const name = options.name ?? 'The file';
  options.signal?.throwIfAborted();
  if (bytes.length === 0) throw new ReadingError('empty-file', `${name} is empty.`);
  if (!looksLikePdf(bytes)) throw new ReadingError('not-a-pdf', `${name} is not a PDF.`);
  const { session, pages } = await open(start, bytes, options, name);
  try {
    const gathered = await readPages(session, { name, count: pages, openLimit: openLimit(bytes) }, options);
    const scanned = await takeRecognised(gathered, options);
    if (options.recogniser && scanned.length > 0) {
      const pictures = new PdfSession(
        start,
        () => ({ ...session.options(), maxImageSize: LARGEST_PICTURE }),
        options.signal,
      );
      await recognisePages(pictures, scanned, await options.recogniser(), options);
    }
    // What pdf.js holds is given back before the pages are laid out.
    session.close();
    await turn();
    options.signal?.throwIfAborted();
    return assemble(gathered, options);
  } finally {
    session.close();
  }
};

/** Pixels: a page of A3 at 600 dots per inch is 70 million. */
const LARGEST_PICTURE = 80_000_000;

/** The header, or at least an object, near the start: broken files often lack the header and are readable all the same. */
export const looksLikePdf = (bytes: Uint8Array): boolean => {
  let head = '';
  for (let i = 0; i < Math.min(bytes.length, 4_096); i++) head += String.fromCharCode(bytes[i]);
  return head.includes('%PDF-') || /\d+\s+\d+\s+obj\b/.test(head);
};

const openOptions = (bytes: Uint8Array, password: string | undefined, resources: ReadOptions['resources']) => ({
  // A copy: pdf.js takes what it is given.
  data: bytes.slice(),
  password,
  enableXfa: false,
  disableFontFace: true,
  // The names of fonts and glyphs (letters.ts).
  fontExtraProperties: true,
  useSystemFonts: false,
  useWorkerFetch: false,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  // Reading needs no picture, only to know where there is one (ink.ts).
  maxImageSize: 1,
  stopAtErrors: false,
  verbosity: 0,
  cMapPacked: true,
  ...resources,
});

interface Opened {
  session: PdfSession;
  pages: number;
}

const openLimit = (bytes: Uint8Array): number => OPEN_LIMIT + (bytes.length / 1e6) * OPEN_LIMIT_PER_MB;

const open = async (
  start: () => PdfEngine,
  bytes: Uint8Array,
  { password, resources, signal }: ReadOptions,
  name: string,
): Promise<Opened> => {
  let problem: unknown;
  for (const spelling of spellings(password)) {
    const session = new PdfSession(start, () => openOptions(bytes, spelling, resources), signal);
    try {
      const pages = await session.within(openLimit(bytes), async (pdf) => pdf.numPages);
      if (!(pages > 0)) throw new ReadingError('no-pages', `${name} has no pages.`);
      if (pages > MOST_PAGES) throw tooManyPages(pages);
      return { session, pages };
    } catch (error) {
      session.close();
      if (signal?.aborted) throw error;
      problem ??= openingError(error, name, password !== undefined && password !== '');
      if (!(problem instanceof ReadingError) || problem.kind !== 'wrong-password') throw problem;
    }
  }
  throw problem;
};

const tooManyPages = (pages: number): ReadingError =>
  new ReadingError(
    'too-large',
    `This PDF says that it has ${pages.toLocaleString('en')} pages; up to ${MOST_PAGES.toLocaleString('en')} are read. Split it.`,
  );

const openingError = (error: unknown, name: string, withPassword: boolean): unknown => {
  if (error instanceof ReadingError) return error;
  if (error instanceof PdfTrouble) return noteOfTrouble(error.trouble);
  const { name: kind = '', message = '', code } = (error ?? {}) as { name?: string; message?: string; code?: number };
  if (kind === 'AbortError') return error;
  if (kind === 'PasswordException' && code === 2 && withPassword) {
    return new ReadingError('wrong-password', 'Wrong password. Try again.');
  }
  if (kind === 'PasswordException') return new ReadingError('locked', 'This PDF is locked. Open it with its password.');
  if (/page tree|no pages|pages dictionary|Pages.*empty/i.test(message)) {
    return new ReadingError('no-pages', `${name} has no pages.`, kind);
  }
  return new ReadingError(
    'damaged',
    'This PDF is damaged and could not be opened. Get a new copy of it.',
    `${kind}: ${message}`,
  );
};

/** A pause, so that a signal gets its turn where pdf.js runs in this thread. */
const turn = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0));

interface Pages {
  name: string;
  count: number;
  openLimit: number;
}

const readPages = async (
  session: PdfSession,
  { name, count, openLimit }: Pages,
  options: ReadOptions,
): Promise<Gathered> => {
  const extras = <T>(work: (pdf: PdfDocument) => Promise<T>): Promise<T | undefined> =>
    session.within(EXTRAS_LIMIT, work).catch(() => undefined);
  const labels = (await extras((pdf) => pdf.getPageLabels())) ?? [];
  const gathered: Gathered = { name, pages: [], reads: [], bookmarks: [] };
  const began = performance.now();
  let ended = 0;
  for (let number = 1; number <= count; number++) {
    options.signal?.throwIfAborted();
    const read = await readPage(session, number, ended > 0);
    if (read.trouble && read.trouble !== 'characters') ended++;
    const label = labels[number - 1];
    if (label && label !== String(number)) read.page.label = label.slice(0, 100);
    gathered.reads.push(read);
    gathered.pages.push(read.page);
    options.onPage?.(read);
    const secondsLeft = ((performance.now() - began) / number / 1000) * (count - number);
    options.onProgress?.({ stage: 'pages', done: number, total: count, secondsLeft });
    if (ended >= MOST_ENDED_PAGES) break;
    if (number % 16 === 0) await turn();
    if (number % RENEW_EVERY === 0 && number < count) await session.renew(openLimit);
  }
  for (let number = gathered.pages.length + 1; number <= count; number++)
    gathered.pages.push({ number, width: 0, height: 0, start: 0, end: 0, state: 'failed' });
  gathered.bookmarks = (await extras(readBookmarks)) ?? [];
  gathered.info = (await extras((pdf) => pdf.getMetadata()))?.info as Gathered['info'];
  options.signal?.throwIfAborted();
  return gathered;
};
