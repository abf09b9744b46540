// The adapter and the device: what they can do, asked once. Limits are the adapter's own, not WebGPU's defaults, and everything that
// later chooses between variants of a kernel reads `Capabilities` and nothing else.
import { type AdapterInfo, EngineError } from '../api.ts';

/** GPUBufferUsage by value: Node's workers do not have WebGPU's constants as globals. */
export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
export const mapModeRead = 1;

export interface Capabilities {
  /** Computes on the CPU: many short loads cost more than arithmetic, and there are only a few lanes. */
  software: boolean;
  /** Lanes of a subgroup come in whole quads and can read from each other. */
  quads: boolean;
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
    'maxStorageBufferBindingSize' | 'maxBufferSize' | 'maxComputeWorkgroupsPerDimension'
  >;
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
    isFallbackAdapter?: boolean;
    subgroupMinSize?: number;
  };
}

const softwareName = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

export function capabilitiesOf({ features, limits, info }: AdapterFacts): Capabilities {
  const software =
    info.isFallbackAdapter === true || softwareName.test(`${info.architecture} ${info.device} ${info.description}`);
  return {
    software,
    quads: features.has('subgroups') && (info.subgroupMinSize ?? 0) >= 4,
    maxBinding: limits.maxStorageBufferBindingSize,
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

export interface Device {
  readonly gpu: GPUDevice;
  readonly info: AdapterInfo;
  readonly capabilities: Capabilities;
  /** What WebGPU found wrong with a call after it had returned: a mistake of ours, to be thrown where work is awaited. */
  readonly mistakes: string[];
}

/** Throws EngineError 'no-gpu' when there is no adapter or it gives no device. */
export async function openDevice(gpu: GPU): Promise<Device> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noGpu('requestAdapter found none');
  const limits = adapter.limits;
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
      requiredLimits: {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      },
    });
    const mistakes: string[] = [];
    device.onuncapturederror = ({ error }) => mistakes.push(error.message);
    return { gpu: device, info: adapterInfoOf(adapter), capabilities: capabilitiesOf(adapter), mistakes };
  } catch (error) {
    throw noGpu(String(error));
  }
}

const noGpu = (detail: string) =>
  new EngineError('no-gpu', 'No usable graphics device was found. Update the graphics driver and try again.', detail);

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e8 ? 2 : 1)} GB`;

/**
 * Runs `create` (buffers, and nothing else) and throws EngineError 'out-of-memory' if the device has no room for them. WebGPU reports
 * that through an error scope only; `bytes` is what all of it takes, computed before.
 */
export async function withinMemory<T>(device: GPUDevice, bytes: number, create: () => T): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let made: T | undefined;
  let thrown: unknown;
  try {
    made = create();
  } catch (error) {
    thrown = error;
  }
  const invalid = await device.popErrorScope();
  const full = await device.popErrorScope();
  if (!full && !invalid && !thrown) return made as T;
  throw new EngineError(
    'out-of-memory',
    `Not enough graphics memory: this needs ${gigabytes(bytes)}. Try a shorter window or a smaller model.`,
    full?.message ?? invalid?.message ?? String(thrown),
  );
}
