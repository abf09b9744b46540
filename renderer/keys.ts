// The keyboard: which key asks for what. Pure; commands.ts names the commands, acts.ts carries them out. `[`, `]` and `?` act only outside
// text boxes.
import type { CommandId } from './commands.ts';

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export function commandOf(press: KeyPress, inTextBox: boolean): CommandId | undefined {
  const { key } = press;
  if (press.ctrlKey || press.metaKey) {
    if (press.altKey) return undefined;
    if (key === 'o' || key === 'O') return 'open';
    if (key === 'k' || key === 'K') return 'palette';
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
