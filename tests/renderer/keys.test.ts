import { expect, test } from 'vitest';
import { commandOf } from '../../renderer/keys.ts';

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ key: 'o', ctrlKey: true }, 'open'],
  [{ key: 'o', metaKey: true }, 'open'],
  [{ key: 'k', metaKey: true }, 'palette'],
  [{ key: 'f', ctrlKey: true }, 'find'],
  [{ key: 'F3' }, 'findNext'],
  [{ key: 'F3', shiftKey: true }, 'findPrevious'],
  [{ key: 'g', metaKey: true }, 'findNext'],
  [{ key: 'G', metaKey: true, shiftKey: true }, 'findPrevious'],
  [{ key: 'Escape' }, 'stop'],
  [{ key: 'ArrowLeft', altKey: true }, 'back'],
  [{ key: ']' }, 'nextCitation'],
  [{ key: '[' }, 'previousCitation'],
  [{ key: 'F6' }, 'nextPane'],
  [{ key: 'F6', shiftKey: true }, 'previousPane'],
  [{ key: '=', ctrlKey: true }, 'zoomIn'],
  [{ key: '-', ctrlKey: true }, 'zoomOut'],
  [{ key: '0', ctrlKey: true }, 'zoomFit'],
  [{ key: '?', shiftKey: true }, 'keys'],
  [{ key: ',', ctrlKey: true }, 'settings'],
  [{ key: 'o' }, undefined],
  [{ key: 'ArrowLeft' }, undefined],
] as const)('%o asks for %s', (press, command) => {
  expect(commandOf({ ...none, ...press }, false)).toBe(command);
});

test('signs that are part of a text are left to the text box', () => {
  for (const key of ['[', ']', '?']) expect(commandOf({ ...none, key }, true)).toBeUndefined();
  expect(commandOf({ ...none, key: 'Escape' }, true)).toBe('stop');
});
