import { expect, test } from 'vitest';
import { type MainApi, runRequestSchema } from '../../../main/common/api.ts';
import type { Question } from '../../../renderer/engine/engine-protocol.ts';
import { type AskOptions, type ReaderClient, Stopped, WorkerFailure } from '../../../renderer/engine/reader-client.ts';
import { createReplies } from '../../../renderer/replies/replies.ts';
import { layoutForgotten } from '../../../renderer/state.ts';
import { createStore } from '../../../renderer/store.ts';
import { opened, run } from '../some-document.ts';

const model = { id: 'sprig', name: 'Sprig', bytes: 1, embedded: true };

/** Replies over a reader and a main that are driven by hand. `wordsChoose`: whether the model has no say in summaries. */
function atHand(wordsChoose = false) {
  const asked: { question: Question; options: AskOptions; answer: PromiseWithResolvers<never> }[] = [];
  const ask = (question: Question, options: AskOptions = {}) => {
    asked.push({ question, options, answer: Promise.withResolvers<never>() });
    return asked.at(-1)!.answer.promise;
  };
  let begun = 0;
  const api = {
    beginRun: async () => ++begun,
    endRun: async () => undefined,
    keepWritten: async () => undefined,
    addRun: async () => run(9, 'summary', [1]),
  } as unknown as MainApi;
  const now = opened();
  const store = createStore({ ...now, document: { ...now.document!, wordsChoose }, models: [model] });
  const again: (() => Promise<void>)[] = [];
  const replies = createReplies({
    store,
    api,
    reader: { ask } as unknown as ReaderClient,
    remember: (work) => again.push(work),
  });
  return { asked, store, again, replies };
}

const kinds = (asked: { question: Question }[]) => asked.map(({ question }) => question.ask);
const byWords = ({ question }: { question: Question }) => question.ask === 'reply' && question.byWords;
const written = (text: string) => ({ text, sentences: [] }) as never;

test('what failed after it had written something goes on from there when it is tried again', async () => {
  const { asked, store, again, replies } = atHand();
  const first = replies.summarise();
  await expect.poll(() => asked.length).toBe(1);
  asked[0]!.options.onWritten?.(written('The harbour'));
  asked[0]!.answer.reject(
    new WorkerFailure({ name: 'EngineError', kind: 'device-lost', message: 'It stopped.', detail: '' }),
  );
  await first;
  expect(store.get().problem?.sentence).toBe('It stopped.');
  expect(store.get().document?.interrupted.map((begun) => begun.written?.text)).toEqual(['The harbour']);
  void again.at(-1)!();
  await expect.poll(() => kinds(asked)).toEqual(['reply', 'manner']);
  asked[1]!.answer.resolve({ wordsChoose: false } as never);
  await expect.poll(() => asked.length).toBe(3);
  expect(asked[2]!.question).toMatchObject({ ask: 'reply', written: 'The harbour' });
  expect(store.get().document?.interrupted).toEqual([]);
});

test('prose is drawn as the settings say: with their seed, or with a new one that goes on with what was interrupted', async () => {
  const { asked, store, replies } = atHand();
  const drawingOf = async (temperature: number, seed: number, mode: 'quotes' | 'prose' = 'prose') => {
    store.update((s) => ({
      ...s,
      job: undefined,
      document: { ...s.document!, prose: true, interrupted: [] },
      wish: { ...s.wish, mode },
      settings: { ...s.settings, temperature, seed },
    }));
    const before = asked.length;
    void replies.summarise();
    await expect.poll(() => asked.length).toBe(before + 1);
    const { question } = asked.at(-1)!;
    return question.ask === 'reply' ? question.request.drawing : undefined;
  };
  expect(await drawingOf(0, 5)).toBeUndefined();
  expect(await drawingOf(0.7, 5, 'quotes')).toBeUndefined();
  expect(await drawingOf(0.7, 5)).toEqual({ temperature: 0.7, seed: 5 });
  const [one, another] = [await drawingOf(1, 0), await drawingOf(1, 0)];
  expect(one?.seed).not.toBe(another?.seed);
  expect(runRequestSchema.parse({ kind: 'summary', drawing: one })).toEqual({ kind: 'summary', drawing: one });
});

test('what a stopped reply still says is no word of the next one', async () => {
  const { asked, store, replies } = atHand();
  const first = replies.summarise();
  await expect.poll(() => asked.length).toBe(1);
  replies.stop();
  asked[0]!.answer.reject(
    new WorkerFailure({ name: 'EngineError', kind: 'device-lost', message: 'It stopped.', detail: '' }),
  );
  await first;
  void replies.ask('Why?');
  await expect.poll(() => asked.length).toBe(2);
  asked[0]!.options.onWritten?.(written('Late words'));
  asked[0]!.options.onNotice?.('Late notice');
  expect(store.get().job).not.toHaveProperty('written');
  expect(store.get().job).not.toHaveProperty('notice');
});

test('words choose at once, the model reads behind, and has its say in what is asked after that', async () => {
  const { asked, store, replies } = atHand(true);
  const summary = replies.summarise();
  await expect.poll(() => asked.length).toBe(1);
  expect(byWords(asked[0]!)).toBe(true);
  asked[0]!.answer.resolve({} as never);
  await summary;
  expect(store.get().job).toBeUndefined();
  expect(kinds(asked)).toEqual(['reply', 'suggest', 'read-in']);
  asked[2]!.options.onProgress?.({ stage: 'window', done: 3, total: 9 });
  expect(store.get().document?.readIn).toEqual({ progress: { stage: 'window', done: 3, total: 9 } });
  const answer = replies.ask('Why?');
  await expect.poll(() => asked.length).toBe(4);
  expect(byWords(asked[3]!)).toBe(true);
  asked[3]!.answer.resolve({} as never);
  await answer;
  expect(kinds(asked)).toHaveLength(4);
  asked[2]!.answer.resolve(undefined as never);
  await expect.poll(() => store.get().document?.readIn).toEqual({ done: true });
  void replies.ask('When?');
  await expect.poll(() => asked.length).toBe(5);
  expect(byWords(asked[4]!)).toBe(false);
});

test('reading in is stopped and goes on when the reader wants it; ended by another question it goes on after the next reply', async () => {
  const { asked, store, replies } = atHand(true);
  void replies.readIn();
  asked[0]!.options.signal!.addEventListener('abort', () => asked[0]!.answer.reject(new Stopped()));
  replies.stopReadingIn();
  await expect.poll(() => store.get().document?.readIn).toEqual({ stopped: true });
  void replies.readIn();
  expect(kinds(asked)).toEqual(['read-in', 'read-in']);
  asked[1]!.answer.reject(new Stopped());
  await expect.poll(() => store.get().document?.readIn).toBeUndefined();
  const answer = replies.ask('Why?');
  await expect.poll(() => asked.length).toBe(3);
  asked[2]!.answer.resolve({} as never);
  await answer;
  expect(kinds(asked)).toEqual(['read-in', 'read-in', 'reply', 'read-in']);
});

test('of another window nothing is said: what was read in was the one before', async () => {
  const { asked, store, replies } = atHand(true);
  void replies.readIn();
  store.update((s) => layoutForgotten(s, { pages: [[1, 1]] }));
  asked[0]!.answer.resolve(undefined as never);
  await new Promise((resume) => setTimeout(resume));
  expect(store.get().document?.readIn).toBeUndefined();
});
