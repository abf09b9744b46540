import { expect, test, vi } from 'vitest';
import { nowAndThen } from '../../renderer/now-and-then.ts';

test('of many words in a row the first is told, then one at a time, and what matters at once', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const told: number[] = [];
    const tell = nowAndThen(
      100,
      (word: number) => told.push(word),
      (word, last) => word >= last + 1_000,
    );
    for (let word = 0; word < 30; word++) {
      tell(word);
      vi.advanceTimersByTime(9);
    }
    expect(told).toEqual([0, 12, 24]);
    tell(1_024);
    tell(1_025);
    expect(told).toEqual([0, 12, 24, 1_024]);
  } finally {
    vi.useRealTimers();
  }
});
