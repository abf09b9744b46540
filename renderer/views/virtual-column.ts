// A long column of which only what is near the screen exists. Heights are guessed until an item was drawn once, then measured; when a
// guess above the reader's eye was wrong, the column is moved so that what is read stays where it is.
import { type RefObject, useLayoutEffect, useMemo, useReducer, useRef } from 'react';
import { lastAtOrAbove } from '../document/first-where.ts';
import { EYE } from '../glance.ts';

export interface VirtualColumn {
  /** First and last item that exist. */
  shown: [number, number];
  height: number;
  top(index: number): number;
  /** The item at a height of the column, in CSS pixels. */
  at(y: number): number;
  /** To be called when the column was scrolled. */
  look(): void;
}

class Heights {
  readonly heights: Float64Array;
  readonly tops: Float64Array;
  readonly measured: Uint8Array;

  constructor(count: number, guess: (index: number) => number) {
    this.heights = Float64Array.from({ length: count }, (_, i) => guess(i));
    this.tops = new Float64Array(count + 1);
    this.measured = new Uint8Array(count);
    this.add();
  }

  add() {
    for (let i = 0; i < this.heights.length; i++) this.tops[i + 1] = this.tops[i]! + this.heights[i]!;
  }

  at(y: number): number {
    return lastAtOrAbove(this.tops, this.heights.length, y);
  }
}

/**
 * Items are children of the scroller with `data-item`. `width` and `guess` of an item's height belong together: when the width
 * changes, all are guessed again.
 */
export function useVirtualColumn(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  { width, height }: { width: number; height: number },
  guess: (index: number) => number,
): VirtualColumn {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const shown = useRef<[number, number]>([0, 0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: guesses are made anew for another width, and for nothing else
  const column = useMemo(() => new Heights(count, guess), [count, width]);

  const range = (): [number, number] => {
    const top = scroller.current?.scrollTop ?? 0;
    return [column.at(top - height), column.at(top + 2 * height)];
  };
  const look = () => {
    const next = range();
    if (next[0] === shown.current[0] && next[1] === shown.current[1]) return;
    shown.current = next;
    redraw();
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || height === 0) return;
    const eye = column.at(element.scrollTop + EYE * height);
    const was = column.tops[eye]!;
    let changed = false;
    for (const item of element.querySelectorAll<HTMLElement>('[data-item]')) {
      const index = Number(item.dataset.item);
      const real = item.offsetHeight;
      if (column.measured[index] && Math.abs(column.heights[index]! - real) < 0.5) continue;
      changed ||= Math.abs(column.heights[index]! - real) >= 0.5;
      column.measured[index] = 1;
      column.heights[index] = real;
    }
    if (changed) {
      column.add();
      const moved = column.tops[eye]! - was;
      if (moved !== 0) element.scrollTop += moved;
      shown.current = range();
      redraw();
    } else look();
  });

  return {
    shown: shown.current,
    height: column.tops[count] ?? 0,
    top: (index) => column.tops[index] ?? 0,
    at: (y) => column.at(y),
    look,
  };
}
