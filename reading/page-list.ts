// Page numbers as a reader meets them in a sentence.

/** "Page 3", "Pages 3, 5-9 and 12". Numbers ascend. */
export const pageList = (numbers: readonly number[]): string => {
  const ranges: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (numbers[j + 1] === numbers[j] + 1) j++;
    ranges.push(j > i ? `${numbers[i]}-${numbers[j]}` : `${numbers[i]}`);
    i = j + 1;
  }
  const shown = ranges.length > 12 ? [...ranges.slice(0, 11), `${ranges.length - 11} more`] : ranges;
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown[0];
  return `${numbers.length > 1 ? 'Pages' : 'Page'} ${list}`;
};
