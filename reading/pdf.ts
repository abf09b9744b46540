// PDF bytes to a ReadDocument. pdf.js is handed in by the host (in Node its `legacy` build, in the window the modern one with a
// worker); nothing is fetched, no script of a PDF runs, and one page that fails does not take the others with it.
import { type Page, type ReadDocument, ReadingError, type Sentence, type StageProgress } from './document.ts';
import { type PageText, placeItems, type TextItem } from './glyphs.ts';
import { splitSentences } from './sentences.ts';
import { boxesOf, type LaidText, layOut } from './text.ts';

/** The part of pdfjs-dist that is used here. */
export interface PdfLibrary {
  getDocument(options: Record<string, unknown>): PdfLoading;
  OPS?: unknown;
}

interface PdfLoading {
  promise: Promise<unknown>;
  destroy(): Promise<void>;
}

interface PdfDocument {
  numPages: number;
  getPage(number: number): Promise<PdfPage>;
  getMetadata(): Promise<{ info?: unknown }>;
  getPageLabels(): Promise<string[] | null>;
}

interface PdfPage {
  getViewport(options: { scale: number }): { transform: number[]; width: number; height: number };
  getTextContent(): Promise<{ items: unknown[]; styles: Record<string, { vertical?: boolean }> }>;
  getOperatorList(): Promise<{ fnArray: number[] }>;
  cleanup(): unknown;
}

export interface ReadOptions {
  password?: string;
  /** The file's name, for its title and for errors. */
  name?: string;
  /** Folders of pdfjs-dist on this machine, each with its closing slash: character maps and standard fonts. */
  resources?: { cMapUrl?: string; standardFontDataUrl?: string; wasmUrl?: string };
  /** Leaves running heads, feet and page numbers in the text. */
  keepRunningLines?: boolean;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** Pages without text that are looked at for pictures: decoding them takes long, and one picture settles what the file is. */
const PICTURES_LOOKED_AT = 4;

/**
 * Reads all pages. Rejects with a ReadingError that names what the file is (empty, no PDF, damaged, locked, without pages,
 * without text), or with the signal's reason. `bytes` are copied: pdf.js takes ownership of what it is given.
 */
export const readPdf = async (
  library: PdfLibrary,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<ReadDocument> => {
  const name = options.name ?? 'The file';
  options.signal?.throwIfAborted();
  if (bytes.length === 0) throw new ReadingError('empty-file', `${name} is empty.`);
  if (!looksLikePdf(bytes)) throw new ReadingError('not-a-pdf', `${name} is not a PDF.`);
  const loading = library.getDocument({
    data: bytes.slice(),
    password: options.password,
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    stopAtErrors: false,
    verbosity: 0,
    cMapPacked: true,
    ...options.resources,
  });
  try {
    const pdf = (await loading.promise.catch((error: unknown) => {
      throw openingError(error, name, options.password !== undefined && options.password !== '');
    })) as PdfDocument;
    if (!(pdf.numPages > 0)) throw new ReadingError('no-pages', `${name} has no pages.`);
    return await readPages(pdf, name, options);
  } finally {
    await loading.destroy().catch(() => undefined);
  }
};

/** The header, or at least an object, near the start: broken files often lack the header and are readable all the same. */
const looksLikePdf = (bytes: Uint8Array): boolean => {
  let head = '';
  for (let i = 0; i < Math.min(bytes.length, 4_096); i++) head += String.fromCharCode(bytes[i]);
  return head.includes('%PDF-') || /\d+\s+\d+\s+obj\b/.test(head);
};

const openingError = (error: unknown, name: string, withPassword: boolean): unknown => {
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

interface Gathered {
  pages: Page[];
  texts: PageText[];
  pictures: number;
  lookedAt: number;
}

const readPages = async (pdf: PdfDocument, name: string, options: ReadOptions): Promise<ReadDocument> => {
  const gathered: Gathered = { pages: [], texts: [], pictures: 0, lookedAt: 0 };
  const labels = (await pdf.getPageLabels().catch(() => null)) ?? [];
  const began = performance.now();
  for (let number = 1; number <= pdf.numPages; number++) {
    options.signal?.throwIfAborted();
    gathered.pages.push(await readPage(pdf, number, labels[number - 1], gathered));
    const secondsLeft = ((performance.now() - began) / number / 1000) * (pdf.numPages - number);
    options.onProgress?.({ stage: 'pages', done: number, total: pdf.numPages, secondsLeft });
    // A pause, so that a window and a signal get their turn where pdf.js runs in this thread.
    if (number % 16 === 0) await new Promise<void>((resume) => setTimeout(resume, 0));
  }
  options.signal?.throwIfAborted();
  const laid = layOut(gathered.texts, { keepRunningLines: options.keepRunningLines });
  const document = toDocument(laid, gathered, await titleOf(pdf, laid, name));
  if (document.words === 0) throw noText(document.pages, gathered);
  return document;
};

const readPage = async (
  pdf: PdfDocument,
  number: number,
  label: string | undefined,
  gathered: Gathered,
): Promise<Page> => {
  const page: Page = { number, width: 0, height: 0, start: 0, end: 0, state: 'failed' };
  if (label && label !== String(number)) page.label = label.slice(0, 100);
  try {
    const source = await pdf.getPage(number);
    const view = source.getViewport({ scale: 1 });
    page.width = view.width;
    page.height = view.height;
    const content = await source.getTextContent();
    const items = content.items.filter((item): item is TextItem => typeof (item as TextItem).str === 'string');
    const text = placeItems(number, view, items, (font) => content.styles[font]?.vertical === true);
    if (text.frames.length > 0 || text.hidden) gathered.texts.push(text);
    page.state = text.frames.length > 0 ? 'text' : await stateOfTextless(source, gathered);
    source.cleanup();
  } catch {
    page.state = 'failed';
  }
  return page;
};

/** pdf.js operator codes that paint a picture (paintImageMaskXObject … paintImageMaskXObjectRepeat), stable over its versions. */
const isPicture = (code: number): boolean => code >= 83 && code <= 89;

const stateOfTextless = async (page: PdfPage, gathered: Gathered): Promise<Page['state']> => {
  if (gathered.lookedAt >= PICTURES_LOOKED_AT) return gathered.pictures > 0 ? 'scanned' : 'blank';
  gathered.lookedAt++;
  const { fnArray } = await page.getOperatorList();
  if (!fnArray.some(isPicture)) return 'blank';
  gathered.pictures++;
  return 'scanned';
};

const noText = (pages: readonly Page[], gathered: Gathered): ReadingError => {
  if (pages.every((page) => page.state === 'failed')) {
    return new ReadingError('damaged', 'This PDF is damaged: none of its pages could be read. Get a new copy of it.');
  }
  return gathered.pictures > 0
    ? new ReadingError('no-text', 'No text in this PDF: it looks like a scan.')
    : new ReadingError('no-text', 'No text in this PDF: its pages are blank.');
};

const titleOf = async (pdf: PdfDocument, laid: LaidText, name: string): Promise<string> => {
  const info = (await pdf.getMetadata().catch(() => undefined))?.info as { Title?: unknown } | undefined;
  const given = typeof info?.Title === 'string' ? info.Title.replace(/\s+/g, ' ').trim() : '';
  if (
    given.length > 2 &&
    !/^untitled|^microsoft word|\.(?:docx?|dvi|tex|indd|pdf|qxd|pmd|rtf|xlsx?|pptx?)$|^\(?anonymous/i.test(given)
  ) {
    return given.slice(0, 300);
  }
  const first = laid.blocks.filter((block) => block.start < 2_000 && block.kind === 'heading');
  const largest = first.reduce<(typeof first)[number] | undefined>(
    (a, b) => (a && a.size >= b.size ? a : b),
    undefined,
  );
  if (largest) return laid.text.slice(largest.start, largest.end).slice(0, 300);
  return name === 'The file' ? 'Untitled' : name.replace(/\.pdf$/i, '').slice(0, 300);
};

const toDocument = (laid: LaidText, gathered: Gathered, title: string): ReadDocument => {
  const { text, blocks, printed, pageRanges } = laid;
  let last = 0;
  for (const page of gathered.pages) {
    const range = pageRanges.get(page.number);
    [page.start, page.end] = range ?? [last, last];
    last = page.end;
  }
  const sentences: Sentence[] = [];
  for (const block of blocks) {
    const spans = block.kind === 'heading' ? [[block.start, block.end]] : splitSentences(text, block.start, block.end);
    for (const [start, end] of spans) {
      const boxes = boxesOf(printed, start, end);
      if (boxes.length === 0) continue;
      sentences.push({ index: sentences.length, start, end, page: boxes[0].page, kind: block.kind, boxes });
    }
  }
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return {
    title,
    text,
    pages: gathered.pages,
    sentences,
    words,
    outline: [],
    leftOut: [],
    notes: notesOf(gathered),
  };
};

const notesOf = ({ pages, texts }: Gathered): string[] => {
  const notes: string[] = [];
  const numbers = (state: Page['state']): number[] =>
    pages.filter((page) => page.state === state).map((page) => page.number);
  const failed = numbers('failed');
  if (failed.length > 0) notes.push(`${pageList(failed)} could not be read.`);
  const scanned = numbers('scanned');
  if (scanned.length > 0)
    notes.push(`${pageList(scanned)} ${scanned.length > 1 ? 'hold' : 'holds'} a picture without text; not read.`);
  const hidden = texts.filter((page) => page.hidden).map((page) => page.number);
  if (hidden.length > 0) notes.push(`Hidden text found on ${pageList(hidden).replace('P', 'p')}; left out.`);
  return notes;
};

/** "Page 3", "Pages 3, 5-9 and 12". */
const pageList = (numbers: readonly number[]): string => {
  const ranges: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (numbers[j + 1] === numbers[j] + 1) j++;
    ranges.push(j > i ? `${numbers[i]}-${numbers[j]}` : `${numbers[i]}`);
    i = j + 1;
  }
  const shown = ranges.length > 12 ? [...ranges.slice(0, 11), `${ranges.length - 11} more`] : ranges;
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown[0];
  return `${numbers.length > 1 ? 'Pages' : 'Page'} ${list}`;
};
