// Any file that can be read, to a ReadDocument: the one entry for hosts.
import type { ReadDocument } from './document.ts';
import { kindOfFile } from './kind.ts';
import { type ReadOptions, readPdf } from './pdf/pdf.ts';
import type { PdfEngine } from './pdf/session.ts';
import { readPlainText } from './plain-document.ts';

/** As readPdf, for text and Markdown too. Rejects with a ReadingError that names what the file is. */
export const readFile = async (
  start: () => PdfEngine,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<ReadDocument> => {
  const name = options.name ?? 'The file';
  const kind = kindOfFile(bytes, name);
  return kind === 'pdf'
    ? readPdf(start, bytes, options)
    : readPlainText(bytes, name, kind === 'markdown', options.letters);
};
