// Every pre-tokenizer against llama.cpp: a made vocabulary whose merges cross all kinds of borders, so that a word that ends in another
// place gives other ids.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import type { MetadataValue } from '../../gpu/gguf/header.ts';
import { readHeader } from '../../gpu/gguf/read-header.ts';
import { preTokenizerNames } from '../../gpu/tokenizer/pretokenize.ts';
import { spaceMark } from '../../gpu/tokenizer/sentencepiece.ts';
import { createTokenizer } from '../../gpu/tokenizer/tokenizer.ts';
import { typed, type WriteValue, writeGguf } from '../gpu/gguf/write-gguf.ts';
import { seeded } from '../gpu/synthetic-model.ts';
import { bpeMetadata, byteCharacters, sentencePieceMetadata } from '../gpu/tokenizer/vocabularies.ts';
import type { Check } from './check.ts';
import { idsByLlamaCpp } from './llama-cpp.ts';

const texts: readonly string[] = [
  'Hello, world! It was 1984, the 21st of May; she paid $1,234.50 (or 12%).',
  "I'm sure we've DON'T they'LL it'S you'd He'd 'tis o'clock",
  'camelCase HTTPServer iPhone XMLHttpRequest snake_case kebab-case McDonald eBay NASA',
  '  two  three   four    spaces at both ends  ',
  'lines\nand\n\nempty\n\n\nlines\r\nof Windows\ttabs\t\tand  \n  mixed \n',
  'trailing space \n',
  ' \n \n  \n\n',
  '1 12 123 1234 12345 123456 3.14159 1,000,000 2nd 0x1F 1e-9',
  'Ünïcödé straße ÉCOLE École naïve Ångström ǅungla ĲSSEL',
  'Привет, мир! Как ДЕЛА? Россия-2024',
  'Καλημέρα κόσμε ΑΘΗΝΑ',
  'שלום עולם مرحبا بالعالم १२३ ٣٤٥',
  '日本語のテキスト、中文文本。한국어 텍스트 ｆｕｌｌ　ｗｉｄｔｈ',
  'ไทย ขอบคุณ हिन्दी नमस्ते தமிழ்',
  'emoji 🙂👍🏽 👨‍👩‍👧 flags 🇫🇷 and ™ © ½ ² Ⅷ',
  'code: if (x != null && y >= 2) { return a[i]->b::c; } // done /* yes */',
  'https://example.org/path?q=1&r=two#frag mail@example.org C:\\Users\\me',
  '"quoted" ‘single’ “double” «guillemets» — dash – en … dots',
  'a/b\n//comment\n/path/\n\nend/',
  'e\u0301 combining a\u0308\u0323 marks \u0301alone',
  'non\u00a0breaking\u2009thin\u3000wide\u200bzero\u0085next',
  'AAAA aaaa AaAaAa aAaA A a',
  "''''''' \"\"\" ``` === +++ --- ... !!! ??? ~~~ ^^^ |||",
  '',
];

/** Merges learnt from the texts as a whole, borders of words and all. */
function learnMerges(count: number): string[] {
  const utf8 = new TextEncoder();
  let words = texts.map((text) => Array.from(utf8.encode(text), (byte) => byteCharacters[byte]));
  const merges: string[] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let i = 0; i + 1 < word.length; i++) {
        const pair = `${word[i]} ${word[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [pair] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    merges.push(pair);
    const [left, right] = pair.split(' ');
    words = words.map((word) => {
      const joined: string[] = [];
      for (let i = 0; i < word.length; i++) {
        if (word[i] === left && word[i + 1] === right) {
          joined.push(left + right);
          i++;
        } else joined.push(word[i]);
      }
      return joined;
    });
  }
  return merges;
}

function vocabularyFile(metadata: ReadonlyMap<string, unknown>): Uint8Array<ArrayBuffer> {
  const written: Record<string, WriteValue> = { 'general.name': 'vocabulary' };
  for (const [key, value] of metadata) {
    if (value instanceof Int32Array) written[key] = typed('array', { type: 'i32', items: [...value] });
    else if (value instanceof Float32Array) written[key] = typed('array', { type: 'f32', items: [...value] });
    else written[key] = value as WriteValue;
  }
  // llama.cpp reads a vocabulary alone by any architecture that it knows; it takes Phi-3 by its name.
  return writeGguf({ ...written, 'general.architecture': 'llama' });
}

const merges = learnMerges(900);

/**
 * Where llama.cpp goes by an approximation of its own and we go by the models' tokenizer.json: it takes letters that are not a to z
 * for capitals and small ones at once, and marks for no letters.
 */
const approximated = new Set(['gpt-4o', 'llama4', 'tekken']);
const isPlain = (text: string) => [...text].every((character) => character < '\u0080');

const check = (name: string): Check => ({
  name,
  figure: `equal ids for ${approximated.has(name) ? 'all texts in ASCII' : `all ${texts.length} texts`}`,
  async run() {
    const metadata = bpeMetadata(merges, [], {
      'tokenizer.ggml.pre': name,
      'tokenizer.ggml.add_bos_token': false,
      'tokenizer.ggml.bos_token_id': 0,
      'tokenizer.ggml.eos_token_id': 0,
    });
    const tokenizer = createTokenizer(metadata);
    const theirs = await idsByLlamaCpp(vocabularyFile(metadata), texts);
    const wrong = texts.filter((text, i) => tokenizer.encode(text).join() !== theirs[i].join());
    const counted = approximated.has(name) ? wrong.filter(isPlain) : wrong;
    const measured = `${texts.length - wrong.length} of ${texts.length} equal${counted.length ? `, not ${JSON.stringify(counted[0])}` : ''}`;
    return { measured, ok: counted.length === 0 };
  },
});

/** Pieces of one to eight characters of the texts, in an order that has nothing to do with their length. */
function learnPieces(): string[] {
  const pieces = new Set<string>();
  for (const text of texts) {
    const characters = [...text.replaceAll(' ', spaceMark)];
    for (let at = 0; at < characters.length; at++) {
      for (const length of [1, 2, 3, 4, 5, 8]) {
        if ((at * 7 + length * 3) % 5 < 3) pieces.add(characters.slice(at, at + length).join(''));
      }
    }
  }
  return [...pieces].sort((a, b) => hash(a) - hash(b));
}

const hash = (text: string) => [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 65_521, 7);

const sentencePieceCheck = (addsSpace: boolean): Check => ({
  name: `SentencePiece, ${addsSpace ? 'a' : 'no'} space in front, tokens of the user's own`,
  figure: `equal ids for all ${texts.length} texts`,
  async run() {
    const own = ['$1,234', 'Server XML', '\n\n', '    '];
    const pieces = learnPieces().filter((piece) => !own.includes(piece));
    const metadata = sentencePieceMetadata(pieces, own, {
      'tokenizer.ggml.add_space_prefix': addsSpace,
      'tokenizer.ggml.add_bos_token': false,
    });
    const tokenizer = createTokenizer(metadata);
    const theirs = await idsByLlamaCpp(vocabularyFile(metadata), texts);
    const wrong = texts.filter((text, i) => tokenizer.encode(text).join() !== theirs[i].join());
    const measured = `${texts.length - wrong.length} of ${texts.length} equal${wrong.length ? `, not ${JSON.stringify(wrong[0])}` : ''}`;
    return { measured, ok: wrong.length === 0 };
  },
});

/** A chat by a built-in layout, against its text given to llama.cpp as a whole. */
const chatCheck = (name: string, metadata: ReadonlyMap<string, MetadataValue>, text: string): Check => ({
  name: `a chat by the layout of ${name}`,
  figure: 'equal ids',
  async run() {
    const { ids, template } = createTokenizer(metadata).chat([
      { role: 'system', content: 'Be brief,  please.' },
      { role: 'user', content: 'two  three\n\nWho is it? Ünïcödé' },
    ])!;
    const [theirs] = await idsByLlamaCpp(vocabularyFile(metadata), [text], true);
    return { measured: `${ids.length} ids, ${template}`, ok: template === name && ids.join() === theirs.join() };
  },
});

const controls = (...names: string[]) => names.map((one) => [one, 'control'] as const);
const noBos = { 'tokenizer.ggml.add_bos_token': false, 'tokenizer.ggml.bos_token_id': 0 };
const named = (name: string, metadata: ReadonlyMap<string, MetadataValue>, marks: readonly string[]) => {
  const types = Int32Array.from(metadata.get('tokenizer.ggml.token_type') as Int32Array);
  types.fill(3, types.length - marks.length);
  const architecture = name.startsWith('Phi') ? 'phi3' : 'llama';
  const changed = { 'tokenizer.ggml.token_type': types, 'general.name': name, 'general.architecture': architecture };
  return new Map([...metadata, ...Object.entries(changed)]);
};
const phi3Marks = ['<|system|>', '<|user|>', '<|assistant|>', '<|end|>', '<|endoftext|>'];
const question = 'two  three\n\nWho is it? Ünïcödé';

const chatChecks: readonly Check[] = [
  chatCheck(
    'ChatML',
    bpeMetadata(merges, controls('<|im_start|>', '<|im_end|>'), { 'tokenizer.ggml.pre': 'qwen2', ...noBos }),
    `<|im_start|>system\nBe brief,  please.<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`,
  ),
  chatCheck(
    'Gemma',
    named(
      'gemma',
      sentencePieceMetadata(learnPieces(), ['<start_of_turn>', '<end_of_turn>'], {
        'tokenizer.ggml.add_space_prefix': false,
      }),
      ['<start_of_turn>', '<end_of_turn>'],
    ),
    `<s><start_of_turn>user\nBe brief,  please.\n\n${question}<end_of_turn>\n<start_of_turn>model\n`,
  ),
  chatCheck(
    'Phi-3',
    named(
      'Phi-3 mini',
      sentencePieceMetadata(learnPieces(), phi3Marks, {
        'tokenizer.ggml.add_bos_token': false,
      }),
      phi3Marks,
    ),
    `<|system|>\nBe brief,  please.<|end|>\n<|user|>\n${question}<|end|>\n<|assistant|>\n`,
  ),
];

/** The size of Llama 3's: 128,256 tokens and 280,147 merges, made of pairs of tokens that came before. */
const largeVocabulary: Check = {
  name: 'a vocabulary of 280,147 merges, header and tokenizer',
  figure: 'opens in < 1 s',
  async run() {
    const made = [...byteCharacters];
    const merges: string[] = [];
    const next = seeded(3);
    const pick = () => made[Math.floor(((next() + 1) / 2) * Math.min(made.length, 20_000))];
    while (merges.length < 280_147) {
      const [left, right] = [pick(), pick()];
      merges.push(`${left} ${right}`);
      if (made.length < 128_256 && left.length + right.length < 12) made.push(left + right);
    }
    const tokens = [...new Set(made)];
    const file = writeGguf({
      'general.architecture': 'llama',
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'llama-bpe',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': tokens.map(() => 1),
      'tokenizer.ggml.merges': merges,
    });
    const started = performance.now();
    createTokenizer((await readHeader(bytesSource(file))).metadata);
    const seconds = (performance.now() - started) / 1000;
    return { measured: `${seconds.toFixed(2)} s`, ok: seconds < 1 };
  },
};

export const tokenizerChecks: readonly Check[] = [
  largeVocabulary,
  sentencePieceCheck(true),
  sentencePieceCheck(false),
  ...preTokenizerNames.map(check),
  ...chatChecks,
];
