// From a block of the text to its place on the pages, and back.
import { describe, expect, test } from 'vitest';
import type { Box, ReadDocument } from '../../../reading/document.ts';
import {
  blockAt,
  blockAtHeight,
  boxesOfBlock,
  piecesOf,
  placeOfBlock,
  textPage,
} from '../../../renderer/document/text-pages.ts';

const line = (page: number, y: number, x = 50): Box => ({ page, x, y, width: 200, height: 12 });

/** A heading, a paragraph of two sentences that goes on on page 2, and a last one there. */
const document: ReadDocument = {
  title: 'Piers',
  text: 'Piers\nOne stands. Two fell down\nThree.',
  pages: [
    { number: 1, width: 600, height: 800, start: 0, end: 21, state: 'text' },
    { number: 2, width: 600, height: 800, start: 22, end: 38, state: 'text', label: 'ii' },
    { number: 3, width: 600, height: 800, start: 38, end: 38, state: 'blank' },
  ],
  blocks: [
    { kind: 'heading', start: 0, end: 5, level: 1 },
    { kind: 'prose', start: 6, end: 31 },
    { kind: 'prose', start: 32, end: 38 },
  ],
  sentences: [
    { index: 0, start: 0, end: 5, page: 1, kind: 'heading', boxes: [line(1, 100)] },
    { index: 1, start: 6, end: 17, page: 1, kind: 'prose', boxes: [line(1, 700)] },
    { index: 2, start: 18, end: 31, page: 1, kind: 'prose', boxes: [line(1, 720), line(2, 100)] },
    { index: 3, start: 32, end: 38, page: 2, kind: 'prose', boxes: [line(2, 140)] },
  ],
  words: 7,
  outline: [],
  leftOut: [
    { page: 1, why: 'running', text: 'On', boxes: [line(1, 20)] },
    { page: 1, why: 'running', text: 'Piers', boxes: [line(1, 21, 400)] },
    { page: 1, why: 'running', text: '– 1 –', boxes: [line(1, 780)] },
    { page: 2, why: 'hidden', text: 'Unseen', boxes: [] },
    { page: 2, why: 'running', text: 'A foot', boxes: [line(2, 780)] },
  ],
  notes: [],
};

describe('a page of the text', () => {
  test('has the blocks that begin on it, and what was left out above and below them', () => {
    const said = (number: number) => {
      const { first, end, above, below } = textPage(document, number);
      return [first, end, above.map(({ reason, text }) => `${reason}: ${text}`), below.map(({ reason }) => reason)];
    };
    expect(said(1)).toEqual([0, 2, ['Running head: On Piers'], ['Page number']]);
    expect(said(2)).toEqual([2, 3, [], ['Running foot', 'Hidden text']]);
    expect(said(3)).toEqual([3, 3, [], []]);
  });

  test('says where the next page begins within a paragraph, and what is quoted of it', () => {
    expect(piecesOf(document, 6, 31, { marked: { start: 6, end: 17 } })).toEqual([
      { start: 6, text: 'One stands.', marked: true },
      { start: 17, text: ' Two ', marked: false },
      { start: 22, text: 'fell down', marked: false, page: 2 },
    ]);
  });
});

describe('a block', () => {
  test('has the rectangles of all its lines', () => {
    expect(boxesOfBlock(document, document.blocks[1]!).map(({ page, y }) => [page, y])).toEqual([
      [1, 700],
      [1, 720],
      [2, 100],
    ]);
  });

  test('is found from a point of a page, within it, beside it, and where it goes on', () => {
    expect(blockAt(document, 1, 60, 105)).toBe(0);
    expect(blockAt(document, 1, 500, 726)).toBe(1);
    expect(blockAt(document, 2, 60, 104)).toBe(1);
    expect(blockAt(document, 2, 60, 500)).toBe(2);
    expect(blockAt(document, 3, 60, 500)).toBeUndefined();
  });

  test('is found from a height and leads back to it', () => {
    expect(blockAtHeight(document, { page: 1, y: 0 })).toEqual({ index: 0, share: 0 });
    expect(blockAtHeight(document, { page: 1, y: 400 })).toEqual({ index: 0, share: 1 });
    for (const place of [
      { page: 1, y: 700 },
      { page: 2, y: 146 },
    ]) {
      const found = blockAtHeight(document, place)!;
      const back = placeOfBlock(document, found)!;
      expect(back.page).toBe(place.page);
      expect(Math.abs(back.y - place.y)).toBeLessThan(15);
    }
  });
});
