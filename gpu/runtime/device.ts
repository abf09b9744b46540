// The device: opened with all that its adapter offers, watched for errors that WebGPU reports late, and opened again when it was lost.
import { type AdapterInfo, EngineError } from '../api.ts';
import { adapterInfoOf, type Capabilities, capabilitiesOf } from './adapter.ts';
import { lanesHold } from './lanes.ts';

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
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      },
    });
    const reported: Error[] = [];
    device.onuncapturederror = ({ error }) => reported.push(memoryRanOut(error) ?? new Error(error.message));
    const capabilities = capabilitiesOf(adapter, gpu.wgslLanguageFeatures);
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
