// The self-test of the model that reads: begun and stopped by the reader, kept as far as it went. A summary or an answer that is asked
// for meanwhile stops it, because an engine does one thing at a time.
import type { SelfTestRow } from '../../main/common/api.ts';
import { DEPTHS, type Place } from '../../reading/self-test.ts';
import { Stopped } from '../engine/reader-client.ts';
import { count } from '../format.ts';
import type { Means } from '../means.ts';
import { problemOf } from '../problems.ts';
import { addressOf, modelOf } from '../replies/subject.ts';
import { isBusy, testChanged } from '../state.ts';
import { createModelsWork } from './models-work.ts';

export interface SelfTesting {
  /** Of the model that reads, over these lengths. */
  startSelfTest(lengths: readonly number[]): Promise<void>;
  stopSelfTest(): void;
}

const NOT_TESTED = 'This model could not be tested to the end; what was measured is kept. Try again.';
const NOT_KEPT = 'What was measured could not be stored. Try again.';

/** `goOn`: the reading behind that the test has ended. */
export function createSelfTesting(
  { api, reader, store }: Pick<Means, 'api' | 'reader' | 'store'>,
  goOn: () => Promise<void>,
): SelfTesting {
  const { show } = createModelsWork(store);
  let running: AbortController | undefined;
  const stop = () => {
    running?.abort();
    store.update((s) => testChanged(s, () => ({ stopping: true })));
  };

  /** What was measured takes the place of what was measured before of the same lengths. */
  const keep = async (sha256: string, places: readonly Place[]) => {
    const { gpu, tested } = store.get();
    const again = new Set(places.map(({ length }) => length));
    const before = (tested[sha256]?.places ?? []).filter(({ length }) => !again.has(length));
    const adapter = gpu.status === 'found' ? gpu.name : '';
    const row = await api.keepSelfTest(sha256, { depths: DEPTHS, places: [...before, ...places], adapter });
    store.update((s) => ({ ...s, tested: { ...s.tested, [sha256]: row } }));
  };

  return {
    async startSelfTest(lengths) {
      const model = modelOf(store.get());
      if (!model?.sha256 || isBusy(store.get())) return;
      const mine = new AbortController();
      running = mine;
      const wasRead = store.get().document?.readIn?.progress !== undefined;
      show({});
      store.update((s) => ({
        ...s,
        testing: { model: model.id, lengths, places: [], stopping: false },
        ...(s.dialog?.kind === 'models' && { dialog: { kind: 'models' } }),
      }));
      const unwatch = store.subscribe(() => {
        const { job, comparing } = store.get();
        if ((job || comparing?.running) && !mine.signal.aborted) stop();
      });
      try {
        await reader.ask(
          { ask: 'self-test', model: addressOf(model, store.get().settings), lengths, depths: DEPTHS },
          {
            signal: mine.signal,
            onPlace: (place) => store.update((s) => testChanged(s, ({ places }) => ({ places: [...places, place] }))),
            onProgress: (progress) => store.update((s) => testChanged(s, () => ({ progress }))),
          },
        );
      } catch (error) {
        if (!(error instanceof Stopped)) show({ problem: problemOf(error, NOT_TESTED).sentence });
      } finally {
        unwatch();
      }
      const places = store.get().testing?.places ?? [];
      if (places.length > 0)
        await keep(model.sha256, places).catch((error) => show({ problem: problemOf(error, NOT_KEPT).sentence }));
      store.update((s) => ({ ...s, testing: undefined }));
      const { job, comparing } = store.get();
      if (wasRead && !job && !comparing?.running) void goOn();
    },
    stopSelfTest: stop,
  };
}

/** "It finds the key in 23 of 25 places up to 32,768 tokens." */
export function resultWords(places: readonly Place[]): string {
  const found = places.filter((place) => place.found).length;
  const longest = Math.max(...places.map(({ length }) => length));
  return `It finds the key in ${found} of ${places.length} places, in texts of up to ${count(longest)} tokens.`;
}

/** Lengths from the shortest to the longest, each with its places by depth; undefined where nothing was measured. */
export const mapOf = (
  places: readonly Place[],
  lengths: readonly number[],
): { length: number; found: (boolean | undefined)[] }[] =>
  [...new Set([...lengths, ...places.map(({ length }) => length)])]
    .sort((a, b) => a - b)
    .map((length) => ({
      length,
      found: Array.from(
        { length: DEPTHS },
        (_, depth) => places.find((place) => place.length === length && place.depth === depth)?.found,
      ),
    }));

/** What a map shows: what was measured before, and over it what is measured now. */
export const shownPlaces = (before: SelfTestRow | undefined, now: readonly Place[]): Place[] => {
  const again = new Set(now.map(({ length }) => length));
  return [...(before?.places ?? []).filter(({ length }) => !again.has(length)), ...now];
};
