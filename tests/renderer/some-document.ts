// A small document and replies about it, for tests of the window's pure parts.
import type { DocumentRow, RunRow } from '../../main/common/api.ts';
import type { ReadDocument, Reply, ReplySentence } from '../../reading/document.ts';
import { documentRead, initialState, pagesShown, type State } from '../../renderer/state.ts';

/** Three pages of one sentence of 40, 20 and 40 characters. */
export const document: ReadDocument = {
  title: 'On needles',
  text: 'a'.repeat(100),
  pages: [
    { number: 1, width: 600, height: 800, start: 0, end: 40, state: 'text' },
    { number: 2, width: 600, height: 800, start: 40, end: 60, state: 'text' },
    { number: 3, width: 600, height: 800, start: 60, end: 100, state: 'text' },
  ],
  blocks: [
    { kind: 'prose', start: 0, end: 40 },
    { kind: 'prose', start: 40, end: 60 },
    { kind: 'prose', start: 60, end: 100 },
  ],
  sentences: [
    { index: 0, start: 0, end: 40, page: 1, kind: 'prose', boxes: [] },
    { index: 1, start: 40, end: 60, page: 2, kind: 'prose', boxes: [] },
    { index: 2, start: 60, end: 100, page: 3, kind: 'prose', boxes: [] },
  ],
  words: 18,
  outline: [],
  leftOut: [],
  notes: [],
};

/** A sentence that is cited from a page, 100 points from its top. */
export const cited = (page: number): ReplySentence => ({
  text: `From page ${page}.`,
  citations: [
    {
      page,
      quote: `From page ${page}.`,
      start: 0,
      end: 12,
      status: 'verified',
      boxes: [{ page, x: 50, y: 100, width: 200, height: 12 }],
    },
  ],
});

export const reply = (kind: Reply['kind'], sentences: ReplySentence[]): Reply => ({
  kind,
  found: sentences.length > 0,
  ...(kind === 'answer' ? { question: 'Why?' } : {}),
  sentences,
  window: { tokens: 1_000, capacity: 2_048, native: 512, factor: 4, pagesRead: [[1, 3]], pagesLeftOut: [] },
  model: { name: 'Sprig', architecture: 'llama', types: ['Q8_0'] },
  adapter: { name: 'SwiftShader', software: true },
  timing: { extractMs: 5, prefillMs: 900, prefillTokens: 1_000, reusedTokens: 0, rankMs: 100 },
});

export const run = (id: number, kind: Reply['kind'], pages: number[]): RunRow => ({
  id,
  documentId: 'd1',
  createdAt: '2026-03-01T10:00:00.000Z',
  reply: reply(kind, pages.map(cited)),
});

export const row: DocumentRow = {
  id: 'd1',
  name: 'needles.pdf',
  title: 'On needles',
  pages: 3,
  words: 18,
  bytes: 1_000,
  addedAt: '2026-03-01T09:00:00.000Z',
  openedAt: '2026-03-01T09:00:00.000Z',
  runs: 0,
};

/** The document is open and read; `runs` are its history. */
export function opened(runs: RunRow[] = []): State {
  const pdf = {
    pageCount: 3,
    firstPage: { width: 600, height: 800 },
    draw: () => ({ done: Promise.resolve(), end() {} }),
    close() {},
  };
  const shown = pagesShown(
    { ...initialState, library: [{ ...row, runs: runs.length }] },
    { id: 'd1', name: row.name, pdf },
  );
  return documentRead(shown, document, runs);
}
