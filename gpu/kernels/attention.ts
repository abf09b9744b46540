// Causal attention with grouped heads over the cache, tile by tile of keys: scores, online softmax, values (FlashAttention, Dao et al.
// 2022, arXiv 2205.14135, with the steps as dispatches of their own). Memory is one tile of scores whatever the window, and no
// dispatch grows with it, so that a full window of 32,768 tokens is computed in submits as short as an empty one's.
import { againIn, shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { sizeOf, type Tensor } from '../runtime/tensor.ts';
import aloneShader from './attention-alone.wgsl?raw';
import scoresShader from './attention-scores.wgsl?raw';
import softmaxShader from './attention-softmax.wgsl?raw';
import valuesShader from './attention-values.wgsl?raw';
import { type LayerCache, maskOf, storedShader } from './cache-append.ts';
import { costOfVector } from './elementwise.ts';
import { chooseReduction, chooseTier, chooseTiling, wholeTiles } from './variants.ts';

/** Slots in a tile. Tiles end at multiples of it, so that what a row sees is added up in the same order in every pass. */
export const attentionTile = 1024;
/** Slots that a first tile may begin at: the softmax's threads then have the same slots in every pass. */
export const tileBegins = 256;
/** Operations of a step over a longer tile: less than a submit may take, on any device. */
const longestStep = 2e8;

export interface AttentionScratch {
  /** (T, 2) as u32: position and first own slot of each row. */
  readonly rows: Tensor;
  /** (heads, T, tile). */
  readonly scores: Tensor;
  /** (heads, T, 4): maximum, sum, shrinking factor. */
  readonly stats: Tensor;
}

/** Which rows of a pass see which slots: see attention-softmax.wgsl. */
export interface Span {
  readonly rows: number;
  /** Slot of the first row. */
  readonly start: number;
  /** Slots that all rows see. */
  readonly prefix: number;
}

export interface AttentionOptions {
  /** A row sees so many positions up to its own and none before; all when absent. */
  readonly window?: number;
  /** Of the scores, before the softmax; 1 / sqrt(head_dim) when absent. */
  readonly scale?: number;
}

const unbounded = 0xffff_ffff;

/** `q` (T, heads, head_dim); `y` likewise, in rows of any shape. Returns `y`. */
export function attention(
  r: Recorder,
  q: Tensor,
  cache: LayerCache,
  kvHeads: number,
  scratch: AttentionScratch,
  span: Span,
  y: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const [, heads, headDim] = q.shape;
  const { window = unbounded, scale } = options;
  const { capabilities } = r.device;
  const c4 = headDim / 4;
  const group = heads / kvHeads;
  const choice = { half: cache.type === 'f16', alone: span.rows === 1 };
  const keyTiling = chooseTiling(capabilities, span.rows * group, attentionTile / 4, { ...choice, steps: c4 });
  const valueTiling = chooseTiling(capabilities, span.rows * group, c4, { ...choice, steps: attentionTile / 4 });
  const reduction = chooseReduction(capabilities);
  const height = wholeTiles(span.rows * group);
  const end = span.start + span.rows;
  const stored = storedShader(cache);
  const mask = maskOf(cache);
  const { scores, stats } = scratch;
  const together = [2, 3].find((count) => group % count === 0) ?? (group === 1 ? 1 : undefined);
  const short = choice.alone && 4 * heads * end * headDim <= longestStep;
  if (short && together && chooseTier(capabilities) === 'subgroup')
    return alone(r, together, q, cache, kvHeads, scratch, span, y, options);
  const slots = choice.alone ? tileAlone(scores, height, kvHeads, headDim) : attentionTile;
  const aligned = choice.alone ? 4 : tileBegins;
  // No row of a pass stands before the prefix's end, so none sees a slot before this one.
  const begin = Math.floor(Math.max(0, span.prefix + 1 - window) / aligned) * aligned;
  for (let tile = begin, next: number; tile < end; tile = next) {
    next = (Math.floor(tile / slots) + 1) * slots;
    const { stretch, abreast } = valueTiling;
    const tile4 = Math.ceil((Math.min(next, end) - tile) / 4 / stretch) * stretch;
    const shared = { heads, group, c4, start: span.start, tile, end, height, tile4 };
    const order = { first: Number(tile === begin), last: Number(next >= end) };
    const cost = 8 * height * kvHeads * tile4 * headDim;
    r.dispatch({
      shader: shaderOf([...keyTiling.parts, scoresShader, stored], keyTiling.constants),
      bindings: { x: q.buffer, stored: cache.keys, scores: scores.buffer },
      params: { ...shared, mask, scale: Math.LOG2E * (scale ?? 1 / Math.sqrt(headDim)) },
      workgroups: [Math.ceil(tile4 / keyTiling.columns), Math.ceil(height / keyTiling.rows), kvHeads],
      cost,
    });
    r.dispatch({
      shader: shaderOf([softmaxShader, reduction.across], { THREADS: reduction.THREADS }),
      bindings: { rows: scratch.rows.buffer, scores: scores.buffer, stats: stats.buffer },
      params: {
        ...shared,
        prefix: span.prefix,
        abreast,
        stretch,
        first: order.first,
        window,
      },
      workgroups: [span.rows * group, kvHeads],
      cost: span.rows * heads * tile4 * 2 * costOfVector,
    });
    r.dispatch({
      shader: shaderOf([...valueTiling.parts, valuesShader, stored], valueTiling.constants),
      bindings: { x: scores.buffer, stored: cache.values, stats: stats.buffer, y: y.buffer },
      params: { ...shared, ...order, mask },
      workgroups: [Math.ceil(c4 / valueTiling.columns), Math.ceil(height / valueTiling.rows), kvHeads],
      cost,
    });
  }
  return y;
}

/** `attention` of one token in one dispatch; `HEADS` of a key head in a workgroup. */
function alone(
  r: Recorder,
  HEADS: number,
  q: Tensor,
  cache: LayerCache,
  kvHeads: number,
  { rows, scores }: AttentionScratch,
  { start, prefix }: Span,
  y: Tensor,
  { window = unbounded, scale }: AttentionOptions,
): Tensor {
  const [, heads, headDim] = q.shape;
  const stored = storedShader(cache);
  const begin = Math.floor(Math.max(0, prefix + 1 - window) / 4) * 4;
  r.dispatch({
    shader: shaderOf([aloneShader, stored, againIn(stored, 1)], { LANES: r.device.capabilities.lanes, HEADS }),
    bindings: {
      x: q.buffer,
      rows: rows.buffer,
      scores: scores.buffer,
      y: y.buffer,
      stored: cache.keys,
      stored1: cache.values,
    },
    params: {
      group: heads / kvHeads,
      c4: headDim / 4,
      width4: (kvHeads * headDim) / 4,
      begin,
      prefix,
      last: start,
      window,
      mask: maskOf(cache),
      row4: Math.floor(sizeOf(scores.shape) / heads / 4),
      scale: Math.LOG2E * (scale ?? 1 / Math.sqrt(headDim)),
    },
    workgroups: [heads / HEADS],
    cost: 4 * heads * (start + 1 - begin) * headDim,
  });
  return y;
}

/** A token alone leaves room for a longer tile: it sees a window of 32,768 in one tile, in 3 dispatches instead of 96. */
function tileAlone(scores: Tensor, height: number, kvHeads: number, headDim: number): number {
  const most = Math.min(sizeOf(scores.shape) / (kvHeads * height), longestStep / (2 * height * kvHeads * headDim));
  return Math.max(attentionTile, Math.floor(most / 4) * 4);
}
