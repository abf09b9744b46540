// Perplexity and passkeys: what is predicted from what, on engines whose answers are known.
import { describe, expect, test } from 'vitest';
import { slidingPerplexity, stretches } from '../../main/hosts/terminal/perplexity.ts';
import { longestFound, passkeyPrompt, trialsOf } from '../../reading/passkey.ts';

describe('a sliding window', () => {
  test('predicts every token once, from as many before it as the window holds', () => {
    for (const [length, window, stride] of [
      [1000, 100, 30],
      [100, 100, 30],
      [101, 100, 99],
      [500, 64, 64 / 4],
    ]) {
      const all = stretches(length, window, stride);
      const predicted = all.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i));
      expect(predicted).toEqual(Array.from({ length: length - 1 }, (_, i) => i + 1));
      for (const { from, first, end } of all.slice(1)) {
        expect(first - from).toBe(window - stride);
        expect(end - from).toBeLessThanOrEqual(window);
      }
    }
  });

  /** Every token is as likely as it sees tokens before it, in thousandths; the tokens themselves are their places in the text. */
  const engine = (calls: number[][]) => ({
    ropeFactor: 4,
    logprobs: async (seen: readonly number[], [predicted]: readonly (readonly number[])[]) => {
      expect([...seen, ...predicted].slice(2)).toEqual([...seen, ...predicted].slice(1, -1).map((id) => id + 1));
      calls.push([seen.length, predicted.length]);
      return [Float32Array.from(predicted, (_, i) => Math.log((seen.length + i) / 1000))];
    },
  });

  test.each([
    ['without a token at its begin', undefined],
    ['with one', 0],
  ])('gives the perplexity of its definition, %s', async (_, bos) => {
    const ids = Array.from({ length: 400 }, (_, i) => i + 1);
    const calls: number[][] = [];
    const rows = [];
    for await (const row of slidingPerplexity(engine(calls), { ids, bos }, { windows: [100, 300], stride: 40 }))
      rows.push(row);
    const text = bos === undefined ? 400 : 401;
    const expected = [100, 300].map((window) => {
      let sum = 0;
      for (let token = 1; token < text; token++) {
        const seen = token < window ? token : window - 40 + ((token - window) % 40);
        sum -= Math.log(seen / 1000);
      }
      return { window, factor: 4, tokens: text - 1, perplexity: expect.closeTo(Math.exp(sum / (text - 1)), 5) };
    });
    expect(rows).toEqual(expected);
    // The beginning of the text is read once, for both windows.
    expect(calls[0]).toEqual([1, 299]);
    expect(calls.slice(1).every(([seen, predicted]) => predicted <= 40 && [60, 260].includes(seen))).toBe(true);
  });

  test('tells how far it is', async () => {
    const ids = Array.from({ length: 400 }, (_, i) => i + 1);
    const seen: number[] = [];
    const options = { onProgress: ({ done, total }: { done: number; total: number }) => void seen.push(done / total) };
    for await (const _ of slidingPerplexity(engine([]), { ids, bos: 0 }, { windows: [100, 200], stride: 50 }, options));
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });
});

describe('a passkey', () => {
  const words = { bos: 1, encode: (text: string) => text.split(' ').map((word) => word.length) };

  test('stands between fillers in the words of the paper', () => {
    const prompt = passkeyPrompt('54321', 1, 2);
    expect(prompt).toMatch(
      /^There is an important info .* there\. The grass is green\..* again\. The pass key is 54321\./,
    );
    expect(prompt).toMatch(
      /54321 is the pass key\. The grass.*again\. The grass.*again\. What is the pass key\? The pass key is$/,
    );
  });

  test('is hidden at every depth, and prompt and answer fit the length closely', () => {
    const next = () => 0.5;
    const trials = trialsOf(words, 1000, { trials: 10, next });
    expect(trials.map(({ depth }) => Math.floor(depth * 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { ids, key } of trials) {
      expect(key).toMatch(/^\d{5}$/);
      expect(ids[0]).toBe(1);
      expect(ids.length).toBeLessThanOrEqual(992);
      expect(ids.length).toBeGreaterThan(960);
    }
    expect(() => trialsOf(words, 60, { trials: 1, next })).toThrow('too short to hide a key in');
  });

  test('k_max is the longest length up to which a fifth is found', () => {
    const row = (length: number, correct: number) => ({ length, depth: 0, trials: 10, correct });
    expect(longestFound([row(1, 10), row(2, 2), row(3, 1), row(4, 10)])).toBe(2);
    expect(longestFound([row(1, 10), row(2, 9)])).toBe(2);
    expect(longestFound([row(1, 0)])).toBe(0);
  });
});
