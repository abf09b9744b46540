// Every kernel against plain loops in double precision, in the variants that this adapter gets, that graphics cards get, and that is left.
import { afterAll, describe, expect, test } from 'vitest';
import { type Device, openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { testGpu } from './adapter.ts';
import { tolerance } from './kernel-case.ts';
import { kernelCases } from './kernel-cases.ts';

const device = await openDevice(await testGpu());
afterAll(() => device.gpu.destroy());

const having = (capabilities: Partial<Device['capabilities']>): Device => ({
  ...device,
  capabilities: { ...device.capabilities, ...capabilities },
});

/** Formats that differ in their reader only: reading is tried in one tier, because a tile takes seconds to compile here. */
const readers = /^(matmul|embed) (BF16|Q[2-6]|IQ)/;
/** What reads weights, keys and values that may lie in textures. */
const stored = /^(matmul|embed) .*\b(F32|F16|BF16|Q8_0|Q4_[01K]|IQ4_\w+)\b|^attention .*\bf(32|16)\b/;
const others = kernelCases.filter(({ name }) => !readers.test(name));

describe.each([
  ['as this adapter runs it', device, kernelCases],
  ['as graphics cards do', having({ software: false }), others],
  ['without subgroups', having({ software: true, lanes: 0 }), others],
  [
    `with weights, keys and values in ${device.capabilities.texels ? 'buffers' : 'textures'}`,
    having({ texels: !device.capabilities.texels }),
    kernelCases.filter(({ name }) => stored.test(name)),
  ],
])('%s', (_, as, cases) => {
  const recorder = new Recorder(as);
  test.each(cases)('$name', async ({ run }) => {
    expect(await run(recorder)).toBeLessThan(tolerance);
  });
});
