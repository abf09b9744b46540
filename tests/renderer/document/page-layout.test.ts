import { expect, test } from 'vitest';
import {
  fitScale,
  layOutPages,
  offsetOf,
  PAGE_GAP,
  placeAt,
  visiblePages,
} from '../../../renderer/document/page-layout.ts';

const sizes = [
  { width: 600, height: 800 },
  { width: 800, height: 600 },
  { width: 600, height: 800 },
];
const layout = layOutPages(sizes, 0.5);

test('pages follow each other with a gap before, between and after', () => {
  expect(layout.tops).toEqual([PAGE_GAP, 400 + 2 * PAGE_GAP, 700 + 3 * PAGE_GAP]);
  expect(layout.height).toBe(1_100 + 4 * PAGE_GAP);
});

test('a scroll position and a place on a page are two names of one point, at any zoom', () => {
  for (const y of [PAGE_GAP, 200, 650, 1_100]) expect(offsetOf(layout, placeAt(layout, y))).toBeCloseTo(y);
  const place = placeAt(layout, 650);
  expect(place.page).toBe(2);
  expect(placeAt(layOutPages(sizes, 2), offsetOf(layOutPages(sizes, 2), place))).toEqual(place);
});

test('above the first page is its top', () => {
  expect(placeAt(layout, 0)).toEqual({ page: 1, y: 0 });
});

test('the pages that touch the screen are found', () => {
  expect(visiblePages(layout, 0, 100)).toEqual([0, 0]);
  expect(visiblePages(layout, 300, 500)).toEqual([0, 1]);
  expect(visiblePages(layout, -500, 9_999)).toEqual([0, 2]);
});

test('the widest page fits the width, within limits', () => {
  expect(fitScale(sizes, 400)).toBe(0.5);
  expect(fitScale(sizes, 10)).toBe(0.25);
  expect(fitScale(sizes, 9_999)).toBe(2);
});
