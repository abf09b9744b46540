// What an adapter can do, asked once. Limits are the adapter's own, not WebGPU's defaults, and everything that later chooses between
// variants of a kernel reads `Capabilities` and nothing else. No shader is imported here: hosts ask what an adapter is called.
import type { AdapterInfo } from '../api.ts';
import { mostTexelBytes } from './texels.ts';

export interface Capabilities {
  /** Computes on the CPU: many short loads cost more than arithmetic, and there are only a few lanes. */
  software: boolean;
  /**
   * Threads side by side in a workgroup that are lanes of one subgroup and can read from each other: 4 or 8, or 0 where they are not
   * known to. Asked of software adapters only: on others nothing depends on it.
   */
  lanes: number;
  /** What is only read is read faster from textures than from buffers (texels.ts). */
  texels: boolean;
  /** f16 in shaders. */
  half: boolean;
  /** Bytes of workgroup memory. */
  workgroupMemory: number;
  /** Storage buffers of one shader. */
  storageBuffers: number;
  /** Bytes of one storage binding, and of one buffer. */
  maxBinding: number;
  maxBuffer: number;
  /** Workgroups along one dimension of a dispatch. */
  maxWorkgroups: number;
}

/** What is read from an adapter; the real one has it, and tests write it down. */
export interface AdapterFacts {
  features: { has(name: string): boolean };
  limits: Pick<
    GPUSupportedLimits,
    | 'maxStorageBufferBindingSize'
    | 'maxBufferSize'
    | 'maxComputeWorkgroupsPerDimension'
    | 'maxComputeWorkgroupStorageSize'
    | 'maxStorageBuffersPerShaderStage'
  >;
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
    isFallbackAdapter?: boolean;
    subgroupMinSize?: number;
  };
}

const softwareName = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

const lanesWithin = (subgroup: number): number => (subgroup >= 8 ? 8 : subgroup >= 4 ? 4 : 0);

/** `language`: WGSL's features, where it is known. */
export function capabilitiesOf(
  { features, limits, info }: AdapterFacts,
  language: { has(name: string): boolean } = new Set(),
): Capabilities {
  const software =
    info.isFallbackAdapter === true || softwareName.test(`${info.architecture} ${info.device} ${info.description}`);
  const lanes = features.has('subgroups') && software ? lanesWithin(info.subgroupMinSize ?? 0) : 0;
  // SwiftShader, of four lanes, reads textures more slowly.
  const texels = lanes === 8 && language.has('readonly_and_readwrite_storage_textures');
  return {
    software,
    lanes,
    texels,
    half: features.has('shader-f16'),
    workgroupMemory: limits.maxComputeWorkgroupStorageSize,
    storageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxBinding: texels
      ? Math.min(limits.maxStorageBufferBindingSize, mostTexelBytes)
      : limits.maxStorageBufferBindingSize,
    maxBuffer: limits.maxBufferSize,
    maxWorkgroups: limits.maxComputeWorkgroupsPerDimension,
  };
}

export function adapterInfoOf(facts: AdapterFacts): AdapterInfo {
  const { vendor, architecture, device, description } = facts.info;
  const said = description || device || `${vendor} ${architecture}`.trim();
  const name = /swiftshader/i.test(`${architecture} ${device} ${said}`) ? 'SwiftShader' : said;
  return { name: name || 'unnamed adapter', software: capabilitiesOf(facts).software };
}
