import { describe, expect, test } from 'vitest';
import { createStreamDecoder } from '../../../gpu/tokenizer/stream-decoder.ts';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { bpeMetadata, sentencePieceMetadata } from './vocabularies.ts';

describe('createStreamDecoder', () => {
  const tokenizer = createTokenizer(bpeMetadata([], [['<|end|>', 'control']]));

  test('lets only whole characters out', () => {
    const decoder = createStreamDecoder(tokenizer);
    const ids = [...new TextEncoder().encode('aé🌍z')];
    expect(ids.map((id) => decoder.push(id))).toEqual(['a', '', 'é', '', '', '', '🌍', 'z']);
    expect(decoder.finish()).toBe('');
  });

  test('says nothing for control tokens, even in the middle of a character', () => {
    const decoder = createStreamDecoder(tokenizer);
    expect([0xc3, 256, 0xa9].map((id) => decoder.push(id))).toEqual(['', '', 'é']);
  });

  test('marks what was never finished, and starts clean after it', () => {
    const decoder = createStreamDecoder(tokenizer);
    expect(decoder.push(0xe4)).toBe('');
    expect(decoder.finish()).toBe('\ufffd');
    expect(decoder.push(0x61)).toBe('a');
    expect([0xff, 0x62].map((id) => decoder.push(id)).join('')).toBe('\ufffdb');
  });

  test('keeps the space before a continuation and a byte order mark', () => {
    const sentencePiece = createTokenizer(sentencePieceMetadata(['▁the']));
    const decoder = createStreamDecoder(sentencePiece);
    expect(decoder.push(259)).toBe(' the');
    expect([0xef, 0xbb, 0xbf].map((value) => decoder.push(3 + value)).join('')).toBe('\ufeff');
  });
});
