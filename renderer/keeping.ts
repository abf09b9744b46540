// Settings, what lies on the disk because of them, and its end.
import type { Settings } from '../main/common/api.ts';
import { layOut } from './engine/laying-out.ts';
import type { Means } from './means.ts';
import { layoutForgotten } from './state.ts';

export interface Keeping {
  /** How much of what was read lies on the disk. */
  snapshotUsage(): Promise<{ count: number; bytes: number }>;
  /** Removes that. */
  forgetReadings(): Promise<void>;
  showDataFolder(): Promise<void>;
  /** And begins anew, with an empty window. */
  deleteEverything(): Promise<void>;
  changeSettings(change: Partial<Settings>): Promise<void>;
}

/** `attempt`: runs a call to main whose failure is said. */
export function createKeeping(
  means: Pick<Means, 'store' | 'api' | 'reader'>,
  attempt: (work: () => Promise<void>) => Promise<void>,
  closeDocument: () => void,
): Keeping {
  const { store, api } = means;
  return {
    snapshotUsage: () => api.snapshotUsage().catch(() => ({ count: 0, bytes: 0 })),
    forgetReadings: () => attempt(() => api.forgetReadings()),
    showDataFolder: () => attempt(() => api.showDataFolder()),
    deleteEverything: () =>
      attempt(async () => {
        closeDocument();
        await api.deleteEverything();
        location.reload();
      }),
    changeSettings: (change) =>
      attempt(async () => {
        const settings = await api.changeSettings(change);
        store.update((s) => ({ ...s, settings }));
        const { document } = store.get();
        if (change.largestWindow === undefined || !document?.read) return;
        store.update((s) => layoutForgotten(s, {}));
        await layOut(means, document.id);
      }),
  };
}
