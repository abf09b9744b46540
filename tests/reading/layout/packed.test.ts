// A page that was packed and unpacked is the same page.
import { expect, it } from 'vitest';
import { packText, unpackText } from '../../../reading/layout/packed.ts';
import type { PageText, Run, Segment } from '../../../reading/layout/page-text.ts';

const run = (text: string, u0: number, more: Partial<Run> = {}): Run => ({
  text,
  edges: Array.from({ length: text.length + 1 }, (_, i) => u0 + 5 * i),
  u0,
  u1: u0 + 5 * text.length,
  v: 100,
  size: 10,
  font: 'Times',
  blank: false,
  rtl: false,
  ...more,
});
const segment = (...runs: Run[]): Segment => ({ runs, u0: runs[0].u0, u1: runs.at(-1)!.u1, v: 100, size: 10 });

it('keeps letters, places, fonts and flags', () => {
  const page: PageText = {
    number: 7,
    width: 600,
    height: 800,
    hidden: true,
    frames: [
      {
        angle: 0,
        segments: [
          segment(run('One', 10), run('two', 40, { blank: true, font: 'Times-Bold' })),
          segment(run('raised', 10, { v: 96, size: 7 }), run('\u05D0\u05D1', 90, { rtl: true, edges: [100, 95, 90] })),
          // A letter that is drawn wider than its word, and one that takes two places.
          segment(run('a\u{1F600}', 10, { u1: 60 })),
        ],
      },
      { angle: 270, segments: [segment(run('up', 10))] },
    ],
  };
  const packed = packText(page);
  expect(unpackText(packed)).toEqual(page);
  expect(unpackText(packed)).not.toBe(unpackText(packed));
  expect(unpackText(packText({ ...page, frames: [] })).frames).toEqual([]);
});
