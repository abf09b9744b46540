// Replies as files that the browser saves. A PDF is made here too: its writer is fetched when it is first asked for, and the fonts
// for other scripts are the machine's own, handed over by main.
import type { DocumentRow, RunRow } from '../../main/common/api.ts';
import boldUrl from '../../node_modules/pdfjs-dist/standard_fonts/LiberationSans-Bold.ttf?url&no-inline';
import regularUrl from '../../node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf?url&no-inline';
import {
  type Comparison,
  type ExportedDocument,
  type ExportFormat,
  exportName,
  type PdfFonts,
  type PdfWriterLibrary,
  toHtml,
  toJson,
  toMarkdown,
  toPdf,
} from '../../reading/index.ts';

/** Most fonts of the machine that are looked through. */
const MOST_FONTS = 40;

const bytesOf = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(url)).arrayBuffer());

const pdfFonts = async (): Promise<PdfFonts> => ({
  regular: { bytes: await bytesOf(new URL(regularUrl, import.meta.url).href) },
  bold: { bytes: await bytesOf(new URL(boldUrl, import.meta.url).href) },
  async *others() {
    for (let n = 0; n < MOST_FONTS; n++) {
      const response = await fetch(`/fonts/${n}`);
      if (!response.ok) return;
      yield {
        bytes: new Uint8Array(await response.arrayBuffer()),
        family: response.headers.get('x-font-family') ?? undefined,
      };
    }
  },
});

const TYPES: Record<ExportFormat, string> = {
  md: 'text/markdown',
  html: 'text/html',
  pdf: 'application/pdf',
  json: 'application/json',
};

export const exportedDocument = (row: DocumentRow, runs: readonly RunRow[]): ExportedDocument => ({
  document: { title: row.title, name: row.name, sha256: row.id, pages: row.pages, words: row.words },
  replies: runs.map(({ reply, createdAt }) => ({ reply, createdAt })),
});

/** Saves under the first document's title, or the question. Resolves to a sentence when not everything could be written. */
export async function saveExport(
  format: ExportFormat,
  documents: readonly ExportedDocument[],
  comparison?: Comparison,
): Promise<string | undefined> {
  const { content, missing } = await rendered(format, documents, comparison);
  const name = exportName(comparison?.question || documents[0]?.document.title || 'Longleaf', format);
  save(name, new Blob([content], { type: TYPES[format] }));
  return missing > 0
    ? `No font of this machine writes ${missing === 1 ? 'one character' : `${missing} characters`} of this text: boxes stand in the PDF. An export as HTML shows them.`
    : undefined;
}

async function rendered(
  format: ExportFormat,
  documents: readonly ExportedDocument[],
  comparison?: Comparison,
): Promise<{ content: string | Uint8Array<ArrayBuffer>; missing: number }> {
  if (format === 'md') return { content: toMarkdown(documents, comparison), missing: 0 };
  if (format === 'html') return { content: toHtml(documents, comparison), missing: 0 };
  if (format === 'json') return { content: toJson(documents, comparison), missing: 0 };
  const Library = (await import('pdfkit')).default as unknown as PdfWriterLibrary;
  const { bytes, missing } = await toPdf(Library, await pdfFonts(), documents, comparison);
  return { content: bytes, missing: missing.length };
}

function save(name: string, blob: Blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
