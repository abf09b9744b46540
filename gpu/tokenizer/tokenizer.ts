// The tokenizer of a model file: `tokenizer.ggml.model` chooses between SentencePiece ("llama") and byte-level BPE ("gpt2").
import type { Tokenizer } from '../api.ts';
import { controlCutter, createChat } from '../chat/chat.ts';
import { replyFilter } from '../chat/reply-filter.ts';
import type { MetadataValue } from '../gguf/header.ts';
import { damaged, shown, unsupportedWith } from '../gguf/refusals.ts';
import { bpeEncoder, bytesOfToken } from './bpe.ts';
import { byteOfToken, sentencePieceEncoder, spaceMark } from './sentencepiece.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

export interface ModelTokenizer extends Tokenizer {
  /** What to put before a text; undefined for a model that was trained without. */
  readonly bos: number | undefined;
  /** As `encode`, but the names of control tokens become those tokens: for text that is no document's. */
  encodeWithControls(text: string): number[];
  /** UTF-8 of one token, which may be a part of a character; nothing for control tokens. */
  tokenBytes(id: number): Uint8Array;
}

type Metadata = ReadonlyMap<string, MetadataValue>;

/** Throws 'unsupported-model' for other kinds of tokenizer and 'damaged-model' for lists that do not fit each other. */
export function createTokenizer(metadata: Metadata): ModelTokenizer {
  const model = metadata.get('tokenizer.ggml.model');
  if (typeof model !== 'string') throw damaged('tokenizer.ggml.model is missing');
  if (model === 'llama') return sentencePiece(metadata);
  if (model === 'gpt2') return byteLevel(metadata);
  throw unsupportedWith(`the tokenizer "${shown(model)}"`);
}

function sentencePiece(metadata: Metadata): ModelTokenizer {
  const vocabulary = readVocabulary(metadata);
  const { encode, addsSpace } = sentencePieceEncoder(vocabulary, metadata);
  const bytes = (token: string, id: number) =>
    vocabulary.classes[id] === 'byte'
      ? Uint8Array.of(byteOfToken(token))
      : utf8.encode(token.replaceAll(spaceMark, ' '));
  return tokenizer({ metadata, vocabulary, encode, bytes, addsBos: addsBos(metadata, true), dropsSpace: addsSpace });
}

function byteLevel(metadata: Metadata): ModelTokenizer {
  const vocabulary = readVocabulary(metadata);
  const { encode, addBos } = bpeEncoder(vocabulary, metadata);
  const bytes = (token: string, id: number) =>
    vocabulary.classes[id] === 'text' ? bytesOfToken(token) : utf8.encode(token);
  return tokenizer({ metadata, vocabulary, encode, bytes, addsBos: addsBos(metadata, addBos), dropsSpace: false });
}

const utf8 = new TextEncoder();
const nothing = new Uint8Array(0);
const space = 0x20;

function addsBos(metadata: Metadata, otherwise: boolean): boolean {
  const given = metadata.get('tokenizer.ggml.add_bos_token');
  return typeof given === 'boolean' ? given : otherwise;
}

interface Parts {
  metadata: Metadata;
  vocabulary: Vocabulary;
  encode: (text: string) => number[];
  bytes: (token: string, id: number) => Uint8Array;
  addsBos: boolean;
  /** A text begins with a space that was not in it. */
  dropsSpace: boolean;
}

function tokenizer({ metadata, vocabulary, encode, bytes, addsBos, dropsSpace }: Parts): ModelTokenizer {
  const bos = addsBos ? vocabulary.bos : undefined;
  const cut = controlCutter(vocabulary.controls);
  const known: (Uint8Array | undefined)[] = [];
  const tokenBytes = (id: number) => {
    const token = vocabulary.tokens[id];
    if (token === undefined) throw new RangeError(`token ${id} of ${vocabulary.tokens.length}`);
    known[id] ??= vocabulary.classes[id] === 'control' ? nothing : bytes(token, id);
    return known[id];
  };
  const decode = (ids: readonly number[]) => {
    const parts = ids.map(tokenBytes).filter((part) => part.length > 0);
    if (dropsSpace && parts[0]?.[0] === space) parts[0] = parts[0].subarray(1);
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(all);
  };
  return {
    vocabularySize: vocabulary.tokens.length,
    bos,
    eos: vocabulary.eos,
    endTokens: vocabulary.ends,
    encode,
    encodeWithControls: (text) => cut(text).flatMap((piece) => (typeof piece === 'string' ? encode(piece) : [piece])),
    decode,
    control: (name) => vocabulary.controls.get(name),
    tokenBytes,
    chat: chatOf(metadata, vocabulary, encode, bos),
    replyFilter: (prompt) => {
      const [open, close] = ['<think>', '</think>'].map((name) => vocabulary.tokens.indexOf(name));
      return replyFilter({ open, close }, prompt?.thinking ?? false);
    },
  };
}

function chatOf(metadata: Metadata, vocabulary: Vocabulary, encode: (text: string) => number[], bos?: number) {
  const text = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const nameOf = (id: number | undefined) => (id === undefined ? '' : vocabulary.tokens[id]);
  const marks = { bos: nameOf(vocabulary.bos), eos: nameOf(vocabulary.eos) };
  const name = text('general.name') ?? '';
  const template = text('tokenizer.chat_template');
  const isPhi3 = metadata.get('general.architecture') === 'phi3' && metadata.get('tokenizer.ggml.model') === 'llama';
  const keepSpace = new Set(['<unk>', '<s>', '<|endoftext|>'].map((mark) => vocabulary.controls.get(mark)));
  const swallowsSpace = (id: number) => isPhi3 && !keepSpace.has(id);
  return createChat({ controls: vocabulary.controls, encode, bos, marks, template, name, swallowsSpace });
}
