// Keys and values of one layer for every slot of the window, and the kernel that puts new ones behind those that are there.

import type { Capabilities } from '../runtime/adapter.ts';
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { isTexture, type Stored, type Tensor } from '../runtime/tensor.ts';
import type { TexelBytes } from '../runtime/texels.ts';
import plainShader from './cache-append.wgsl?raw';
import q8_0Shader from './cache-append-q8_0.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import keepF16 from './keep-f16.wgsl?raw';
import keepF16Texels from './keep-f16-texels.wgsl?raw';
import keepF32 from './keep-f32.wgsl?raw';
import keepF32Texels from './keep-f32-texels.wgsl?raw';
import f16 from './stored-f16.wgsl?raw';
import f16Texels from './stored-f16-texels.wgsl?raw';
import f32 from './stored-f32.wgsl?raw';
import f32Texels from './stored-f32-texels.wgsl?raw';
import q8_0 from './stored-q8_0.wgsl?raw';

export type KvType = 'f32' | 'f16' | 'q8_0';

/** keys, values (slots, kv_heads, head_dim) in `type`; a slot is contiguous in every format. */
export interface LayerCache {
  readonly type: KvType;
  /** Slots that there is room for, a power of two, where later tokens take the place of those that far before them. */
  readonly ring?: number;
  readonly keys: Stored;
  readonly values: Stored;
}

/** Slot s lies at s & mask. */
export const maskOf = ({ ring }: LayerCache): number => (ring ?? 2 ** 32) - 1;

const inBuffers: Readonly<Record<KvType, string>> = { f32, f16, q8_0 };
const inTextures: Readonly<Partial<Record<KvType, string>>> = { f32: f32Texels, f16: f16Texels };

/** WGSL of `cached(slot, i, width4)` and its binding `stored`. */
export const storedShader = ({ type, keys }: LayerCache): string =>
  (isTexture(keys) && inTextures[type]) || inBuffers[type];

/** Bytes of the texels that keys and values are kept in; undefined where they are kept in buffers. */
export const cacheTexel = (type: KvType, { texels }: Pick<Capabilities, 'texels'>): TexelBytes | undefined =>
  texels && type !== 'q8_0' ? (type === 'f32' ? 16 : 8) : undefined;

/** Bytes of a number; Q8_0 has a scale in f32 for every 32. */
export const storedBytes: Readonly<Record<KvType, number>> = { f32: 4, f16: 2, q8_0: 1 + 4 / 32 };
/** Numbers that are stored together: a slot holds a whole number of these. */
export const storedBlock: Readonly<Record<KvType, number>> = { f32: 4, f16: 4, q8_0: 32 };

const appendShaders: Readonly<Record<KvType, readonly string[]>> = {
  f32: [keepF32, plainShader],
  f16: [keepF16, plainShader],
  q8_0: [q8_0Shader],
};
const appendTexels: Readonly<Partial<Record<KvType, readonly string[]>>> = {
  f32: [keepF32Texels, plainShader],
  f16: [keepF16Texels, plainShader],
};

/** The buffers or textures that hold a layer's tokens, with the bytes of one token in each and the most tokens that they hold. */
export function cacheParts(
  { type, ring, keys, values }: LayerCache,
  { kvHeads, headDim }: { kvHeads: number; headDim: number },
): { buffer: Stored; bytesPerSlot: number; ring: number | undefined }[] {
  const bytesPerSlot = kvHeads * headDim * storedBytes[type];
  return [keys, values].map((buffer) => ({ buffer, bytesPerSlot, ring }));
}

/** `k`, `v` (T, kv_heads, head_dim) go into slots `start` … `start + rows - 1`. */
export function appendToCache(r: Recorder, k: Tensor, v: Tensor, cache: LayerCache, start: number, rows: number): void {
  const width = k.shape[1] * k.shape[2];
  if (width % storedBlock[cache.type] !== 0) throw new Error(`cache: ${width} numbers are no whole blocks`);
  const count = (rows * width) / storedBlock[cache.type];
  r.dispatch({
    shader: shaderOf((isTexture(cache.keys) && appendTexels[cache.type]) || appendShaders[cache.type]),
    bindings: { k: k.buffer, v: v.buffer, keys: cache.keys, values: cache.values },
    params: { start, count, width4: width / 4, mask: maskOf(cache) },
    workgroups: workgroupsFor(r, count),
    cost: ((rows * width) / 2) * costOfVector,
  });
}
