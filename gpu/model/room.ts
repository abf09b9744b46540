// Whether there is room for a model: what the device's limits allow, what is free, and, when it is not enough, what would be. WebGPU tells
// nobody how much memory is free, so the engine tries: buffers are created and given back under an out-of-memory scope.
import { EngineError } from '../api.ts';
import { unsupportedWith } from '../gguf/refusals.ts';
import { type KvType, storedBlock, storedBytes } from '../kernels/cache-append.ts';
import { gemvColumns } from '../kernels/matmul.ts';
import type { Capabilities } from '../runtime/adapter.ts';
import { withinMemory } from '../runtime/device.ts';
import { Arena, bufferBytes } from '../runtime/tensor.ts';
import type { ModelConfig } from './config.ts';
import { type Measured, type Sizes, sizesFor } from './memory.ts';

/** Windows are offered in steps of so many tokens, and none that is shorter. */
const offerStep = 512;

export interface Room {
  /** Bytes of one buffer. */
  readonly largest: number;
  /** Bytes that are free in all, as far as it is known. */
  readonly free: number;
}

/** `free`: what the host knows to be free, where it knows. */
export const roomOf = ({ maxBinding, maxBuffer }: Capabilities, free = Number.POSITIVE_INFINITY): Room => ({
  largest: Math.min(maxBinding, maxBuffer),
  free,
});

export const fitsIn = ({ bytes }: Sizes, { largest, free }: Room): boolean =>
  bytes.keys <= largest && bytes.total <= free;

const stores = ({ kvHeads, headDim }: ModelConfig, kvType: KvType) => (kvHeads * headDim) % storedBlock[kvType] === 0;

/** Throws 'unsupported-model' for shapes that the kernels cannot take. */
export function expectShapes(c: ModelConfig, kvType: KvType, { maxWorkgroups }: Capabilities): void {
  for (const length of [c.embedding, c.headDim, c.feedForward]) {
    if (length % 4 !== 0) throw unsupportedWith(`rows of ${length} numbers`);
  }
  if (!stores(c, kvType)) throw unsupportedWith(`keys of ${c.kvHeads * c.headDim} numbers in ${kvType}`);
  const longest = Math.max(c.vocabulary, c.feedForward, c.heads * c.headDim);
  if (longest > gemvColumns * maxWorkgroups) throw unsupportedWith(`matrices of ${longest} rows`);
}

/** What would fit, each undefined where nothing does: a cache in fewer bits for the same window; a shorter window. */
export interface Offers {
  readonly cache?: Sizes;
  readonly window?: Sizes;
}

/** The best that fits into `room` by its sizes. */
export function offersWithin(model: Measured, wanted: Sizes, room: Room, capabilities: Capabilities): Offers {
  const { contextLength, kvType } = wanted;
  const smaller = (Object.keys(storedBytes) as KvType[])
    .filter((type) => storedBytes[type] < storedBytes[kvType] && stores(model.config, type))
    .sort((a, b) => storedBytes[b] - storedBytes[a])
    .map((type) => sizesFor(model, contextLength, type, capabilities));
  // More tokens never take less: the longest that fits is found by halving.
  let [fits, tooLong] = [0, Math.ceil(contextLength / offerStep)];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (fitsIn(sizesFor(model, middle * offerStep, kvType, capabilities), room)) fits = middle;
    else tooLong = middle;
  }
  return {
    cache: smaller.find((sizes) => fitsIn(sizes, room)),
    window: fits > 0 ? sizesFor(model, fits * offerStep, kvType, capabilities) : undefined,
  };
}

/** Half the window, as an offer, where it is still worth one. */
export function halfOf(
  model: Measured,
  { contextLength, kvType }: Sizes,
  capabilities: Capabilities,
): Sizes | undefined {
  const half = Math.floor(contextLength / 2 / offerStep) * offerStep;
  return half > 0 ? sizesFor(model, half, kvType, capabilities) : undefined;
}

/** 'out-of-memory', with what is needed, what there is, and what would do instead. */
export function notEnough(
  { contextLength, bytes }: Sizes,
  room: Room,
  { cache, window }: Offers,
  detail = '',
): EngineError {
  const tokens = (count: number) => `${count.toLocaleString('en')} tokens`;
  const needs = `this model with a window of ${tokens(contextLength)} needs ${size(bytes.total)}`;
  const [one, most] = apart(bytes.keys, room.largest);
  const [all, free] = apart(bytes.total, room.free);
  const figures =
    bytes.keys > room.largest
      ? `${needs}, ${one} of it in one buffer, and this graphics device allows ${most}`
      : bytes.total > room.free
        ? `this model with a window of ${tokens(contextLength)} needs ${all}, ${free} is free`
        : needs;
  const offers = [
    ...(cache ? [`keys and values in ${cache.kvType} fit`] : []),
    ...(window ? [`${tokens(window.contextLength)} fit`] : []),
  ].join(', or ');
  const advice = offers === '' ? 'Try a smaller model or quantisation' : `${offers[0].toUpperCase()}${offers.slice(1)}`;
  return new EngineError('out-of-memory', `Not enough graphics memory: ${figures}. ${advice}.`, detail);
}

const size = (bytes: number, digits = 1) =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(digits - 1)} MB` : `${(bytes / 1e9).toFixed(digits)} GB`;

/** Two sizes with as many digits as it takes for them to differ. */
function apart(needed: number, there: number): [string, string] {
  for (let digits = 1; digits < 4; digits++) {
    const both: [string, string] = [size(needed, digits), size(there, digits)];
    if (both[0] !== both[1]) return both;
  }
  return [size(needed, 4), size(there, 4)];
}

/**
 * Bytes that can be allocated now, at most about `wanted`, to a thousandth of it; all of it is given back. The pieces get smaller when
 * one does not fit any more.
 */
export async function freeMemory(device: GPUDevice, wanted: number, { largest }: Room): Promise<number> {
  const arenas: Arena[] = [];
  let free = 0;
  for (let piece = Math.min(largest, wanted / 32); piece >= wanted / 1024 && free < wanted; ) {
    const size = bufferBytes(piece);
    const arena = new Arena(device);
    try {
      await withinMemory(device, 'There is no room for this.', () => arena.buffer('trial', size));
      arenas.push(arena);
      free += size;
    } catch {
      arena.destroy();
      piece /= 2;
    }
  }
  for (const arena of arenas) arena.destroy();
  await device.queue.onSubmittedWorkDone();
  return free;
}
