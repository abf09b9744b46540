import { describe, expect, test } from 'vitest';
import * as state from '../../renderer/state.ts';
import { opened, run } from './some-document.ts';

describe('citations', () => {
  const summary = run(1, 'summary', [1, 3]);

  test('a chosen citation is gone to, with its boxes, and the place before is kept', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = state.citationChosen(before, { run: 1, sentence: 1, citation: 0 });
    expect(after.target).toMatchObject({ page: 3, y: 100, boxes: [{ page: 3, x: 50 }] });
    expect(after.target.serial).toBeGreaterThan(before.target.serial);
    expect(after.trail).toEqual([{ page: 2, y: 40, pane: 'reply' }]);
    expect(after.pane).toBe('pages');
  });

  test('back returns to the place before and takes the highlight away', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = state.wentBack(state.citationChosen(before, { run: 1, sentence: 1, citation: 0 }));
    expect(after.target).toMatchObject({ page: 2, y: 40, boxes: [] });
    expect(after.trail).toEqual([]);
    expect(after.selection).toBeUndefined();
  });

  test('from page to page in the ribbon is one step on the way back', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = [1, 2, 3].reduce(state.pageChosen, before);
    expect(after.target).toMatchObject({ page: 3, y: 0 });
    expect(after.trail).toEqual([{ page: 2, y: 40, pane: 'reply' }]);
  });

  test('in a narrow window back leads to the pane that the reader came from', () => {
    const cited = state.citationStepped({ ...opened([summary]), pane: 'reply' }, 1);
    expect([cited.pane, state.wentBack(cited).pane]).toEqual(['pages', 'reply']);
  });

  test('back without a trail changes nothing', () => {
    const before = opened([summary]);
    expect(state.wentBack(before)).toBe(before);
  });

  test('next and previous go round the citations of the reply on show', () => {
    let now = opened([summary]);
    const sentences: number[] = [];
    for (const step of [1, 1, 1, -1] as const) {
      now = state.citationStepped(now, step);
      sentences.push(now.selection!.sentence);
    }
    expect(sentences).toEqual([0, 1, 0, 1]);
  });

  test('in Ask they go through the answers, not the summary', () => {
    const now = { ...opened([summary, run(2, 'answer', [2])]), tab: 'ask' as const };
    expect(state.citationStepped(now, 1).selection).toEqual({ run: 2, sentence: 0, citation: 0 });
  });

  test('a reply without citations leaves everything as it is', () => {
    const now = opened([run(1, 'summary', [])]);
    expect(state.citationStepped(now, 1)).toBe(now);
  });

  test('the trail is limited', () => {
    let now = opened([summary]);
    for (let i = 0; i < 250; i++) now = state.citationStepped(now, 1);
    expect(now.trail.length).toBe(100);
  });
});

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
    const now = state.citationStepped(opened([run(1, 'summary', [1]), run(2, 'summary', [2])]), 1);
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

test('zoom goes to the next step from what is shown and stays within its limits', () => {
  expect(state.zoomStepped(opened(), 0.68, 1).zoom).toBe(0.8);
  expect(state.zoomStepped(opened(), 0.68, -1).zoom).toBe(0.67);
  expect(state.zoomStepped(opened(), 4, 1).zoom).toBe(4);
  expect(state.zoomStepped(opened(), 0.5, -1).zoom).toBe(0.5);
});
