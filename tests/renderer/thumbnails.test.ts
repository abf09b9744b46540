// The pages in small: where they lie, which are marked, and that no more of them are drawn and kept than are needed.
import { describe, expect, test } from 'vitest';
import type { OpenPdf } from '../../renderer/document/pdf.ts';
import { createThumbnailDrawing } from '../../renderer/document/thumbnail-drawing.ts';
import {
  layOutThumbnails,
  pageByKey,
  rowOf,
  scrollTopToShow,
  thumbnailScale,
  thumbnailsWithin,
} from '../../renderer/document/thumbnail-layout.ts';
import { citedPages } from '../../renderer/replies/cited.ts';
import * as state from '../../renderer/state.ts';
import { opened, run } from './some-document.ts';

const A4 = { width: 595, height: 842 };
const sizes = Array.from({ length: 3_000 }, () => A4);

describe('the layout', () => {
  test('stands in as many columns as there is room for, in rows of one height', () => {
    expect([190, 248, 360, 420].map((width) => layOutThumbnails(sizes, width).columns)).toEqual([1, 2, 3, 3]);
    const { columns, cell, tops } = layOutThumbnails(sizes, 248);
    expect(columns * cell + (columns + 1) * 12).toBeLessThanOrEqual(248);
    expect(tops.length).toBe(1_501);
    expect(tops[2]! - tops[1]!).toBeCloseTo(tops[1]! - tops[0]!);
  });

  test('pages of any shape stay within their cells', () => {
    for (const size of [A4, { width: 842, height: 595 }, { width: 200, height: 9_000 }]) {
      const scale = thumbnailScale(size, 100);
      expect(size.width * scale).toBeLessThan(100.01);
      expect(size.height * scale).toBeLessThan(160.01);
    }
  });

  test('only the rows near the screen exist, at the beginning, in the middle and at the end', () => {
    const layout = layOutThumbnails(sizes, 248);
    const row = layout.tops[1]! - layout.tops[0]!;
    expect(thumbnailsWithin(layout, 3_000, -300, 3 * row)).toEqual([1, 6]);
    expect(thumbnailsWithin(layout, 3_000, 700.5 * row, 703.2 * row)).toEqual([1_401, 1_408]);
    expect(thumbnailsWithin(layout, 2_999, 9_999_999, 99_999_999)).toEqual([2_999, 2_999]);
  });

  test('a page is scrolled to no further than needed', () => {
    const layout = layOutThumbnails(sizes, 248);
    expect(scrollTopToShow(layout, 1, 0, 500)).toBe(0);
    expect(scrollTopToShow(layout, 4, 0, 500)).toBe(0);
    const down = scrollTopToShow(layout, 41, 0, 500);
    expect(down + 500).toBeCloseTo(layout.tops[rowOf(layout, 41) + 1]!);
    expect(scrollTopToShow(layout, 1, down, 500)).toBe(0);
  });

  test('keys go from page to page and row to row, and never out of the document', () => {
    const by = (key: string, page: number) => pageByKey(key, page, 9, 2, 3);
    expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].map((key) => by(key, 4))).toEqual([5, 3, 6, 2]);
    expect(['Home', 'End', 'PageDown', 'PageUp'].map((key) => by(key, 4))).toEqual([1, 9, 9, 1]);
    expect(by('ArrowDown', 9)).toBe(9);
    expect(by('a', 4)).toBeUndefined();
  });
});

test('the pages that are marked are those that the reply on show quotes', () => {
  const now = opened([run(1, 'summary', [1, 3, 3]), run(2, 'answer', [2])]);
  expect([...citedPages(now)]).toEqual([
    [1, 1],
    [3, 2],
  ]);
  expect([...citedPages({ ...now, tab: 'ask' })]).toEqual([[2, 1]]);
  expect([...citedPages(state.runRemoved(now, 1))]).toEqual([]);
});

describe('drawing', () => {
  /** Paper as far as it is used. */
  const paper = () => {
    const sheet = {
      dataset: {},
      children: [] as unknown[],
      replaceChildren: (one: unknown) => sheet.children.splice(0, 1, one),
    };
    Object.defineProperty(sheet, 'firstElementChild', { get: () => sheet.children[0] });
    return sheet as unknown as HTMLElement & { children: unknown[] };
  };
  const drawn: number[] = [];
  let together = 0;
  const pdf = {
    draw: (number: number, _scale: number, _pixels: number, on: HTMLElement) => {
      together++;
      expect(together).toBe(1);
      const done = new Promise<void>((resolve) =>
        setTimeout(() => {
          together--;
          drawn.push(number);
          on.replaceChildren({ number } as never);
          resolve();
        }, 1),
      );
      return { done, end() {} };
    },
  } as unknown as OpenPdf;
  const until = async (count: number) => {
    while (drawn.length < count) await new Promise((later) => setTimeout(later, 5));
  };

  test('is one page after the other, those flown past are not drawn, and what was drawn last is kept', async () => {
    const drawing = createThumbnailDrawing(pdf, 1);
    for (let number = 1; number <= 100; number++) drawing.show(number, 0.2, paper())();
    for (let number = 101; number <= 170; number++) drawing.show(number, 0.2, paper());
    await until(70);
    expect(drawn).toEqual(Array.from({ length: 70 }, (_, i) => 101 + i));
    const again = paper();
    drawing.show(170, 0.2, again);
    expect(again.children.length).toBe(1);
    const forgotten = paper();
    drawing.show(101, 0.2, forgotten);
    expect(forgotten.children.length).toBe(0);
    drawing.end();
  });
});
