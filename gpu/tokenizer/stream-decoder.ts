// Text from ids that come one by one: only whole characters leave, the bytes of an unfinished one wait for the next id.
import type { ModelTokenizer } from './tokenizer.ts';

export interface StreamDecoder {
  /** What this token adds to the text; empty in the middle of a character and for control tokens. */
  push(id: number): string;
  /** What is left at the end: U+FFFD for a character that was never finished. */
  finish(): string;
}

/** The ids are taken as the continuation of a text: a space at the beginning stays. */
export function createStreamDecoder(tokenizer: ModelTokenizer): StreamDecoder {
  let decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (id) => decoder.decode(tokenizer.tokenBytes(id), { stream: true }),
    finish() {
      const rest = decoder.decode();
      decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      return rest;
    },
  };
}
