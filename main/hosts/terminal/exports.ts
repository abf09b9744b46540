// Results as files: Markdown, HTML, PDF or JSON, by the ending of the name. Written whole under another name and then renamed,
// so that a file of that name is never half an export.
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import {
  type Comparison,
  EXPORT_FORMATS,
  type ExportedDocument,
  type ExportFormat,
  type PdfFonts,
  type PdfWriterLibrary,
  type Reply,
  toHtml,
  toJson,
  toMarkdown,
  toPdf,
} from '../../../reading/index.ts';
import { findSystemFonts } from '../../services/fonts.ts';
import type { OpenDocument } from './composition.ts';
import { TerminalError, writeProblem } from './problems.ts';
import type { Running } from './running.ts';

const ENDINGS: Record<string, ExportFormat> = {
  '.md': 'md',
  '.markdown': 'md',
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.json': 'json',
};

/** The format that a file's name asks for; throws a TerminalError for another ending. */
export const formatOf = (path: string): ExportFormat => {
  const format = ENDINGS[extname(path).toLowerCase()];
  if (!format)
    throw new TerminalError(
      `${path} does not say a format by its ending; end it with ${EXPORT_FORMATS.map((name) => `.${name}`).join(', ')}.`,
    );
  return format;
};

export const exportedOf = (opened: OpenDocument, reply: Reply): ExportedDocument => ({
  document: {
    title: opened.document.title,
    name: opened.name,
    sha256: opened.sha256,
    pages: opened.document.pages.length,
    words: opened.document.words,
  },
  replies: [{ reply, createdAt: new Date().toISOString() }],
});

/** The app's own fonts are pdf.js's; the system's are asked for what those do not write. */
const pdfFonts = async (): Promise<PdfFonts> => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'standard_fonts');
  const own = async (name: string) => ({ bytes: new Uint8Array(await readFile(join(folder, name))) });
  return {
    regular: await own('LiberationSans-Regular.ttf'),
    bold: await own('LiberationSans-Bold.ttf'),
    async *others() {
      for (const { path, family } of await findSystemFonts()) {
        const bytes = await readFile(path).catch(() => undefined);
        if (bytes) yield { bytes: new Uint8Array(bytes), family };
      }
    },
  };
};

/** Text, or bytes of a PDF with what could not be written in it. */
export const rendered = async (
  format: ExportFormat,
  documents: readonly ExportedDocument[],
  comparison?: Comparison,
): Promise<{ content: string | Uint8Array; missing: readonly string[] }> => {
  if (format === 'md') return { content: toMarkdown(documents, comparison), missing: [] };
  if (format === 'html') return { content: toHtml(documents, comparison), missing: [] };
  if (format === 'json') return { content: toJson(documents, comparison), missing: [] };
  const Library = (await import('pdfkit')).default as unknown as PdfWriterLibrary;
  const { bytes, missing } = await toPdf(Library, await pdfFonts(), documents, comparison);
  return { content: bytes, missing };
};

export async function writeExport(
  path: string,
  documents: readonly ExportedDocument[],
  running: Running,
  comparison?: Comparison,
): Promise<void> {
  const { content, missing } = await rendered(formatOf(path), documents, comparison);
  await writeWhole(path, content, running);
  running.say(`Written to ${path}.`);
  if (missing.length > 0)
    running.say(`No font here writes ${missing.length} of its characters, shown as boxes; .html shows them.`);
}

/** The old file of that name stays until the new one is whole. */
export async function writeWhole(path: string, content: string | Uint8Array, running: Running): Promise<void> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await writeFile(part, content, { signal: running.signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw writeProblem(error, path);
  }
}
