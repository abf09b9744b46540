// How much memory a model takes with a window of a given length: computed before anything is allocated, and the sentences that are said
// when there is not enough. It knows shapes, and no family.
import { EngineError } from '../api.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { unsupportedWith } from '../gguf/refusals.ts';
import { attentionTile } from '../kernels/attention.ts';
import { type KvType, storedBytes } from '../kernels/cache-append.ts';
import { gemvColumns } from '../kernels/matmul.ts';
import { largestTile } from '../kernels/variants.ts';
import type { Capabilities } from '../runtime/device.ts';
import type { ModelConfig } from './config.ts';
import { weightBytes } from './weights.ts';

/** Most tokens of one pass. */
const largestPass = 256;
/** Bytes of a cache in f32 beyond which it is kept in f16: half the memory, at an error of about 0.01 in a logit. */
const largestExactCache = 2 * 2 ** 30;
/** Windows shorter than this are not worth offering. */
export const shortestOffer = 512;
const largestLogits = 16 * 2 ** 20;
const largestUnpacked = 16 * 2 ** 20;

export interface Sizes {
  contextLength: number;
  kvType: KvType;
  /** Rows of one pass: a whole number of tiles. */
  passRows: number;
  /** Slots of the cache: the window, and one pass of continuations that are rolled back. */
  slots: number;
  /** Rows of logits that are computed at once. */
  logitRows: number;
  /** Length of a row of logits: the vocabulary, in whole groups of four. */
  logitWidth: number;
  /** f32 scratch for unpacked weights; 0 where they are unpacked in the kernels. */
  unpacked: number;
  /** Bytes on the GPU. */
  bytes: { weights: number; cache: number; scratch: number; total: number };
}

/** What is measured: an opened model has it. */
interface Measured {
  readonly config: ModelConfig;
  readonly header: Pick<GgufHeader, 'tensors'>;
}

const tiles = (rows: number) => Math.ceil(rows / largestTile) * largestTile;

/** What a window of `contextLength` tokens takes; pure, so that it can be asked before anything is loaded. */
export function sizesFor(model: Measured, contextLength: number, kvType: KvType, capabilities: Capabilities): Sizes {
  const c = model.config;
  const passRows = Math.min(largestPass, tiles(contextLength));
  const slots = tiles(contextLength) + passRows;
  const logitWidth = Math.ceil(c.vocabulary / 4) * 4;
  const fitting = Math.floor(largestLogits / 4 / logitWidth / largestTile) * largestTile;
  const logitRows = Math.min(passRows, Math.max(largestTile, fitting));
  const tensors = [...model.header.tensors.values()];
  const quantised = tensors.some((t) => t.type !== 'F32' && t.dimensions.length > 1);
  const longest = Math.max(c.embedding, c.heads * c.headDim, c.feedForward);
  const whole = longest * Math.max(c.vocabulary, c.feedForward) * 4;
  const unpacked = capabilities.software && quantised ? Math.max(16 * longest, Math.min(largestUnpacked, whole)) : 0;
  const kvWidth = c.kvHeads * c.headDim;
  const weights = tensors.reduce((sum, tensor) => sum + weightBytes(tensor), 0);
  const cache = c.layers * slots * kvWidth * storedBytes[kvType] * 2;
  const perRow = 3 * c.embedding + 2 * c.heads * c.headDim + 2 * kvWidth + 2 * c.feedForward + 5;
  const attention = passRows * c.heads * (Math.min(attentionTile, slots) + 4);
  const rotated = c.ropes.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const scratch = 4 * (passRows * perRow + attention + 2 * logitRows * logitWidth + contextLength * rotated) + unpacked;
  const bytes = { weights, cache, scratch, total: weights + cache + scratch };
  return { contextLength, kvType, passRows, slots, logitRows, logitWidth, unpacked, bytes };
}

/** Type of the cache where none is asked for. */
export function defaultKvType({ layers, kvHeads, headDim }: ModelConfig, contextLength: number): KvType {
  return 2 * layers * contextLength * kvHeads * headDim * storedBytes.f32 <= largestExactCache ? 'f32' : 'f16';
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e8 ? 2 : 1)} GB`;

/** `fits`: tokens of a window that would do, or too few to offer. */
export const tooLarge = ({ contextLength, bytes }: Sizes, fits: number) =>
  `Not enough graphics memory: this model with a window of ${contextLength} tokens takes ${gigabytes(bytes.total)}. ${
    fits < shortestOffer ? 'Choose a smaller model.' : `${fits} tokens fit.`
  }`;

/** Throws 'unsupported-model' for shapes that the kernels cannot take, 'out-of-memory' for what no buffer of this device can hold. */
export function expectFits(c: ModelConfig, sizes: Sizes, { maxBinding, maxBuffer, maxWorkgroups }: Capabilities): void {
  for (const length of [c.embedding, c.headDim, c.feedForward]) {
    if (length % 4 !== 0) throw unsupportedWith(`rows of ${length} numbers`);
  }
  const longest = Math.max(c.vocabulary, c.feedForward, c.heads * c.headDim);
  if (longest > gemvColumns * maxWorkgroups) throw unsupportedWith(`matrices of ${longest} rows`);
  const perSlot = c.kvHeads * c.headDim * storedBytes[sizes.kvType];
  const slots = Math.floor(Math.min(maxBinding, maxBuffer) / perSlot);
  if (sizes.slots <= slots) return;
  const fits = Math.floor((slots - sizes.passRows) / shortestOffer) * shortestOffer;
  throw new EngineError(
    'out-of-memory',
    tooLarge(sizes, fits),
    `a buffer holds keys of ${slots} of ${sizes.slots} slots`,
  );
}
