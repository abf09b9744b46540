// A model on the GPU: buffers for weights, cache and scratch are made together, within a size that is known before, and filled
// afterwards. No buffer is created later.
import { type ByteSource, EngineError, type LoadOptions } from '../api.ts';
import { dequantize } from '../gguf/dequantize.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { damaged } from '../gguf/refusals.ts';
import { cacheTexel, type LayerCache } from '../kernels/cache-append.ts';
import type { OpenModel } from '../open-model.ts';
import type { Capabilities } from '../runtime/adapter.ts';
import { type Device, withinMemory } from '../runtime/device.ts';
import { recorderBytes } from '../runtime/recorder.ts';
import { Arena, type Tensor } from '../runtime/tensor.ts';
import type { ModelConfig } from './config.ts';
import type { LoadedModel, Scratch } from './family.ts';
import { cacheBytes, defaultKvType, ringWithin, ropeShapes, type Sizes, scratchShapes, sizesFor } from './memory.ts';
import {
  expectShapes,
  fitsIn,
  freeMemory,
  halfOf,
  notEnough,
  type Offers,
  offersWithin,
  type Room,
  roomOf,
} from './room.ts';
import { type Rope, type RopeAngles, ropeAngles, ropeTable, withFactor } from './rope-scaling.ts';
import { type OnGpu, outerTensors, type TensorList, tensorOf } from './tensor-list.ts';
import { createWeight, type Upload, uploadAll } from './weights.ts';

export interface Allocated {
  readonly model: LoadedModel;
  readonly arena: Arena;
  readonly sizes: Sizes;
  /** What `fillModel` is to read from the file. */
  readonly uploads: readonly Upload[];
}

/**
 * A model whose buffers hold nothing yet. Throws EngineError 'out-of-memory' with what it takes, what is free and what would fit, and
 * 'unsupported-model'; all buffers are freed then.
 */
export async function allocateModel(device: Device, open: OpenModel, options: LoadOptions): Promise<Allocated> {
  const { contextLength, kvType = defaultKvType(open.config, contextLength) } = options;
  const { capabilities } = device;
  expectShapes(open.config, kvType, capabilities);
  const sizes = sizesFor(open, contextLength, kvType, capabilities);
  const room = roomOf(capabilities, options.memory);
  if (!fitsIn(sizes, room)) throw notEnough(sizes, room, offersWithin(open, sizes, room, capabilities));
  const loaded = await tryAllocating(device, open, sizes, options);
  if (!(loaded instanceof EngineError)) return loaded;
  const free = Math.min(room.free, await freeMemory(device.gpu, sizes.bytes.total, room));
  throw notEnough(sizes, { ...room, free }, await triedOffers(device, open, sizes, { ...room, free }), loaded.detail);
}

/** What fits by its sizes, if it can be allocated indeed. */
async function triedOffers(device: Device, open: OpenModel, sizes: Sizes, room: Room): Promise<Offers> {
  const { capabilities } = device;
  const works = async (offer: Sizes) => {
    const made = await tryAllocating(device, open, offer);
    if (made instanceof EngineError) return false;
    made.arena.destroy();
    await device.gpu.queue.onSubmittedWorkDone();
    return true;
  };
  const offers = offersWithin(open, sizes, room, capabilities);
  let { cache, window } = offers;
  if (cache && !(await works(cache))) cache = undefined;
  while (window && !(await works(window))) window = halfOf(open, window, capabilities);
  return { cache, window };
}

/** The refusal, in place of the model, when there is no room for it. */
async function tryAllocating(
  device: Device,
  open: OpenModel,
  sizes: Sizes,
  options: LoadOptions = { contextLength: sizes.contextLength },
): Promise<Allocated | EngineError> {
  const arena = new Arena(device.gpu);
  // The recorder is made later; its room is kept for it.
  const recorder = new Arena(device.gpu);
  try {
    return await withinMemory(device.gpu, 'There is no room for this model.', () => {
      recorder.buffer('room for the recorder', recorderBytes(sizes.readable));
      return createModel(device, arena, open, sizes, options);
    });
  } catch (error) {
    arena.destroy();
    recorder.destroy();
    // Drivers free memory when the queue has come past its last use.
    await device.gpu.queue.onSubmittedWorkDone();
    if (error instanceof EngineError && error.kind === 'out-of-memory') return error;
    throw error;
  } finally {
    recorder.destroy();
  }
}

/** Reads the weights from the model's file. Throws whatever the source throws, and the signal's reason after an abort. */
export async function fillModel(
  { gpu }: Device,
  { source, header }: OpenModel,
  { model, uploads }: Allocated,
  options: Pick<LoadOptions, 'onProgress' | 'signal'> = {},
): Promise<void> {
  for (const [i, rope] of model.ropes.entries()) {
    const divisors = await readDivisors(source, header, rope, model.ropeTables[i].shape[0]);
    writeRopeTable(gpu, model.ropeTables[i], ropeAngles(rope, divisors));
  }
  await uploadAll(gpu, source, uploads, options);
}

function createModel(
  { capabilities }: Device,
  arena: Arena,
  { config, family, header }: OpenModel,
  sizes: Sizes,
  { ropeFactor, ropeMethod }: LoadOptions,
): Allocated {
  const uploads: Upload[] = [];
  const unpacked = sizes.unpacked > 0 ? arena.unpacked(sizes.unpacked / 4, capabilities.texels) : undefined;
  const create = <L extends TensorList>(list: L, layer?: number): OnGpu<L> => {
    const made = Object.entries(list).map(([key, entry]) => {
      const tensor = tensorOf(header, key, entry, layer);
      if (entry.kind === 'matrix') {
        const to = createWeight(arena, capabilities, tensor, unpacked);
        uploads.push({ tensor, to });
        return [key, to];
      }
      const to = arena.tensor(tensor.name, tensor.dimensions[0]);
      uploads.push({ tensor, to: to.buffer });
      return [key, to];
    });
    return Object.fromEntries(made);
  };
  const outer = create(outerTensors(config));
  const ropes = config.ropes.map((rope) =>
    rope.fixed ? rope : { ...rope, scaling: withFactor(rope.scaling, ropeFactor, ropeMethod) },
  );
  const model: LoadedModel = {
    family,
    config,
    ropes,
    ropeFactor: ropes[0].scaling.factor,
    token_embd: outer.token_embd,
    blocks: Array.from({ length: config.layers }, (_, i) => create(family.block(config, i), i)),
    output_norm: outer.output_norm,
    output: outer.output ?? outer.token_embd,
    ropeTables: ropeShapes(config, sizes).map((shape) => arena.tensor('rope table', ...shape)),
    cache: Array.from({ length: config.layers }, (_, i) => createCache(arena, capabilities, config, sizes, i)),
    scratch: createScratch(arena, config, sizes),
  };
  return { model, arena, sizes, uploads };
}

function createCache(
  arena: Arena,
  capabilities: Capabilities,
  c: ModelConfig,
  sizes: Sizes,
  layer: number,
): LayerCache {
  const bytes = cacheBytes(c, sizes, layer);
  const texel = cacheTexel(sizes.kvType, capabilities);
  return {
    type: sizes.kvType,
    ring: ringWithin(c, sizes.slots, layer),
    keys: arena.stored(`keys of layer ${layer}`, bytes, texel),
    values: arena.stored(`values of layer ${layer}`, bytes, texel),
  };
}

function createScratch(arena: Arena, c: ModelConfig, sizes: Sizes): Scratch {
  const made = Object.entries(scratchShapes(c, sizes)).map(([name, shape]) => [name, arena.tensor(name, ...shape)]);
  return Object.fromEntries(made);
}

/** Divisors of the angles for a window of `contextLength` tokens; throws 'damaged-model' when one is no number to divide by. */
export async function readDivisors(
  source: ByteSource,
  header: GgufHeader,
  { divisors }: Rope,
  contextLength: number,
): Promise<Float32Array | undefined> {
  if (!divisors) return undefined;
  const { tensor: otherwise, beyond } = divisors;
  const name = beyond && contextLength > beyond.tokens ? beyond.tensor : otherwise;
  const { type, offset, bytes } = header.tensors.get(name)!;
  const values = dequantize(type, await source.read(offset, bytes));
  if (!values.every((value) => value > 1e-6 && value < 1e6)) throw damaged(`${name} holds what divides no angle`);
  return values;
}

function writeRopeTable(device: GPUDevice, table: Tensor, angles: RopeAngles): void {
  const [positions, pairs] = table.shape;
  const most = 4096;
  for (let first = 0; first < positions; first += most) {
    const part = ropeTable(angles, first, Math.min(most, positions - first));
    device.queue.writeBuffer(table.buffer, first * pairs * 8, part);
  }
}
