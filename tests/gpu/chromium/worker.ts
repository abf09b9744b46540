// Runs every kernel case in a module worker, as the app runs its engine, and posts the normalised error of each.
import { openDevice } from '../../../gpu/runtime/device.ts';
import { Recorder } from '../../../gpu/runtime/recorder.ts';
import { kernelCases } from '../kernel-cases.ts';

export interface CaseResult {
  name: string;
  /** Normalised error. */
  error?: number;
  /** What was thrown instead. */
  thrown?: string;
}

async function runAll(): Promise<{ adapter: string; results: CaseResult[] }> {
  const device = await openDevice(navigator.gpu);
  const recorder = new Recorder(device);
  const results: CaseResult[] = [];
  for (const { name, run } of kernelCases) {
    try {
      results.push({ name, error: await run(recorder) });
    } catch (error) {
      results.push({ name, thrown: String(error) });
    }
  }
  return { adapter: device.info.name, results };
}

runAll().then(
  (found) => postMessage(found),
  (error) => postMessage({ adapter: String(error), results: [] }),
);
