// The public names of reading: from a PDF to a reply whose every sentence leads to its page.
export * from './document.ts';
export { type PdfLibrary, type ReadOptions, readPdf } from './pdf.ts';
