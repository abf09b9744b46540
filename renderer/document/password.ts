// The password of a locked PDF: asked for in a dialog, handed to whoever waits for it, never stored.
import type { Store } from '../store.ts';

/** `wrong`: one was tried. Resolves to nothing when the dialog was closed without one. */
export const askPassword = (store: Store, name: string, wrong: boolean): Promise<string | undefined> =>
  new Promise((resolve) => {
    const dialog = { kind: 'password' as const, name, wrong, unlock: resolve };
    store.update((s) => ({ ...s, dialog }));
    const end = store.subscribe(() => {
      if (store.get().dialog === dialog) return;
      end();
      resolve(undefined);
    });
  });
