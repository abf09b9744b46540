// Each step of sampling against its closed form, and the whole against the distribution that it promises.
import { describe, expect, test } from 'vitest';
import {
  draw,
  logprobAt,
  minP,
  repetitionPenalty,
  sampler,
  samplingSteps,
  temperature,
  topK,
  topP,
  uniform,
} from '../../gpu/model/sampling.ts';

const out = Number.NEGATIVE_INFINITY;
const logitsOf = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);
const kept = (logits: Float32Array) => [...logits.keys()].filter((id) => logits[id] > out);
const applied = (step: ReturnType<typeof topK>, logits: Float32Array, generated: number[] = []) => {
  step(logits, generated);
  return logits;
};

describe('steps', () => {
  test('top-k keeps the k likeliest, the first of equals, and all where there are fewer', () => {
    expect(kept(applied(topK(2), logitsOf(0.1, 0.4, 0.2, 0.3)))).toEqual([1, 3]);
    expect(kept(applied(topK(2), Float32Array.of(1, 5, 1, 1)))).toEqual([0, 1]);
    expect(kept(applied(topK(3), Float32Array.of(2, 2, 2, 2)))).toEqual([0, 1, 2]);
    expect(kept(applied(topK(9), Float32Array.of(1, 2)))).toEqual([0, 1]);
    const many = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * 1.7) * 9);
    const sorted = [...many].sort((a, b) => b - a);
    expect(kept(applied(topK(40), many.slice())).map((id) => many[id])).toEqual(
      [...many].filter((value) => value >= sorted[39]),
    );
  });

  test('top-k does not bring back what another step ruled out', () => {
    expect(kept(applied(topK(3), Float32Array.of(out, 1, out, 2, out)))).toEqual([1, 3]);
  });

  test('top-p keeps the fewest that hold p, the one that reaches it too', () => {
    const logits = () => logitsOf(0.05, 0.5, 0.15, 0.3);
    expect(kept(applied(topP(0.49), logits()))).toEqual([1]);
    expect(kept(applied(topP(0.6), logits()))).toEqual([1, 3]);
    expect(kept(applied(topP(0.81), logits()))).toEqual([1, 2, 3]);
    expect(kept(applied(topP(0.99), logits()))).toEqual([0, 1, 2, 3]);
    expect(kept(applied(topP(1e-9), logits()))).toEqual([1]);
  });

  test('min-p keeps what is at least p times as likely as the likeliest', () => {
    expect(kept(applied(minP(0.25), logitsOf(0.1, 0.5, 0.13, 0.27)))).toEqual([1, 2, 3]);
    expect(kept(applied(minP(1), logitsOf(0.2, 0.8)))).toEqual([1]);
  });

  test('temperature raises probabilities to the power 1 / t', () => {
    const logits = applied(temperature(0.5), logitsOf(0.2, 0.8));
    expect(Math.exp(logprobAt(logits, 1))).toBeCloseTo(0.64 / 0.68, 6);
  });

  test('the penalty makes what was said less likely, once, whatever its sign', () => {
    const logits = applied(repetitionPenalty(2), Float32Array.of(3, -3, 1, -1), [0, 1, 1, 0]);
    expect([...logits]).toEqual([1.5, -6, 1, -1]);
    const long = [2, ...Array.from({ length: 64 }, () => 0)];
    expect(applied(repetitionPenalty(2), Float32Array.of(4, 0, 4), long)[2]).toBe(4);
  });

  test('run in their order, and only those that are asked for', () => {
    expect(samplingSteps({})).toHaveLength(0);
    expect(samplingSteps({ temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 })).toHaveLength(0);
    const logits = Float32Array.of(4, 2, 1);
    for (const step of samplingSteps({ repetitionPenalty: 4, topK: 2, temperature: 2 })) step(logits, [0]);
    expect([...logits]).toEqual([0.5, 1, out]);
  });

  test.each([
    { temperature: -1 },
    { temperature: Number.NaN },
    { topK: 1.5 },
    { topP: 1.1 },
    { topP: 0 },
    { minP: -0.1 },
    { repetitionPenalty: 0 },
  ])('%j is out of range', (options) => {
    expect(() => samplingSteps(options)).toThrow(RangeError);
  });
});

describe('drawing', () => {
  test('follows the distribution function', () => {
    const logits = logitsOf(0.25, 0.5, 0.25);
    expect([0, 0.24, 0.26, 0.74, 0.76, 0.999999].map((u) => draw(logits, u))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(draw(Float32Array.of(out, 1, out), 0.9999999)).toBe(1);
  });

  test('the seed decides, and draws are as frequent as they are probable', () => {
    const choose = (seed: number) => {
      const next = sampler({ temperature: 1, seed });
      return Array.from({ length: 4000 }, () => next(logitsOf(0.1, 0.2, 0.7), []));
    };
    expect(choose(7)).toEqual(choose(7));
    expect(choose(7)).not.toEqual(choose(8));
    // Chi-squared with two degrees of freedom stays below 13.8 in 999 of 1,000 samples.
    const counts = [0, 1, 2].map((id) => choose(7).filter((chosen) => chosen === id).length);
    const expected = [400, 800, 2800];
    expect(counts.reduce((sum, n, i) => sum + (n - expected[i]) ** 2 / expected[i], 0)).toBeLessThan(13.8);
  });

  test('uniform numbers fill [0, 1) evenly', () => {
    const next = uniform(1);
    const bins = new Array(16).fill(0);
    for (let i = 0; i < 16_000; i++) bins[Math.floor(next() * 16)]++;
    // Fifteen degrees of freedom: below 37.7 in 999 of 1,000 samples.
    expect(bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7);
  });

  test('is greedy at temperature 0, after the other steps', () => {
    expect(sampler()(Float32Array.of(1, 3, 2), [])).toBe(1);
    expect(sampler({ repetitionPenalty: 9, temperature: 0 })(Float32Array.of(1, 3, 2), [1])).toBe(2);
  });
});
