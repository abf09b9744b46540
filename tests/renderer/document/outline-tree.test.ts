import { describe, expect, test } from 'vitest';
import type { ReadDocument } from '../../../reading/document.ts';
import {
  foldedAtFirst,
  outlineTree,
  sectionAt,
  shownAncestor,
  shownNodes,
} from '../../../renderer/document/outline-tree.ts';
import { document } from '../some-document.ts';

const withOutline = (...entries: [level: number, page: number][]): ReadDocument => ({
  ...document,
  sentences: entries.map(([, page], index) => ({
    index,
    start: index,
    end: index + 1,
    page,
    kind: 'heading' as const,
    boxes: [{ page, x: 50, y: 100 * (index + 1), width: 100, height: 12 }],
  })),
  outline: entries.map(([level, page], start) => ({ title: `${start}`, level, page, start })),
});

describe('the outline as a tree', () => {
  test('has no gaps where levels are skipped', () => {
    const nodes = outlineTree(withOutline([1, 1], [3, 1], [2, 1], [1, 2], [4, 2]));
    expect(nodes.map(({ depth, parent }) => [depth, parent])).toEqual([
      [1, -1],
      [2, 0],
      [2, 0],
      [1, -1],
      [2, 3],
    ]);
    expect(nodes.map(({ position, siblings }) => `${position} of ${siblings}`)).toEqual([
      '1 of 2',
      '1 of 2',
      '2 of 2',
      '2 of 2',
      '1 of 1',
    ]);
  });

  test('hides all below a folded entry, and marks the one above instead', () => {
    const nodes = outlineTree(withOutline([1, 1], [2, 1], [3, 1], [1, 2]));
    const folded = new Set([0]);
    expect(shownNodes(nodes, folded).map(({ index }) => index)).toEqual([0, 3]);
    expect(shownAncestor(nodes, folded, 2)).toBe(0);
    expect(shownAncestor(nodes, new Set([1]), 2)).toBe(1);
    expect(shownAncestor(nodes, new Set(), 2)).toBe(2);
  });

  test('knows the section at a place of a page', () => {
    const nodes = outlineTree(withOutline([1, 1], [2, 1], [1, 3]));
    expect(sectionAt(nodes, { page: 1, y: 20 })).toBe(-1);
    expect(sectionAt(nodes, { page: 1, y: 150 })).toBe(0);
    expect(sectionAt(nodes, { page: 1, y: 700 })).toBe(1);
    expect(sectionAt(nodes, { page: 2, y: 0 })).toBe(1);
    expect(sectionAt(nodes, { page: 3, y: 300 })).toBe(2);
  });

  test('is folded where it is long, and open where it is short', () => {
    const short = outlineTree(withOutline([1, 1], [2, 1]));
    expect(foldedAtFirst(short)).toEqual(new Set());
    const long = outlineTree(
      withOutline([1, 1], ...Array.from({ length: 80 }, (): [number, number] => [2, 1]), [1, 2]),
    );
    expect(foldedAtFirst(long)).toEqual(new Set([0]));
  });
});
