// What is written out of a conversation about a document: title, replies, citations and the receipt of how each was made, laid
// out once as plain blocks. Each format (export-markdown, export-html, export-pdf) turns the same blocks into its own text and
// escapes everything in them: whatever a document or a model spells stays text.
import type { Citation, Reply, ReplySentence } from '../document.ts';
import { receiptFacts } from '../replies/receipt.ts';

export const EXPORT_FORMATS = ['md', 'html', 'pdf', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedReply {
  reply: Reply;
  /** ISO 8601. */
  createdAt?: string;
}

/** A document and what was said about it, oldest first. */
export interface ExportedDocument {
  document: { title: string; name: string; sha256: string; pages: number; words: number };
  replies: readonly ExportedReply[];
}

export interface ExportedCitation {
  /** "p. 3 (iii), recognised text". */
  where: string;
  status: Citation['status'];
  /** Only where the sentence itself is not the quotation. */
  quote?: string;
}

export type Block =
  | { kind: 'title' | 'heading' | 'note'; text: string }
  /** Heading of the section that the sentences after it sum up. */
  | { kind: 'section'; text: string }
  | {
      kind: 'sentence';
      number: number;
      text: string;
      /** Of prose: whether the document bears it out. */
      status?: Citation['status'];
      citations: readonly ExportedCitation[];
    }
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] };

/** Answers of several documents to one question, as a table; documents without an answer are named with the reason. */
export interface Comparison {
  question: string;
  rows: readonly { document: string; found: boolean; answer: string; pages: string; problem?: string }[];
}

export const blocksOf = (documents: readonly ExportedDocument[], comparison?: Comparison): Block[] => [
  ...(comparison ? comparisonBlocks(comparison) : []),
  ...documents.flatMap(documentBlocks),
];

const documentBlocks = ({ document, replies }: ExportedDocument): Block[] => [
  { kind: 'title', text: document.title || document.name },
  {
    kind: 'facts',
    rows: [
      ['File', document.name],
      ['Pages', document.pages.toLocaleString('en')],
      ['Words', document.words.toLocaleString('en')],
      ['SHA-256', document.sha256],
    ],
  },
  ...replies.flatMap((exported) => replyBlocks(exported, document.pages)),
];

const replyBlocks = ({ reply, createdAt }: ExportedReply, pages: number): Block[] => [
  { kind: 'heading', text: headingOf(reply) },
  ...(reply.found ? sentenceBlocks(reply.sentences) : [{ kind: 'note' as const, text: 'The document does not say.' }]),
  { kind: 'facts', rows: receiptFacts(reply, pages, createdAt) },
];

export const headingOf = ({ kind, question, purpose }: Pick<Reply, 'kind' | 'question' | 'purpose'>): string =>
  kind === 'answer' ? `Question: ${question ?? ''}` : purpose ? `Summary: ${purpose}` : 'Summary';

const sentenceBlocks = (sentences: readonly ReplySentence[]): Block[] =>
  sentences.flatMap(({ text, citations, status: said, section }, i): Block[] => [
    ...(section && section !== sentences[i - 1]?.section ? [{ kind: 'section' as const, text: section }] : []),
    {
      kind: 'sentence',
      number: i + 1,
      text,
      ...(said && { status: said }),
      citations: citations.map(({ page, label, recognised, status, quote }) => ({
        where: whereOf({ page, label, recognised }),
        status,
        ...(quote === text ? {} : { quote }),
      })),
    },
  ]);

/** Of a sentence of prose, in words. */
export const proseStatus: Record<Citation['status'], string> = {
  verified: 'verified: the pages cited bear it out',
  repaired: 'repaired: a quotation in it was set right',
  near: 'near: its names and numbers stand there; whether it says so was not checked',
  unverified: 'unverified: no sentence of the document was found that says this; the nearest is cited',
};

/** "p. 3", "p. 3 (iii)" where the page has a printed label of its own, "p. 3, recognised text" where it is a scan. */
export const whereOf = ({ page, label, recognised }: Pick<Citation, 'page' | 'label' | 'recognised'>): string =>
  `p. ${page}${label ? ` (${label})` : ''}${recognised ? ', recognised text' : ''}`;

const comparisonBlocks = ({ question, rows }: Comparison): Block[] => [
  { kind: 'title', text: `Question: ${question}` },
  {
    kind: 'table',
    head: ['Document', 'Answer', 'Pages', 'Found'],
    rows: rows.map(({ document, answer, pages, found, problem }) => [
      document,
      problem ?? (found ? answer : 'The document does not say.'),
      pages,
      problem ? 'not read' : found ? 'yes' : 'no',
    ]),
  },
];

/** One row of the comparison from one document's answer. */
export const comparisonRow = (document: string, reply: Reply): Comparison['rows'][number] => ({
  document,
  found: reply.found,
  answer: reply.sentences.map(({ text }) => text).join(' '),
  pages: [...new Set(reply.sentences.flatMap(({ citations }) => citations.map(whereOf)))].join(', '),
});

/** The whole of it for programs. */
export const toJson = (documents: readonly ExportedDocument[], comparison?: Comparison): string =>
  `${JSON.stringify({ format: 'longleaf-export-1', ...(comparison && { comparison }), documents }, undefined, 2)}\n`;

/** Text as it may be shown anywhere: control characters, and marks that turn the direction of what stands around, as U+FFFD. */
export const shown = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd');

/** A file's name for an export: readable, without anything that a file system minds. */
export const exportName = (title: string, format: ExportFormat): string => {
  const stem = shown(title)
    .replace(/[\\/:*?"<>|\ufffd\s]+/g, ' ')
    .trim()
    .replace(/^\.+|\.+$/g, '')
    .slice(0, 80)
    .trim();
  return `${stem || 'longleaf'}.${format}`;
};
