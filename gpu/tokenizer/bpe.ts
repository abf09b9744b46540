// Byte-level BPE (GPT-2, "Language Models are Unsupervised Multitask Learners", section 2.2): a word's bytes are written in an alphabet
// of 256 visible characters, then joined pair by pair in the order in which the merges were learnt.
import type { MetadataValue } from '../gguf/header.ts';
import { damaged } from '../gguf/refusals.ts';
import { merge } from './merge.ts';
import { preTokenize, preTokenizer } from './pretokenize.ts';
import { cutAdded, type Vocabulary } from './vocabulary.ts';
import { cached } from './word-cache.ts';

/** The character that stands for each byte: itself where it is visible, else the next free one from U+0100. */
const alphabet: readonly string[] = (() => {
  const isVisible = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let free = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isVisible(byte) ? byte : free++));
})();
const byteOf: ReadonlyMap<string, number> = new Map(alphabet.map((character, byte) => [character, byte]));

const utf8 = new TextEncoder();

/** Bytes that a token of the alphabet stands for; characters outside of it stand for themselves. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOf.get(character);
    if (byte !== undefined) bytes.push(byte);
    else bytes.push(...utf8.encode(character));
  }
  return Uint8Array.from(bytes);
}

export interface BpeEncoder {
  encode(text: string): number[];
  readonly addBos: boolean;
}

/** Throws 'damaged-model' without merges, 'unsupported-model' for a pre-tokenizer that is not known. */
export function bpeEncoder(vocabulary: Vocabulary, metadata: ReadonlyMap<string, MetadataValue>): BpeEncoder {
  const pre = metadata.get('tokenizer.ggml.pre');
  const rule = preTokenizer(typeof pre === 'string' ? pre : undefined);
  const ranks = readMerges(metadata);
  const byRank = (left: string, right: string) => ranks.get(`${left} ${right}`);
  const encodeWord = cached((word) => {
    const symbols = Array.from(utf8.encode(word), (byte) => alphabet[byte]);
    const whole = rule.ignoreMerges ? vocabulary.ids.get(symbols.join('')) : undefined;
    return whole === undefined ? idsOf(vocabulary, merge(symbols, byRank)) : [whole];
  });
  const encode = (text: string) => {
    const ids: number[] = [];
    for (const part of cutAdded(vocabulary, text.toWellFormed())) {
      if (typeof part === 'number') ids.push(part);
      else for (const word of preTokenize(rule, part)) for (const id of encodeWord(word)) ids.push(id);
    }
    return ids;
  };
  return { encode, addBos: rule.addBos ?? false };
}

function readMerges(metadata: ReadonlyMap<string, MetadataValue>): Map<string, number> {
  const merges = metadata.get('tokenizer.ggml.merges');
  if (!Array.isArray(merges)) throw damaged('tokenizer.ggml.merges is missing');
  const ranks = new Map<string, number>();
  // "left right": the first of two equal merges counts.
  for (let rank = 0; rank < merges.length; rank++) if (!ranks.has(merges[rank])) ranks.set(merges[rank], rank);
  return ranks;
}

/** A merged symbol that is no token falls apart into its bytes; a byte without a token is unknown or, without that, nothing. */
function idsOf(vocabulary: Vocabulary, symbols: readonly string[]): number[] {
  const ids: number[] = [];
  for (const symbol of symbols) {
    const id = vocabulary.ids.get(symbol);
    if (id !== undefined) ids.push(id);
    else {
      for (const character of symbol) {
        const byteId = vocabulary.ids.get(character) ?? vocabulary.unknown;
        if (byteId !== undefined) ids.push(byteId);
      }
    }
  }
  return ids;
}
