// The public names of reading: from a PDF to a reply whose every sentence leads to its page.

export * from './document.ts';
export * from './export/export.ts';
export { htmlOf, toHtml } from './export/html.ts';
export { markdownOf, toMarkdown } from './export/markdown.ts';
export { type PdfExport, type PdfFont, type PdfFonts, type PdfWriterLibrary, toPdf } from './export/pdf.ts';
export { SCANNED } from './layout/assemble.ts';
export { type Checkpoints, fingerprint } from './long/checkpoints.ts';
export { LARGEST_STREAM, limitArrays } from './pdf/array-limit.ts';
export { type ReadOptions, readPdf } from './pdf/pdf.ts';
export type { Recogniser } from './pdf/recognise.ts';
export type { Word } from './pdf/recognised.ts';
export { type RecognisedStore, recognisedPages } from './pdf/recognised.ts';
export type { PdfEngine, PdfLoading } from './pdf/session.ts';
export type { Turn } from './prompt.ts';
export { readFile } from './read.ts';
export { type EngineRequest, isByWords, type PartsEstimate, Reader, type ReplyOptions } from './reader.ts';
export { type AskOptions, ask } from './replies/ask.ts';
export { checkQuote } from './replies/quote.ts';
export { pageRanges, receiptFacts, tokensPerSecond } from './replies/receipt.ts';
export { type SummaryOptions, summarize } from './replies/summarize.ts';
export { type SnapshotOwner, type SnapshotStore, snapshotName } from './snapshots.ts';
export { factorNote, LARGEST_WINDOW, type PlanOptions, planWindow } from './window.ts';
