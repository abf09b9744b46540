// How much memory a model takes with a window of a given length, computed from the header before anything is allocated; `load.ts` makes
// its buffers after the same shapes. Whether there is room: room.ts.
import { isComputed } from '../gguf/ggml-types.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { attentionTile } from '../kernels/attention.ts';
import { cacheTexel, type KvType, storedBytes } from '../kernels/cache-append.ts';
import { choosesUnpacking, largestTile } from '../kernels/variants.ts';
import type { Capabilities } from '../runtime/adapter.ts';
import { recorderBytes } from '../runtime/recorder.ts';
import { bufferBytes, sizeOf, storedSize } from '../runtime/tensor.ts';
import { type ModelConfig, windowOf } from './config.ts';
import type { Family, Scratch } from './family.ts';
import { snapshotPiece } from './snapshot.ts';
import { outerTensors, type TensorList, tensorOf } from './tensor-list.ts';
import { blockBytes } from './weights.ts';
import { largestPass, ringOf } from './window.ts';

/** Bytes of a cache in f32 beyond which it is kept in f16: half the memory, at an error of about 0.01 in a logit. */
const largestExactCache = 2 * 2 ** 30;
const largestLogits = 16 * 2 ** 20;
const largestUnpacked = 16 * 2 ** 20;

export interface Sizes {
  contextLength: number;
  kvType: KvType;
  /** Rows of one pass: a whole number of tiles. */
  passRows: number;
  /** Slots of the cache: the window, and one pass of continuations that are rolled back. Layers with a sliding window have a ring of fewer. */
  slots: number;
  /** Rows of logits that are computed at once. */
  logitRows: number;
  /** Length of a row of logits: the vocabulary, in whole groups of four. */
  logitWidth: number;
  /** Most bytes that are read back at once. */
  readable: number;
  /** f32 scratch for unpacked weights; 0 where they are unpacked in the kernels. */
  unpacked: number;
  /** Bytes on the GPU; `largest`: of one buffer; `keys`: of the buffer with the keys of one layer, the only one that grows and is never split. */
  bytes: { weights: number; cache: number; scratch: number; total: number; largest: number; keys: number };
}

/** A graphics card without limits, for figures where no device is there to be asked. */
export const anyCard: Capabilities = {
  software: false,
  lanes: 0,
  texels: false,
  half: false,
  workgroupMemory: 16_384,
  storageBuffers: 8,
  maxBinding: Number.MAX_SAFE_INTEGER,
  maxBuffer: Number.MAX_SAFE_INTEGER,
  maxWorkgroups: 65_535,
};

/** What is measured: an opened model has it. */
export interface Measured {
  readonly config: ModelConfig;
  readonly header: Pick<GgufHeader, 'tensors'>;
  readonly family: Pick<Family, 'block'>;
}

const tiles = (rows: number) => Math.ceil(rows / largestTile) * largestTile;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** What a window of `contextLength` tokens takes; pure, so that it can be asked before anything is loaded. */
export function sizesFor(model: Measured, contextLength: number, kvType: KvType, capabilities: Capabilities): Sizes {
  const c = model.config;
  const passRows = Math.min(largestPass, tiles(contextLength));
  const slots = tiles(contextLength) + passRows;
  const logitWidth = Math.ceil(c.vocabulary / 4) * 4;
  const fitting = Math.floor(largestLogits / 4 / logitWidth / largestTile) * largestTile;
  const logitRows = Math.min(passRows, Math.max(largestTile, fitting));
  const tensors = [...model.header.tensors.values()];
  const unpacks = tensors.some(
    ({ type, dimensions }) => dimensions.length > 1 && isComputed(type) && choosesUnpacking(capabilities, type),
  );
  const longest = Math.max(c.embedding, c.heads * c.headDim, c.feedForward);
  const whole = longest * Math.max(c.vocabulary, c.feedForward) * 4;
  const unpacked = unpacks ? Math.max(16 * longest, Math.min(largestUnpacked, whole)) : 0;
  const readable = Math.max(4 * logitRows * logitWidth, snapshotPiece);
  const rows = { contextLength, kvType, passRows, slots, logitRows, logitWidth, readable, unpacked };
  const buffers = {
    weights: weightBuffers(model, capabilities),
    cache: layersOf(c).flatMap((layer) =>
      Array<number>(2).fill(storedSize(cacheBytes(c, rows, layer), cacheTexel(kvType, capabilities))),
    ),
    scratch: [
      ...[...Object.values(scratchShapes(c, rows)), ...ropeShapes(c, rows)].map((shape) =>
        bufferBytes(4 * sizeOf(shape)),
      ),
      unpacked > 0 ? storedSize(unpacked, capabilities.texels ? 16 : undefined) : 0,
    ],
  };
  const [weights, cache] = [sum(buffers.weights), sum(buffers.cache)];
  const keys = Math.max(...buffers.cache);
  const scratch = sum(buffers.scratch) + recorderBytes(readable);
  const largest = Object.values(buffers)
    .flat()
    .reduce((most, bytes) => Math.max(most, bytes), 0);
  return { ...rows, bytes: { weights, cache, scratch, total: weights + cache + scratch, largest, keys } };
}

type Rows = Omit<Sizes, 'bytes'>;

/** Bytes of each buffer of weights. */
function weightBuffers({ config, header, family }: Measured, capabilities: Capabilities): number[] {
  const of = (list: TensorList, layer?: number) =>
    Object.entries(list).flatMap(([key, entry]) => {
      const tensor = tensorOf(header, key, entry, layer);
      if (entry.kind === 'vector') return [bufferBytes(4 * tensor.dimensions[0])];
      return blockBytes(tensor, capabilities);
    });
  return [...of(outerTensors(config)), ...layersOf(config).flatMap((layer) => of(family.block(config, layer), layer))];
}

const layersOf = ({ layers }: ModelConfig): number[] => Array.from({ length: layers }, (_, layer) => layer);

/** The ring of a layer whose sliding window makes it shorter than `slots`. */
export function ringWithin(c: ModelConfig, slots: number, layer: number): number | undefined {
  const ring = windowOf(c, layer) === undefined ? undefined : ringOf(c);
  return ring !== undefined && ring < slots ? ring : undefined;
}

/** Bytes of the keys, or of the values, of a layer. */
export const cacheBytes = (c: ModelConfig, { slots, kvType }: Pick<Sizes, 'slots' | 'kvType'>, layer: number): number =>
  (ringWithin(c, slots, layer) ?? slots) * c.kvHeads * c.headDim * storedBytes[kvType];

export const ropeShapes = (c: ModelConfig, { contextLength }: Pick<Sizes, 'contextLength'>): number[][] =>
  c.ropes.map(({ dimensions }) => [contextLength, dimensions / 2, 2]);

/** Shapes of what a pass writes on its way, in numbers of four bytes. */
export function scratchShapes(c: ModelConfig, { passRows: T, slots, logitRows, logitWidth }: Rows) {
  return {
    tokens: [T],
    targets: [T],
    rows: [T, 2],
    x: [T, c.embedding],
    h: [T, c.embedding],
    q: [T, c.heads, c.headDim],
    k: [T, c.kvHeads, c.headDim],
    v: [T, c.kvHeads, c.headDim],
    attended: [T, c.heads, c.headDim],
    residual: [T, c.embedding],
    gate: [T, c.feedForward],
    up: [T, c.feedForward],
    scores: [c.heads, T, Math.min(attentionTile, slots)],
    stats: [c.heads, T, 4],
    logits: [logitRows, logitWidth],
    logprobs: [T],
  } satisfies Record<keyof Scratch, number[]>;
}

/** Type of the cache where none is asked for. */
export function defaultKvType(c: ModelConfig, contextLength: number): KvType {
  const keys = sum(layersOf(c).map((layer) => cacheBytes(c, { slots: contextLength, kvType: 'f32' }, layer)));
  return 2 * keys <= largestExactCache ? 'f32' : 'f16';
}
