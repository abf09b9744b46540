// Several documents that are asked together: what each row says, what is still to be asked, and the way to a page and back.
import { describe, expect, test } from 'vitest';
import { backOf, citationOfSeveral, wentBack } from '../../../renderer/places.ts';
import * as comparing from '../../../renderer/replies/comparing.ts';
import * as state from '../../../renderer/state.ts';
import { opened, run } from '../some-document.ts';

const id = (sign: string) => sign.repeat(64);
const row = (sign: string, facts: Partial<comparing.ComparingRow> = {}): comparing.ComparingRow => ({
  ...{ id: id(sign), title: sign, name: `${sign}.pdf`, pages: 1, words: 10, state: 'waiting' },
  ...facts,
});
const answered = (sign: string, pages: number[]) => row(sign, { state: 'done', run: run(1, 'answer', pages) });
const ready: comparing.Comparing = { kind: 'answer', question: '', rows: [row('a'), row('b')], running: false };
const asked = { ...ready, question: 'Why?' };

test('summaries of several are as long as the reader has chosen, questions have no length', () => {
  expect(comparing.requestOf('summary', '', { length: 'short' })).toEqual({
    ...{ kind: 'summary', inParts: true, length: 'short' },
  });
  expect(comparing.requestOf('answer', 'Why?', { length: 'short' })).toEqual({ kind: 'answer', question: 'Why?' });
});

describe('what is said of them', () => {
  test('files that come are no documents yet, and a document that is there already is one row', () => {
    const coming = comparing.filesComing(ready, [{ id: 'file 1', name: 'a copy.pdf' }]);
    expect(coming.running).toBe(true);
    expect(coming.rows.map((one) => comparing.standing(coming, one))).toEqual(['Ready', 'Ready', 'Waiting']);
    expect(comparing.fileAdded(coming, 'file 1', row('a')).rows.map(({ title }) => title)).toEqual(['a', 'b']);
    expect(comparing.fileAdded(coming, 'file 1', row('c')).rows.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
  });

  test('before a question they are ready, and it is said what can be done with them', () => {
    const failed = { ...ready, rows: [...ready.rows, row('c', { id: 'file 1', state: 'failed' })] };
    expect(comparing.outcome(failed)).toBe(
      '2 documents ready, 1 could not be read. Ask one question, or have each summed up.',
    );
    expect(comparing.rest(failed)).toEqual([]);
  });

  test('after Stop those that have said nothing are left to be asked', () => {
    const rows = [answered('a', [1]), answered('b', []), row('c', { state: 'reading' }), row('d')];
    const stopped = comparing.ended({ ...asked, running: true, rows });
    expect(stopped.rows.map((one) => comparing.standing(stopped, one))).toEqual([
      'Yes',
      'No',
      'Not asked',
      'Not asked',
    ]);
    expect(comparing.rest(stopped).map(({ title }) => title)).toEqual(['c', 'd']);
    expect(comparing.outcome(stopped)).toBe('2 of 4 documents read, found in 1.');
  });

  test('while they are read it is said which one is', () => {
    const rows = [answered('a', [1]), row('b', { state: 'reading' }), row('c')];
    expect(comparing.outcome({ ...asked, running: true, rows })).toBe('Reading 2 of 3.');
  });
});

describe('from the table to a page and back', () => {
  const one = run(7, 'answer', [2]);
  const rows = [{ ...answered('a', [2]), id: 'd1', run: one }, row('b')];
  const before = { ...opened([one]), comparing: { ...asked, rows } };

  test('one of the documents is on show, and the first step back leads to the table', () => {
    const shown = citationOfSeveral(state.comparingAside(before), { run: 7, sentence: 0, citation: 0 });
    expect(state.comparingShown(shown)).toBeUndefined();
    expect(shown.target).toMatchObject({ page: 2, by: 'citation' });
    expect(backOf(shown)).toBe('all 2');
    expect(state.comparingShown(wentBack(shown))?.rows).toEqual(rows);
  });

  test('a document of them that is opened keeps the table; another one ends it', () => {
    const { pdf } = before.document!;
    expect(state.pagesShown(before, { id: 'd1', name: 'a.pdf', pdf }).comparing?.aside).toBe(true);
    expect(state.pagesShown(before, { id: 'd2', name: 'z.pdf', pdf }).comparing).toBeUndefined();
  });

  test('what it says is listed where its document is open, and keeps other models away while it is made', () => {
    const stored = state.runStored(before, run(8, 'answer', [1]));
    expect(stored.runs.map(({ id }) => id)).toEqual([7, 8]);
    expect(stored.library[0]!.runs).toBe(2);
    expect(state.isBusy({ ...before, comparing: { ...asked, running: true } })).toBe(true);
  });
});
