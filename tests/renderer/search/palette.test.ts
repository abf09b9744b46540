// What the palette lists for what is typed, and that every command is carried out by something and has one name.
import { expect, test } from 'vitest';
import type { FoundReply } from '../../../main/common/api.ts';
import { commands, keyList, offered } from '../../../renderer/commands.ts';
import { paletteFor, stretchesOf } from '../../../renderer/search/palette.ts';
import { initialState, type State } from '../../../renderer/state.ts';
import { opened, row, run } from '../some-document.ts';

const reply: FoundReply = {
  ...{ id: 7, documentId: 'd1', createdAt: row.addedAt, title: 'On needles', kind: 'answer' },
  ...{ question: 'Why needles?', snippet: 'Because they last.' },
};

const listed = (now: State, typed: string, found: FoundReply[] = []) =>
  paletteFor(now, typed, found).map(({ title, items }) => [title, items.map(({ text }) => text)]);

test('commands are offered when they can be done', () => {
  const ids = (now: State) => offered(now).map(({ id }) => id);
  expect(ids(initialState)).toEqual(expect.arrayContaining(['open', 'models', 'keys']));
  for (const id of ['find', 'summarise', 'exportMd', 'close', 'compare', 'themeSystem', 'nextPane'])
    expect(ids(initialState)).not.toContain(id);
  expect(ids(opened())).toEqual(expect.arrayContaining(['find', 'summarise', 'showText']));
  expect(ids(opened([run(1, 'summary', [1])]))).toEqual(expect.arrayContaining(['exportMd', 'showSummary', 'lens']));
  const busy: State = { ...opened(), job: { kind: 'summary', stopping: false } };
  expect(ids(busy)).toContain('stop');
  expect(ids(busy)).not.toContain('summarise');
});

test('have one name each, as have the keys in their list', () => {
  expect(new Set(commands.map(({ does }) => does)).size).toBe(commands.length);
  expect(new Set(keyList.map(({ does }) => does)).size).toBe(keyList.length);
  expect(keyList.map(({ does }) => does)).toEqual(expect.arrayContaining(['Find in the document', 'Ask the question']));
});

test('are found by words that begin so, their own name first, and by other words for them', () => {
  const now = opened([run(1, 'summary', [1])]);
  const first = (typed: string) => paletteFor(now, typed, [])[0]?.items.map(({ text }) => text);
  expect(first('summary')).toEqual(['Show the summary', 'Summarise the document']);
  expect(first('DARK')).toEqual(['Theme: dark']);
  expect(first('self-test')).toEqual(['Test the model that reads']);
  expect(first('shortcuts')).toEqual(['List of keys']);
  expect(first('ark')).toEqual(['Find “ark” in the document']);
});

test('documents and replies come after them, and the words themselves in the document on show', () => {
  const now = { ...opened(), library: [{ ...row, title: 'Über Nadeln', name: 'needles.pdf' }] };
  expect(listed(now, 'nadeln uber', [reply])).toEqual([
    ['Documents', ['Über Nadeln']],
    ['Summaries and answers', ['Why needles?']],
    ['Document on show', ['Find “nadeln uber” in the document']],
  ]);
  expect(listed({ ...initialState, library: now.library }, 'needles')).toEqual([['Documents', ['Über Nadeln']]]);
  expect(listed(initialState, 'needles')).toEqual([]);
  expect(listed(now, '', [reply]).map(([title]) => title)).toEqual(['Commands', 'Documents']);
});

test('what was looked for is marked in what was found', () => {
  expect(stretchesOf('Fire needs a fire.', ['fire', 'a'])).toEqual([
    { start: 0, text: 'Fire', found: true },
    { start: 4, text: ' needs ', found: false },
    { start: 11, text: 'a', found: true },
    { start: 12, text: ' ', found: false },
    { start: 13, text: 'fire', found: true },
    { start: 17, text: '.', found: false },
  ]);
  expect(stretchesOf('café', [])).toEqual([{ start: 0, text: 'café', found: false }]);
  expect(stretchesOf('ananas', ['ana', 'nan'])).toEqual([
    { start: 0, text: 'ana', found: true },
    { start: 3, text: 'n', found: true },
    { start: 4, text: 'as', found: false },
  ]);
});
