// The self-test on an engine whose answers are known: every place is measured once, told at once, with the factor of its length.
import { expect, test } from 'vitest';
import type { GenerateOptions } from '../../gpu/api.ts';
import type { StageProgress } from '../../reading/document.ts';
import { type Place, runSelfTest, selfTestLengths } from '../../reading/self-test.ts';

const rope = { type: 'none', factor: 1, base: 10_000 } as const;
const info = { trainedContext: 2_048, rope };
/** A word is a token, and its own text. */
const words: string[] = [];
const idOf = (word: string) => (words.includes(word) ? words.indexOf(word) : words.push(word) - 1);
const tokenizer = { bos: undefined, encode: (text: string) => text.split(' ').map(idOf) };
const numbers = () => {
  let n = 0;
  return () => {
    n = (n + 0.37) % 1;
    return n;
  };
};

/** Finds a key that stands within the last `reach` tokens. */
const engineOf = (reach: number, made: unknown[] = []) => ({
  engineFor: async (plan: unknown) => {
    made.push(plan);
    return {
      async *generate(ids: readonly number[], { onProgress, signal }: GenerateOptions) {
        signal?.throwIfAborted();
        onProgress?.({ done: ids.length, total: ids.length });
        const seen = ids.slice(-reach).map((id) => words[id]);
        const key = seen.find((word) => /^\d{5}$/.test(word!));
        yield { id: 0, text: ` ${key ?? 'gone'}`, logprob: 0 };
      },
    };
  },
});
type Model = Parameters<typeof runSelfTest>[0];
const model = { info, tokenizer } as unknown as Model;

test('every place is measured once, the shallow ones of each length first, and told as it is measured', async () => {
  const told: Place[] = [];
  const heard: StageProgress[] = [];
  const made: unknown[] = [];
  const { engineFor } = engineOf(1_000, made);
  const options = { onPlace: (place: Place) => told.push(place), onProgress: (p: StageProgress) => heard.push(p) };
  const places = await runSelfTest(model, { lengths: [1_000, 4_096], depths: 5, next: numbers() }, options, engineFor);
  expect(told).toEqual(places);
  expect(places.map(({ length, depth }) => [length, depth])).toEqual(
    [1_000, 4_096].flatMap((length) => [0, 1, 2, 3, 4].map((depth) => [length, depth])),
  );
  expect(places.map(({ found }) => found)).toEqual([...Array(5).fill(true), false, false, false, false, true]);
  // 4,096 tokens of a model that was trained on 2,048 are read with a factor of 2.
  expect(made).toEqual([
    { contextLength: 1_000, ropeFactor: 1 },
    { contextLength: 4_096, ropeFactor: 2 },
  ]);
  const { done, total, secondsLeft } = heard.at(-1)!;
  expect(done / total).toBeCloseTo(1, 9);
  expect(secondsLeft).toBeCloseTo(0, 9);
  expect([...heard].sort((a, b) => a.done - b.done)).toEqual(heard);
});

test('a stop ends it; what was measured has been told', async () => {
  const stop = new AbortController();
  const told: Place[] = [];
  const onPlace = (place: Place) => {
    if (told.push(place) === 3) stop.abort();
  };
  const test = { lengths: [1_000], depths: 5, next: numbers() };
  const running = runSelfTest(model, test, { onPlace, signal: stop.signal }, engineOf(1_000).engineFor);
  await expect(running).rejects.toThrow();
  expect(told.length).toBe(3);
});

test('lengths double up to what the model, the card and the window hold', () => {
  const all = [2_048, 4_096, 8_192, 16_384, 32_768];
  expect(selfTestLengths(info)).toEqual(all);
  expect(selfTestLengths(info, 9_000)).toEqual(all.slice(0, 3));
  expect(selfTestLengths({ trainedContext: 131_072, rope })).toEqual(all);
  // A scheme of its own is used as its file says.
  expect(selfTestLengths({ trainedContext: 4_096, rope: { ...rope, type: 'yarn', factor: 4 } })).toEqual(
    all.slice(0, 4),
  );
  expect(selfTestLengths(info, 1_500)).toEqual([1_500]);
  expect(selfTestLengths(info, 0)).toEqual([]);
});
