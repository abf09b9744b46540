// What a reader who looks elsewhere is shown of long work, and told when it has ended.
import { beforeEach, describe, expect, test } from 'vitest';
import { type AttentionMeans, watchWork, windowTitle, workShare } from '../../renderer/attention.ts';
import * as state from '../../renderer/state.ts';
import { createStore, type Store } from '../../renderer/store.ts';
import { opened, run } from './some-document.ts';

const progress = { stage: 'window', done: 615, total: 1_000 } as const;
const working = state.jobProgressed(state.jobStarted(opened(), { kind: 'summary' }), progress);

test('the title says how far the work is, then what came of it, then the name alone', () => {
  expect(windowTitle(state.initialState, undefined)).toBe('Longleaf');
  expect(windowTitle(working, undefined)).toBe('61 % · On needles – Longleaf');
  expect(windowTitle(opened(), 'The summary is ready.')).toBe('The summary is ready · On needles – Longleaf');
  expect(windowTitle(opened(), undefined)).toBe('On needles – Longleaf');
});

test('of several documents the share is that of all of them', () => {
  const row = { id: 'a', title: 'a', pages: 1, words: 1, name: 'a' };
  const rows = [
    { ...row, state: 'done' },
    { ...row, state: 'reading', progress: { stage: 'window', done: 1, total: 2 } },
    { ...row, state: 'waiting' },
    { ...row, state: 'failed' },
  ] as const;
  const comparing = { kind: 'answer', question: 'Why?', running: true, rows } as const;
  expect(workShare({ ...opened(), comparing })).toBe(0.625);
  expect(workShare({ ...opened(), comparing: { ...comparing, running: false } })).toBeUndefined();
});

describe('a word when it has ended', () => {
  let store: Store;
  let away: boolean;
  let time: number;
  let looked: () => void;
  const said: string[] = [];
  const titles: string[] = [];
  const shares: (number | undefined)[] = [];
  const means: AttentionMeans = {
    showProgress: (share) => shares.push(share),
    showTitle: (title) => titles.push(title),
    notify: (sentence) => said.push(sentence),
    isAway: () => away,
    now: () => time,
  };
  beforeEach(() => {
    for (const list of [said, titles, shares]) list.length = 0;
    store = createStore(opened());
    away = true;
    time = 0;
    looked = watchWork(store, means);
  });
  const work = (milliseconds: number) => {
    store.update(() => working);
    time += milliseconds;
  };

  test('is said to who looks elsewhere, stays in the title until the window is looked at, and names no document', () => {
    work(60_000);
    store.update((s) => state.runAdded(s, run(1, 'summary', [1])));
    expect(said).toEqual(['The summary is ready.']);
    expect(titles.at(-1)).toBe('The summary is ready · On needles – Longleaf');
    expect(shares).toEqual([0.61, undefined]);
    looked();
    expect(titles.at(-1)).toBe('On needles – Longleaf');
  });

  test('is not said of short work, of work that was stopped, to who looks here, or where it is not wanted', () => {
    work(9_000);
    store.update((s) => state.runAdded(s, run(1, 'summary', [1])));
    work(60_000);
    store.update((s) => state.jobEnded(state.jobStopping(s)));
    away = false;
    work(60_000);
    store.update((s) => state.runAdded(s, run(2, 'summary', [1])));
    away = true;
    store.update((s) => ({ ...s, settings: { ...s.settings, notify: false } }));
    work(60_000);
    store.update((s) => ({ ...state.runAdded(s, run(3, 'summary', [1])), settings: { ...s.settings, notify: false } }));
    expect(said).toEqual([]);
  });

  test('is said of an answer that was not found, of what failed, of a test, of recognised text and of a download', () => {
    const answering = { ...working, job: { ...working.job!, kind: 'answer' as const } };
    store.update(() => answering);
    time += 60_000;
    store.update((s) => state.runAdded(s, run(1, 'answer', [])));
    work(60_000);
    store.update((s) => state.jobEnded(s, { sentence: 'Needs 9.8 GB.' }));
    store.update((s) => ({
      ...s,
      problem: undefined,
      testing: { model: 'm', lengths: [], places: [], stopping: false },
    }));
    time += 60_000;
    store.update((s) => ({ ...s, testing: undefined }));
    store.update((s) => ({ ...s, opening: { name: 'a', done: 1, total: 2, recognising: true } }));
    time += 60_000;
    store.update((s) => ({ ...s, opening: undefined }));
    const download = { id: 'd', name: 'meadow', address: '', parts: [1], bytes: 1, done: 0, hashed: true };
    store.update((s) => ({ ...s, downloads: [{ ...download, state: 'fetching' }] }));
    store.update((s) => ({ ...s, downloads: [{ ...download, state: 'done' }] }));
    expect(said).toEqual([
      'The document does not say.',
      'A reading could not be finished.',
      'The self-test is done.',
      'The text of the pictures was recognised.',
      'meadow is ready.',
    ]);
  });
});
