// SentencePiece BPE as Llama 1 and 2 use it: characters are joined into the pieces with the highest score first, and what has no piece
// is written byte by byte. A space is "▁" (U+2581).
import type { MetadataValue } from '../gguf/header.ts';
import { damaged } from '../gguf/refusals.ts';
import { merge } from './merge.ts';
import { cutAdded, type Vocabulary } from './vocabulary.ts';
import { cached } from './word-cache.ts';

export const spaceMark = '▁';

const utf8 = new TextEncoder();

export interface SentencePieceEncoder {
  encode(text: string): number[];
  /** A text begins with a space that is not written. */
  readonly addsSpace: boolean;
}

/** Throws 'damaged-model' when scores are missing or a byte cannot be written. */
export function sentencePieceEncoder(
  vocabulary: Vocabulary,
  metadata: ReadonlyMap<string, MetadataValue>,
): SentencePieceEncoder {
  const addsSpace = metadata.get('tokenizer.ggml.add_space_prefix') !== false;
  const scores = readScores(vocabulary, metadata);
  const byteIds = readByteIds(vocabulary);
  const byScore = (left: string, right: string) => {
    const id = vocabulary.ids.get(left + right);
    return id === undefined ? undefined : -scores[id];
  };
  const encodeSegment = cached((segment) =>
    merge([...segment], byScore).flatMap((piece) => {
      const id = vocabulary.ids.get(piece);
      return id === undefined ? Array.from(utf8.encode(piece), (byte) => byteIds[byte]) : [id];
    }),
  );
  const segments = segmenter(vocabulary);
  const encode = (text: string) => {
    const ids: number[] = [];
    let afterToken = true;
    for (const part of cutAdded(vocabulary, text.toWellFormed())) {
      if (typeof part === 'number') ids.push(part);
      else {
        const marked = (afterToken && addsSpace ? ' ' : '') + part;
        segments(marked.replaceAll(' ', spaceMark), (segment) => {
          for (const id of encodeSegment(segment)) ids.push(id);
        });
      }
      afterToken = typeof part === 'number';
    }
    return ids;
  };
  return { encode, addsSpace };
}

function readScores(vocabulary: Vocabulary, metadata: ReadonlyMap<string, MetadataValue>): Float32Array {
  const scores = metadata.get('tokenizer.ggml.scores');
  if (!(scores instanceof Float32Array)) throw damaged('tokenizer.ggml.scores is missing');
  if (scores.length !== vocabulary.tokens.length) {
    throw damaged(`tokenizer.ggml.scores has ${scores.length} entries for ${vocabulary.tokens.length} tokens`);
  }
  if (scores.some(Number.isNaN)) throw damaged('tokenizer.ggml.scores holds a value that is no number');
  return scores;
}

/** Ids of the 256 byte tokens, the unknown token where there is none. */
function readByteIds(vocabulary: Vocabulary): Int32Array {
  const ids = new Int32Array(256).fill(vocabulary.unknown ?? -1);
  vocabulary.tokens.forEach((token, id) => {
    if (vocabulary.classes[id] === 'byte') ids[byteOfToken(token)] = id;
  });
  if (ids.includes(-1)) throw damaged('tokenizer.ggml.tokens lacks a token for every byte');
  return ids;
}

/** 10 of "<0x0A>". */
export function byteOfToken(token: string): number {
  const byte = /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : Number.NaN;
  if (Number.isNaN(byte)) throw damaged('tokenizer.ggml.tokens has a byte token that names no byte');
  return byte;
}

/**
 * Cuts text where no merge can reach across, so that pieces can be encoded and remembered one by one with the same result: between
 * two characters that stand side by side in no token. For most vocabularies that is before every word.
 */
function segmenter(vocabulary: Vocabulary): (text: string, each: (segment: string) => void) => void {
  const neighbours = new Set<number>();
  const pairKey = (left: number, right: number) => left * 0x11_0000 + right;
  for (const token of vocabulary.ids.keys()) {
    let previous = -1;
    for (const character of token) {
      const code = character.codePointAt(0)!;
      if (previous >= 0) neighbours.add(pairKey(previous, code));
      previous = code;
    }
  }
  return (text, each) => {
    let start = 0;
    let previous = -1;
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at)!;
      if (previous >= 0 && !neighbours.has(pairKey(previous, code))) {
        each(text.slice(start, at));
        start = at;
      }
      previous = code;
      at += code > 0xffff ? 2 : 1;
    }
    if (start < text.length) each(text.slice(start));
  };
}
