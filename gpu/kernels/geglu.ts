// gate (T, ff) = gelu(gate) * up, in place.
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './geglu.wgsl?raw';

/** Returns `gate`. */
export function geglu(r: Recorder, gate: Tensor, up: Tensor, rows: number): Tensor {
  if (gate.shape[1] !== up.shape[1]) throw new Error('geglu: shapes do not fit');
  const count = (rows * gate.shape[1]) / 4;
  r.dispatch({
    shader,
    bindings: { gate: gate.buffer, up: up.buffer },
    params: { count },
    workgroups: workgroupsFor(r, count),
    cost: 2 * count * costOfVector,
  });
  return gate;
}
