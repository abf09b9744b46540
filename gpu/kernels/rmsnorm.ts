// y (T, d) = x (T, d) from row `first` on, each row divided by its root mean square and multiplied by `gain` (d,).
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector } from './elementwise.ts';
import shader from './rmsnorm.wgsl?raw';
import { chooseReduction } from './variants.ts';

/** Returns `y`. */
export function rmsnorm(
  r: Recorder,
  x: Tensor,
  gain: Tensor,
  epsilon: number,
  y: Tensor,
  rows: number,
  first = 0,
): Tensor {
  const d = gain.shape[0];
  if (x.shape[1] !== d || y.shape[1] !== d) throw new Error('rmsnorm: shapes do not fit');
  const reduction = chooseReduction(r.device.capabilities);
  r.dispatch({
    shader: shaderOf([shader, reduction.across], { THREADS: reduction.THREADS }),
    bindings: { x: x.buffer, gain: gain.buffer, y: y.buffer },
    params: { d4: d / 4, first, epsilon },
    workgroups: [rows],
    cost: rows * d * costOfVector,
  });
  return y;
}
