// What is said of models: fits, downloads, sizes; and which files make one model.
import { describe, expect, test } from 'vitest';
import type { DownloadRow } from '../../../main/common/api.ts';
import { catalogue } from '../../../main/common/catalogue.ts';
import { groupModels, missingSentence, partNames, partOfName, seesPictures } from '../../../main/common/model-names.ts';
import type { ModelReport } from '../../../renderer/engine/engine-protocol.ts';
import { size, sizes } from '../../../renderer/format.ts';
import {
  downloadWords,
  endedWords,
  fitWords,
  licenceName,
  modelTitle,
  ownWindow,
  parameters,
  roughFit,
  takesWhole,
  trainedOn,
} from '../../../renderer/models/model-words.ts';

const none = { type: 'none', factor: 1, base: 10_000 } as const;
const report = (change: Partial<ModelReport> = {}): ModelReport => ({
  name: 'Meadow',
  architecture: 'llama',
  parameters: 4.3e9,
  trainedContext: 8_192,
  rope: none,
  types: ['Q4_K'],
  chat: true,
  ...change,
});
const row = (change: Partial<DownloadRow>): DownloadRow => ({
  id: 'd-000000000000',
  name: 'm',
  address: 'https://a.b/m.gguf',
  state: 'fetching',
  parts: [2e9],
  bytes: 2e9,
  done: 5e8,
  hashed: true,
  ...change,
});
const room = { free: 6.1e9, largest: 2e9 };

describe('whether a model fits', () => {
  test('is said with figures: whole, partly, not at all, or not known', () => {
    expect(fitWords(report({ fit: { bytes: 5.1e9, window: 32_768 } }), room)).toEqual({
      kind: 'whole',
      sentence: 'A window of 32,768 tokens fits here: it takes 5.10 GB.',
    });
    expect(fitWords(report({ fit: { bytes: 9.8e9, window: 12_288 } }), room)).toEqual({
      kind: 'partly',
      sentence: 'Up to 12,288 tokens fit here; 32,768 would take 9.80 GB and 6.10 GB are free.',
    });
    expect(fitWords(report({ fit: { bytes: 9.8e9, window: 0 } }), room)!.kind).toBe('none');
    expect(fitWords(report(), room)).toBeUndefined();
  });

  test('is told of the catalogue about, by what is free', () => {
    const [gemma] = catalogue;
    const words = (free: number) => roughFit(gemma!, { free, largest: free })!.kind;
    expect([words(9e9), words(5e9), words(2e9)]).toEqual(['whole', 'partly', 'none']);
    expect(roughFit(gemma!, undefined)!.kind).toBe('partly');
    expect(roughFit(gemma!, { free: 5e9, largest: 5e9 })!.sentence).toMatch(/^About 15,\d{3} tokens fit here/);
  });

  test('a document goes in whole where its window is long enough without more stretching, and there is room', () => {
    const fit = { bytes: 1, window: 32_768 };
    expect(takesWhole(report({ fit }), 8_000)).toBe(true);
    expect(takesWhole(report({ fit }), 9_000)).toBe(false);
    expect(takesWhole(report({ fit: { bytes: 1, window: 4_096 } }), 8_000)).toBe(false);
    expect(ownWindow(report({ trainedContext: 2_048, rope: { type: 'linear', factor: 16, base: 10_000 } }))).toBe(
      32_768,
    );
    expect(ownWindow(report({ trainedContext: 131_072 }))).toBe(32_768);
  });
});

test('numbers are said as readers say them', () => {
  expect([size(900), size(111_000), size(5_646_112), size(807e6), size(2_489_757_856), size(12.34e9)]).toEqual([
    '1 kB',
    '111 kB',
    '5.6 MB',
    '807 MB',
    '2.49 GB',
    '12.3 GB',
  ]);
  expect(sizes(1.2e9, 2.49e9)).toBe('1.20 of 2.49 GB');
  expect([parameters(4.3e9), parameters(5.05e6), parameters(135e6)]).toEqual([
    '4.3 billion parameters',
    '5.0 million parameters',
    '135 million parameters',
  ]);
  expect(trainedOn(report())).toBe('trained on 8,192 tokens');
});

test('a download says how far it is, how fast, and what became of it', () => {
  expect(downloadWords(row({ rate: 8.4e6, secondsLeft: 180 }))).toBe(
    '0.50 of 2.00 GB · 8.4 MB a second · about 3 min left',
  );
  expect(downloadWords(row({ state: 'waiting' }))).toBe('Waits for the one before it. 0.50 of 2.00 GB');
  expect(downloadWords(row({ state: 'stopped' }))).toBe('Stopped at 25 %. What was fetched is kept.');
  expect(downloadWords(row({ state: 'failed', problem: 'The disk is full.' }))).toBe('The disk is full.');
});

test('files are models: parts together in their order, others by themselves, and no pictures', () => {
  const names = [
    'b-00002-of-00002.gguf',
    'a.gguf',
    'mmproj-b.gguf',
    'B-00001-OF-00002.GGUF',
    'c-00001-of-00003.gguf',
    'notes.txt',
  ];
  expect(groupModels(names, (name) => name)).toEqual([
    { name: 'b', files: ['B-00001-OF-00002.GGUF', 'b-00002-of-00002.gguf'], missing: [] },
    { name: 'a', files: ['a.gguf'], missing: [] },
    { name: 'c', files: ['c-00001-of-00003.gguf'], missing: ['c-00002-of-00003.gguf', 'c-00003-of-00003.gguf'] },
  ]);
  expect(missingSentence(['c-00002-of-00003.gguf', 'c-00003-of-00003.gguf'])).toMatch(
    /c-00002-of-00003\.gguf and 1 more are missing/,
  );
  const part = { stem: 'llama-70b-Q4_K_M', part: 2, count: 3 };
  expect(partOfName('llama-70b-Q4_K_M-00002-of-00003.gguf')).toEqual(part);
  expect(partNames(part.stem, part.count)[0]).toBe('llama-70b-Q4_K_M-00001-of-00003.gguf');
  const bounds = ['a-00000-of-00003.gguf', 'a-00004-of-00003.gguf', 'a-00001-of-00001.gguf', 'a-00001-of-99999.gguf'];
  for (const other of ['a.gguf', 'a-1-of-3.gguf', ...bounds]) expect(partOfName(other)).toBeUndefined();
  expect([seesPictures('mmproj-model-f16.gguf'), seesPictures('model.gguf')]).toEqual([true, false]);
});

test('a listener is told once of a download that has ended, and of none of an earlier day', () => {
  const coming = row({ name: 'Meadow' });
  const [done, failed] = [row({ name: 'Meadow', state: 'done' }), row({ name: 'Meadow', state: 'failed' })];
  expect(endedWords([coming], [done])).toBe('Meadow is ready.');
  expect(endedWords([row({ state: 'checking' })], [failed])).toBe('Meadow failed.');
  for (const [before, now] of [
    [[], [done]],
    [[done], [done]],
    [[coming], [coming]],
    [[coming], [row({ state: 'stopped' })]],
  ] as const)
    expect(endedWords(before, now)).toBe('');
});

test('a model is called by what its maker calls it, where that is a name and no other has it', () => {
  const [a, b, c] = [
    { id: 'a', name: 'meadow-it-Q4_K_M' },
    { id: 'b', name: 'meadow-it-Q8_0' },
    { id: 'c', name: 'wood' },
  ];
  const reports = { a: report(), b: report({ name: ' Meadow ' }), c: report({ name: '/srv/out/1' }) };
  expect(modelTitle(a, [a, c], reports)).toBe('Meadow');
  expect(modelTitle(a, [a, b, c], reports)).toBe('Meadow (meadow-it-Q4_K_M)');
  expect(modelTitle(b, [a, b, c], reports)).toBe('Meadow (meadow-it-Q8_0)');
  expect(modelTitle(c, [a, b, c], reports)).toBe('wood');
  expect(modelTitle(a, [a], { a: { refused: 'damaged' } })).toBe('meadow-it-Q4_K_M');
  expect(modelTitle(a, [a], {})).toBe('meadow-it-Q4_K_M');
});

test('licences are called by their names', () => {
  expect(['apache-2.0', 'cc-by-sa-4.0', 'cc-by-nc-4.0', 'llama3.2', 'gemma', 'mine-1.0'].map(licenceName)).toEqual([
    'Apache 2.0',
    'CC BY-SA 4.0',
    'CC BY-NC 4.0, not for commercial use',
    'Llama 3.2 community licence',
    'Gemma terms of use',
    'mine-1.0',
  ]);
});
