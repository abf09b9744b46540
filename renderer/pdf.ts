// A PDF that is open for showing, in a worker of its own that ends with it.
import { pdfjs, startPdfEngine } from './pdf-engine.ts';

export type { PDFPageProxy } from 'pdfjs-dist';
export { pdfjs };

/** Pixels. A larger picture is left out rather than taking all memory. */
const LARGEST_PICTURE = 64 << 20;

export interface PageSize {
  /** PDF points, rotation applied. */
  width: number;
  height: number;
}

/** A PDF whose pages can be shown. */
export interface OpenPdf {
  readonly pageCount: number;
  readonly firstPage: PageSize;
  page(number: number): Promise<pdfjs.PDFPageProxy>;
  close(): void;
}

/** Opens for showing. Takes a copy of `bytes`; rejects with pdf.js's own errors. */
export async function openPdf(bytes: Uint8Array, password?: string): Promise<OpenPdf> {
  const engine = startPdfEngine({ maxImageSize: LARGEST_PICTURE });
  try {
    const opening = engine.getDocument({ data: bytes.slice(), password }).promise as Promise<pdfjs.PDFDocumentProxy>;
    const document = await opening;
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
    return {
      pageCount: document.numPages,
      firstPage: { width, height },
      page: (number) => document.getPage(number),
      close: () => engine.end(),
    };
  } catch (error) {
    engine.end();
    throw error;
  }
}
