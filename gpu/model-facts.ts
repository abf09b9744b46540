// What a reader wants to know of a model before it is loaded, or even downloaded: what its header says, what a window of it takes, and
// how long a window the card has room for.
import type { ModelInfo } from './api.ts';
import { shown } from './gguf/refusals.ts';
import type { KvType } from './kernels/cache-append.ts';
import { anyCard, defaultKvType, type Measured, type Sizes, sizesFor } from './model/memory.ts';
import { expectShapes, fitsIn, freeMemory, offersWithin, type Room, roomOf } from './model/room.ts';
import type { OpenModel } from './open-model.ts';
import type { Capabilities } from './runtime/adapter.ts';
import { openDevice } from './runtime/device.ts';

export interface ModelFacts extends ModelInfo {
  /** It was trained to follow instructions, and can write prose. */
  chat: boolean;
  /** As its file names it. */
  licence?: string;
}

/** From the header alone. */
export function factsOf({ info, header, tokenizer }: OpenModel): ModelFacts {
  const named = header.metadata.get('general.license.name') ?? header.metadata.get('general.license');
  return {
    ...info,
    chat: tokenizer.chat([{ role: 'user', content: 'a' }]) !== undefined,
    ...(typeof named === 'string' && named.trim() !== '' && { licence: shown(named.trim()) }),
  };
}

export interface CardRoom extends Room {
  capabilities: Capabilities;
}

/**
 * What the adapter that `gpu` gives has room for, at most about `most` bytes of it. A software adapter computes in the machine's own memory,
 * of which the host knows how much is free (`hostMemory`, bytes); of a graphics card it is tried. Throws EngineError 'no-gpu'.
 */
export async function measureRoom(gpu: GPU, most: number, hostMemory: number): Promise<CardRoom> {
  const device = await openDevice(gpu);
  try {
    const { capabilities } = device;
    const room = roomOf(capabilities, capabilities.software ? hostMemory : undefined);
    const free = capabilities.software ? hostMemory : await freeMemory(device.gpu, most, room);
    return { ...room, free, capabilities };
  } finally {
    device.gpu.destroy();
  }
}

export interface Fit {
  /** Bytes that the window takes in all. */
  bytes: number;
  /** Tokens of the longest window, up to that one, that there is room for; 0 where there is none for any. */
  window: number;
}

/** What is kept of a model that was looked at, without its vocabulary. */
export interface LookedAt {
  facts: ModelFacts;
  measured: Measured;
}

export const lookAt = (open: OpenModel): LookedAt => ({
  facts: factsOf(open),
  measured: { config: open.config, family: open.family, header: { tensors: open.header.tensors } },
});

function sizesOn(model: Measured, contextLength: number, capabilities: Capabilities, asked?: KvType): Sizes {
  const kvType = asked ?? defaultKvType(model.config, contextLength);
  expectShapes(model.config, kvType, capabilities);
  return sizesFor(model, contextLength, kvType, capabilities);
}

/** Bytes of a window of so many tokens, on any card. Throws 'unsupported-model' for shapes that no card can take. */
export const bytesFor = (model: Measured, contextLength: number, kvType?: KvType): number =>
  sizesOn(model, contextLength, anyCard, kvType).bytes.total;

/** Throws 'unsupported-model' for shapes that the card cannot take. */
export function fitOf(model: Measured, contextLength: number, card: CardRoom, kvType?: KvType): Fit {
  const { capabilities, ...room } = card;
  const sizes = sizesOn(model, contextLength, capabilities, kvType);
  const bytes = sizes.bytes.total;
  if (fitsIn(sizes, room)) return { bytes, window: contextLength };
  return { bytes, window: offersWithin(model, sizes, room, capabilities).window?.contextLength ?? 0 };
}
