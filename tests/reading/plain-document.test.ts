// Files of text: their encodings, and what is no text at all.
import { expect, it } from 'vitest';
import { kindOfFile } from '../../reading/kind.ts';
import { decodeText, readPlainText } from '../../reading/plain-document.ts';

it('reads texts in the encodings that files have, and refuses by name what is none', () => {
  expect(decodeText(new Uint8Array([0xff, 0xfe, 0x61, 0, 0xe9, 0]))).toBe('aé');
  expect(decodeText(new Uint8Array([0x61, 0xe9]))).toBe('aé');
  expect(decodeText(new TextEncoder().encode('aé'))).toBe('aé');
  expect(() => kindOfFile(new TextEncoder().encode('<!doctype html>'), 'a.pdf')).toThrow('a.pdf is a web page');
  const { outline, sentences } = readPlainText(
    new TextEncoder().encode('# One\n\nA. B is.\n\n## Two\n\nC.'),
    'a.md',
    true,
  );
  expect(outline.map(({ title, level }) => [title, level])).toEqual([
    ['One', 1],
    ['Two', 2],
  ]);
  expect(sentences.every(({ boxes }) => boxes.length > 0)).toBe(true);
});
