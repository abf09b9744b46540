// x (T, d) += y (T, d): the residual stream.
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import shader from './add.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';

/** Returns `x`. */
export function add(r: Recorder, x: Tensor, y: Tensor, rows: number): Tensor {
  if (x.shape[1] !== y.shape[1]) throw new Error('add: shapes do not fit');
  const count = (rows * x.shape[1]) / 4;
  r.dispatch({
    shader,
    bindings: { x: x.buffer, y: y.buffer },
    params: { count },
    workgroups: workgroupsFor(r, count),
    cost: count * costOfVector,
  });
  return x;
}
