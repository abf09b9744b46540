// Words that find sentences, and choices that do not repeat themselves.
import { expect, it } from 'vitest';
import {
  bm25,
  centrality,
  cosine,
  indexSentences,
  pickDiverse,
  standardize,
  terms,
  vectors,
} from '../../../reading/words/search.ts';

it('lets the forms of a word meet', () => {
  const pairs = [
    ['extracted', 'extracting'],
    ['policies', 'policy'],
    ['measures', 'measured'],
    ['planning', 'planned'],
    ['quickly', 'quick'],
    ['classes', 'class'],
  ];
  for (const [a, b] of pairs) expect(terms(a), `${a} ${b}`).toEqual(terms(b));
  expect(terms('Who is the owner of this?')).toEqual(terms('owner'));
  expect(terms('花开 two')).toEqual(['花', '开', 'two']);
});

it('ranks the sentence with the rare words of a query first', () => {
  const index = indexSentences([
    'The garden has many trees.',
    'The oldest tree of the garden is a beech, planted in 1788.',
    'Many people visit the garden.',
    'A garden needs water.',
  ]);
  const scores = bm25(index, 'When was the beech in the garden planted?');
  expect(scores.indexOf(Math.max(...scores))).toBe(1);
  expect(bm25(index, 'the of and').every((score) => score === 0)).toBe(true);
});

it('measures likeness and closeness to the whole', () => {
  const all = vectors(indexSentences(['red roses grow', 'red roses bloom', 'the sea is deep', 'red roses fade']));
  expect(cosine(all[0], all[0])).toBeCloseTo(1, 6);
  expect(cosine(all[0], all[2])).toBe(0);
  const closeness = centrality(all);
  expect(Math.min(...closeness)).toBe(closeness[2]);
});

it('does not choose the same thing twice, and obeys the limit given', () => {
  const all = vectors(
    indexSentences(['red roses grow tall', 'red roses grow tall', 'the sea is deep', 'ships sail far']),
  );
  expect(pickDiverse([5, 4.9, 1, 0.5], all, 3, 2)).toEqual([0, 2, 3]);
  expect(pickDiverse([5, 4.9, 1, 0.5], all, 3, 2, (item) => (item === 0 ? Number.POSITIVE_INFINITY : 0))).toEqual([
    1, 2, 3,
  ]);
});

it('standardizes, and calls what does not differ equal', () => {
  expect(standardize([1, 3])).toEqual([-1, 1]);
  expect(standardize([2, 2, 2])).toEqual([0, 0, 0]);
  expect(standardize([])).toEqual([]);
});
