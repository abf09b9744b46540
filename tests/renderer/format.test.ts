import { expect, test } from 'vitest';
import { count, pagesPhrase, plural, ranges, share, span, timeLeft, when } from '../../renderer/format.ts';

test('numbers are grouped and units agree', () => {
  expect(count(28_412)).toBe('28,412');
  expect(plural(1, 'page')).toBe('1 page');
  expect(plural(1_200, 'word')).toBe('1,200 words');
});

test('time left is coarser the further away', () => {
  expect([0.4, 11.2, 150, 6_000].map(timeLeft)).toEqual([
    'almost done',
    '11 s left',
    'about 3 min left',
    'about 2 h left',
  ]);
});

test('spans never show 60 seconds', () => {
  expect([400, 12_300, 120_000, 185_000, 119_700].map(span)).toEqual(['0.4 s', '12 s', '2 min', '3 min 5 s', '2 min']);
});

test('page ranges are named as printed', () => {
  expect(
    ranges([
      [1, 3],
      [5, 5],
    ]),
  ).toBe('1–3, 5');
  expect(pagesPhrase([[5, 5]])).toBe('page 5');
  expect(pagesPhrase([[1, 3]])).toBe('pages 1–3');
  expect(pagesPhrase([])).toBe('no page');
});

test('dates are named from today', () => {
  const now = new Date(2026, 10, 23, 12);
  const at = (...parts: [number, number, number, number]) => when(new Date(...parts).toISOString(), now);
  expect(at(2026, 10, 23, 9)).toBe('today, 09:00');
  expect(at(2026, 10, 22, 23)).toBe('yesterday, 23:00');
  expect(at(2026, 2, 3, 9)).toBe('3 Mar');
  expect(at(2024, 2, 3, 9)).toBe('3 Mar 2024');
});

test('a share stays between nothing and all, also of nothing', () => {
  expect([share(1, 4), share(5, 4), share(1, 0)]).toEqual([0.25, 1, 0]);
});
