import { describe, expect, test } from 'vitest';
import * as places from '../../renderer/places.ts';
import { opened, run } from './some-document.ts';

describe('citations', () => {
  const summary = run(1, 'summary', [1, 3]);

  test('a chosen citation is gone to, with its boxes, and the place before is kept', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = places.citationChosen(before, { run: 1, sentence: 1, citation: 0 });
    expect(after.target).toMatchObject({ page: 3, y: 100, boxes: [{ page: 3, x: 50 }] });
    expect(after.target.serial).toBeGreaterThan(before.target.serial);
    expect(after.trail).toEqual([{ page: 2, y: 40, pane: 'reply' }]);
    expect(after.pane).toBe('pages');
  });

  test('back returns to the place before and takes the highlight away', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = places.wentBack(places.citationChosen(before, { run: 1, sentence: 1, citation: 0 }));
    expect(after.target).toMatchObject({ page: 2, y: 40, boxes: [] });
    expect(after.trail).toEqual([]);
    expect(after.selection).toBeUndefined();
  });

  test('from page to page in the ribbon is one step on the way back', () => {
    const before = { ...opened([summary]), here: { page: 2, y: 40 } };
    const after = [1, 2, 3].reduce(places.pageChosen, before);
    expect(after.target).toMatchObject({ page: 3, y: 0 });
    expect(after.trail).toEqual([{ page: 2, y: 40, pane: 'reply' }]);
  });

  test('in a narrow window back leads to the pane that the reader came from', () => {
    const cited = places.citationStepped({ ...opened([summary]), pane: 'reply' }, 1);
    expect([cited.pane, places.wentBack(cited).pane]).toEqual(['pages', 'reply']);
  });

  test('back without a trail changes nothing', () => {
    const before = opened([summary]);
    expect(places.wentBack(before)).toBe(before);
  });

  test('next and previous go round the citations of the reply on show', () => {
    let now = opened([summary]);
    const sentences: number[] = [];
    for (const step of [1, 1, 1, -1] as const) {
      now = places.citationStepped(now, step);
      sentences.push(now.selection!.sentence);
    }
    expect(sentences).toEqual([0, 1, 0, 1]);
  });

  test('in Ask they go through the answers, not the summary', () => {
    const now = { ...opened([summary, run(2, 'answer', [2])]), tab: 'ask' as const };
    expect(places.citationStepped(now, 1).selection).toEqual({ run: 2, sentence: 0, citation: 0 });
  });

  test('a reply without citations leaves everything as it is', () => {
    const now = opened([run(1, 'summary', [])]);
    expect(places.citationStepped(now, 1)).toBe(now);
  });

  test('the trail is limited', () => {
    let now = opened([summary]);
    for (let i = 0; i < 250; i++) now = places.citationStepped(now, 1);
    expect(now.trail.length).toBe(100);
  });
});

test('zoom goes to the next step from what is shown and stays within its limits', () => {
  expect(places.zoomStepped(opened(), 0.68, 1).zoom).toBe(0.8);
  expect(places.zoomStepped(opened(), 0.68, -1).zoom).toBe(0.67);
  expect(places.zoomStepped(opened(), 4, 1).zoom).toBe(4);
  expect(places.zoomStepped(opened(), 0.5, -1).zoom).toBe(0.5);
});
