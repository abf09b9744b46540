// out (rows,): natural-log probability of each row's target under softmax(logits), for rows first … first + T - 1.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector } from './elementwise.ts';
import shader from './logprob.wgsl?raw';
import { chooseReduction } from './variants.ts';

/** `logits` (T, width) of which `vocabulary` columns count; `targets` (rows,) as u32. Returns `out`. */
export function logprob(
  r: Recorder,
  logits: Tensor,
  vocabulary: number,
  targets: Tensor,
  out: Tensor,
  rows: number,
  first: number,
): Tensor {
  const width = logits.shape[1];
  if (vocabulary > width) throw new Error('logprob: shapes do not fit');
  const reduction = chooseReduction(r.device.capabilities);
  r.dispatch({
    shader: shaderOf([shader, reduction.across], { THREADS: reduction.THREADS }),
    bindings: { logits: logits.buffer, targets: targets.buffer, out: out.buffer },
    params: { vocabulary, width, first },
    workgroups: [rows],
    cost: (rows * vocabulary * costOfVector) / 2,
  });
  return out;
}
