// Opens the bar in which words are looked for, with what is selected in it, and gives the focus back when it is closed.
import type { Store } from '../store.ts';
import type { Finding } from './finding.ts';

/** Of selected words, in characters: more are no words to look for. */
const LONGEST_SELECTION = 200;

/** Where the focus was when the bar was opened. */
let before: Element | null = null;

/** Shows the bar with these words, or those that are selected in the pages, in the text or in a reply. */
export function openFind(store: Store, finding: Finding, words = selectedWords()): void {
  const { activeElement } = document;
  if (!activeElement?.closest('.find')) before = activeElement;
  // In a narrow window the bar is in the pane of the pages, or in the text.
  store.update((s) => (s.pane === 'reply' && s.tab === 'text' ? s : { ...s, pane: 'pages' }));
  finding.open(words);
}

function selectedWords(): string | undefined {
  const selection = getSelection();
  // What is selected in a field, its own too, is no text of the window.
  if (selection?.anchorNode?.nodeType !== Node.TEXT_NODE) return undefined;
  const words = selection.toString().replace(/\s+/g, ' ').trim();
  return words !== '' && words.length <= LONGEST_SELECTION ? words : undefined;
}

/** Where it was when the bar was opened. */
export function giveBackFocus() {
  const place = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : undefined;
  before = null;
  (place ?? document.querySelector<HTMLElement>('[data-pane="pages"], [data-pane]'))?.focus({ preventScroll: true });
}
