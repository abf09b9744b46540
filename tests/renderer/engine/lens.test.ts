// What the position lens draws, against the engine's own angles.
import { expect, test } from 'vitest';
import type { RotaryReport } from '../../../gpu/api.ts';
import { type RopeScaling, ropeAngles, ropeTable } from '../../../gpu/model/rope-scaling.ts';
import {
  across,
  clearestPair,
  curvePath,
  dotStep,
  dotsOf,
  dotsPath,
  dotWidth,
  down,
  knownTokens,
  pairsOf,
  sinusoid,
  sinusoidPaths,
  slowdown,
  stepWords,
  turnsWords,
  viewOf,
  wavelength,
} from '../../../renderer/engine/lens.ts';

const [dimensions, base, trainedContext] = [64, 10_000, 2_048];
const anglesOf = (scaling: Partial<RopeScaling>) =>
  ropeAngles({ dimensions, base, scaling: { type: 'none', factor: 1, originalContext: trainedContext, ...scaling } });

function reportOf(method: RotaryReport['method'], factors: readonly number[]): RotaryReport {
  const stretched = factors.map((factor) => {
    const { perPosition, magnitude } = anglesOf({ type: method, factor });
    return { factor, perPosition: [...perPosition], magnitude };
  });
  const trained = [...anglesOf({}).perPosition];
  return { method, base, divided: false, trainedContext, ownFactor: 1, trained, stretched };
}

const sixteen = pairsOf(reportOf('linear', [1, 16]), 16);
const pairOf = (index: number) => sixteen[index]!;

test('an interpolated dot has the height of the engine’s cosine for its token', () => {
  const table = ropeTable(anglesOf({ type: 'linear', factor: 16 }), 0, 32_768);
  for (const pair of [sixteen[10]!, sixteen[20]!, sixteen[31]!]) {
    const view = viewOf(pair.trained, trainedContext, 32_768, 32_768);
    const step = dotStep(view);
    const { known, unseen } = dotsOf(view, step, 32_768, slowdown(pair), trainedContext);
    expect(unseen).toEqual([]);
    expect(known.length).toBeGreaterThan(20);
    for (const at of known) {
      const token = Math.round(at * 16);
      expect(Math.cos(at * pair.trained)).toBeCloseTo(table[(token * 32 + pair.index) * 2]!, 5);
    }
  }
});

test('as they are, the dots have the height that the engine gives without a factor', () => {
  const table = ropeTable(anglesOf({}), 0, 8_192);
  const pair = sixteen[24]!;
  const view = viewOf(pair.trained, trainedContext, 8_192, 32_768);
  const { known, unseen } = dotsOf(view, dotStep(view), 8_192, 1, trainedContext);
  for (const token of [...known, ...unseen])
    expect(Math.cos(token * pair.trained)).toBeCloseTo(table[(token * 32 + pair.index) * 2]!, 5);
});

test('tokens within the trained range are known, those past it unseen, and a factor that is enough leaves none', () => {
  const { trained } = pairOf(28);
  const view = viewOf(trained, trainedContext, 8_000, 32_768);
  const at = (slow: number) => dotsOf(view, 100, 8_000, slow, trainedContext);
  expect(at(1).known).toEqual(Array.from({ length: 21 }, (_, i) => i * 100));
  expect(at(1).unseen[0]).toBe(2_100);
  expect(at(1).unseen.length).toBe(59);
  expect(at(2).unseen[0]).toBe(2_050);
  expect(at(4)).toEqual({ known: Array.from({ length: 80 }, (_, i) => i * 25), unseen: [] });
  const tokens = [1, 2, 4, 16].map((slow) => knownTokens(8_000, slow, trainedContext));
  expect(tokens).toEqual([2_048, 4_096, 8_000, 8_000]);
  expect(knownTokens(1_000, 1, trainedContext)).toBe(1_000);
});

test('Position Interpolation slows all pairs alike, YaRN the slow ones alone, a base the slow ones most', () => {
  for (const pair of sixteen) expect(slowdown(pair)).toBeCloseTo(16, 9);
  const yarn = pairsOf(reportOf('yarn', [4]), 4).map(slowdown);
  expect([yarn[0], yarn[31]]).toEqual([1, expect.closeTo(4, 9)]);
  const ntk = pairsOf(reportOf('ntk', [8]), 8).map(slowdown);
  expect([ntk[0], ntk[31]]).toEqual([1, expect.closeTo(8, 9)]);
  expect([...ntk].sort((a, b) => a - b)).toEqual(ntk);
});

test('the view begins at the first token and ends before the eye loses count, or some way past the trained range', () => {
  for (const tokens of [500, 3_000, 8_000, 32_768]) {
    for (const { trained } of sixteen) {
      const { from, to } = viewOf(trained, trainedContext, tokens, 32_768);
      expect(from).toBe(0);
      expect(to / wavelength(trained)).toBeLessThanOrEqual(4.000_001);
      expect(to).toBeLessThanOrEqual(4 * trainedContext);
      if (wavelength(trained) > trainedContext / 2) expect(to).toBeGreaterThan(trainedContext);
    }
  }
  // A model that was trained on more than the window has nothing unseen to show.
  const slowest = viewOf(pairOf(31).trained, 131_072, 8_000, 32_768);
  expect(slowest).toEqual({ from: 0, to: 32_768 });
});

test('the pair that is shown first turns not quite once in the trained range', () => {
  const first = clearestPair(
    sixteen.map(({ trained }) => trained),
    trainedContext,
  );
  const turns = trainedContext / wavelength(pairOf(first).trained);
  expect(turns).toBeGreaterThan(0.5);
  expect(turns).toBeLessThan(1);
});

test('dots become beads where a factor brings them together', () => {
  const frame = { view: { from: 0, to: 2_600 }, width: 694, height: 100 };
  const widths = [1, 2, 4, 16, 64].map((slow) => dotWidth(frame, 100, slow));
  expect(widths.slice(0, 3)).toEqual([6.5, 6.5, expect.closeTo(4.58, 1)]);
  expect(widths.slice(3)).toEqual([4, 4]);
});

test('paths stay within their frame, and a part of a curve is as long as that part', () => {
  const { trained } = pairOf(26);
  const frame = { view: { from: 0, to: 4_096 }, width: 400, height: 100 };
  const points = (path: string) =>
    [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  const whole = points(curvePath(frame, trained, Math.cos));
  expect(whole.every(({ y }) => y >= 0 && y <= 100)).toBe(true);
  expect([whole[0]!.x, whole.at(-1)!.x]).toEqual([7, 393]);
  const part = points(curvePath(frame, trained, Math.cos, { from: 2_048, to: 9_999 }));
  expect([part[0]!.x, part.at(-1)!.x]).toEqual([200, 393]);
  expect(curvePath(frame, trained, Math.cos, { from: 5_000, to: 6_000 })).toBe('');
  const [dot] = points(dotsPath(frame, [1_000], trained));
  expect(dot!.x).toBeCloseTo(across(frame, 1_000), 1);
  expect(dot!.y).toBeCloseTo(down(frame, Math.cos(1_000 * trained)), 1);
});

test('words say whether past the range come new angles, and what a factor costs', () => {
  expect(turnsWords(pairOf(31), trainedContext)).toMatch(/2,048 trained positions it turns 0\.04 times: past them/);
  expect(turnsWords(pairOf(0), trainedContext)).toMatch(/it turns 326 times: it has seen every angle/);
  expect(stepWords(pairOf(0))).toBe('Neighbours turn by 0.0625 radians instead of 1: 16 times finer.');
  expect(stepWords({ index: 0, trained: 1, stretched: 1 })).toBe('This pair is not slowed.');
});

test('the sinusoids are those of Vaswani et al., each cell on one level', () => {
  expect(sinusoid(3, 0, 8)).toBeCloseTo(Math.sin(3), 12);
  expect(sinusoid(3, 1, 8)).toBeCloseTo(Math.cos(3), 12);
  expect(sinusoid(3, 5, 8)).toBeCloseTo(Math.cos(3 / 10_000 ** (4 / 8)), 12);
  const paths = sinusoidPaths(6, 4, 5);
  expect(paths.map((path) => path.match(/M/g)?.length ?? 0).reduce((a, b) => a + b)).toBe(24);
  // cos 0 = 1, sin 0 = 0.
  expect(paths[4]).toContain('M0 1h1');
  expect(paths[2]).toContain('M0 0h1');
});
