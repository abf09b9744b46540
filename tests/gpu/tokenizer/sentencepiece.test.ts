import { describe, expect, test } from 'vitest';
import { merge } from '../../../gpu/tokenizer/merge.ts';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { random } from '../random.ts';
import { sentencePieceMetadata } from './vocabularies.ts';

const pieces = ['▁a', 'ab', '▁ab', 'bc', '▁▁', '▁', 'a', 'b', 'c', 'ä'];
const idOf = (piece: string) => 259 + pieces.indexOf(piece);
const byte = (value: number) => 3 + value;

describe('SentencePiece', () => {
  const tokenizer = createTokenizer(sentencePieceMetadata(pieces));

  test('puts a space before a text and takes it away again', () => {
    expect(tokenizer.encode('a')).toEqual([idOf('▁a')]);
    expect(tokenizer.decode([idOf('▁a')])).toBe('a');
    expect(tokenizer.encode(' a')).toEqual([idOf('▁'), idOf('▁a')]);
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.decode([1, ...tokenizer.encode(' a b')])).toBe(' a b');
  });

  test('joins the highest score first', () => {
    // "▁a" outscores "ab", and nothing joins "▁a" and "b" but "▁ab".
    expect(tokenizer.encode('abc')).toEqual([idOf('▁ab'), idOf('c')]);
    expect(tokenizer.encode('cabc')).toEqual([idOf('▁'), idOf('c'), idOf('ab'), idOf('c')]);
  });

  test('writes what has no piece byte by byte', () => {
    expect(tokenizer.encode('aé')).toEqual([idOf('▁a'), byte(0xc3), byte(0xa9)]);
    const text = 'ab 世界 🌍\n\0\ufeff ▁ ä';
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.replace('▁', ' '));
  });

  test('never makes control or byte tokens of text that spells them', () => {
    for (const text of ['<s>', '</s>', '<unk>', '<0x0A>', 'a<s>b']) {
      const ids = tokenizer.encode(text);
      expect(ids).not.toContain(0);
      expect(ids).not.toContain(1);
      expect(ids).not.toContain(2);
      expect(ids).not.toContain(byte(10));
      expect(tokenizer.decode(ids)).toBe(text);
    }
    expect(tokenizer.control('<s>')).toBe(1);
    expect(tokenizer.control('<0x0A>')).toBeUndefined();
    expect([tokenizer.bos, tokenizer.eos, tokenizer.endTokens]).toEqual([1, 2, [2]]);
  });

  test('puts no space where the file says so', () => {
    const plain = createTokenizer(sentencePieceMetadata(pieces, [], { 'tokenizer.ggml.add_space_prefix': false }));
    expect(plain.encode('a')).toEqual([idOf('a')]);
    expect(plain.decode(plain.encode(' a'))).toBe(' a');
  });

  test('begins anew after an added token', () => {
    const added = createTokenizer(sentencePieceMetadata(pieces, ['\n\n']));
    expect(added.encode('a\n\na')).toEqual([idOf('▁a'), 259 + pieces.length, idOf('▁a')]);
  });

  test('gives the same ids in pieces as when it joins the whole text at once', () => {
    const next = random(11);
    for (let round = 0; round < 100; round++) {
      const alphabet = [...'▁▁abcd'];
      const singles = ['▁', 'a', 'b', 'c', 'd'];
      // Among them pieces that reach across a space.
      const longer = Array.from({ length: 20 }, () =>
        Array.from({ length: 2 + Math.floor(next() * 3) }, () => alphabet[Math.floor(next() * 6)]).join(''),
      );
      const all = [...new Set([...longer, ...singles])];
      const some = createTokenizer(sentencePieceMetadata(all));
      const text = Array.from({ length: 80 }, () => ' abcd '[Math.floor(next() * 6)]).join('');
      const whole = merge([...`▁${text.replaceAll(' ', '▁')}`], (left, right) => {
        const rank = all.indexOf(left + right);
        return rank < 0 ? undefined : rank;
      });
      expect(some.encode(text)).toEqual(whole.map((piece) => 259 + all.indexOf(piece)));
    }
  });

  test('refuses vocabularies made to fill memory', () => {
    const long = Array.from({ length: 600 }, (_, i) => `${i}`.repeat(4000));
    expect(() => createTokenizer(sentencePieceMetadata(long))).toThrow('larger than any vocabulary');
    const many = Array.from({ length: 5000 }, (_, i) => `added${i}`);
    expect(() => createTokenizer(sentencePieceMetadata([], many))).toThrow('models with 5000 added tokens');
  });

  test('encodes a megabyte without a space', () => {
    const text = 'abc'.repeat(200_000);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });
});
