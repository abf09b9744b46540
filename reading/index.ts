// The public names of reading: from a PDF to a reply whose every sentence leads to its page.

export { type AskOptions, ask } from './ask.ts';
export * from './document.ts';
export { toMarkdown } from './export.ts';
export { type PdfLibrary, type ReadOptions, readPdf } from './pdf.ts';
export { checkQuote } from './quote.ts';
export { type EngineRequest, Reader, type ReplyOptions } from './reader.ts';
export { type SummaryOptions, summarize } from './summarize.ts';
export { LARGEST_WINDOW, type PlanOptions, planWindow } from './window.ts';
