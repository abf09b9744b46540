// The values that reading passes from stage to stage. Each keeps its offsets into the one before, so that a citation walks
// back from a reply to a sentence, to the text, to rectangles on a page.

/** A rectangle on a page as it is shown (rotation applied): PDF points, origin at the top left corner of the page. */
export interface Box {
  /** Physical page, from 1. */
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Page {
  /** Physical page, from 1. */
  number: number;
  /** As shown, in PDF points. */
  width: number;
  height: number;
  /** Printed page label, where the file has one that differs from the number. */
  label?: string;
  /** The page's part of the document's text: [start, end). */
  start: number;
  end: number;
  /** `scanned`: a picture without text; `blank`: nothing at all; `failed`: could not be read. */
  state: 'text' | 'blank' | 'scanned' | 'failed';
  /** Its text was recognised in a picture and may hold mistakes: by Longleaf (`here`), or in the file, as a layer over a scan. */
  recognised?: 'here' | 'file';
}

/** An entry of the document's table of contents: its own outline, or its headings where it has none. */
export interface OutlineEntry {
  title: string;
  /** 1 is the highest. */
  level: number;
  /** Physical page, from 1. */
  page: number;
  /** Offset into the document's text at which its section starts. */
  start: number;
}

/** A paragraph, heading, list item, caption or row of a table: the text as it is laid before the model, in that order. */
export interface TextBlock {
  kind: 'prose' | 'heading' | 'item' | 'caption' | 'row';
  /** Offsets into the document's text: [start, end). */
  start: number;
  end: number;
  /** Of a heading; 1 is the highest. */
  level?: number;
  /** Of a row: offsets at which its cells begin. */
  cells?: number[];
}

/** Text of a page that the model does not get: a running head, foot or page number, or text that nobody can see. */
export interface LeftOut {
  page: number;
  why: 'running' | 'hidden';
  text: string;
  boxes: Box[];
}

export interface Sentence {
  index: number;
  /** Offsets into the document's text: [start, end). */
  start: number;
  end: number;
  /** Page on which it starts. */
  page: number;
  kind: 'prose' | 'heading' | 'item';
  /** One per line (two lines: two boxes), also across a page break. */
  boxes: Box[];
}

/** What a document says: one text, and the way back to its pages. Plain JSON. */
export interface ReadDocument {
  title: string;
  author?: string;
  /** Lines joined, hyphens at line ends joined, paragraphs separated by a line feed. */
  text: string;
  pages: Page[];
  /** In order of `start`; what is between two of them is blank. */
  blocks: TextBlock[];
  sentences: Sentence[];
  words: number;
  /** In order of `start`; empty where the document has neither outline nor headings. */
  outline: OutlineEntry[];
  /** Where the outline comes from; absent where there is none. */
  outlineFrom?: 'file' | 'headings';
  leftOut: LeftOut[];
  /** Plain sentences for the reader: pages that could not be read, hidden text left out. */
  notes: string[];
}

export const sentenceText = (document: ReadDocument, sentence: Sentence): string =>
  document.text.slice(sentence.start, sentence.end);

/** Whether `after`, the sentence that follows `before`, belongs to the same paragraph. */
export const sameParagraph = (document: ReadDocument, before: Sentence, after: Sentence): boolean =>
  !document.text.slice(before.end, after.start).includes('\n');

/**
 * How what a reply says stands to the document. `verified`: its sentences say it; `repaired`: they do after a quotation was set
 * right; `near`: the names and numbers stand in the sentence cited and so do half of the other words at least, but it says them in its
 * own way; `unverified`: no sentence was found that does, the one cited is the nearest.
 */
export type Status = 'verified' | 'repaired' | 'near' | 'unverified';

export interface Citation {
  /** Physical page, from 1. */
  page: number;
  label?: string;
  /** The document's own words, verbatim. */
  quote: string;
  /** Offsets of the quote in the document's text. */
  start: number;
  end: number;
  status: Status;
  /** The quoted words were recognised in a picture and may hold mistakes. */
  recognised?: boolean;
  boxes: Box[];
}

export interface ReplySentence {
  text: string;
  /** Where the document bears it out or comes nearest to it, best first; none where not a word is met. */
  citations: Citation[];
  /** Prose only: a quotation has its own with its citation. */
  status?: Status;
  /** Heading of the section that it sums up, in replies by section. */
  section?: string;
}

/** What of the document was in the window, and how the window was stretched. */
export interface WindowReceipt {
  /** Tokens laid in, instructions included; of all parts together where it was read in parts. */
  tokens: number;
  capacity: number;
  /** Tokens that the model was trained on. */
  native: number;
  /** Position Interpolation factor. */
  factor: number;
  /** Physical page ranges, both ends included. */
  pagesRead: [number, number][];
  pagesLeftOut: [number, number][];
  /** Of the pages read, those whose text was recognised in a picture; absent when there are none. */
  pagesRecognised?: [number, number][];
}

/** One of the parts that a document beyond the window is read in. */
export interface ReadPart {
  /** Heading that it falls under. */
  title?: string;
  /** First and last physical page. */
  pages: [number, number];
  /** Tokens of its window. */
  tokens: number;
}

export interface Timing {
  extractMs: number;
  prefillMs: number;
  prefillTokens: number;
  reusedTokens: number;
  rankMs: number;
  /** Prose, and quotations that the model chose word by word. */
  decodeMs?: number;
  /** Putting back a window that was read in before. */
  restoreMs?: number;
  decodeTokens?: number;
}

/** `quotes`: sentences of the document, word for word; `prose`: the model's own sentences, each checked against the document's. */
export type ReplyMode = 'quotes' | 'prose';

/** What there is of a reply in prose that is still being written. */
export interface Written {
  /** All of it, the sentence under way included. */
  text: string;
  /** The finished sentences, compared with the document. */
  sentences: ReplySentence[];
}

/** How the words of prose are drawn: the same seed draws the same words, from the same document, model and adapter. */
export interface Drawing {
  /** Above 0. */
  temperature: number;
  seed: number;
}

/** A summary or an answer. Plain JSON: it is stored as it is. */
export interface Reply {
  kind: 'summary' | 'answer';
  /** `quotes` when absent. */
  mode?: ReplyMode;
  question?: string;
  /** What a summary was made for, in the reader's words ("for a lawyer"). */
  purpose?: string;
  /** False when the document does not say; `sentences` is then empty. */
  found: boolean;
  sentences: ReplySentence[];
  window: WindowReceipt;
  /** Where the document went beyond the window: the parts that were read, in order. */
  parts?: ReadPart[];
  model: {
    name: string;
    architecture: string;
    types: string[];
    /** SHA-256 of the file, hexadecimal; whoever opened the file adds it. */
    sha256?: string;
    /** Position scaling that the file asks for: `none`, `linear`, … */
    rope?: string;
  };
  /** Number format of the keys and values. */
  kvType?: string;
  /** Of prose whose words were drawn; both are absent where the likeliest token is always taken. */
  temperature?: number;
  seed?: number;
  /** What computed; absent where words alone chose. */
  adapter?: { name: string; software: boolean };
  /** Words alone chose what is quoted: the model was not asked. */
  byWords?: true;
  timing: Timing;
}

/** The part of a document that goes into the window, laid out before any of it is read in. */
export interface WindowPlan {
  /** Prompt up to the end of the document: control tokens and sentences. */
  ids: number[];
  /** Where each sentence's tokens lie in `ids`: [start, end), its start marker left out. */
  spans: { sentence: number; start: number; end: number }[];
  /** What the engine must be created with. */
  contextLength: number;
  ropeFactor: number;
  receipt: WindowReceipt;
}

export type Stage = 'pages' | 'recognise' | 'model' | 'parts' | 'window' | 'rank' | 'write' | 'measure';

/** Pages, bytes, tokens or sentences done in a stage. */
export interface StageProgress {
  stage: Stage;
  done: number;
  total: number;
  secondsLeft?: number;
}

/** What can be done about a document that does not fit into the window. Plain JSON. */
export interface WindowChoice {
  /** Tokens that it needs, the reserve for task and answer included, and those that the window holds. */
  needed: number;
  capacity: number;
  /** The longest run of pages, from the first chosen one, that fits at once; absent when not even one page does. */
  pages?: [number, number];
  /** The smallest larger factor that makes room, where there is one, and what it does to the model's quality. */
  larger?: { factor: number; capacity: number; note: string };
  /** Reading all of it, part by part. */
  parts: { count: number; tokens: number };
}

export type ReadingErrorKind =
  | 'empty-file'
  | 'not-a-pdf'
  | 'damaged'
  | 'locked'
  | 'wrong-password'
  | 'no-pages'
  | 'no-text'
  /** It expands to more than memory should hold, takes longer than a page may, or has more pages than are read. */
  | 'too-large'
  | 'too-slow'
  | 'window-full'
  | 'bad-pages'
  | 'no-question'
  | 'no-prose';

/** `message` is the one plain sentence a reader sees; `detail` is for the log and never holds document text. */
export class ReadingError extends Error {
  readonly kind: ReadingErrorKind;
  readonly detail: string;
  /** With `window-full`. */
  readonly choice?: WindowChoice;
  constructor(kind: ReadingErrorKind, message: string, detail = '', choice?: WindowChoice) {
    super(message);
    this.name = 'ReadingError';
    this.kind = kind;
    this.detail = detail;
    if (choice) this.choice = choice;
  }
}
