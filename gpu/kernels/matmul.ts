// y (T, N) = x (T, K) times the transpose of a weight matrix (N, K), in any number format.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { sizeOf, type Tensor, type Weight, type WeightBlock } from '../runtime/tensor.ts';
import dequantizeShader from './dequantize.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import gemvShader from './gemv.wgsl?raw';
import tileShader from './matmul.wgsl?raw';
import { chooseGemv, chooseTiling, chooseUnpacking, type Gemv, wholeTiles } from './variants.ts';
import { weightBindings, weightShaders } from './weight.ts';

/** Columns of a workgroup of gemv.wgsl: no kernel here takes fewer. */
export const gemvColumns = 8;

interface Product {
  readonly x: Tensor;
  readonly w: Weight;
  readonly y: Tensor;
  readonly rows: number;
  /** Row length of y. */
  readonly width: number;
}

/** `x` and `y` have rows for a whole number of tiles; rows of `y` are as long as N, rounded up to a multiple of four. Returns `y`. */
export function matmul(r: Recorder, x: Tensor, w: Weight, y: Tensor, rows: number): Tensor {
  const width = sizeOf(y.shape.slice(1));
  if (sizeOf(x.shape.slice(1)) !== w.columns || width !== Math.ceil(w.rows / 4) * 4)
    throw new Error('matmul: shapes do not fit');
  if (w.columns % 4 !== 0) throw new Error('matmul: K is no multiple of 4');
  const product = { x, w, y, rows, width };
  const gemv = chooseGemv(r.device.capabilities, rows);
  for (const block of w.blocks) {
    if (gemv) byRow(r, gemv, product, block);
    else if (w.unpacked && chooseUnpacking(r.device.capabilities, w.type, rows)) unpacked(r, product, block);
    else byTiles(r, product, block);
  }
  return y;
}

function byRow(r: Recorder, { part, LANES }: Gemv, { x, w, y, rows, width }: Product, block: WeightBlock): void {
  r.dispatch({
    shader: shaderOf([part, gemvShader, weightShaders[w.type]], { LANES }),
    bindings: { x: x.buffer, y: y.buffer, ...weightBindings(block) },
    params: { k4: w.columns / 4, count: block.count, first: block.first, width4: width / 4 },
    workgroups: [Math.ceil(block.count / gemvColumns), rows],
    cost: 2 * rows * block.count * w.columns,
  });
}

function byTiles(r: Recorder, { x, w, y, rows, width }: Product, block: WeightBlock): void {
  const columns = Math.ceil(block.count / 4);
  const tiling = chooseTiling(r.device.capabilities, rows, columns, w.type === 'F16');
  const tall = Math.ceil(rows / tiling.rows);
  r.dispatch({
    shader: shaderOf([...tiling.parts, tileShader, weightShaders[w.type]], tiling.constants),
    bindings: { x: x.buffer, y: y.buffer, ...weightBindings(block) },
    params: { k4: w.columns / 4, height: wholeTiles(rows), count: block.count, first: block.first, width4: width / 4 },
    workgroups: [Math.ceil(columns / tiling.columns), tall],
    cost: 2 * tall * tiling.rows * block.count * w.columns,
  });
}

/** As many rows of W at a time as fit the scratch: unpack them, multiply by them. */
function unpacked(r: Recorder, product: Product, block: WeightBlock): void {
  const { w } = product;
  const scratch = w.unpacked!;
  const k4 = w.columns / 4;
  // Multiples of four: a tile writes four columns at once.
  const most = Math.max(4, Math.floor(sizeOf(scratch.shape) / w.columns / 4) * 4);
  for (let first = 0; first < block.count; first += most) {
    const count = Math.min(most, block.count - first);
    r.dispatch({
      shader: shaderOf([dequantizeShader, weightShaders[w.type]]),
      bindings: { y: scratch.buffer, ...weightBindings(block) },
      params: { k4, first, count },
      workgroups: workgroupsFor(r, count * k4),
      cost: count * k4 * costOfVector,
    });
    const part = { first: block.first + first, count, weights: scratch.buffer };
    byTiles(r, { ...product, w: { ...w, type: 'F32' } }, part);
  }
}
