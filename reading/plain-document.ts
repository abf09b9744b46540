// Text and Markdown files as documents. They have no pages of their own, so their lines are laid out on sheets of a fixed size in a
// type of fixed width: a page is a section of lines, and a citation has a rectangle as it has in a PDF.
import { type Box, type OutlineEntry, type Page, type ReadDocument, ReadingError, type Sentence } from './document.ts';
import type { LettersWriter } from './layout/letters.ts';
import { splitSentences } from './layout/sentences.ts';

/** Sheet and type in points; columns and lines follow from them. Whoever shows a sheet uses the same. */
export const SHEET = { width: 595, height: 842, margin: 56, size: 10, advance: 6, pitch: 15 } as const;
const COLUMNS = Math.floor((SHEET.width - 2 * SHEET.margin) / SHEET.advance);
const LINES = Math.floor((SHEET.height - 2 * SHEET.margin) / SHEET.pitch);
/** Limits on everything: as many pages as a PDF may have. */
const MOST_SHEETS = 20_000;

/** A line as it stands on a sheet: its part of the document's text, [start, end). */
export interface SheetLine {
  page: number;
  /** On its sheet, from 0. */
  row: number;
  start: number;
  end: number;
}

/** Bytes of a text file as text: UTF-8 or UTF-16 where they say so or fit, else Windows-1252. */
export const decodeText = (bytes: Uint8Array): string => {
  const [first, second, third] = bytes;
  const as = (encoding: string, fatal = false): string => new TextDecoder(encoding, { fatal }).decode(bytes);
  if (first === 0xff && second === 0xfe) return as('utf-16le');
  if (first === 0xfe && second === 0xff) return as('utf-16be');
  if (first === 0xef && second === 0xbb && third === 0xbf) return as('utf-8');
  // Latin text in UTF-16 has a zero in every other place.
  const head = bytes.subarray(0, 2_000);
  const zeros = (odd: 0 | 1): number => head.filter((byte, i) => byte === 0 && i % 2 === odd).length;
  if (zeros(1) > head.length / 4) return as('utf-16le');
  if (zeros(0) > head.length / 4) return as('utf-16be');
  try {
    return as('utf-8', true);
  } catch {
    return as('windows-1252');
  }
};

interface Paragraph {
  text: string;
  kind: Sentence['kind'];
  /** Of a heading. */
  level: number;
}

/** Throws a ReadingError where there is no text. `markdown`: lines that start with # are headings. */
export const readPlainText = (
  bytes: Uint8Array,
  name: string,
  markdown: boolean,
  letters?: LettersWriter,
): ReadDocument => {
  const source = decodeText(bytes)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]|\ufeff/gu, '')
    .toWellFormed();
  const document: ReadDocument = {
    title: name.replace(/\.[^.]{1,8}$/, ''),
    text: '',
    pages: [],
    blocks: [],
    sentences: [],
    words: source.match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
    outline: [],
    leftOut: [],
    notes: [],
  };
  if (document.words === 0) throw new ReadingError('no-text', `${name} has no words in it.`);
  const paragraphs = paragraphsOf(source, markdown);
  document.text = paragraphs.map(({ text }) => text).join('\n');
  const lines = sheetLines(document.text);
  document.pages = pagesOf(lines, document.text.length);
  addSentences(document, paragraphs, lines);
  if (letters) for (const line of lines) addLetters(letters, line);
  const title = document.outline.find(({ level }) => level === 1)?.title;
  if (markdown && title) document.title = title.slice(0, 300);
  return document;
};

/** Blank lines part paragraphs; lines within one are joined unless the file has one line to a paragraph. */
const paragraphsOf = (source: string, markdown: boolean): Paragraph[] => {
  const paragraphs: Paragraph[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) paragraphs.push({ text: open.join(' '), kind: 'prose', level: 0 });
    open = [];
  };
  let fenced = false;
  for (const raw of source.split('\n')) {
    const line = raw.replace(/\s+/g, ' ').trim();
    if (markdown && /^(?:```|~~~)/.test(line)) fenced = !fenced;
    const heading = markdown && !fenced ? /^(#{1,6}) (.+?)(?: #+)?$/.exec(line) : null;
    const item = /^(?:[-*+•]|\d{1,3}[.)]) \S/.test(line);
    if (line === '' || heading || item) close();
    if (heading) paragraphs.push({ text: heading[2], kind: 'heading', level: heading[1].length });
    else if (item) paragraphs.push({ text: line, kind: 'item', level: 0 });
    else if (line !== '') open.push(line);
  }
  close();
  return paragraphs;
};

/** Where each line of the text stands: words are wrapped at the sheet's width, longer ones are cut. */
export const sheetLines = (text: string): SheetLine[] => {
  const lines: SheetLine[] = [];
  let row = 0;
  let page = 1;
  const add = (start: number, end: number): void => {
    lines.push({ page, row, start, end });
    row++;
    if (row === LINES) [page, row] = [page + 1, 0];
  };
  for (let start = 0; start <= text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    for (let at = start; at < end; ) {
      const full = Math.min(end, at + COLUMNS);
      const blank = full < end ? text.lastIndexOf(' ', full) : -1;
      const cut = blank > at ? blank : full;
      add(at, cut);
      at = text[cut] === ' ' ? cut + 1 : cut;
    }
    // A blank line between paragraphs, but not at the head of a sheet.
    if (row > 0) {
      row++;
      if (row >= LINES) [page, row] = [page + 1, 0];
    }
    start = end + 1;
  }
  return lines;
};

const pagesOf = (lines: readonly SheetLine[], length: number): Page[] => {
  const count = lines.at(-1)?.page ?? 1;
  if (count > MOST_SHEETS)
    throw new ReadingError('too-large', 'This text is longer than 20,000 pages; split it into several files.');
  const pages: Page[] = [];
  for (const { page, start } of lines) {
    if (page <= pages.length) continue;
    if (pages.length > 0) pages.at(-1)!.end = start;
    pages.push({ number: page, width: SHEET.width, height: SHEET.height, start, end: length, state: 'text' });
  }
  return pages;
};

const addSentences = (document: ReadDocument, paragraphs: readonly Paragraph[], lines: readonly SheetLine[]): void => {
  const { text, blocks, sentences, outline } = document;
  let start = 0;
  let line = 0;
  for (const { text: paragraph, kind, level } of paragraphs) {
    const end = start + paragraph.length;
    blocks.push({ kind, start, end, ...(kind === 'heading' && { level }) });
    const spans = kind === 'heading' ? [[start, end]] : splitSentences(text, start, end);
    for (const [from, to] of spans) {
      while (lines[line].end <= from) line++;
      const boxes: Box[] = [];
      for (let i = line; i < lines.length && lines[i].start < to; i++) boxes.push(boxOf(lines[i], from, to));
      const { page } = boxes[0];
      sentences.push({ index: sentences.length, start: from, end: to, page, kind, boxes });
      if (kind === 'heading')
        outline.push({ title: paragraph.slice(0, 300), level, page, start: from } as OutlineEntry);
    }
    start = end + 1;
  }
};

/** Baseline and size with which a line's letters get its box. */
const addLetters = (letters: LettersWriter, { page, row, start, end }: SheetLine): void => {
  const size = (SHEET.pitch - 3) / 1.06;
  const v = SHEET.margin + row * SHEET.pitch + 0.82 * size;
  const edges = Array.from({ length: end - start + 1 }, (_, i) => SHEET.margin + i * SHEET.advance);
  letters.addStretch({ start, page, angle: 0, v, size, edges });
};

const boxOf = (line: SheetLine, start: number, end: number): Box => {
  const [from, to] = [Math.max(start, line.start), Math.min(end, line.end)];
  return {
    page: line.page,
    x: SHEET.margin + (from - line.start) * SHEET.advance,
    y: SHEET.margin + line.row * SHEET.pitch,
    width: (to - from) * SHEET.advance,
    height: SHEET.pitch - 3,
  };
};
