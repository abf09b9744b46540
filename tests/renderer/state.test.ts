import { describe, expect, test } from 'vitest';
import { citationStepped } from '../../renderer/places.ts';
import * as state from '../../renderer/state.ts';
import { opened, run } from './some-document.ts';

describe('runs', () => {
  test('the newest summary is on show until another is chosen', () => {
    const [first, second] = [run(1, 'summary', [1]), run(2, 'summary', [2])];
    const now = opened([first, second]);
    expect(state.shownSummary(now)?.id).toBe(2);
    expect(state.shownSummary(state.runShown(now, first))?.id).toBe(1);
  });

  test('a new run ends the job, joins the history and is counted', () => {
    const working = state.jobStarted(opened(), { kind: 'summary' });
    const now = state.runAdded(working, run(7, 'summary', [1]));
    expect(now.job).toBeUndefined();
    expect(now.runs.map(({ id }) => id)).toEqual([7]);
    expect(now.library[0]?.runs).toBe(1);
  });

  test('a removed run is gone from history, show and selection', () => {
    const now = citationStepped(opened([run(1, 'summary', [1]), run(2, 'summary', [2])]), 1);
    const after = state.runRemoved(now, 2);
    expect(after.runs.map(({ id }) => id)).toEqual([1]);
    expect(state.shownSummary(after)?.id).toBe(1);
    expect(after.selection).toBeUndefined();
    expect(after.library[0]?.runs).toBe(1);
  });
});

describe('jobs', () => {
  const progress = { stage: 'window', done: 10, total: 100 } as const;

  test('progress is shown until Stop is pressed', () => {
    const working = state.jobProgressed(state.jobStarted(opened(), { kind: 'answer', question: 'Why?' }), progress);
    expect(working.job?.progress).toEqual(progress);
    const stopping = state.jobStopping(working);
    expect(state.jobProgressed(stopping, { ...progress, done: 90 })).toBe(stopping);
  });

  test('a notice is shown beside the progress, and gone with the job', () => {
    const noticed = state.jobNoticed(state.jobStarted(opened(), { kind: 'summary' }), 'The device was reset.');
    expect(state.jobProgressed(noticed, progress).job).toMatchObject({ notice: 'The device was reset.', progress });
    expect(state.jobNoticed(opened(), 'late').job).toBeUndefined();
  });

  test('a question opens the tab Ask, a summary its own', () => {
    expect(state.jobStarted(opened(), { kind: 'answer', question: 'Why?' }).tab).toBe('ask');
    expect(state.jobStarted({ ...opened(), tab: 'ask' }, { kind: 'summary' }).tab).toBe('summary');
  });

  test('progress without a job is dropped', () => {
    const idle = opened();
    expect(state.jobProgressed(idle, progress)).toBe(idle);
  });
});

describe('opening', () => {
  test('a window laid out for another document is not taken', () => {
    const layout = { receipt: run(1, 'summary', []).reply.window, pages: [] };
    const now = opened();
    expect(state.documentChanged(now, 'other', { layout })).toBe(now);
    expect(state.documentChanged(now, 'd1', { layout }).document?.layout).toBe(layout);
  });

  test('a failure leaves the open document and says what happened', () => {
    const now = state.openingFailed(state.openingStarted(opened(), 'b.pdf'), { sentence: 'b.pdf is not a PDF.' });
    expect(now.document?.id).toBe('d1');
    expect(now.opening).toBeUndefined();
    expect(now.problem?.sentence).toBe('b.pdf is not a PDF.');
  });
});

test('in the models view what is being done stays while other things are said', () => {
  const busy = { ...opened(), modelsView: { busy: 'Copying…', problem: 'It failed.' } };
  const said = state.modelsShown(busy, { notice: 'One was left out.' });
  expect(said.modelsView).toEqual({ busy: 'Copying…', notice: 'One was left out.' });
  const closed = state.dialogClosed({ ...said, dialog: { kind: 'models' } });
  expect(closed.modelsView).toEqual({ busy: 'Copying…' });
  expect([state.isBusy(closed), state.isBusy(opened())]).toEqual([true, false]);
});
