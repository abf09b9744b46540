// Keys and values of one layer for every slot of the window, and the kernel that puts new ones behind those that are there.
import { shaderOf } from '../runtime/kernel.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor } from '../runtime/tensor.ts';
import shader from './cache-append.wgsl?raw';
import { costOfVector, workgroupsFor } from './elementwise.ts';
import f16 from './stored-f16.wgsl?raw';
import f32 from './stored-f32.wgsl?raw';

export type KvType = 'f32' | 'f16';

/** keys, values (slots, kv_heads, head_dim) in `type`. */
export interface LayerCache {
  readonly type: KvType;
  readonly keys: GPUBuffer;
  readonly values: GPUBuffer;
}

/** WGSL of `store` and `load`. */
export const storedShaders: Readonly<Record<KvType, string>> = { f32, f16 };
export const storedBytes: Readonly<Record<KvType, number>> = { f32: 4, f16: 2 };

/** The buffers that hold a layer's tokens, with the bytes of one token in each. */
export function cacheParts(
  { type, keys, values }: LayerCache,
  { kvHeads, headDim }: { kvHeads: number; headDim: number },
): { buffer: GPUBuffer; bytesPerSlot: number }[] {
  const bytesPerSlot = kvHeads * headDim * storedBytes[type];
  return [keys, values].map((buffer) => ({ buffer, bytesPerSlot }));
}

/** `k`, `v` (T, kv_heads, head_dim) go into slots `start` … `start + rows - 1`. */
export function appendToCache(r: Recorder, k: Tensor, v: Tensor, cache: LayerCache, start: number, rows: number): void {
  const width4 = (k.shape[1] * k.shape[2]) / 4;
  r.dispatch({
    shader: shaderOf([storedShaders[cache.type], shader]),
    bindings: { k: k.buffer, v: v.buffer, keys: cache.keys, values: cache.values },
    params: { start, count: rows * width4, width4 },
    workgroups: workgroupsFor(r, rows * width4),
    cost: 2 * rows * width4 * costOfVector,
  });
}
