// Entries of a file's own outline find the line that they name.
import { expect, it } from 'vitest';
import type { ReadDocument, Sentence } from '../../../reading/document.ts';
import { type Bookmark, placeBookmarks } from '../../../reading/pdf/outline.ts';

const parts: [string, Sentence['kind'], number][] = [
  ['1 Methods', 'heading', 60],
  ['We mention results here.', 'prose', 90],
  ['Results', 'heading', 120],
  ['There were some.', 'prose', 150],
  ['Results', 'heading', 300],
];
const text = parts.map(([one]) => one).join('\n');
let at = 0;
const sentences = parts.map(([one, kind, y], index): Sentence => {
  const start = at;
  at += one.length + 1;
  const boxes = [{ page: 1, x: 72, y, width: 100, height: 12 }];
  return { index, start, end: start + one.length, page: 1, kind, boxes };
});
const pages: ReadDocument['pages'] = [
  { number: 1, width: 600, height: 800, start: 0, end: text.length, state: 'text' },
];
const place = (...bookmarks: Omit<Bookmark, 'level' | 'page'>[]) =>
  placeBookmarks(
    bookmarks.map((one) => ({ ...one, level: 1, page: 1 })),
    { text, pages, sentences },
    (_, height) => 800 - height,
  ).map(({ start }) => text.slice(start).split('\n')[0]);

it('by its words, with or without the number of the section', () => {
  expect(place({ title: 'Methods' })).toEqual(['1 Methods']);
  expect(place({ title: '1. METHODS' })).toEqual(['1 Methods']);
});

it('the nearest to the height that it names, where the words stand more than once', () => {
  const starts = placeBookmarks(
    [{ title: 'Results', level: 1, page: 1, top: 800 - 298 }],
    { text, pages, sentences },
    (_, height) => 800 - height,
  );
  expect(starts[0]!.start).toBe(sentences[4]!.start);
});

it('and where its words stand nowhere, the first line below that height, or the page', () => {
  expect(place({ title: 'Appendix', top: 800 - 140 })).toEqual(['There were some.']);
  expect(place({ title: 'Appendix' })).toEqual(['1 Methods']);
});
