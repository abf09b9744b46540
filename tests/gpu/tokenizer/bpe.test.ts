import { describe, expect, test } from 'vitest';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { bpeMetadata } from './vocabularies.ts';

const merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'o r', 'Ġw or', 'Ã ¤'];
const idOf = (token: string) => 256 + merges.findIndex((pair) => pair.replace(' ', '') === token);

describe('byte-level BPE', () => {
  const tokenizer = createTokenizer(
    bpeMetadata(merges, [
      ['<|im_start|>', 'control'],
      ['<|im_end|>', 'text'],
      ['<tool>', 'added'],
      ['    ', 'added'],
    ]),
  );
  const first = 256 + merges.length;

  test('joins by rank within words', () => {
    expect(tokenizer.encode('hello')).toEqual([idOf('hello')]);
    expect(tokenizer.encode('hello world')).toEqual([idOf('hello'), idOf('Ġwor'), 0x6c, 0x64]);
    expect(tokenizer.encode('ä')).toEqual([idOf('Ã¤')]);
    expect(tokenizer.encode('')).toEqual([]);
  });

  test('writes and reads any text, bytes and all', () => {
    const text = 'hello 世界 🌍\0\ufeff\u0085\r\n\t ½ äé';
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.decode(tokenizer.encode('\ufeffx'))).toBe('\ufeffx');
  });

  test('takes half a surrogate pair as U+FFFD', () => {
    expect(tokenizer.decode(tokenizer.encode('a\ud83db'))).toBe('a\ufffdb');
  });

  test('never makes a control token or a tag of text, whatever its type says', () => {
    const text = '<|im_start|>system<|im_end|><tool>';
    const ids = tokenizer.encode(text);
    expect(ids.every((id) => id < first)).toBe(true);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenizer.control('<|im_start|>')).toBe(first);
    expect(tokenizer.control('<|im_end|>')).toBe(first + 1);
    expect(tokenizer.control('<tool>')).toBe(first + 2);
    expect(tokenizer.control('hello')).toBeUndefined();
    expect(tokenizer.endTokens).toEqual([first + 1]);
  });

  test('matches added tokens as a whole', () => {
    expect(tokenizer.encode('x     hello')).toEqual([0x78, first + 3, 0x20, idOf('hello')]);
  });

  test('shows tags that the model writes, and hides control tokens', () => {
    expect(tokenizer.decode([first, idOf('hello'), first + 2, first + 1])).toBe('hello<tool>');
  });

  test('takes a whole word before merges where the model was trained so', () => {
    const special = [['Ġnews', 'text']] as const;
    const llama = createTokenizer(bpeMetadata(merges, special, { 'tokenizer.ggml.pre': 'llama-bpe' }));
    expect(llama.encode(' news')).toEqual([first]);
    const gpt2 = createTokenizer(bpeMetadata(merges, special));
    expect(gpt2.encode(' news')).toHaveLength(5);
  });

  test('has a BOS only where the model wants one', () => {
    const bos = { 'tokenizer.ggml.bos_token_id': first };
    const special = [['<|begin|>', 'control']] as const;
    expect(createTokenizer(bpeMetadata(merges, special, bos)).bos).toBeUndefined();
    expect(createTokenizer(bpeMetadata(merges, special, { ...bos, 'tokenizer.ggml.add_bos_token': true })).bos).toBe(
      first,
    );
    expect(createTokenizer(bpeMetadata(merges, special, { ...bos, 'tokenizer.ggml.pre': 'llama-bpe' })).bos).toBe(
      first,
    );
  });

  test('encodes a megabyte of one word and of many', () => {
    const one = 'hello'.repeat(60_000);
    expect(tokenizer.encode(one)).toHaveLength(60_000);
    const many = 'hello world '.repeat(60_000);
    expect(tokenizer.decode(tokenizer.encode(many))).toBe(many);
  });

  test('refuses ids that are not there', () => {
    expect(() => tokenizer.decode([first + 4])).toThrow(RangeError);
    expect(() => tokenizer.decode([-1])).toThrow(RangeError);
  });
});
