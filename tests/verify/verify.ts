// Runs the checks that were asked for, one after the other, and prints one row each as soon as it is known.
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { findGpu } from '../../main/hosts/terminal/adapter.ts';
import type { Check } from './check.ts';
import { familyChecks } from './families.ts';
import { formatChecks } from './formats.ts';
import { runtimeChecks } from './runtime.ts';
import { tokenizerChecks } from './tokenizers.ts';

const groups: Readonly<Record<string, readonly Check[]>> = {
  families: familyChecks,
  formats: formatChecks,
  tokenizers: tokenizerChecks,
  runtime: runtimeChecks,
};

const words = process.argv.slice(2);
const chosen = Object.entries(groups).flatMap(([group, checks]) =>
  checks
    .map((check) => ({ ...check, name: `${group}: ${check.name}` }))
    .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word))),
);

const found = await findGpu({ adapter: process.env.LONGLEAF_TEST_ADAPTER ?? 'auto' });
const device = await openDevice(found.gpu);
const bench = { gpu: found.gpu, device, recorder: new Recorder(device, 2 ** 22) };
console.log(`${chosen.length} checks on ${device.info.name}\n`);
console.log('| check | figure to reach | measured | |\n|---|---|---|---|');
let wrong = 0;
for (const { name, figure, run } of chosen) {
  const started = performance.now();
  const result = await run(bench).catch((error: unknown) => ({ measured: String(error), ok: false }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if ('skipped' in result) console.log(`| ${name} | ${figure} | not run: ${result.skipped} | - |`);
  else {
    if (!result.ok) wrong++;
    console.log(`| ${name} | ${figure} | ${result.measured} (${seconds} s) | ${result.ok ? 'ok' : 'WRONG'} |`);
  }
}
device.gpu.destroy();
found.release();
console.log(wrong === 0 ? '\nAll is well.' : `\n${wrong} of ${chosen.length} went wrong.`);
process.exitCode = wrong === 0 ? 0 : 1;
