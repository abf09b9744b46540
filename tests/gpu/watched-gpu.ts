// A GPU whose devices and buffers are counted, whose memory can be full, and whose devices can be taken away at any moment.

export interface Watched {
  gpu: GPU;
  /** Those that were given out, the latest last. */
  readonly devices: GPUDevice[];
  /** Bytes, and buffers, that were created and not destroyed; the most bytes that ever were. */
  live: number;
  peak: number;
  buffers: number;
  /** Buffers that were ever created; number `failing` of them meets a full memory. */
  created: number;
  failing: number;
  /** Bytes beyond which memory is full. */
  budget: number;
  /** Submits so far, of all devices; called before each. */
  submits: number;
  onSubmit: ((count: number) => void) | undefined;
  /** Times that no adapter is given when one is asked for. */
  absent: number;
}

export function watched(gpu: GPU): Watched {
  const state: Watched = {
    gpu,
    devices: [],
    live: 0,
    peak: 0,
    buffers: 0,
    created: 0,
    failing: 0,
    budget: Number.POSITIVE_INFINITY,
    submits: 0,
    onSubmit: undefined,
    absent: 0,
  };
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    if (state.absent > 0) {
      state.absent--;
      return null;
    }
    const adapter = (await gpu.requestAdapter(options))!;
    const requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
      const device = await adapter.requestDevice(descriptor);
      watchMemory(device, state);
      watchSubmits(device, state);
      state.devices.push(device);
      return device;
    };
    return { features: adapter.features, limits: adapter.limits, info: adapter.info, requestDevice };
  };
  state.gpu = { requestAdapter, wgslLanguageFeatures: gpu.wgslLanguageFeatures } as unknown as GPU;
  return state;
}

/** As WebGPU names it where a call did not fail but its result did. */
class GPUOutOfMemoryError {
  readonly message = 'no room';
}

function watchMemory(device: GPUDevice, state: Watched): void {
  const createBuffer = device.createBuffer.bind(device);
  const push = device.pushErrorScope.bind(device);
  const pop = device.popErrorScope.bind(device);
  const scopes: { filter: GPUErrorFilter; full: boolean }[] = [];
  const counted = <T extends GPUBuffer | GPUTexture>(made: T, bytes: number): T => {
    const destroy = made.destroy.bind(made);
    let size = bytes;
    state.live += size;
    state.peak = Math.max(state.peak, state.live);
    state.buffers++;
    state.created++;
    if (state.live > state.budget || state.created === state.failing) {
      const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
      const event = { error: new GPUOutOfMemoryError() } as unknown as GPUUncapturedErrorEvent;
      if (scope) scope.full = true;
      else device.onuncapturederror?.call(device, event);
    }
    made.destroy = () => {
      state.live -= size;
      state.buffers -= Number(size > 0);
      size = 0;
      return destroy() as undefined;
    };
    return made;
  };
  device.createBuffer = (descriptor) => counted(createBuffer(descriptor), descriptor.size);
  const createTexture = device.createTexture.bind(device);
  device.createTexture = (descriptor) => {
    const texture = createTexture(descriptor);
    const size = texture.width * texture.height * (texture.format === 'rg32uint' ? 8 : 16);
    return counted(texture, size);
  };
  device.pushErrorScope = (filter) => {
    scopes.push({ filter, full: false });
    return push(filter);
  };
  device.popErrorScope = async () => {
    const scope = scopes.pop();
    const said = await pop();
    return scope?.full ? (new GPUOutOfMemoryError() as GPUOutOfMemoryError as GPUError) : said;
  };
}

function watchSubmits(device: GPUDevice, state: Watched): void {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  queue.submit = (buffers) => {
    state.onSubmit?.(++state.submits);
    return submit(buffers);
  };
}
