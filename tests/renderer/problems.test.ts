import { expect, test, vi } from 'vitest';
import { MainError } from '../../main/common/api.ts';
import { ReadingError } from '../../reading/document.ts';
import { WorkerFailure } from '../../renderer/engine/reader-client.ts';
import { problemOf } from '../../renderer/problems.ts';

test('our own sentences are shown as they are, with what helps', () => {
  expect(problemOf(new ReadingError('not-a-pdf', 'a.txt is not a PDF.'), 'x')).toEqual({
    sentence: 'a.txt is not a PDF.',
    remedy: { kind: 'open' },
  });
  expect(problemOf(new MainError('disk-full', 'The disk is full.'), 'x').remedy).toEqual({ kind: 'retry' });
});

test('a document that does not fit names the pages that do, also from the worker', () => {
  const failure = { name: 'ReadingError', kind: 'window-full', message: 'Too long.', detail: 'fits: 1-87' };
  expect(problemOf(new WorkerFailure(failure), 'x').remedy).toEqual({ kind: 'pages', pages: [1, 87] });
  expect(problemOf(new WorkerFailure({ ...failure, detail: 'fits: none' }), 'x').remedy).toBeUndefined();
});

test('what is not ours is neither shown nor logged in its own words', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { sentence } = problemOf(new TypeError('secret contract text'), 'It could not be opened.');
  expect(sentence).toBe('It could not be opened.');
  expect(JSON.stringify(log.mock.calls)).not.toContain('secret');
  log.mockRestore();
});
