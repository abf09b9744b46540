// Rotates queries and keys (T, heads, head_dim) in place by the angles of their rows' positions. Which dimensions of a head make a pair
// is a matter of how a model's weights are laid out.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import shader from './rope.wgsl?raw';

type QueriesAndKeys = readonly [q: Tensor, k: Tensor];

/** Pairs (2i, 2i + 1). `table` (positions, head_dim / 2, 2): cos and sin. `rowTable` (T, 2) as u32: position and first own slot. */
export function rope(r: Recorder, both: QueriesAndKeys, table: Tensor, rowTable: Tensor, rows: number): void {
  if (2 * table.shape[1] !== both[0].shape[2]) throw new Error('rope: shapes do not fit');
  rotate(r, both, table, rowTable, rows, { HALVES: 0 });
}

/** Pairs (i, i + pairs), `pairs` being the table's; what lies beyond them in a head is left as it is. Otherwise as `rope`. */
export function ropeHalves(r: Recorder, both: QueriesAndKeys, table: Tensor, rowTable: Tensor, rows: number): void {
  if (2 * table.shape[1] > both[0].shape[2]) throw new Error('ropeHalves: shapes do not fit');
  rotate(r, both, table, rowTable, rows, { HALVES: 1 });
}

function rotate(
  r: Recorder,
  [q, k]: QueriesAndKeys,
  table: Tensor,
  rowTable: Tensor,
  rows: number,
  layout: { HALVES: 0 | 1 },
): void {
  const [[, heads, headDim], [, kvHeads]] = [q.shape, k.shape];
  const pairs = table.shape[1];
  const count = rows * (heads + kvHeads) * pairs;
  r.dispatch({
    shader: shaderOf([shader], layout),
    bindings: { rows: rowTable.buffer, table: table.buffer, q: q.buffer, k: k.buffer },
    params: { count, heads, kvHeads, pairs, headDim },
    workgroups: workgroupsFor(r, count),
    cost: count * costOfVector,
  });
}
