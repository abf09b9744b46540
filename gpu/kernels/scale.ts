// x (T, …) times one number, in place.
import type { Recorder } from '../runtime/recorder.ts';
import { sizeOf, type Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './scale.wgsl?raw';

/** Returns `x`. */
export function scale(r: Recorder, x: Tensor, factor: number, rows: number): Tensor {
  const count = (rows * sizeOf(x.shape.slice(1))) / 4;
  r.dispatch({
    shader,
    bindings: { x: x.buffer },
    params: { count, factor },
    workgroups: workgroupsFor(r, count),
    cost: count * costOfVector,
  });
  return x;
}
