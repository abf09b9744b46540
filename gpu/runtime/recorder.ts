// Work for the GPU: kernels record dispatches, `run` plays them in submits that are short enough for Stop and for every driver's
// watchdog. How many dispatches a submit takes follows from their cost (floating-point operations, estimated) and from how fast
// this device was found to be: target 100 ms a submit (Windows resets a device after 2 s).
import { type Device, mapModeRead, usage } from './device.ts';
import { type Kernel, Kernels } from './kernel.ts';
import { bufferBytes } from './tensor.ts';

export interface Dispatch {
  /** Final WGSL text. */
  readonly shader: string;
  /** One buffer per storage binding, by its name in the shader. */
  readonly bindings: Readonly<Record<string, GPUBuffer>>;
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

/** Milliseconds: timers are not exact enough for less, and less says nothing about the device's speed. */
const shortestSleep = 20;
const shortestMeasure = 10;

const sleep = (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, milliseconds));

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
  readonly #ids = new WeakMap<GPUBuffer, number>();
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

  /** Compiles what was recorded and forgets it: called at load, so that the first prefill does not wait. */
  async warm(): Promise<void> {
    this.#recorded = [];
    await this.kernels.compiled();
  }

  /** Operations that a dispatch may take on this device. */
  get longestDispatch(): number {
    return this.rate * targetMilliseconds;
  }

  /** Plays what was recorded. When `signal` is aborted, stops after the submit that is under way and throws its reason. */
  async run(signal?: AbortSignal): Promise<void> {
    const recorded = this.#recorded;
    this.#recorded = [];
    await this.kernels.compiled();
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
      await this.#submit(recorded.slice(first, next), cost);
      if (this.device.reported.length > 0) throw this.device.reported[0];
    }
    signal?.throwIfAborted();
  }

  async #submit(dispatches: readonly Dispatch[], cost: number): Promise<void> {
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
    encoder.copyBufferToBuffer(this.#params, 0, this.#staging, 0, 16);
    gpu.queue.writeBuffer(this.#params, 0, this.#paramsData.buffer, 0, dispatches.length * paramsStride);
    const started = performance.now();
    gpu.queue.submit([encoder.finish()]);
    const exact = await this.#finished(cost / this.rate);
    this.#measure(cost, performance.now() - started, exact);
  }

  #measure(cost: number, milliseconds: number, exact: boolean): void {
    this.longestSubmit = Math.max(this.longestSubmit, milliseconds);
    // A short submit measures the way there and back; the device is at least so fast.
    if (milliseconds < shortestMeasure) {
      this.rate = Math.max(this.rate, Math.min(this.rate * 2, cost / shortestMeasure));
      return;
    }
    const measured = exact ? cost / milliseconds : this.rate * 2;
    // Down at once, up more slowly: a submit that is too long does harm, one that is too short does not.
    this.rate =
      measured < this.rate ? (this.rate + 2 * measured) / 3 : Math.min(this.rate * 2, (this.rate + measured) / 2);
  }

  /**
   * Waits for the GPU. Mapping a buffer answers sooner than `onSubmittedWorkDone` in browsers. In Node whoever waits keeps a core
   * busy asking, which a software adapter needs itself: so a part of the expected time is slept. True when it was not slept over.
   */
  async #finished(expected: number): Promise<boolean> {
    const sleeps = this.device.capabilities.software && expected > shortestSleep;
    if (sleeps) await sleep(Math.min(expected, targetMilliseconds) * 0.7);
    const woken = performance.now();
    await this.#staging.mapAsync(mapModeRead, 0, 16);
    this.#staging.unmap();
    return !sleeps || performance.now() - woken > 1;
  }

  /** Bytes of a storage buffer, a multiple of four, as they are when everything before has run. */
  async read(buffer: GPUBuffer, bytes: number, offset = 0): Promise<ArrayBuffer> {
    const encoder = this.device.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, this.#staging, 0, bytes);
    this.device.gpu.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(mapModeRead, 0, bytes);
    const copy = this.#staging.getMappedRange(0, bytes).slice(0);
    this.#staging.unmap();
    return copy;
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
          resource: type === 'uniform' ? { buffer: this.#params, size: paramsStride } : { buffer: bindings[name] },
        })),
      });
      groups.set(key, group);
    }
    return group;
  }

  #id(buffer: GPUBuffer | undefined, name: string): number {
    if (!buffer) throw new Error(`Binding ${name} is missing`);
    const known = this.#ids.get(buffer);
    if (known !== undefined) return known;
    this.#ids.set(buffer, this.#nextId);
    return this.#nextId++;
  }

  destroy(): void {
    this.#params.destroy();
    this.#staging.destroy();
    this.#bindGroups.clear();
  }
}
