// How the models view does what it is asked for: what takes long is said while it lasts, and a failure is one sentence in the view,
// not an end. What was begun goes on when the view is closed.
import { problemOf } from '../problems.ts';
import { type ModelsView, modelsShown } from '../state.ts';
import type { Store } from '../store.ts';

export interface ModelsWork {
  show(change: ModelsView): void;
  /** `busy`: said while it lasts; buttons that would begin another one wait for it. Resolves to false when it failed, which is said. */
  attempt(work: () => Promise<unknown>, otherwise: string, busy?: string): Promise<boolean>;
}

export function createModelsWork(store: Store): ModelsWork {
  const show = (change: ModelsView) => store.update((s) => modelsShown(s, change));
  return {
    show,
    async attempt(work, otherwise, busy) {
      if (busy) show({ busy });
      try {
        await work();
        return true;
      } catch (error) {
        show({ problem: problemOf(error, otherwise).sentence });
        return false;
      } finally {
        if (busy) store.update((s) => ({ ...s, modelsView: { ...s.modelsView, busy: undefined } }));
      }
    },
  };
}
