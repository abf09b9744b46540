// The keyboard: which key asks for what. Pure; app.tsx carries the commands out. `[`, `]` and `?` act only outside text boxes.
export type Command =
  | 'open'
  | 'find'
  | 'findNext'
  | 'findPrevious'
  | 'stop'
  | 'back'
  | 'nextCitation'
  | 'previousCitation'
  | 'nextPane'
  | 'previousPane'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomFit'
  | 'keys'
  | 'settings';

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export function commandOf(press: KeyPress, inTextBox: boolean): Command | undefined {
  const { key } = press;
  if (press.ctrlKey || press.metaKey) {
    if (press.altKey) return undefined;
    if (key === 'o' || key === 'O') return 'open';
    if (key === 'f' || key === 'F') return 'find';
    if (key === 'g' || key === 'G') return press.shiftKey ? 'findPrevious' : 'findNext';
    if (key === '+' || key === '=') return 'zoomIn';
    if (key === '-') return 'zoomOut';
    if (key === '0') return 'zoomFit';
    if (key === ',') return 'settings';
    return undefined;
  }
  if (press.altKey) return key === 'ArrowLeft' ? 'back' : undefined;
  if (key === 'Escape') return 'stop';
  if (key === 'F3') return press.shiftKey ? 'findPrevious' : 'findNext';
  if (key === 'F6') return press.shiftKey ? 'previousPane' : 'nextPane';
  if (inTextBox) return undefined;
  if (key === ']') return 'nextCitation';
  if (key === '[') return 'previousCitation';
  if (key === '?') return 'keys';
  return undefined;
}

const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);
export const modifier = mac ? '⌘' : 'Ctrl';

/** The list behind `?`. */
export const keyList: readonly { keys: readonly string[]; does: string }[] = [
  { keys: [modifier, 'O'], does: 'Open a document' },
  { keys: [modifier, 'F'], does: 'Find in the document' },
  { keys: ['F3'], does: 'Next match' },
  { keys: ['Shift', 'F3'], does: 'Previous match' },
  { keys: ['Enter'], does: 'Ask the question' },
  { keys: ['Shift', 'Enter'], does: 'New line in a question' },
  { keys: ['Esc'], does: 'Stop reading, or close' },
  { keys: [']'], does: 'Next citation' },
  { keys: ['['], does: 'Previous citation' },
  { keys: ['Alt', '←'], does: 'Back to where you were' },
  { keys: ['↑', '↓'], does: 'Block by block, in the text' },
  { keys: ['↑', '↓', 'Enter'], does: 'From page to page, in the small ones' },
  { keys: ['F6'], does: 'Next pane' },
  { keys: ['Shift', 'F6'], does: 'Previous pane' },
  { keys: [modifier, '+'], does: 'Larger pages' },
  { keys: [modifier, '−'], does: 'Smaller pages' },
  { keys: [modifier, '0'], does: 'Pages fit the width' },
  { keys: [modifier, ','], does: 'Settings' },
  { keys: ['?'], does: 'This list' },
];
