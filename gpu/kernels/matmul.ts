// Products with weight matrices, in any number format: y (T, N) = x (T, K) times the transpose of W (N, K). Few rows go along K
// (gemv*.wgsl), where matrices that multiply the same rows share a dispatch; more rows go by tiles.
import { isPlain } from '../gguf/ggml-types.ts';
import { layouts } from '../gguf/layouts.ts';
import { againIn, joinShader, shaderOf, specialise } from '../runtime/kernel.ts';
import type { Bindings, Recorder } from '../runtime/recorder.ts';
import { isTexture, sizeOf, type Tensor, type Weight, type WeightBlock } from '../runtime/tensor.ts';
import dequantizeShader from './dequantize.wgsl?raw';
import dequantizeQuantsShader from './dequantize-quants.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import { type Activation, activations, gated } from './gated.ts';
import gemvShader from './gemv.wgsl?raw';
import gatedShader from './gemv-gated.wgsl?raw';
import matrixShader from './gemv-matrix.wgsl?raw';
import quantsShader from './gemv-quants.wgsl?raw';
import rowsShader from './gemv-rows.wgsl?raw';
import texelsShader from './gemv-texels.wgsl?raw';
import threeShader from './gemv-three.wgsl?raw';
import weightsShader from './gemv-weights.wgsl?raw';
import tileShader from './matmul.wgsl?raw';
import putF32 from './put-f32.wgsl?raw';
import putTexels from './put-f32-texels.wgsl?raw';
import { type Along, chooseAlong, chooseTiling, chooseUnpacking, wholeTiles } from './variants.ts';
import { sharedFours, weightBindings, weightShader } from './weight.ts';

/** Columns of a workgroup of gemv.wgsl: no kernel here takes fewer. */
export const gemvColumns = 8;
/** Columns that a dispatch which is a part of a product begins at: whole tiles of every variant. */
const partColumns = 512;
/** Operations that products in one dispatch take: less than a submit may, on any device. */
const mostTogether = 2e8;

interface Product {
  readonly x: Tensor;
  readonly w: Weight;
  readonly y: Tensor;
  readonly rows: number;
  /** Row length of y. */
  readonly width: number;
  /** 1: added to what y holds. */
  readonly ADDS: 0 | 1;
}

/** Rows of a block of W that one dispatch multiplies by. */
interface Part {
  readonly block: WeightBlock;
  readonly begin: number;
  readonly end: number;
}

/** `x` and `y` have rows for a whole number of tiles; rows of `y` are as long as N, rounded up to a multiple of four. Returns `y`. */
export const matmul = (r: Recorder, x: Tensor, w: Weight, y: Tensor, rows: number): Tensor =>
  multiply(r, { x, w, y, rows, width: widthOf(x, w, y), ADDS: 0 });

/** y += x Wᵀ; otherwise as `matmul`. */
export const addMatmul = (r: Recorder, y: Tensor, x: Tensor, w: Weight, rows: number): Tensor =>
  multiply(r, { x, w, y, rows, width: widthOf(x, w, y), ADDS: 1 });

/** The products of `x` with three matrices, whose rows are multiples of four; each as by `matmul`. Returns `ys`. */
export function matmul3<Ys extends readonly [Tensor, Tensor, Tensor]>(
  r: Recorder,
  x: Tensor,
  ws: readonly [Weight, Weight, Weight],
  ys: Ys,
  rows: number,
): Ys {
  const gemv = gemvTogether(r, ws, rows);
  if (!gemv) {
    ws.forEach((w, i) => {
      matmul(r, x, w, ys[i], rows);
    });
    return ys;
  }
  const counts = ws.map((w, i) => widthOf(x, w, ys[i]));
  const matrices = ws.map((w, i) => againIn(productOf(gemv, w), i));
  r.dispatch({
    shader: shaderOf([gemv.total, threeShader, rowsShader, ...matrices], constantsOf(gemv)),
    bindings: Object.assign({ x: x.buffer }, ...ws.map((w, i) => numbered({ y: ys[i].buffer, ...bindingsOf(w) }, i))),
    params: { k4: ws[0].columns / 4, count: counts[0], count1: counts[1], count2: counts[2] },
    workgroups: [counts.reduce((sum, count) => sum + Math.ceil(count / gemvColumns), 0), rows],
    cost: 2 * rows * counts.reduce((sum, count) => sum + count, 0) * ws[0].columns,
  });
  return ys;
}

/** `y` (T, ff) = activation(x Gᵀ) * x Uᵀ, `up` (T, ff) being room for the second product. Returns `y`. */
export function gatedMatmul(
  r: Recorder,
  x: Tensor,
  [g, u]: readonly [gate: Weight, up: Weight],
  y: Tensor,
  up: Tensor,
  rows: number,
  activation: Activation,
): Tensor {
  const gemv = gemvTogether(r, [g, u], rows);
  if (!gemv) return gated(r, matmul(r, x, g, y, rows), matmul(r, x, u, up, rows), rows, activation);
  const width = widthOf(x, g, y);
  const matrices = [g, u].map((w, i) => againIn(sumsOf(gemv, w), i));
  r.dispatch({
    shader: shaderOf([gemv.total, gatedShader, rowsShader, activations[activation], ...matrices], constantsOf(gemv)),
    bindings: { x: x.buffer, y: y.buffer, ...bindingsOf(g), ...numbered(bindingsOf(u), 1) },
    params: { k4: g.columns / 4, count: width },
    workgroups: [Math.ceil(width / gemvColumns), rows],
    cost: 4 * rows * width * g.columns,
  });
  return y;
}

/** Row length of y. */
function widthOf(x: Tensor, w: Weight, y: Tensor): number {
  const width = sizeOf(y.shape.slice(1));
  if (sizeOf(x.shape.slice(1)) !== w.columns || width !== Math.ceil(w.rows / 4) * 4)
    throw new Error('matmul: shapes do not fit');
  if (w.columns % 4 !== 0) throw new Error('matmul: K is no multiple of 4');
  return width;
}

function multiply(r: Recorder, product: Product): Tensor {
  const { w, y, rows } = product;
  const { capabilities } = r.device;
  const gemv = chooseAlong(capabilities, rows);
  const unpacks = !gemv && w.unpacked && chooseUnpacking(capabilities, w.type, rows);
  // A dispatch cannot be cut, and one by a large vocabulary would be longer than a submit may be.
  const perColumn = 2 * (gemv ? rows : wholeTiles(rows)) * w.columns;
  const most = Math.max(1, Math.floor(r.longestDispatch / perColumn / partColumns)) * partColumns;
  for (const block of w.blocks) {
    for (let begin = 0; begin < block.count; begin += most) {
      const part = { block, begin, end: Math.min(block.count, begin + most) };
      if (gemv) byRow(r, gemv, product, part);
      else if (unpacks) unpacked(r, product, part);
      else byTiles(r, product, part);
    }
  }
  return y;
}

/** How few rows are multiplied by several matrices in one dispatch; undefined where they cannot be. */
function gemvTogether(r: Recorder, ws: readonly Weight[], rows: number): Along | undefined {
  const { storageBuffers } = r.device.capabilities;
  const bound = ws.reduce((sum, { blocks }) => sum + blocks.length + Object.keys(weightBindings(blocks[0])).length, 1);
  const whole = ws.every((w) => w.blocks.length === 1 && w.rows % 4 === 0);
  const cost = 2 * rows * ws.reduce((sum, w) => sum + w.rows * w.columns, 0);
  return whole && bound <= storageBuffers && cost <= mostTogether
    ? chooseAlong(r.device.capabilities, rows)
    : undefined;
}

const constantsOf = ({ LANES, spread }: Along) => ({ LANES, SPREAD: Number(spread) });

const parts = new Map<string, string>();

/** `make`'s text for a shader that starts with `key`: the same object every time (see `shaderOf`). */
function partOf(key: string, make: () => string): string {
  const part = parts.get(key) ?? make();
  parts.set(key, part);
  return part;
}

const keyOf = ({ sharesScales }: Along, { type, blocks }: Weight) =>
  `${type} ${sharesScales} ${isTexture(blocks[0].weights)}`;

/** What a thread does with its rows of a matrix. */
function walk({ sharesScales }: Along, { type, blocks }: Weight): string {
  const SHARED = sharesScales ? sharedFours(type) : undefined;
  if (!SHARED || isPlain(type)) return weightsShader;
  if (isTexture(blocks[0].weights)) return specialise(texelsShader, { WIDTH: layouts[type].low });
  return specialise(quantsShader, { SHARED });
}

/** WGSL of `sums` for a matrix. */
const sumsOf = (along: Along, w: Weight): string =>
  partOf(`sums ${keyOf(along, w)}`, () => joinShader(walk(along, w), weightShader(w.type, w.blocks[0])));

/** WGSL of `product` for a matrix. */
const productOf = (along: Along, w: Weight): string =>
  partOf(`product ${keyOf(along, w)}`, () => joinShader(matrixShader, sumsOf(along, w)));

const bindingsOf = (w: Weight): Bindings => weightBindings(w.blocks[0]);

/** Bindings by the names that `againIn` gives them. */
const numbered = (bindings: Bindings, time: number): Bindings =>
  time === 0
    ? bindings
    : Object.fromEntries(Object.entries(bindings).map(([name, buffer]) => [`${name}${time}`, buffer]));

function byRow(r: Recorder, along: Along, product: Product, { block, begin, end }: Part): void {
  const { x, w, y, rows, width, ADDS } = product;
  r.dispatch({
    shader: shaderOf([along.total, gemvShader, rowsShader, productOf(along, w)], { ...constantsOf(along), ADDS }),
    bindings: { x: x.buffer, y: y.buffer, ...weightBindings(block) },
    params: { k4: w.columns / 4, begin, end, first: block.first, width },
    workgroups: [Math.ceil((end - begin) / gemvColumns), rows],
    cost: 2 * rows * (end - begin) * w.columns,
  });
}

function byTiles(r: Recorder, { x, w, y, rows, width, ADDS }: Product, { block, begin, end }: Part): void {
  // Chosen by the whole block, so that its last part needs no shader of its own.
  const choice = { half: w.type === 'F16', steps: w.columns / 4 };
  const tiling = chooseTiling(r.device.capabilities, rows, Math.ceil(block.count / 4), choice);
  const tall = Math.ceil(rows / tiling.rows);
  const height = wholeTiles(rows);
  r.dispatch({
    shader: shaderOf([...tiling.parts, tileShader, weightShader(w.type, block)], { ...tiling.constants, ADDS }),
    bindings: { x: x.buffer, y: y.buffer, ...weightBindings(block) },
    params: { k4: w.columns / 4, height, begin, end, first: block.first, width4: width / 4 },
    workgroups: [Math.ceil((end - begin) / 4 / tiling.columns), tall],
    cost: 2 * Math.min(tall * tiling.rows, height) * (end - begin) * w.columns,
  });
}

/** As many rows of W at a time as fit the scratch: unpack them, multiply by them. */
function unpacked(r: Recorder, product: Product, { block, begin, end }: Part): void {
  const { w } = product;
  const scratch = w.unpacked!;
  const k4 = w.columns / 4;
  const SHARED = sharedFours(w.type);
  const kernel = SHARED ? specialise(dequantizeQuantsShader, { SHARED }) : dequantizeShader;
  const put = isTexture(scratch.weights) ? putTexels : putF32;
  const shader = partOf(`unpacked ${w.type} ${isTexture(block.weights)} ${isTexture(scratch.weights)}`, () =>
    joinShader(kernel, put, weightShader(w.type, block)),
  );
  // Multiples of four: a tile writes four columns at once.
  const most = Math.max(4, Math.floor(scratch.numbers / w.columns / 4) * 4);
  for (let first = begin; first < end; first += most) {
    const count = Math.min(most, end - first);
    r.dispatch({
      shader,
      bindings: { y: scratch.weights, ...weightBindings(block) },
      params: { k4, first, count },
      workgroups: workgroupsFor(r, (count * k4) / (SHARED ?? 1)),
      cost: count * k4 * costOfVector,
    });
    const rows = { first: block.first + first, count, weights: scratch.weights };
    byTiles(r, { ...product, w: { ...w, type: 'F32' } }, { block: rows, begin: 0, end: count });
  }
}
