// The window: a start screen or the three panes of an open document, the drop overlay above both, and the keyboard.
import { useEffect, useMemo, useRef } from 'react';
import { type Acts, actsOf } from './acts.ts';
import { commandOf } from './keys.ts';
import { comparingShown } from './state.ts';
import { type Store, useStore } from './store.ts';
import { useLook } from './theme.ts';
import { Announcer } from './views/announcer.tsx';
import { Compare } from './views/compare.tsx';
import { Dialogs } from './views/dialogs.tsx';
import { DropOverlay, useDrop } from './views/drop.tsx';
import { ProblemCard } from './views/problem-card.tsx';
import { Reading } from './views/reading.tsx';
import { Start } from './views/start.tsx';
import type { ViewProps } from './views/view-props.ts';

export function App({ store, glance, finding, session }: Pick<ViewProps, 'store' | 'glance' | 'finding' | 'session'>) {
  const now = useStore(store);
  const input = useRef<HTMLInputElement>(null);
  const acts = useMemo(
    () => actsOf({ store, session, finding, chooseFile: () => input.current?.click() }),
    [store, session, finding],
  );
  const dropping = useDrop((files) => void session.openFiles(files));
  useLook(now.settings);
  useKeys(store, acts);
  const props: ViewProps = { store, glance, finding, session, now, acts, chooseFile: acts.open };
  return (
    <>
      {comparingShown(now) ? <Compare {...props} /> : now.document ? <Reading {...props} /> : <Start {...props} />}
      <input
        ref={input}
        type="file"
        accept="application/pdf,.pdf,.txt,.md,.markdown"
        aria-label="Open documents"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = '';
          void session.openFiles(files);
        }}
      />
      {now.problem && <ProblemCard {...props} problem={now.problem} />}
      <Dialogs {...props} />
      {dropping && <DropOverlay />}
      <Announcer now={now} />
    </>
  );
}

const inTextBox = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function useKeys(store: Store, acts: Acts) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const command = commandOf(event, inTextBox(event.target));
      if (!command || event.defaultPrevented || store.get().dialog) return;
      if (command.startsWith('find') && !(store.get().document && !comparingShown(store.get()))) return;
      if (command !== 'stop') event.preventDefault();
      acts[command]();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store, acts]);
}
