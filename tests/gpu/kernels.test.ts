// Every kernel against plain loops in double precision, in the variant that this adapter gets and in the portable one.
import { afterAll, describe, expect, test } from 'vitest';
import { type Device, openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { kernelCases, tolerance } from './kernel-cases.ts';

const device = await openDevice(await testGpu());
afterAll(() => device.gpu.destroy());

const portable: Device = { ...device, capabilities: { ...device.capabilities, software: false, quads: false } };

describe.each([
  ['as this adapter runs it', device],
  ['without subgroups', portable],
])('%s', (_, as) => {
  const recorder = new Recorder(as);
  test.each(kernelCases)('$name', async ({ run }) => {
    expect(await run(recorder)).toBeLessThan(tolerance);
  });
});
