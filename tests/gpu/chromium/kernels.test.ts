// The kernel cases of tests/gpu/kernels.test.ts once more, in a real browser: other limits, another implementation of WGSL's border.
import { beforeAll, expect, test } from 'vitest';
import { tolerance } from '../kernel-case.ts';
import { kernelCases } from '../kernel-cases.ts';
import { servedPage } from './served-page.ts';
import type { CaseResult } from './worker.ts';

let found: { adapter: string; results: CaseResult[] };

beforeAll(async () => {
  const { page } = await servedPage('.');
  found = await page.evaluate(() => (window as unknown as { kernelResults: Promise<typeof found> }).kernelResults);
});

test('every case ran, on an adapter', () => {
  expect(found.results.map(({ name }) => name)).toEqual(kernelCases.map(({ name }) => name));
});

test.each(kernelCases.map(({ name }) => name))('%s', (name) => {
  const result = found.results.find((one) => one.name === name);
  expect(result?.thrown).toBeUndefined();
  expect(result?.error).toBeLessThan(tolerance);
});
