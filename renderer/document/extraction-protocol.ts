// Messages between the window and the worker that reads a document. Plain data; one worker reads one document.
import type { StageProgress } from '../../reading/document.ts';
import type { Letters } from '../../reading/layout/letters.ts';
import type { PrintedText } from '../../reading/layout/so-far.ts';
import type { Failure } from '../engine/engine-protocol.ts';
import type { DocumentPiece } from './document-pieces.ts';

export interface Extract {
  /** SHA-256 of the bytes: under it what was recognised before is kept. */
  id: string;
  bytes: Uint8Array;
  /** The file's name, for its title and for errors. */
  name: string;
  password?: string;
  /** Recognise the text of scanned pages. */
  ocr?: boolean;
  /** It is searched: where its letters stand is told. */
  letters?: boolean;
}

/** What has come so far is wanted, and what comes from now on. */
export interface SoFarWanted {
  soFar: true;
}

export type FromExtractor =
  | { progress: StageProgress }
  | { soFar: PrintedText }
  | { letters: Letters }
  | { piece: DocumentPiece }
  | { done: true }
  | { failure: Failure };
