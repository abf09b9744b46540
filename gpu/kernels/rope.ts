// Rotates x (T, heads, head_dim) in place by the angles of its rows' positions. Which dimensions of a head make a pair is a matter of
// how a model's weights are laid out.
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import interleavedShader from './rope.wgsl?raw';
import halvesShader from './rope-halves.wgsl?raw';

/**
 * Pairs (2i, 2i + 1). `table` (positions, head_dim / 2, 2): cos and sin. `rowTable` (T, 2) as u32: position and first own slot.
 * Returns `x`.
 */
export function rope(r: Recorder, x: Tensor, table: Tensor, rowTable: Tensor, rows: number): Tensor {
  const [, heads, headDim] = x.shape;
  const pairs = headDim / 2;
  if (table.shape[1] !== pairs) throw new Error('rope: shapes do not fit');
  r.dispatch({
    shader: interleavedShader,
    bindings: { rows: rowTable.buffer, table: table.buffer, x: x.buffer },
    params: { rows, heads, pairs },
    workgroups: workgroupsFor(r, rows * heads * pairs),
    cost: rows * heads * pairs * costOfVector,
  });
  return x;
}

/** Pairs (i, i + pairs), `pairs` being the table's; what lies beyond them in a head is left as it is. Otherwise as `rope`. */
export function ropeHalves(r: Recorder, x: Tensor, table: Tensor, rowTable: Tensor, rows: number): Tensor {
  const [, heads, headDim] = x.shape;
  const pairs = table.shape[1];
  if (2 * pairs > headDim) throw new Error('ropeHalves: shapes do not fit');
  r.dispatch({
    shader: halvesShader,
    bindings: { rows: rowTable.buffer, table: table.buffer, x: x.buffer },
    params: { rows, heads, pairs, headDim },
    workgroups: workgroupsFor(r, rows * heads * pairs),
    cost: rows * heads * pairs * costOfVector,
  });
  return x;
}
