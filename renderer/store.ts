// Holds a value of the window and tells its views when it changes: the one state, and beside it what moves with the mouse and the
// scroll (glance.ts).
import { useSyncExternalStore } from 'react';
import { initialState, type State } from './state.ts';

export interface Store<Value = State> {
  get(): Value;
  update(change: (value: Value) => Value): void;
  subscribe(listener: () => void): () => void;
}

export function createStoreOf<Value>(value: Value): Store<Value> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    update(change) {
      const next = change(value);
      if (next === value) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const createStore = (state: State = initialState): Store => createStoreOf(state);

export const useStore = (store: Store): State => useSyncExternalStore(store.subscribe, store.get);

/** Redraws only when what `select` takes out has changed; that must be the same value while it has not. */
export const useSelected = <Value, Part>(store: Store<Value>, select: (value: Value) => Part): Part =>
  useSyncExternalStore(store.subscribe, () => select(store.get()));
