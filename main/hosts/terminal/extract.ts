// `extract`: what Longleaf reads in a PDF, page by page.
import { openDocument } from './composition.ts';
import { plain, print, printJson } from './output.ts';
import type { Running } from './running.ts';

export interface ExtractOptions {
  text?: boolean;
  json?: boolean;
  password?: string;
  ocr?: boolean;
}

/**
 * As JSON, what the model reads; with `--text`, plain text with a form feed after each page, and with the running heads and
 * page numbers that are otherwise left out.
 */
export async function extractFile(path: string, options: ExtractOptions, running: Running): Promise<void> {
  try {
    const { name, sha256, document } = await openDocument(
      path,
      { password: options.password, keepRunningLines: options.text, ocr: options.ocr },
      running,
    );
    running.progress.end();
    const pages = document.pages.map((page) => ({
      page: page.number,
      ...(page.label && { label: page.label }),
      text: document.text.slice(page.start, page.end).trim(),
      scanned: page.state === 'scanned',
      state: page.state,
      ...(page.recognised && { recognised: page.recognised }),
    }));
    if (options.text) return await print(pages.map(({ text }) => `${plain(text)}\n\f`).join(''));
    const { title, author, words, outline, leftOut, notes } = document;
    const facts = { name, title, ...(author && { author }), sha256, pages: pages.length, words };
    await printJson({ document: facts, pages, outline, leftOut, notes });
  } catch (error) {
    if (running.signal.aborted) throw error;
    running.fail(error, path);
  }
}
