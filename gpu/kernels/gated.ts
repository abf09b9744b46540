// gate (T, ff) = activation(gate) * up, in place: the middle of a gated feed-forward layer.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './gated.wgsl?raw';
import gelu from './gelu.wgsl?raw';
import silu from './silu.wgsl?raw';

export type Activation = 'silu' | 'gelu';

/** WGSL of `activation(z)`. */
export const activations: Readonly<Record<Activation, string>> = { silu, gelu };

/** Returns `gate`. */
export function gated(r: Recorder, gate: Tensor, up: Tensor, rows: number, activation: Activation): Tensor {
  if (gate.shape[1] !== up.shape[1]) throw new Error('gated: shapes do not fit');
  const count = (rows * gate.shape[1]) / 4;
  r.dispatch({
    shader: shaderOf([shader, activations[activation]]),
    bindings: { gate: gate.buffer, up: up.buffer },
    params: { count },
    workgroups: workgroupsFor(r, count),
    cost: 2 * count * costOfVector,
  });
  return gate;
}
