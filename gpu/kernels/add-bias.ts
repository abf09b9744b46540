// x (T, …) += bias, one number for each column.
import type { Recorder } from '../runtime/recorder.ts';
import { sizeOf, type Tensor } from '../runtime/tensor.ts';
import shader from './add-bias.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';

/** Returns `x`. */
export function addBias(r: Recorder, x: Tensor, bias: Tensor, rows: number): Tensor {
  const n = sizeOf(x.shape.slice(1));
  if (bias.shape[0] !== n || n % 4 !== 0) throw new Error('addBias: shapes do not fit');
  const count = (rows * n) / 4;
  r.dispatch({
    shader,
    bindings: { x: x.buffer, bias: bias.buffer },
    params: { count, n4: n / 4 },
    workgroups: workgroupsFor(r, count),
    cost: count * costOfVector,
  });
  return x;
}
