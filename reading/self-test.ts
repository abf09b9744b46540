// The self-test: passkey retrieval over lengths and depths, by the model that reads and on the machine that it reads on, so that the
// reader sees how far its window can be trusted. One key is hidden in each place; what was measured before a stop has been told.
import type { Engine, Model, ModelInfo } from '../gpu/api.ts';
import type { StageProgress, WindowPlan } from './document.ts';
import { findsKey, trialsOf } from './passkey.ts';
import { factorFor, LARGEST_WINDOW, mostTokens } from './window.ts';

/** One cell of the map: whether the key that was hidden there was found. */
export interface Place {
  /** Tokens of the text. */
  length: number;
  /** Which of the equal parts of the text it was hidden in, from 0, the beginning. */
  depth: number;
  found: boolean;
}

export interface SelfTest {
  lengths: readonly number[];
  /** Into how many parts a text is divided by depth. */
  depths: number;
  /** Random numbers of [0, 1). */
  next: () => number;
}

export interface SelfTestOptions {
  onPlace: (place: Place) => void;
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

export const DEPTHS = 5;
const SHORTEST = 2_048;

/** Lengths that a model is tested with: doublings from 2,048 on, or the one that it holds where that is less, up to `most` tokens; none where it holds hardly a text. */
export function selfTestLengths(info: Pick<ModelInfo, 'trainedContext' | 'rope'>, most = LARGEST_WINDOW): number[] {
  const end = Math.min(most, mostTokens(info));
  const lengths: number[] = [];
  if (end < SHORTEST / 2) return lengths;
  for (let length = Math.min(SHORTEST, end); length <= end; length *= 2) lengths.push(length);
  return lengths;
}

/** What reading so many tokens costs, in tokens of a short text: attention grows with the square. */
const cost = (tokens: number): number => tokens * (1 + tokens / 16_384);

/** Throws TooShort, what the engine throws, and the signal's reason after an abort. */
export async function runSelfTest(
  { info, tokenizer }: Pick<Model, 'info' | 'tokenizer'>,
  { lengths, depths, next }: SelfTest,
  { onPlace, onProgress, signal }: SelfTestOptions,
  engineFor: (plan: Pick<WindowPlan, 'contextLength' | 'ropeFactor'>) => Promise<Pick<Engine, 'generate'>>,
): Promise<Place[]> {
  const tests = lengths.map((length) => ({
    factor: factorFor(info, length),
    trials: trialsOf(tokenizer, length, { trials: depths, next }),
  }));
  const total = tests.flatMap(({ trials }) => trials).reduce((sum, { ids }) => sum + cost(ids.length), 0);
  const places: Place[] = [];
  let [done, spent] = [0, 0];
  for (const { factor, trials } of tests) {
    const contextLength = Math.max(...lengths.filter((length) => factorFor(info, length) === factor));
    const engine = await engineFor({ contextLength, ropeFactor: factor });
    for (const [depth, trial] of trials.entries()) {
      const [before, began] = [spent, performance.now()];
      const tell = (part: number) => {
        spent = before + (performance.now() - began) / 1000;
        const now = done + part * cost(trial.ids.length);
        const secondsLeft = now > 0 ? (spent / now) * (total - now) : undefined;
        onProgress?.({ stage: 'measure', done: now, total, secondsLeft });
      };
      const found = await findsKey(engine, trial, { signal, onProgress: (part) => tell(part.done / part.total) });
      tell(1);
      done += cost(trial.ids.length);
      const place = { length: trial.length, depth, found };
      places.push(place);
      onPlace(place);
    }
  }
  return places;
}
