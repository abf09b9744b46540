// How the models view does what it is asked for: what takes long is said while it lasts, and a failure is one sentence in the view,
// not an end. What was begun goes on when the view is closed.
import { problemOf } from '../problems.ts';
import { type ModelsView, modelsShown } from '../state.ts';
import type { Store } from '../store.ts';

export interface ModelsWork {
  show(change: ModelsView): void;
  /**
   * `busy`: said while it lasts; buttons that would begin another one wait for it, and Stop ends it. Resolves to false when it failed, which
   * is said, or was stopped.
   */
  attempt(work: (signal: AbortSignal) => Promise<unknown>, otherwise: string, busy?: string): Promise<boolean>;
  /** Nobody waits any longer for what is being done; it takes back what it can. */
  stop(): void;
}

const abortOf = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

export function createModelsWork(store: Store): ModelsWork {
  const show = (change: ModelsView) => store.update((s) => modelsShown(s, change));
  let running: AbortController | undefined;
  return {
    show,
    stop: () => running?.abort(),
    async attempt(work, otherwise, busy) {
      const mine = new AbortController();
      if (busy) {
        running = mine;
        show({ busy });
      }
      try {
        await Promise.race([work(mine.signal), abortOf(mine.signal)]);
        return true;
      } catch (error) {
        if (!mine.signal.aborted) show({ problem: problemOf(error, otherwise).sentence });
        return false;
      } finally {
        if (busy) store.update((s) => ({ ...s, modelsView: { ...s.modelsView, busy: undefined } }));
      }
    },
  };
}
