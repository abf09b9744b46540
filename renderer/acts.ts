// Carries out what the window is told to do, by a key or from the palette (commands.ts).
import type { CommandId } from './commands.ts';
import * as places from './places.ts';
import { soon } from './replies/show-run.ts';
import type { Finding } from './search/finding.ts';
import { openFind } from './search/open-find.ts';
import type { Session } from './session.ts';
import * as state from './state.ts';
import type { Store } from './store.ts';

export type Acts = Readonly<Record<CommandId, () => void>> & {
  /** Looks for these words in the open document. */
  findWords(words: string): void;
};

interface ActsMeans {
  store: Store;
  session: Session;
  finding: Finding;
  chooseFile(): void;
}

/** F6: the panes that are there, in reading order. */
function focusPane(step: 1 | -1) {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  if (panes.length === 0) return;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(at + step + panes.length) % panes.length]?.focus();
}

export function actsOf({ store, session, finding, chooseFile }: ActsMeans): Acts {
  const change = (next: Partial<state.State>) => store.update((s) => ({ ...s, ...next }));
  const zoom = (step: 1 | -1) =>
    store.update((s) => {
      const shown = Number(document.querySelector<HTMLElement>('[data-shown-zoom]')?.dataset.shownZoom ?? 1);
      return s.document ? places.zoomStepped(s, shown, step) : s;
    });
  const stop = () => {
    if (store.get().problem) change({ problem: undefined });
    else if (store.get().opening) session.stopOpening();
    else if (state.comparingShown(store.get())) session.stopComparing();
    else if (store.get().job || !finding.get().open) session.stop();
    else finding.close();
  };
  const showTab = (tab: state.Tab, focus = '[role="tab"][data-selected]') => {
    change({ tab, pane: 'reply' });
    soon(() => document.querySelector<HTMLElement>(`.reply-pane ${focus}`)?.focus());
  };
  const exported = (format: 'md' | 'html' | 'pdf' | 'json') => () => void session.exportRuns(store.get().runs, format);
  const theme = (of: 'light' | 'dark' | 'system') => () => void session.changeSettings({ theme: of });
  return {
    open: chooseFile,
    palette: () => change({ dialog: { kind: 'palette' } }),
    find: () => openFind(store, finding),
    findWords: (words) => openFind(store, finding, words),
    findNext: () => finding.step(1),
    findPrevious: () => finding.step(-1),
    summarise: () => void session.summarise(),
    ask: () => showTab('ask', 'textarea'),
    stop,
    showSummary: () => showTab('summary'),
    showAnswers: () => showTab('ask'),
    showText: () => showTab('text'),
    showContents: () => change({ rail: 'contents', pane: 'library' }),
    showThumbnails: () => change({ rail: 'thumbnails', pane: 'library' }),
    nextCitation: () => store.update((s) => places.citationStepped(s, 1)),
    previousCitation: () => store.update((s) => places.citationStepped(s, -1)),
    back: () => store.update(places.wentBack),
    lens: () => change({ dialog: { kind: 'lens' } }),
    recognise: () => void session.recognise(),
    exportMd: exported('md'),
    exportHtml: exported('html'),
    exportPdf: exported('pdf'),
    exportJson: exported('json'),
    compare: () => change({ dialog: { kind: 'choose' } }),
    models: () => void session.showModels(),
    selfTest: () => void session.showModels({ test: true }),
    themeLight: theme('light'),
    themeDark: theme('dark'),
    themeSystem: theme('system'),
    zoomIn: () => zoom(1),
    zoomOut: () => zoom(-1),
    zoomFit: () => change({ zoom: 'fit' }),
    nextPane: () => focusPane(1),
    previousPane: () => focusPane(-1),
    close: () => session.closeDocument(),
    settings: () => change({ dialog: { kind: 'settings' } }),
    keys: () => change({ dialog: { kind: 'keys' } }),
  };
}
