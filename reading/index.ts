// The public names of reading: from a PDF to a reply whose every sentence leads to its page.

export { LARGEST_STREAM, limitArrays } from './array-limit.ts';
export { type AskOptions, ask } from './ask.ts';
export { SCANNED } from './assemble.ts';
export { type Checkpoints, fingerprint } from './checkpoints.ts';
export * from './document.ts';
export * from './export.ts';
export { htmlOf, toHtml } from './export-html.ts';
export { markdownOf, toMarkdown } from './export-markdown.ts';
export { type PdfExport, type PdfFont, type PdfFonts, type PdfWriterLibrary, toPdf } from './export-pdf.ts';
export { type ReadOptions, readPdf } from './pdf.ts';
export type { PdfEngine, PdfLoading } from './pdf-session.ts';
export type { Turn } from './prompt.ts';
export { checkQuote } from './quote.ts';
export { readFile } from './read.ts';
export { type EngineRequest, type PartsEstimate, Reader, type ReplyOptions } from './reader.ts';
export { pageRanges, receiptFacts, tokensPerSecond } from './receipt.ts';
export type { Recogniser, Word } from './recognise.ts';
export { type RecognisedStore, recognisedPages } from './recognised.ts';
export { type SnapshotOwner, type SnapshotStore, snapshotName } from './snapshots.ts';
export { type SummaryOptions, summarize } from './summarize.ts';
export { factorNote, LARGEST_WINDOW, type PlanOptions, planWindow } from './window.ts';
