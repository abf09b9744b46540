// One pass of the forward function over some rows: what they are, where they stand, what they see, and what is wanted of them.
import { logprob } from '../kernels/logprob.ts';
import { largestTile } from '../kernels/variants.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { windowOf } from './config.ts';
import type { LoadedModel } from './family.ts';

export interface Row {
  token: number;
  /** Position in the text: which angles it is rotated by. */
  position: number;
  /** First slot that it sees besides the prefix. */
  own: number;
  /** Token whose probability after this one is wanted. */
  target?: number;
}

export interface Pass {
  readonly rows: readonly Row[];
  /** Slot of the first row. */
  readonly start: number;
  /** Slots that all rows see; those of `start` and beyond are seen as far as they are a row's own. */
  readonly prefix: number;
}

/** Tokens first … of a text that follow what is in the cache: plain causality. */
export const continuing = (ids: readonly number[], first: number, count: number): Pass => ({
  rows: ids.slice(first, first + count).map((token, i) => ({ token, position: first + i, own: first })),
  start: first,
  prefix: first,
});

export type Wanted = 'cache' | 'last-logits' | 'logits' | 'logprobs';

export interface Collecting {
  readonly signal?: AbortSignal;
  /** Called with the rows of logits (count, width) of `logits` and `last-logits`. */
  readonly collect?: (logits: Float32Array, first: number) => void;
}

export async function runPass(
  r: Recorder,
  m: LoadedModel,
  pass: Pass,
  wanted: Wanted,
  { signal, collect }: Collecting = {},
): Promise<Float32Array | undefined> {
  const count = pass.rows.length;
  const { scratch } = m;
  const { queue } = r.device.gpu;
  queue.writeBuffer(
    scratch.tokens.buffer,
    0,
    Uint32Array.from(pass.rows, (row) => row.token),
  );
  queue.writeBuffer(scratch.rows.buffer, 0, Uint32Array.from(pass.rows.flatMap((row) => [row.position, row.own])));
  const logitRows = rowsWithin(
    r.longestDispatch,
    2 * m.config.embedding * m.config.vocabulary,
    scratch.logits.shape[0],
  );
  const x = m.family.forward(r, m, { rows: count, start: pass.start, prefix: pass.prefix });
  if (wanted === 'cache') {
    await r.run(signal);
    return undefined;
  }
  if (wanted === 'logprobs') {
    queue.writeBuffer(
      scratch.targets.buffer,
      0,
      Uint32Array.from(pass.rows, (row) => row.target ?? 0),
    );
    for (const [first, rows] of blocksOf(0, count, logitRows)) {
      const logits = m.family.logits(r, m, x, first, rows);
      logprob(r, logits, m.config.vocabulary, scratch.targets, scratch.logprobs, rows, first);
    }
    return new Float32Array(await r.result(scratch.logprobs.buffer, 4 * count, signal));
  }
  for (const [first, rows] of blocksOf(wanted === 'logits' ? 0 : count - 1, count, logitRows)) {
    const logits = m.family.logits(r, m, x, first, rows);
    collect?.(new Float32Array(await r.result(logits.buffer, 4 * rows * logits.shape[1], signal)), first);
  }
  return undefined;
}

/**
 * Rows of the next piece of `left` ones, at most `most`. Bits of a row do not depend on where rows are cut, so that the measured speed of
 * a device may decide; only a row alone is computed by kernels that add up in another order, and so none is left over.
 */
export const pieceOf = (left: number, most: number): number => (left === most + 1 ? most - 1 : Math.min(left, most));

function* blocksOf(from: number, until: number, most: number): Generator<[first: number, rows: number]> {
  for (let first = from; first < until; ) {
    const rows = pieceOf(until - first, most);
    yield [first, rows];
    first += rows;
  }
}

/** Floating-point operations of `rows` tokens that come after `before` others. */
export function costOf({ config: c }: LoadedModel, before: number, rows: number): number {
  const attended = c.heads * c.headDim;
  const matrices =
    2 * c.embedding * attended + 2 * c.embedding * c.kvHeads * c.headDim + 3 * c.embedding * c.feedForward;
  const seen = before + rows / 2;
  let slots = 0;
  for (let layer = 0; layer < c.layers; layer++) slots += Math.min(seen, windowOf(c, layer) ?? seen);
  return rows * (c.layers * 2 * matrices + 4 * attended * slots);
}

/** Operations of attending to one token more, in operations of all that a token costs whatever its place (local layers' windows too). */
export function pairCost(m: LoadedModel): number {
  const far = 2 ** 20;
  const cost = costOf(m, far, 1);
  const pair = (costOf(m, 2 * far, 1) - cost) / far;
  return pair / (cost - pair * (far + 0.5));
}

/** Milliseconds of a pass: that often progress is told, and so much is lost when it is stopped. */
const passMilliseconds = 1000;

/**
 * Tokens of the next pass, after `before` others and with `left` to go: as many as the scratch holds, fewer where they would take longer
 * than a pass may, or a single dispatch longer than a submit may. Attention goes by tiles of keys, so a dispatch does not grow with the
 * window.
 */
export function passRows(r: Recorder, m: LoadedModel, before: number, left: number): number {
  const { config: c, scratch } = m;
  const perRow = Math.max(
    2 * c.embedding * Math.max(c.feedForward, c.heads * c.headDim),
    2 * c.heads * c.headDim * scratch.scores.shape[2],
  );
  const most = rowsWithin(r.rate * passMilliseconds, costOf(m, before, 1), scratch.x.shape[0]);
  return pieceOf(left, rowsWithin(r.longestDispatch, perRow, most));
}

/** Rows of `cost` operations each that take no more than `allowed` together: whole tiles, one at least. */
function rowsWithin(allowed: number, cost: number, most: number): number {
  return Math.min(most, Math.max(largestTile, Math.floor(allowed / cost / largestTile) * largestTile));
}

/** Has every pipeline of the passes above compiled; computes nothing. */
export async function warm(r: Recorder, m: LoadedModel): Promise<void> {
  const { scratch } = m;
  for (const rows of [1, largestTile, scratch.x.shape[0]]) {
    const x = m.family.forward(r, m, { rows, start: 0, prefix: 0 });
    const some = Math.min(rows, scratch.logits.shape[0]);
    logprob(r, m.family.logits(r, m, x, 0, some), m.config.vocabulary, scratch.targets, scratch.logprobs, some, 0);
  }
  await r.warm();
}
