// Work for the GPU: kernels record dispatches, `run` plays them in submits that are short enough for Stop and for every driver's
// watchdog. How many dispatches a submit takes follows from their cost (floating-point operations, estimated) and from how fast
// this device was found to be: target 100 ms a submit (Windows resets a device after 2 s).
import type { Device } from './device.ts';
import { type Kernel, Kernels } from './kernel.ts';
import { bufferBytes, isTexture, type Stored } from './tensor.ts';
import { copyTexels } from './texels.ts';
import { mapModeRead, usage } from './usage.ts';

/** One buffer or texture per binding, by its name in the shader. */
export type Bindings = Readonly<Record<string, Stored>>;

export interface Dispatch {
  /** Final WGSL text. */
  readonly shader: string;
  readonly bindings: Bindings;
  /** One number per field of `struct Params`. */
  readonly params: Readonly<Record<string, number>>;
  readonly workgroups: readonly [x: number, y?: number, z?: number];
  /** Floating-point operations, roughly. */
  readonly cost: number;
}

const targetMilliseconds = 100;
/** Alignment of a dynamic uniform offset, and the most dispatches of one submit. */
const paramsStride = 256;
const maxDispatches = 1024;
const paramsBytes = paramsStride * maxDispatches;

/** Bytes of the buffers that a recorder makes. */
export const recorderBytes = (readable: number): number => paramsBytes + bufferBytes(readable);

/** Operations per millisecond that are assumed until the first submit was timed; low, because the first must be short too. */
const firstRate = { software: 5e5, hardware: 2e7 };

/** Milliseconds: less says nothing about the device's speed. */
const shortestMeasure = 10;

/** Part of a buffer or texture, in bytes: multiples of four, or whole texels. */
interface Part {
  readonly buffer: Stored;
  readonly offset: number;
  readonly bytes: number;
}

/** Milliseconds between two questions whether the GPU has finished, where it is this thread that asks. */
const rest = 0.1;
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };

/**
 * Turns of the event loop, slept through for the most part, until `done`. In Node Dawn asks the driver in every turn, as fast as turns
 * come, which keeps a core busy that a software adapter computes on. Elsewhere nobody asks, and nothing is done here.
 */
async function restUntil(done: () => boolean): Promise<void> {
  if (!setImmediate) return;
  const never = new Int32Array(new SharedArrayBuffer(4));
  const turn = (turned: () => void) =>
    setImmediate(() => {
      Atomics.wait(never, 0, 0, rest);
      turned();
    });
  while (!done()) await new Promise<void>(turn);
}

const resourceOf = (stored: Stored): GPUBindingResource =>
  isTexture(stored) ? stored.createView() : { buffer: stored };

export class Recorder {
  readonly device: Device;
  readonly kernels: Kernels;
  /** Operations per millisecond, measured. */
  rate: number;
  /** Longest submit so far, in milliseconds. */
  longestSubmit = 0;
  #recorded: Dispatch[] = [];
  readonly #params: GPUBuffer;
  readonly #paramsData = new DataView(new ArrayBuffer(paramsBytes));
  /** What the host reads back goes through here; mapping it is also how the end of a submit is noticed. */
  readonly #staging: GPUBuffer;
  readonly #bindGroups = new Map<Kernel, Map<string, GPUBindGroup>>();
  readonly #ids = new WeakMap<Stored, number>();
  #nextId = 0;

  /** `readable`: most bytes of one `read`. */
  constructor(device: Device, readable = 2 ** 20) {
    this.device = device;
    this.kernels = new Kernels(device.gpu);
    this.rate = device.capabilities.software ? firstRate.software : firstRate.hardware;
    this.#params = device.gpu.createBuffer({
      label: 'params',
      size: paramsBytes,
      usage: usage.uniform | usage.copyTarget | usage.copySource,
    });
    this.#staging = device.gpu.createBuffer({
      label: 'staging',
      size: bufferBytes(readable),
      usage: usage.mapRead | usage.copyTarget,
    });
  }

  dispatch(dispatch: Dispatch): void {
    this.kernels.want(dispatch.shader);
    this.#recorded.push(dispatch);
  }

  /**
   * Compiles what was recorded and forgets it: called at load, so that the first prefill does not wait. Drivers that compute on the
   * processor compile at a shader's first use, so one workgroup of each is played, into buffers whose contents nobody needs yet.
   */
  async warm(): Promise<void> {
    const first = new Map(this.#recorded.map((dispatch) => [dispatch.shader, dispatch]));
    this.#recorded = [];
    await this.kernels.compiled();
    if (!this.device.capabilities.software) return;
    for (const dispatch of first.values()) await this.#submit([{ ...dispatch, workgroups: [1] }]);
  }

  /** Operations that a dispatch may take on this device. */
  get longestDispatch(): number {
    return this.rate * targetMilliseconds;
  }

  /** Plays what was recorded. When `signal` is aborted, stops after the submit that is under way and throws its reason. */
  async run(signal?: AbortSignal): Promise<void> {
    await this.#play(signal);
  }

  /** As `run`; the bytes of a storage buffer, a multiple of four, as they are then. One way there and back for both. */
  async result(buffer: GPUBuffer, bytes: number, signal?: AbortSignal): Promise<ArrayBuffer> {
    return (await this.#play(signal, { buffer, bytes, offset: 0 })) ?? this.read(buffer, bytes);
  }

  /** What the last submit leaves in `wanted`; undefined when nothing was recorded. */
  async #play(signal?: AbortSignal, wanted?: Part): Promise<ArrayBuffer | undefined> {
    const recorded = this.#recorded;
    this.#recorded = [];
    await this.kernels.compiled();
    let result: ArrayBuffer | undefined;
    for (let next = 0; next < recorded.length; ) {
      signal?.throwIfAborted();
      const first = next;
      let cost = 0;
      do cost += recorded[next++].cost;
      while (
        next < recorded.length &&
        next - first < maxDispatches &&
        cost + recorded[next].cost <= this.longestDispatch
      );
      const started = performance.now();
      result = await this.#submit(recorded.slice(first, next), next === recorded.length ? wanted : undefined);
      this.#measure(cost, performance.now() - started);
      if (this.device.reported.length > 0) throw this.device.reported[0];
    }
    signal?.throwIfAborted();
    return result;
  }

  /** Waits for the end. Mapping a buffer answers sooner than `onSubmittedWorkDone` in browsers. */
  async #submit(dispatches: readonly Dispatch[], wanted: Part = { buffer: this.#params, offset: 0, bytes: 16 }) {
    const { gpu } = this.device;
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    dispatches.forEach((dispatch, i) => {
      const kernel = this.kernels.get(dispatch.shader);
      this.#writeParams(i * paramsStride, kernel, dispatch.params);
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(0, this.#bindGroup(kernel, dispatch.bindings), [i * paramsStride]);
      pass.dispatchWorkgroups(...dispatch.workgroups);
    });
    pass.end();
    if (dispatches.length > 0)
      gpu.queue.writeBuffer(this.#params, 0, this.#paramsData.buffer, 0, dispatches.length * paramsStride);
    const { buffer, offset, bytes } = wanted;
    if (isTexture(buffer)) copyTexels(encoder, buffer, offset, this.#staging, bytes);
    else encoder.copyBufferToBuffer(buffer, offset, this.#staging, 0, bytes);
    gpu.queue.submit([encoder.finish()]);
    let done = false;
    const mapped = this.#staging.mapAsync(mapModeRead, 0, bytes).finally(() => {
      done = true;
    });
    await Promise.all([mapped, this.device.capabilities.software && restUntil(() => done)]);
    const copy = this.#staging.getMappedRange(0, bytes).slice(0);
    this.#staging.unmap();
    return copy;
  }

  #measure(cost: number, milliseconds: number): void {
    this.longestSubmit = Math.max(this.longestSubmit, milliseconds);
    // A short submit measures the way there and back; the device is at least so fast.
    if (milliseconds < shortestMeasure) {
      this.rate = Math.max(this.rate, Math.min(this.rate * 2, cost / shortestMeasure));
      return;
    }
    // What was to be as short tells how busy the machine is, and nothing about the device.
    if (cost / this.rate < shortestMeasure) return;
    const measured = cost / milliseconds;
    // Down at once, up more slowly: a submit that is too long does harm, one that is too short does not.
    this.rate =
      measured < this.rate ? (this.rate + 2 * measured) / 3 : Math.min(this.rate * 2, (this.rate + measured) / 2);
  }

  /** Bytes of a storage buffer, a multiple of four, or of a texture, whole texels, as they are when everything before has run. */
  read(buffer: Stored, bytes: number, offset = 0): Promise<ArrayBuffer> {
    return this.#submit([], { buffer, bytes, offset });
  }

  #writeParams(offset: number, kernel: Kernel, values: Readonly<Record<string, number>>): void {
    kernel.params.forEach(({ name, type }, i) => {
      const value = values[name];
      if (value === undefined) throw new Error(`Parameter ${name} is missing`);
      if (type === 'f32') this.#paramsData.setFloat32(offset + 4 * i, value, true);
      else this.#paramsData.setUint32(offset + 4 * i, value, true);
    });
  }

  #bindGroup(kernel: Kernel, bindings: Dispatch['bindings']): GPUBindGroup {
    const key = kernel.bindings
      .map(({ name, type }) => (type === 'uniform' ? '' : this.#id(bindings[name], name)))
      .join();
    const groups = this.#bindGroups.get(kernel) ?? new Map<string, GPUBindGroup>();
    this.#bindGroups.set(kernel, groups);
    let group = groups.get(key);
    if (!group) {
      group = this.device.gpu.createBindGroup({
        layout: kernel.layout,
        entries: kernel.bindings.map(({ name, binding, type }) => ({
          binding,
          resource: type === 'uniform' ? { buffer: this.#params, size: paramsStride } : resourceOf(bindings[name]),
        })),
      });
      groups.set(key, group);
    }
    return group;
  }

  #id(stored: Stored | undefined, name: string): number {
    if (!stored) throw new Error(`Binding ${name} is missing`);
    const known = this.#ids.get(stored);
    if (known !== undefined) return known;
    this.#ids.set(stored, this.#nextId);
    return this.#nextId++;
  }

  destroy(): void {
    this.#params.destroy();
    this.#staging.destroy();
    this.#bindGroups.clear();
  }
}
