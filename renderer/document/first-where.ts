// Search in what is sorted: pages by their place in a column, blocks and sentences by their place in a text.

/** First index in [0, count) for which `isAfter` holds, `count` when it holds for none; it holds for all that follow. */
export const firstWhere = (count: number, isAfter: (index: number) => boolean): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Index of the last of `count` tops at or above `y`; 0 when none is. */
export const lastAtOrAbove = (tops: ArrayLike<number>, count: number, y: number): number =>
  Math.max(0, firstWhere(count, (i) => tops[i]! > y) - 1);
