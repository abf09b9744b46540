import { describe, expect, test } from 'vitest';
import { merge, type Priority } from '../../../gpu/tokenizer/merge.ts';
import { random } from '../random.ts';

/** As the paper says it: look at all pairs, join the best, start again. */
function mergeSlowly(symbols: readonly string[], priority: Priority): string[] {
  const text = [...symbols];
  for (;;) {
    let best = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < text.length; i++) {
      const rank = priority(text[i], text[i + 1]);
      if (rank !== undefined && rank < bestRank) [best, bestRank] = [i, rank];
    }
    if (best < 0) return text;
    text.splice(best, 2, text[best] + text[best + 1]);
  }
}

const ranked = (pieces: readonly string[]): Priority => {
  const ranks = new Map(pieces.map((piece, rank) => [piece, rank]));
  return (left, right) => ranks.get(left + right);
};

describe('merge', () => {
  test('joins the best pair first, the left-most among equals', () => {
    expect(merge([...'abab'], ranked(['ab', 'abab']))).toEqual(['abab']);
    expect(merge([...'aaaa'], ranked(['aa', 'aaa']))).toEqual(['aa', 'aa']);
    expect(merge([...'aaa'], ranked(['aa']))).toEqual(['aa', 'a']);
    expect(merge([...'abc'], ranked(['bc', 'ab']))).toEqual(['a', 'bc']);
    expect(merge([], ranked(['ab']))).toEqual([]);
    expect(merge(['x'], ranked(['ab']))).toEqual(['x']);
  });

  test('does what the slow way does, on 400 random vocabularies', () => {
    const next = random(7);
    for (let round = 0; round < 400; round++) {
      const pieces = Array.from({ length: 25 }, () =>
        Array.from({ length: 2 + Math.floor(next() * 4) }, () => 'abc'[Math.floor(next() * 3)]).join(''),
      );
      const symbols = Array.from({ length: Math.floor(next() * 60) }, () => 'abc'[Math.floor(next() * 3)]);
      expect(merge(symbols, ranked(pieces))).toEqual(mergeSlowly(symbols, ranked(pieces)));
    }
  });

  test('ends on a word of 300,000 characters', () => {
    const merged = merge([...'abcab'.repeat(60_000)], ranked(['ab', 'abc', 'abcab']));
    expect(merged.join('')).toHaveLength(300_000);
    expect(merged).toHaveLength(60_000);
  }, 20_000);
});
