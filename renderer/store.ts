// Holds the one state of the window and tells its views when it changes.
import { useSyncExternalStore } from 'react';
import { initialState, type State } from './state.ts';

export interface Store {
  get(): State;
  update(change: (state: State) => State): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(state: State = initialState): Store {
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = (store: Store): State => useSyncExternalStore(store.subscribe, store.get);
