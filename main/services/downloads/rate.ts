// How fast bytes come, over the last seconds: what came longer ago says nothing about what is left.

const span = 5_000;

export interface Rate {
  /** `done` bytes at `now` in milliseconds. */
  add(done: number, now: number): void;
  /** Bytes a second; undefined until there is something to measure. */
  perSecond(now: number): number | undefined;
}

export const createRate = (): Rate => {
  const points: { done: number; at: number }[] = [];
  return {
    add(done, now) {
      const last = points.at(-1);
      // What is there of an earlier start did not come now; a file that begins anew is measured anew.
      if (last && done < last.done) points.length = 0;
      if (last && now - last.at < 100) last.done = done;
      else points.push({ done, at: now });
      while (points.length > 2 && now - points[0].at > span) points.shift();
    },
    perSecond(now) {
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last || last === first) return undefined;
      const seconds = (Math.max(now, last.at) - first.at) / 1000;
      return seconds < 0.2 ? undefined : (last.done - first.done) / seconds;
    },
  };
};
