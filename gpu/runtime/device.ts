// The adapter and the device: what they can do, asked once. Limits are the adapter's own, not WebGPU's defaults, and everything that
// later chooses between variants of a kernel reads `Capabilities` and nothing else.
import { type AdapterInfo, EngineError } from '../api.ts';
import { lanesHold } from './lanes.ts';

/** GPUBufferUsage by value: Node's workers do not have WebGPU's constants as globals. */
export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
export const mapModeRead = 1;

export interface Capabilities {
  /** Computes on the CPU: many short loads cost more than arithmetic, and there are only a few lanes. */
  software: boolean;
  /**
   * Threads side by side in a workgroup that are lanes of one subgroup and can read from each other: 4 or 8, or 0 where they are not
   * known to. Asked of software adapters only: on others nothing depends on it.
   */
  lanes: number;
  /** f16 in shaders. */
  half: boolean;
  /** Bytes of workgroup memory. */
  workgroupMemory: number;
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
  >;
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
    isFallbackAdapter?: boolean;
    subgroupMinSize?: number;
  };
}

const softwareName = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

const lanesWithin = (subgroup: number): number => (subgroup >= 8 ? 8 : subgroup >= 4 ? 4 : 0);

export function capabilitiesOf({ features, limits, info }: AdapterFacts): Capabilities {
  const software =
    info.isFallbackAdapter === true || softwareName.test(`${info.architecture} ${info.device} ${info.description}`);
  return {
    software,
    lanes: features.has('subgroups') && software ? lanesWithin(info.subgroupMinSize ?? 0) : 0,
    half: features.has('shader-f16'),
    workgroupMemory: limits.maxComputeWorkgroupStorageSize,
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
  /** What WebGPU reported after a call had returned, to be thrown where work is awaited: no memory left, or a mistake of ours. */
  readonly reported: Error[];
}

/** Throws EngineError 'no-gpu' when there is no adapter or it gives no device. */
export async function openDevice(gpu: GPU): Promise<Device> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noGpu('requestAdapter found none');
  const limits = adapter.limits;
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: (['subgroups', 'shader-f16'] as const).filter((feature) => adapter.features.has(feature)),
      requiredLimits: {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      },
    });
    const reported: Error[] = [];
    device.onuncapturederror = ({ error }) => reported.push(memoryRanOut(error) ?? new Error(error.message));
    const capabilities = capabilitiesOf(adapter);
    if (capabilities.lanes !== 0 && !(await lanesHold(device, capabilities.lanes))) capabilities.lanes = 0;
    return { gpu: device, info: adapterInfoOf(adapter), capabilities, reported };
  } catch (error) {
    throw noGpu(String(error));
  }
}

/**
 * After a loss the driver, or the browser's GPU process, may take some seconds until it gives an adapter again. Throws EngineError
 * 'no-gpu' when it does not.
 */
export async function reopenDevice(gpu: GPU, signal?: AbortSignal): Promise<Device> {
  for (let wait = 100; ; wait *= 2) {
    signal?.throwIfAborted();
    try {
      return await openDevice(gpu);
    } catch (error) {
      if (wait > longestReturn / 2) throw notBack(String(error));
      await new Promise<void>((resolve) => setTimeout(resolve, wait));
    }
  }
}

const notBack = (detail: string) =>
  new EngineError(
    'no-gpu',
    'The graphics device was lost and has not come back. Start Longleaf again, or the computer.',
    detail,
  );

/** Milliseconds that are waited for an adapter to come back, about. */
const longestReturn = 6400;

const noGpu = (detail: string) =>
  new EngineError('no-gpu', 'No usable graphics device was found. Update the graphics driver and try again.', detail);

/** By the class's name: Node does not have WebGPU's classes as globals everywhere. */
const memoryRanOut = (error: GPUError): EngineError | undefined =>
  error.constructor.name === 'GPUOutOfMemoryError'
    ? new EngineError(
        'out-of-memory',
        'The graphics memory ran out. Close other programs that use it, or choose a shorter window or a smaller model.',
        error.message,
      )
    : undefined;

const deviceLost = ({ reason, message }: GPUDeviceLostInfo) =>
  new EngineError('device-lost', 'The graphics device was reset. Try again.', `${reason}: ${message}`);

/** Throws EngineError 'device-lost': most calls on a lost device do nothing and say nothing. */
export async function expectAlive(device: GPUDevice): Promise<void> {
  const lost = await Promise.race([device.lost, undefined]);
  if (lost) throw deviceLost(lost);
}

/** A lost device shows as one of many errors of the call that was under way; the reason comes by a promise of its own, soon after. */
export async function explained(device: GPUDevice, error: unknown): Promise<unknown> {
  if (error instanceof EngineError) return error;
  const lost = await Promise.race([
    device.lost,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50)),
  ]);
  return lost ? deviceLost(lost) : error;
}

/**
 * Runs `create` (buffers, and nothing else) and throws EngineError 'out-of-memory' if the device has no room for them, which WebGPU
 * reports through an error scope only. `tooLarge` is the sentence.
 */
export async function withinMemory<T>(device: GPUDevice, tooLarge: string, create: () => T): Promise<T> {
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
  throw new EngineError('out-of-memory', tooLarge, full?.message ?? invalid?.message ?? String(thrown));
}
