// Rotates x (T, heads, head_dim) in place by the angles of its rows' positions.
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './rope.wgsl?raw';

/** `table` (positions, head_dim / 2, 2): cos and sin. `rowTable` (T, 2) as u32: position and first own slot. Returns `x`. */
export function rope(r: Recorder, x: Tensor, table: Tensor, rowTable: Tensor, rows: number): Tensor {
  const [, heads, headDim] = x.shape;
  const pairs = headDim / 2;
  if (table.shape[1] !== pairs) throw new Error('rope: shapes do not fit');
  r.dispatch({
    shader,
    bindings: { rows: rowTable.buffer, table: table.buffer, x: x.buffer },
    params: { rows, heads, pairs },
    workgroups: workgroupsFor(r, rows * heads * pairs),
    cost: rows * heads * pairs * costOfVector,
  });
  return x;
}
