// x (T, d) = the rows of the embedding matrix (vocabulary, d) that `tokens` name.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor, Weight } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './embed.wgsl?raw';
import { weightBindings, weightShader } from './weight.ts';

/** `tokens`: ids as u32. Returns `x`. */
export function embed(r: Recorder, tokens: Tensor, table: Weight, x: Tensor, rows: number): Tensor {
  if (x.shape[1] !== table.columns) throw new Error('embed: shapes do not fit');
  const d4 = table.columns / 4;
  for (const block of table.blocks) {
    r.dispatch({
      shader: shaderOf([shader, weightShader(table.type, block)]),
      bindings: { tokens: tokens.buffer, x: x.buffer, ...weightBindings(block) },
      params: { rows, d4, first: block.first, count: block.count },
      workgroups: workgroupsFor(r, rows * d4),
      cost: rows * d4 * costOfVector,
    });
  }
  return x;
}
