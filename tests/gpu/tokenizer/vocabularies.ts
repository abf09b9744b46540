// Small vocabularies made here, so that tokenizers are tested on any machine.
import type { MetadataValue } from '../../../gpu/gguf/header.ts';

type Metadata = ReadonlyMap<string, MetadataValue>;

const types = { text: 1, unknown: 2, control: 3, added: 4, byte: 6 };

/** SentencePiece: `<unk> <s> </s>`, 256 bytes, then pieces with falling scores (the first one joins first), then `added`. */
export function sentencePieceMetadata(
  pieces: readonly string[],
  added: readonly string[] = [],
  extra: Readonly<Record<string, MetadataValue>> = {},
): Metadata {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...pieces, ...added];
  const type = tokens.map((_, id) => {
    if (id < 3) return id === 0 ? types.unknown : types.control;
    if (id < 259) return types.byte;
    return id < 259 + pieces.length ? types.text : types.added;
  });
  return new Map<string, MetadataValue>(
    Object.entries({
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.scores': Float32Array.from(tokens, (_, id) => (id < 259 ? 0 : 258 - id)),
      'tokenizer.ggml.token_type': Int32Array.from(type),
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
      ...extra,
    }),
  );
}

/** The 256 characters of the byte alphabet, in the order of their bytes. */
export const byteCharacters: readonly string[] = (() => {
  let free = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const visible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(visible ? byte : free++);
  });
})();

/** Byte-level BPE: ids 0 to 255 are the bytes, then one token per merge, then `special` tokens with their types. */
export function bpeMetadata(
  merges: readonly string[],
  special: readonly (readonly [token: string, type: 'control' | 'added' | 'text'])[] = [],
  extra: Readonly<Record<string, MetadataValue>> = {},
): Metadata {
  const tokens = [
    ...byteCharacters,
    ...merges.map((pair) => pair.replace(' ', '')),
    ...special.map(([token]) => token),
  ];
  const type = tokens.map((_, id) => types[special[id - 256 - merges.length]?.[1] ?? 'text']);
  return new Map<string, MetadataValue>(
    Object.entries({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': Int32Array.from(type),
      'tokenizer.ggml.merges': merges,
      ...extra,
    }),
  );
}
