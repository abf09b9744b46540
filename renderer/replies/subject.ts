// What the worker is asked about: the open document, the model that reads it, and the window that both are planned with.
import type { Settings } from '../../main/common/api.ts';
import { LARGEST_WINDOW } from '../../reading/window.ts';
import type { Subject } from '../engine/engine-protocol.ts';
import type { State } from '../state.ts';

/** The model that reads: the chosen one, or one that came with the app. */
export const modelOf = ({ models, settings }: Pick<State, 'models' | 'settings'>) =>
  models.find(({ id, missing }) => id === settings.model && !missing) ?? models.find(({ embedded }) => embedded);

/** A model by its address for the worker, to be loaded as the reader has set. */
export const addressOf = (
  { id, bytes, parts, sha256 }: NonNullable<ReturnType<typeof modelOf>>,
  { kvType }: Pick<Settings, 'kvType'>,
): Subject['model'] => ({
  ...{ url: `/models/${encodeURIComponent(id)}`, bytes, parts, sha256 },
  ...(kvType !== 'auto' && { kvType }),
});

/** What windows are planned with. */
export const windowOf = ({ largestWindow }: Pick<Settings, 'largestWindow'>): Pick<Subject, 'contextLength'> =>
  largestWindow < LARGEST_WINDOW ? { contextLength: largestWindow } : {};

/** The open document and the chosen model, or nothing when either is missing. */
export function subjectOf(now: State): Subject | undefined {
  const { document } = now;
  const model = modelOf(now);
  if (!document?.read || !model) return undefined;
  const { pages, ropeFactor } = document.chosen;
  const { settings } = now;
  return {
    ...{ model: addressOf(model, settings), id: document.id, document: document.read, pages, ropeFactor },
    ...windowOf(settings),
  };
}
