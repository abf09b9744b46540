// A document on its way between two threads, piece by piece: taken apart and put together in one task, a book keeps the window away for a
// quarter of a second.
import type { ReadDocument } from '../../reading/document.ts';

/** What a document has many of. */
const LISTS = ['pages', 'blocks', 'sentences', 'outline', 'leftOut'] as const;
type List = (typeof LISTS)[number];

/** The first piece is the document with its lists empty; each of the others is more of one list. */
export type DocumentPiece = { document: ReadDocument } | { list: List; more: ReadDocument[List] };

/** Entries of a list in one piece: some milliseconds. */
const MOST_ENTRIES = 1_000;

export function* piecesOf(document: ReadDocument): Generator<DocumentPiece> {
  yield { document: { ...document, pages: [], blocks: [], sentences: [], outline: [], leftOut: [] } };
  for (const list of LISTS)
    for (let at = 0; at < document[list].length; at += MOST_ENTRIES)
      yield { list, more: document[list].slice(at, at + MOST_ENTRIES) };
}

/** The document after one more piece; what was there is added to. */
export function withPiece(document: ReadDocument | undefined, piece: DocumentPiece): ReadDocument {
  if ('document' in piece) return piece.document;
  if (!document) throw new Error('a piece of no document');
  (document[piece.list] as unknown[]).push(...piece.more);
  return document;
}
