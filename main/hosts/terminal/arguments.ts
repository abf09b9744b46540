// What stands behind an option of the command line, as a value or as a sentence about what is wrong with it.
import { InvalidArgumentError } from 'commander';

type Parse<T> = (value: string) => T;

export const whole =
  (least: number, most: number): Parse<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };

export const real =
  (least: number, most: number): Parse<number> =>
  (value) => {
    const number = Number(value);
    if (value.trim() === '' || !(number >= least && number <= most))
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    return number;
  };

/** Several, with commas between them. */
export const several =
  <T>(one: Parse<T>): Parse<T[]> =>
  (value) =>
    value.split(',').map((part) => one(part.trim()));

/** "3-40,50" as [[3, 40], [50, 50]]. */
export const pageRanges: Parse<[number, number][]> = (value) =>
  value.split(',').map((part) => {
    const [, first, last = first] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part) ?? [];
    if (first === undefined || Number(first) < 1 || Number(last) < Number(first))
      throw new InvalidArgumentError('Write pages like 3-40,50.');
    return [Number(first), Number(last)];
  });

export const tokenIds: Parse<number[]> = (value) =>
  value.split(',').map((part) => {
    if (!/^\s*\d{1,7}\s*$/.test(part)) throw new InvalidArgumentError('Write token ids like 1,2,3.');
    return Number(part);
  });
