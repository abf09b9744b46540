// The window: a start screen or the three panes of an open document, the drop overlay above both, and the keyboard.
import { type RefObject, useEffect, useRef } from 'react';
import type { Finding } from './finding.ts';
import type { GlanceStore } from './glance.ts';
import { commandOf } from './keys.ts';
import * as places from './places.ts';
import type { Session } from './session.ts';
import type * as state from './state.ts';
import { type Store, useStore } from './store.ts';
import { useLook } from './theme.ts';
import { Announcer } from './views/announcer.tsx';
import { Compare } from './views/compare.tsx';
import { Dialogs } from './views/dialogs.tsx';
import { DropOverlay, useDrop } from './views/drop.tsx';
import { openFind } from './views/find-bar.tsx';
import { ProblemCard } from './views/problem-card.tsx';
import { Reading } from './views/reading.tsx';
import { Start } from './views/start.tsx';

export interface ViewProps {
  store: Store;
  /** What moves with the mouse and the scroll. */
  glance: GlanceStore;
  finding: Finding;
  session: Session;
  now: state.State;
  /** Shows the system's file dialog. */
  chooseFile(): void;
}

export function App({ store, glance, finding, session }: Pick<ViewProps, 'store' | 'glance' | 'finding' | 'session'>) {
  const now = useStore(store);
  const input = useRef<HTMLInputElement>(null);
  const chooseFile = () => input.current?.click();
  const dropping = useDrop((files) => void session.openFiles(files));
  useLook(now.settings);
  useKeys(store, session, finding, input);
  const props: ViewProps = { store, glance, finding, session, now, chooseFile };
  return (
    <>
      {now.comparing ? <Compare {...props} /> : now.document ? <Reading {...props} /> : <Start {...props} />}
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

/** F6: the panes that are there, in reading order. */
function focusPane(step: 1 | -1) {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  if (panes.length === 0) return;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(at + step + panes.length) % panes.length]?.focus();
}

function useKeys(store: Store, session: Session, finding: Finding, input: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const zoom = (step: 1 | -1) =>
      store.update((s) => {
        const shown = Number(document.querySelector<HTMLElement>('[data-shown-zoom]')?.dataset.shownZoom ?? 1);
        return s.document ? places.zoomStepped(s, shown, step) : s;
      });
    const stop = () => {
      if (store.get().problem) store.update((s) => ({ ...s, problem: undefined }));
      else if (store.get().comparing) session.stopComparing();
      else if (store.get().job || !finding.get().open) session.stop();
      else finding.close();
    };
    const carryOut = {
      open: () => input.current?.click(),
      find: () => openFind(store, finding),
      findNext: () => finding.step(1),
      findPrevious: () => finding.step(-1),
      stop,
      back: () => store.update(places.wentBack),
      nextCitation: () => store.update((s) => places.citationStepped(s, 1)),
      previousCitation: () => store.update((s) => places.citationStepped(s, -1)),
      nextPane: () => focusPane(1),
      previousPane: () => focusPane(-1),
      zoomIn: () => zoom(1),
      zoomOut: () => zoom(-1),
      zoomFit: () => store.update((s) => ({ ...s, zoom: 'fit' as const })),
      keys: () => store.update((s) => ({ ...s, dialog: { kind: 'keys' as const } })),
      settings: () => store.update((s) => ({ ...s, dialog: { kind: 'settings' as const } })),
    };
    const press = (event: KeyboardEvent) => {
      const command = commandOf(event, inTextBox(event.target));
      if (!command || event.defaultPrevented || store.get().dialog) return;
      if (command.startsWith('find') && !(store.get().document && !store.get().comparing)) return;
      if (command !== 'stop') event.preventDefault();
      carryOut[command]();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store, session, finding, input]);
}
