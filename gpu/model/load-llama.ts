// A llama model on the GPU: buffers for weights, cache and scratch are made together, within a size that is known before, and filled
// afterwards. No buffer is created later.
import { EngineError, type LoadOptions } from '../api.ts';
import type { GgufTensor } from '../gguf/header.ts';
import { unsupportedWith } from '../gguf/refusals.ts';
import { attentionTile } from '../kernels/attention.ts';
import { type KvType, type LayerCache, storedBytes } from '../kernels/cache-append.ts';
import { gemvColumns } from '../kernels/matmul.ts';
import { largestTile } from '../kernels/variants.ts';
import type { LlamaConfig, OpenModel } from '../open-model.ts';
import { type Capabilities, type Device, withinMemory } from '../runtime/device.ts';
import { Arena, type Tensor, type Weight } from '../runtime/tensor.ts';
import type { LlamaBlock, LlamaModel, LlamaScratch } from './llama.ts';
import { ropeTable } from './rope-scaling.ts';
import { createWeight, type Upload, uploadAll, weightBytes } from './weights.ts';

/** Most tokens of one pass. */
const largestPass = 256;
/** Bytes of a cache in f32 beyond which it is kept in f16: half the memory, at an error of about 0.01 in a logit. */
const largestExactCache = 2 * 2 ** 30;
/** Windows shorter than this are not worth offering. */
const shortestOffer = 512;
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

const tiles = (rows: number) => Math.ceil(rows / largestTile) * largestTile;

/** What a window of `contextLength` tokens takes; pure, so that it can be asked before anything is loaded. */
export function sizesFor(model: OpenModel, contextLength: number, kvType: KvType, capabilities: Capabilities): Sizes {
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
  const scratch =
    4 * (passRows * perRow + attention + 2 * logitRows * logitWidth + contextLength * c.headDim) + unpacked;
  const bytes = { weights, cache, scratch, total: weights + cache + scratch };
  return { contextLength, kvType, passRows, slots, logitRows, logitWidth, unpacked, bytes };
}

/** Type of the cache where none is asked for. */
export function defaultKvType({ layers, kvHeads, headDim }: LlamaConfig, contextLength: number): KvType {
  return 2 * layers * contextLength * kvHeads * headDim * storedBytes.f32 <= largestExactCache ? 'f32' : 'f16';
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e8 ? 2 : 1)} GB`;

/** `fits`: tokens of a window that would do, or too few to offer. */
const tooLarge = ({ contextLength, bytes }: Sizes, fits: number) =>
  `Not enough graphics memory: this model with a window of ${contextLength} tokens takes ${gigabytes(bytes.total)}. ${
    fits < shortestOffer ? 'Choose a smaller model.' : `${fits} tokens fit.`
  }`;

/** Throws 'unsupported-model' for shapes that the kernels cannot take, 'out-of-memory' for what no buffer of this device can hold. */
function expectFits(c: LlamaConfig, sizes: Sizes, { maxBinding, maxBuffer, maxWorkgroups }: Capabilities): void {
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

export interface LoadedLlama {
  readonly model: LlamaModel;
  readonly arena: Arena;
  readonly sizes: Sizes;
  /** What `fillLlama` is to read from the file. */
  readonly uploads: readonly Upload[];
}

/**
 * A model whose buffers hold nothing yet. Throws EngineError 'out-of-memory' with what it takes and the window that fits, and
 * 'unsupported-model'; all buffers are freed then.
 */
export async function allocateLlama(device: Device, open: OpenModel, options: LoadOptions): Promise<LoadedLlama> {
  const { contextLength, kvType = defaultKvType(open.config, contextLength) } = options;
  const sizes = sizesFor(open, contextLength, kvType, device.capabilities);
  expectFits(open.config, sizes, device.capabilities);
  const loaded = await tryAllocating(device, open, sizes, options.ropeFactor);
  if (!(loaded instanceof EngineError)) return loaded;
  let fits = contextLength >> 1;
  for (; fits >= shortestOffer; fits >>= 1) {
    const smaller = await tryAllocating(device, open, sizesFor(open, fits, kvType, device.capabilities));
    if (smaller instanceof EngineError) continue;
    smaller.arena.destroy();
    break;
  }
  throw new EngineError('out-of-memory', tooLarge(sizes, fits), loaded.detail);
}

/** The refusal, in place of the model, when there is no room for it. */
async function tryAllocating(
  device: Device,
  open: OpenModel,
  sizes: Sizes,
  ropeFactor = open.config.ropeScaling.factor,
): Promise<LoadedLlama | EngineError> {
  const arena = new Arena(device.gpu);
  try {
    return await withinMemory(device.gpu, tooLarge(sizes, 0), () =>
      createModel(device, arena, open, sizes, ropeFactor),
    );
  } catch (error) {
    arena.destroy();
    // Drivers free memory when the queue has come past its last use.
    await device.gpu.queue.onSubmittedWorkDone();
    if (error instanceof EngineError && error.kind === 'out-of-memory') return error;
    throw error;
  }
}

/** Reads the weights from the model's file. Throws whatever the source throws, and the signal's reason after an abort. */
export async function fillLlama(
  { gpu }: Device,
  { source, config }: OpenModel,
  { model, uploads }: LoadedLlama,
  options: Pick<LoadOptions, 'onProgress' | 'signal'> = {},
): Promise<void> {
  writeRopeTable(gpu, model.ropeTable, config, model.ropeFactor);
  await uploadAll(gpu, source, uploads, options);
}

function createModel(
  { capabilities }: Device,
  arena: Arena,
  { config, header }: OpenModel,
  sizes: Sizes,
  ropeFactor: number,
): LoadedLlama {
  const uploads: Upload[] = [];
  const unpacked = sizes.unpacked > 0 ? arena.tensor('unpacked weights', sizes.unpacked / 4) : undefined;
  const found = (name: string): GgufTensor => header.tensors.get(name)!;
  const matrix = (name: string): Weight => {
    const tensor = found(name);
    const to = createWeight(arena, capabilities, tensor, unpacked);
    uploads.push({ tensor, to });
    return to;
  };
  const vector = (name: string): Tensor => {
    const tensor = found(name);
    const to = arena.tensor(name, tensor.dimensions[0]);
    uploads.push({ tensor, to: to.buffer });
    return to;
  };
  const block = (i: number): LlamaBlock => ({
    attn_norm: vector(`blk.${i}.attn_norm.weight`),
    attn_q: matrix(`blk.${i}.attn_q.weight`),
    attn_k: matrix(`blk.${i}.attn_k.weight`),
    attn_v: matrix(`blk.${i}.attn_v.weight`),
    attn_output: matrix(`blk.${i}.attn_output.weight`),
    ffn_norm: vector(`blk.${i}.ffn_norm.weight`),
    ffn_gate: matrix(`blk.${i}.ffn_gate.weight`),
    ffn_up: matrix(`blk.${i}.ffn_up.weight`),
    ffn_down: matrix(`blk.${i}.ffn_down.weight`),
  });
  const token_embd = matrix('token_embd.weight');
  const model: LlamaModel = {
    config,
    ropeFactor,
    token_embd,
    blocks: Array.from({ length: config.layers }, (_, i) => block(i)),
    output_norm: vector('output_norm.weight'),
    output: config.tied ? token_embd : matrix('output.weight'),
    ropeTable: arena.tensor('rope table', sizes.contextLength, config.headDim / 2, 2),
    cache: Array.from({ length: config.layers }, (_, i) => createCache(arena, config, sizes, i)),
    scratch: createScratch(arena, config, sizes),
  };
  return { model, arena, sizes, uploads };
}

function createCache(arena: Arena, c: LlamaConfig, { slots, kvType }: Sizes, layer: number): LayerCache {
  const bytes = slots * c.kvHeads * c.headDim * storedBytes[kvType];
  return {
    type: kvType,
    keys: arena.buffer(`keys of layer ${layer}`, bytes),
    values: arena.buffer(`values of layer ${layer}`, bytes),
  };
}

function createScratch(
  arena: Arena,
  c: LlamaConfig,
  { passRows: T, logitRows, logitWidth, slots }: Sizes,
): LlamaScratch {
  return {
    tokens: arena.tensor('tokens', T),
    targets: arena.tensor('targets', T),
    rows: arena.tensor('rows', T, 2),
    x: arena.tensor('x', T, c.embedding),
    h: arena.tensor('h', T, c.embedding),
    q: arena.tensor('q', T, c.heads, c.headDim),
    k: arena.tensor('k', T, c.kvHeads, c.headDim),
    v: arena.tensor('v', T, c.kvHeads, c.headDim),
    attended: arena.tensor('attended', T, c.heads, c.headDim),
    residual: arena.tensor('residual', T, c.embedding),
    gate: arena.tensor('gate', T, c.feedForward),
    up: arena.tensor('up', T, c.feedForward),
    scores: arena.tensor('scores', c.heads, T, Math.min(attentionTile, slots)),
    stats: arena.tensor('stats', c.heads, T, 4),
    logits: arena.tensor('logits', logitRows, logitWidth),
    logprobs: arena.tensor('logprobs', T),
  };
}

function writeRopeTable(device: GPUDevice, table: Tensor, c: LlamaConfig, factor: number): void {
  const [positions, pairs] = table.shape;
  const angles = { dimensions: c.ropeDimensions, base: c.ropeBase, factor };
  const most = 4096;
  for (let first = 0; first < positions; first += most) {
    const part = ropeTable(angles, first, Math.min(most, positions - first));
    device.queue.writeBuffer(table.buffer, first * pairs * 8, part);
  }
}
