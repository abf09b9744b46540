// Workgroups for kernels with one thread an element: one dimension has a limit, so long rows of workgroups go over two.
import type { Recorder } from '../runtime/recorder.ts';

/** THREADS of these kernels. */
const threads = 64;

export function workgroupsFor(r: Recorder, elements: number): [number, number] {
  const groups = Math.ceil(elements / threads);
  const x = Math.min(groups, r.device.capabilities.maxWorkgroups);
  return [x, Math.ceil(groups / x)];
}

/** What touching one vec4 of memory costs, in the operations that matrix products are counted in. */
export const costOfVector = 40;
