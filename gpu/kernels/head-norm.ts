// Root mean square norm of each head of x (T, heads, head_dim) by itself, in place.
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './head-norm.wgsl?raw';

/** `gain` (head_dim,). Returns `x`. */
export function headNorm(r: Recorder, x: Tensor, gain: Tensor, epsilon: number, rows: number): Tensor {
  const [, heads, headDim] = x.shape;
  if (gain.shape[0] !== headDim) throw new Error('headNorm: shapes do not fit');
  const count = rows * heads;
  r.dispatch({
    shader,
    bindings: { x: x.buffer, gain: gain.buffer },
    params: { count, d4: headDim / 4, epsilon },
    workgroups: workgroupsFor(r, count),
    cost: (count * headDim * costOfVector) / 2,
  });
  return x;
}
