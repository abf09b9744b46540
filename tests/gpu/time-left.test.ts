// The forecast of a prefill against made-up devices whose speeds are known.
import { expect, test } from 'vitest';
import { Forecast, workOf } from '../../gpu/model/time-left.ts';

/** A prefill of 32,768 tokens in passes of 256 on a device with these milliseconds; what is said after each pass, over what is true. */
function forecasts(perToken: number, perPair: number, noise = (_: number) => 1): number[] {
  const time = (before: number, rows: number) => {
    const { tokens, pairs } = workOf(before, rows);
    return perToken * tokens + perPair * pairs;
  };
  // Beforehand a pair is thought to cost a 10,000th of a token.
  const forecast = new Forecast(1e-4);
  expect(forecast.seconds(workOf(0, 1))).toBeUndefined();
  const ratios: number[] = [];
  for (let before = 0; before < 32_512; before += 256) {
    forecast.add(workOf(before, 256), time(before, 256) * noise(before / 256));
    const rest = 32_768 - before - 256;
    ratios.push((1000 * forecast.seconds(workOf(before + 256, rest))!) / time(before + 256, rest));
  }
  return ratios;
}

const within = (ratios: number[], tolerance: number) => ratios.every((ratio) => Math.abs(ratio - 1) < tolerance);

test('is right from the first pass where operations cost what was counted', () => {
  expect(within(forecasts(2, 2e-4), 1e-6)).toBe(true);
});

test.each([
  [2, 20e-4],
  [2, 0.4e-4],
  [2, 0],
])(
  'comes right within an eighth of the window where they do not (%f ms a token, %f ms a pair)',
  (perToken, perPair) => {
    expect(within(forecasts(perToken, perPair).slice(16), 0.1)).toBe(true);
  },
);

test('is not thrown off by passes that take 30 % more or less', () => {
  expect(within(forecasts(2, 10e-4, (i) => 1 + 0.3 * Math.sin(i * 2.4)).slice(16), 0.2)).toBe(true);
});
