// Every way of stretching a window against its closed form, without a GPU.
import { describe, expect, test } from 'vitest';
import {
  longropeMagnitude,
  type RopeScaling,
  ropeAngles,
  ropeTable,
  withFactor,
} from '../../gpu/model/rope-scaling.ts';

const [d, base] = [64, 10_000];
const none: RopeScaling = { type: 'none', factor: 1, originalContext: 2048 };
const angles = (scaling: Partial<RopeScaling>, divisors?: number[]) =>
  ropeAngles({ dimensions: d, base, scaling: { ...none, ...scaling } }, divisors);
const plain = (i: number) => base ** ((-2 * i) / d);
const pairs = Array.from({ length: d / 2 }, (_, i) => i);

function expectAngles(found: Float64Array, expected: (i: number) => number): void {
  for (const i of pairs) expect(found[i] / expected(i)).toBeCloseTo(1, 12);
}

describe('angles', () => {
  test('without scaling', () => expectAngles(angles({}).perPosition, plain));

  test('Position Interpolation divides all of them', () => {
    expectAngles(angles({ type: 'linear', factor: 16 }).perPosition, (i) => plain(i) / 16);
  });

  test('NTK-aware scaling keeps the fastest pair and stretches the slowest by the factor', () => {
    const { perPosition } = angles({ type: 'ntk', factor: 8 });
    expect(perPosition[0]).toBe(1);
    expect(plain(31) / perPosition[31]).toBeCloseTo(8, 10);
    expectAngles(perPosition, (i) => plain(i) * 8 ** ((-2 * i) / (d - 2)));
  });

  test('YaRN keeps pairs that turn more than 32 times, interpolates those that turn less than once, and mixes between', () => {
    const { perPosition, magnitude } = angles({ type: 'yarn', factor: 4 });
    const turns = (i: number) => (2048 * plain(i)) / (2 * Math.PI);
    for (const i of pairs) {
      const stretched = plain(i) / perPosition[i];
      // The line begins and ends at whole pairs.
      if (turns(Math.min(31, i + 1)) > 32) expect(stretched).toBeCloseTo(1, 10);
      else if (turns(i - 1) < 1) expect(stretched).toBeCloseTo(4, 10);
      else expect(stretched).toBeGreaterThanOrEqual(1);
    }
    const shares = pairs.map((i) => (1 - perPosition[i] / plain(i)) / (1 - 1 / 4));
    const rising = shares.filter((share) => share > 0.001 && share < 0.999);
    const steps = rising.slice(1).map((share, i) => share - rising[i]);
    expect(rising.length).toBeGreaterThan(3);
    for (const step of steps) expect(step).toBeCloseTo(steps[0], 10);
    expect(magnitude).toBeCloseTo(1 + 0.1 * Math.log(4), 12);
  });

  test('YaRN takes the betas of the file, and is nothing with factor 1', () => {
    const wide = angles({ type: 'yarn', factor: 4, betaFast: 64, betaSlow: 0.5 }).perPosition;
    const usual = angles({ type: 'yarn', factor: 4 }).perPosition;
    const between = (list: Float64Array) =>
      pairs.filter((i) => list[i] < plain(i) * 0.999 && list[i] > (plain(i) / 4) * 1.001).length;
    expect(between(wide)).toBeGreaterThan(between(usual));
    const one = angles({ type: 'yarn', factor: 1 });
    expectAngles(one.perPosition, plain);
    expect(one.magnitude).toBe(1);
  });

  test('divisors of Llama 3 and LongRoPE divide pair by pair; a factor comes on top', () => {
    const divisors = pairs.map((i) => 1 + i / 4);
    expectAngles(angles({}, divisors).perPosition, (i) => plain(i) / divisors[i]);
    expectAngles(angles({ type: 'linear', factor: 4 }, divisors).perPosition, (i) => plain(i) / divisors[i] / 4);
    const long = angles({ type: 'longrope', attentionFactor: 1.19 }, divisors);
    expectAngles(long.perPosition, (i) => plain(i) / divisors[i]);
    expect(long.magnitude).toBe(1.19);
    expectAngles(angles({ type: 'longrope', factor: 2 }, divisors).perPosition, (i) => plain(i) / divisors[i] / 2);
  });

  test("LongRoPE's attention factor is that of Phi-3", () => {
    expect(longropeMagnitude(32, 4096)).toBeCloseTo(1.190_238_071_2, 9);
    expect(longropeMagnitude(1, 4096)).toBe(1);
  });
});

describe('a factor that is asked for', () => {
  const yarn: RopeScaling = { type: 'yarn', factor: 4, originalContext: 32_768, betaFast: 16 };
  test.each<[what: string, scaling: RopeScaling, factor: number | undefined, expected: Partial<RopeScaling>]>([
    ['none asked', yarn, undefined, yarn],
    ['interpolates what had no scaling', none, 8, { type: 'linear', factor: 8 }],
    ["replaces the file's", { ...none, type: 'linear', factor: 4 }, 8, { type: 'linear', factor: 8 }],
    ["keeps the file's method", yarn, 2, { ...yarn, factor: 2 }],
    ['switches scaling off', yarn, 1, { ...yarn, factor: 1 }],
  ])('%s', (_, scaling, factor, expected) => {
    expect(withFactor(scaling, factor)).toMatchObject(expected);
  });

  test('by another method', () => {
    expect(withFactor(none, 8, 'ntk')).toMatchObject({ type: 'ntk', factor: 8 });
    expect(withFactor(yarn, undefined, 'linear')).toMatchObject({ type: 'linear', factor: 4 });
  });
});

describe('the table', () => {
  test('holds cos and sin in double precision far out, times the magnitude', () => {
    const found = ropeTable(angles({ type: 'linear', factor: 16, attentionFactor: 1.5 }), 32_760, 8);
    const angle = (32_767 / 16) * base ** (-10 / d);
    expect(found[(7 * 32 + 5) * 2]).toBeCloseTo(1.5 * Math.cos(angle), 6);
    expect(found[(7 * 32 + 5) * 2 + 1]).toBeCloseTo(1.5 * Math.sin(angle), 6);
  });

  test('at s p with factor s is that at p without', () => {
    const near = ropeTable(angles({}), 2047, 1);
    const far = ropeTable(angles({ type: 'linear', factor: 16 }), 2047 * 16, 1);
    expect(far).toEqual(near);
  });
});
