// The list of tokens of a model file: what each one is, and which of them text may become. Read from `tokenizer.ggml.*`.
import type { MetadataValue } from '../gguf/header.ts';
import { damaged, shown, unsupportedWith } from '../gguf/refusals.ts';

/**
 * - text: may come out of any text
 * - added: text too, but matched as a whole before anything else ("user defined")
 * - markup: looks like a tag, so it is never made from text; it is shown when the model writes it
 * - control: never made from text, never shown
 * - byte: one byte, where no token has a character
 */
export type TokenClass = 'text' | 'added' | 'markup' | 'control' | 'byte';

export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly classes: readonly TokenClass[];
  /** Ids of the tokens that text can be merged into. */
  readonly ids: ReadonlyMap<string, number>;
  /** Ids of control and markup tokens. */
  readonly controls: ReadonlyMap<string, number>;
  /** Tokens of class added, longest first. */
  readonly added: readonly (readonly [text: string, id: number])[];
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  readonly unknown: number | undefined;
  /** Tokens after which a model has nothing more to say. */
  readonly ends: readonly number[];
}

/** Far beyond any vocabulary in use, and little enough to make tables of. */
const limits = { tokens: 2 ** 20, characters: 2 ** 22, added: 4096 } as const;

type Metadata = ReadonlyMap<string, MetadataValue>;

/** Numbers of token types in a file (llama.h, llama_token_type). */
const types = { unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

const endNames = [
  '<|eot_id|>',
  '<|eom_id|>',
  '<|im_end|>',
  '<|end|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|end▁of▁sentence|>',
  '<end_of_turn>',
  '<|end_of_turn|>',
  '<end_of_utterance>',
  '<|END_OF_TURN_TOKEN|>',
  '<|return|>',
  '</s>',
  '<EOT>',
];

const byteToken = /^<0x[0-9A-Fa-f]{2}>$/;
const pipeTag = /^<[|｜][^\s]*[|｜]>$/;
const tag = /^(<[^<>\s]+>|\[\/?[A-Za-z_]{2,}\])$/;

export function readVocabulary(metadata: Metadata): Vocabulary {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (!Array.isArray(tokens) || tokens.length === 0) throw damaged('tokenizer.ggml.tokens is missing');
  expectModest(tokens);
  const idOf = (key: string) => tokenId(metadata, `tokenizer.ggml.${key}_token_id`, tokens.length);
  const [bos, eos, unknown] = [idOf('bos'), idOf('eos'), idOf('unknown')];
  const marks = [bos, eos, unknown, idOf('eot'), idOf('eom')].filter((id) => id !== undefined);
  const classes = classify(tokens, metadata, new Set(marks));
  const ids = new Map<string, number>();
  const controls = new Map<string, number>();
  const added: [string, number][] = [];
  tokens.forEach((token, id) => {
    if (classes[id] === 'text') ids.set(token, id);
    else if (classes[id] === 'added') added.push([token, id]);
    else if (classes[id] !== 'byte') controls.set(token, id);
  });
  // Each costs a search of every text.
  if (added.length > limits.added) throw unsupportedWith(`${added.length} added tokens`);
  added.sort((a, b) => b[0].length - a[0].length);
  const named = endNames.map((name) => controls.get(name)).filter((id) => id !== undefined);
  const ends = [...new Set([eos, idOf('eot'), idOf('eom'), ...named].filter((id) => id !== undefined))];
  return { tokens, classes, ids, controls, added, bos, eos, unknown, ends };
}

function expectModest(tokens: readonly string[]): void {
  const characters = tokens.reduce((sum, token) => sum + token.length, 0);
  if (tokens.length > limits.tokens || characters > limits.characters) {
    throw damaged('tokenizer.ggml.tokens is larger than any vocabulary');
  }
}

function tokenId(metadata: Metadata, key: string, size: number): number | undefined {
  const id = metadata.get(key);
  if (id === undefined) return undefined;
  // Converters write -1 for "none".
  if (id === -1 || id === 0xffff_ffff) return undefined;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= size) {
    throw damaged(`${key} is ${shown(String(id))}, beyond the vocabulary of ${size}`);
  }
  return id;
}

function classify(tokens: readonly string[], metadata: Metadata, marks: ReadonlySet<number>): TokenClass[] {
  const given = metadata.get('tokenizer.ggml.token_type');
  if (given !== undefined && !(given instanceof Int32Array || given instanceof Uint32Array)) {
    throw damaged('tokenizer.ggml.token_type is no list of numbers');
  }
  if (given && given.length !== tokens.length) {
    throw damaged(`tokenizer.ggml.token_type has ${given.length} entries for ${tokens.length} tokens`);
  }
  return tokens.map((token, id) => {
    const type = given?.[id];
    if (type === types.byte || (type === undefined && byteToken.test(token))) return 'byte';
    if (marks.has(id) || type === types.control || type === types.unknown || type === types.unused) return 'control';
    // Some converters call chat marks ordinary or user defined; a document that spells one must not become one.
    if (token === '' || pipeTag.test(token) || (type !== 1 && endNames.includes(token))) return 'control';
    if (type === types.userDefined) return tag.test(token) ? 'markup' : 'added';
    return 'text';
  });
}

/** `text` cut at the tokens of class added, which stand as their ids between the rest; longer tokens are cut out first. */
export function cutAdded(vocabulary: Vocabulary, text: string): (string | number)[] {
  let parts: (string | number)[] = text === '' ? [] : [text];
  for (const [token, id] of vocabulary.added) {
    if (!text.includes(token)) continue;
    parts = parts.flatMap((part) => (typeof part === 'string' ? cut(part, token, id) : [part]));
  }
  return parts;
}

function cut(text: string, token: string, id: number): (string | number)[] {
  const parts: (string | number)[] = [];
  let from = 0;
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, from)) {
    if (at > from) parts.push(text.slice(from, at));
    parts.push(id);
    from = at + token.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
