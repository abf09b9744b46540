// Shows a reply of the open document, and brings it into view.
import type { RunRow } from '../../main/common/api.ts';
import { runShown } from '../state.ts';
import type { Store } from '../store.ts';

/** After what was asked for has been drawn. */
export const soon = (work: () => void) => requestAnimationFrame(() => requestAnimationFrame(work));

export function showRun(store: Store, run: RunRow): void {
  store.update((s) => runShown(s, run));
  soon(() => document.getElementById(`run-${run.id}`)?.scrollIntoView({ block: 'start' }));
}
