// PDFs made on the spot for the tests of reading, since the fixtures of others may not be copied into the project.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import PDFDocument from 'pdfkit';
import { sentenceText } from '../../../reading/document.ts';
import { type ReadOptions, readPdf } from '../../../reading/pdf/pdf.ts';
import type { PdfEngine, PdfLoading } from '../../../reading/pdf/session.ts';

export type Draw = (pdf: PDFKit.PDFDocument) => void;

export const makePdf = (draw: Draw, options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const pdf = new PDFDocument({ size: 'A4', margin: 72, info: { CreationDate: new Date(0) }, ...options });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on('error', reject);
    pdf.font('Times-Roman').fontSize(11);
    draw(pdf);
    pdf.end();
  });

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

export const resources: ReadOptions['resources'] = {
  cMapUrl: `${packageFolder}/cmaps/`,
  standardFontDataUrl: `${packageFolder}/standard_fonts/`,
  wasmUrl: `${packageFolder}/wasm/`,
};

/** pdf.js in the test's own thread; the hosts give it one of its own, which can be ended at any time. */
export const startPdfJs = (): PdfEngine => {
  let loading: PdfLoading | undefined;
  return {
    getDocument: (options) => {
      loading = pdfjs.getDocument(options) as unknown as PdfLoading;
      return loading;
    },
    ended: new Promise(() => undefined),
    worked: () => process.cpuUsage().user / 1_000,
    end: () => void loading?.destroy().catch(() => undefined),
  };
};

export const read = (bytes: Uint8Array, options: ReadOptions = {}): ReturnType<typeof readPdf> =>
  readPdf(startPdfJs, bytes, { resources, ...options });

/** Lines at given places: x and baseline distance from the top, in points. */
export const lines = (pdf: PDFKit.PDFDocument, x: number, y: number, texts: readonly string[], pitch = 13): void => {
  texts.forEach((text, i) => {
    pdf.text(text, x, y + i * pitch, { lineBreak: false });
  });
};

/** A page of a report with a head and a foot that run through it. */
export const reportPage = (pdf: PDFKit.PDFDocument, number: number, texts: string[]): void => {
  if (number > 1) pdf.addPage();
  pdf.fontSize(9);
  lines(pdf, 72, 36, ['Report of the commission']);
  lines(pdf, 290, 790 - 30, [`Page ${number} of 3`]);
  pdf.fontSize(11);
  lines(pdf, 72, 90, texts);
};

/** What is read of a PDF that is made for it. */
export const sentencesOf = async (...made: Parameters<typeof makePdf>) => {
  const document = await read(await makePdf(...made));
  return { document, sentences: document.sentences.map((sentence) => sentenceText(document, sentence)) };
};

/** A hand-made PDF from numbered objects, with a right cross-reference table. */
export const rawPdf = (objects: readonly string[]): Uint8Array => {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) file += `${String(offset).padStart(10, '0')} 00000 n \n`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(file);
};

/** Operators that write a line which everybody sees. */
export const SEEN = 'BT /F1 12 Tf 72 700 Td (Seen by everybody.) Tj ET';

/** One page of operators, after `first`. */
export const pageOf = (operators: string, first = SEEN): Uint8Array => {
  const stream = `${first} ${operators}`;
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
};
const shared = new URL('../../../../shared/', import.meta.url);
/** Folder of PDFs by others, when it lies beside the repository. */
export const fixtures = existsSync(new URL('fixtures/pdfs/manifest.json', shared))
  ? fileURLToPath(new URL('fixtures/pdfs/', shared))
  : undefined;
