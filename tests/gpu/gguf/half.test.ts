import { describe, expect, test } from 'vitest';
import { halfTable, halfToNumber, numberToHalf } from '../../../gpu/gguf/half.ts';

describe('half precision', () => {
  test('has the values of the standard', () => {
    const cases: [number, number][] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x03ff, 1023 * 2 ** -24],
      [0x0001, 2 ** -24],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
    ];
    for (const [half, value] of cases) {
      expect(halfToNumber(half)).toBe(value);
      expect(numberToHalf(value)).toBe(half);
    }
    expect(halfToNumber(0x7e01)).toBeNaN();
    expect(halfToNumber(numberToHalf(Number.NaN))).toBeNaN();
  });

  test('keeps every half through both ways', () => {
    const different: number[] = [];
    for (let half = 0; half < 0x10000; half++) {
      const value = halfToNumber(half);
      if (!Number.isNaN(value) && numberToHalf(value) !== half) different.push(half);
      if (!Object.is(halfTable()[half], value)) different.push(half);
    }
    expect(different).toEqual([]);
  });

  test('rounds to the nearest, ties to even', () => {
    const step = 2 ** -10;
    expect(numberToHalf(1 + step * 0.5)).toBe(0x3c00);
    expect(numberToHalf(1 + step * 1.5)).toBe(0x3c02);
    expect(numberToHalf(1 + step * 0.51)).toBe(0x3c01);
    expect(numberToHalf(65519)).toBe(0x7bff);
    expect(numberToHalf(65520)).toBe(0x7c00);
    expect(numberToHalf(2 ** -25)).toBe(0);
    expect(numberToHalf(1.5 * 2 ** -24)).toBe(2);
    expect(numberToHalf(2 ** -25 * 1.01)).toBe(1);
    // Just under the smallest normal number: rounds up into it.
    expect(numberToHalf(2 ** -14 - 2 ** -26)).toBe(0x0400);
  });
});
