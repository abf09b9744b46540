import { expect, test, vi } from 'vitest';
import type { MainApi, SelfTestResult } from '../../../main/common/api.ts';
import type { Place } from '../../../reading/self-test.ts';
import type { AskOptions, ReaderClient } from '../../../renderer/engine/reader-client.ts';
import { Stopped } from '../../../renderer/engine/reader-client.ts';
import { createSelfTesting, mapOf, resultWords, shownPlaces } from '../../../renderer/models/self-test.ts';
import { initialState } from '../../../renderer/state.ts';
import { createStore } from '../../../renderer/store.ts';
import { opened } from '../some-document.ts';

const sha256 = 'a'.repeat(64);
const place = (length: number, depth: number, found = true): Place => ({ length, depth, found });

/** A window with one model, and a worker that is driven by hand. */
function atHand() {
  const model = { id: 'sprig', name: 'Sprig', bytes: 1, embedded: true, sha256 };
  const store = createStore({ ...initialState, models: [model] });
  const kept: SelfTestResult[] = [];
  const api = {
    keepSelfTest: async (id: string, result: SelfTestResult) => {
      kept.push(result);
      return { ...result, model: id, measuredAt: '2026-11-24T20:00:00.000Z' };
    },
  } as unknown as MainApi;
  const worker: { options?: AskOptions; end?: (error?: Error) => void } = {};
  const reader = {
    ask: (_: unknown, options: AskOptions) =>
      new Promise<void>((resolve, reject) => {
        worker.options = options;
        worker.end = (error) => (error ? reject(error) : resolve());
        options.signal?.addEventListener('abort', () => reject(new Stopped()));
      }),
  } as unknown as ReaderClient;
  const goOn = vi.fn(async () => undefined);
  return { store, kept, worker, goOn, session: createSelfTesting({ store, api, reader }, goOn) };
}

test('places show as they are measured, and are kept at the end', async () => {
  const { store, kept, worker, session } = atHand();
  const running = session.startSelfTest([2_048, 4_096]);
  worker.options!.onPlace!(place(2_048, 0));
  expect(store.get().testing?.places).toEqual([place(2_048, 0)]);
  worker.options!.onPlace!(place(2_048, 1, false));
  worker.end!();
  await running;
  expect(store.get().testing).toBeUndefined();
  expect(kept[0]!.places).toEqual([place(2_048, 0), place(2_048, 1, false)]);
  expect(store.get().tested[sha256]?.places).toEqual(kept[0]!.places);
});

test('Stop keeps what was measured, beside what was measured before of other lengths', async () => {
  const { store, kept, worker, session } = atHand();
  const before = { depths: 5, places: [place(2_048, 0), place(8_192, 0, false)], adapter: '' };
  store.update((s) => ({ ...s, tested: { [sha256]: { ...before, model: sha256, measuredAt: '2026' } } }));
  const running = session.startSelfTest([2_048]);
  worker.options!.onPlace!(place(2_048, 0, false));
  session.stopSelfTest();
  await running;
  expect(kept[0]!.places).toEqual([place(8_192, 0, false), place(2_048, 0, false)]);
  expect(store.get().modelsView.problem).toBeUndefined();
});

test('a reply that is asked for stops it; one that measured nothing keeps nothing', async () => {
  const { store, kept, session } = atHand();
  const running = session.startSelfTest([2_048]);
  store.update((s) => ({ ...s, job: { kind: 'summary', stopping: false } }));
  await running;
  expect(kept).toEqual([]);
  expect(store.get().testing).toBeUndefined();
});

test('the reading behind that it ends goes on after it, unless something else was asked for', async () => {
  const { store, goOn, worker, session } = atHand();
  const readIn = { progress: { stage: 'window', done: 1, total: 2 } } as const;
  store.update((s) => ({ ...opened(), models: s.models, document: { ...opened().document!, readIn } }));
  const running = session.startSelfTest([2_048]);
  worker.end!();
  await running;
  expect(goOn).toHaveBeenCalledOnce();
  const again = session.startSelfTest([2_048]);
  store.update((s) => ({ ...s, job: { kind: 'summary', stopping: false } }));
  await again;
  expect(goOn).toHaveBeenCalledOnce();
});

test('what fails is said, and what was measured is kept', async () => {
  const { store, kept, worker, session } = atHand();
  const running = session.startSelfTest([2_048]);
  worker.options!.onPlace!(place(2_048, 0));
  worker.end!(Object.assign(new Error('No room.'), { name: 'EngineError', kind: 'out-of-memory' }));
  await running;
  expect(kept.length).toBe(1);
  expect(store.get().modelsView.problem).toBe('No room.');
});

test('the map has a row for every length and says what is not measured yet', () => {
  const places = [place(4_096, 1), place(2_048, 0, false)];
  expect(mapOf(places, [2_048, 4_096, 8_192])).toEqual([
    { length: 2_048, found: [false, undefined, undefined, undefined, undefined] },
    { length: 4_096, found: [undefined, true, undefined, undefined, undefined] },
    { length: 8_192, found: [undefined, undefined, undefined, undefined, undefined] },
  ]);
  expect(resultWords(places)).toBe('It finds the key in 1 of 2 places, in texts of up to 4,096 tokens.');
  const kept = {
    depths: 5,
    places: [place(2_048, 0), place(8_192, 0)],
    adapter: '',
    model: sha256,
    measuredAt: '2026',
  };
  expect(shownPlaces(kept, [place(2_048, 0, false)])).toEqual([place(8_192, 0), place(2_048, 0, false)]);
});
