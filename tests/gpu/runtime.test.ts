// From WGSL to pipelines and from dispatches to submits; what is chosen from what an adapter says about itself.
import { afterAll, describe, expect, test } from 'vitest';
import { chooseAlong, chooseReduction, chooseTier, chooseTiling, chooseUnpacking } from '../../gpu/kernels/variants.ts';
import { type AdapterFacts, adapterInfoOf, capabilitiesOf } from '../../gpu/runtime/adapter.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { joinShader, readInterface, shaderOf, specialise } from '../../gpu/runtime/kernel.ts';
import { type Dispatch, Recorder } from '../../gpu/runtime/recorder.ts';
import { Arena, writeStored } from '../../gpu/runtime/tensor.ts';
import { testGpu } from './adapter.ts';

const facts = (info: Partial<AdapterFacts['info']>, features: string[] = ['subgroups']): AdapterFacts => ({
  features: new Set(features),
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxComputeWorkgroupStorageSize: 16_384,
    maxStorageBuffersPerShaderStage: 8,
  },
  info: { vendor: '', architecture: '', device: '', description: '', ...info },
});
const swiftShader = facts({
  vendor: 'google',
  architecture: 'swiftshader',
  description: 'SwiftShader driver 5.0.0',
  isFallbackAdapter: true,
  subgroupMinSize: 4,
});
const graphicsCard = facts({ vendor: 'nvidia', architecture: 'ada', description: 'RTX 4060', subgroupMinSize: 32 });

describe('an adapter', () => {
  test('that computes on the CPU is known by what it says, not only by a flag', () => {
    expect(capabilitiesOf(swiftShader)).toMatchObject({ software: true, lanes: 4, maxBinding: 2 ** 27 });
    expect(capabilitiesOf(facts({ description: 'llvmpipe (LLVM 15.0.6, 256 bits)' })).software).toBe(true);
    expect(capabilitiesOf(graphicsCard)).toMatchObject({ software: false, lanes: 0 });
    expect(capabilitiesOf(facts({ subgroupMinSize: 4, isFallbackAdapter: true }, [])).lanes).toBe(0);
  });

  test('has numbers that are only read in textures where it has eight lanes and its WGSL can read them', () => {
    const llvmpipe = facts({ description: 'llvmpipe (LLVM 15.0.6, 256 bits)', subgroupMinSize: 8 });
    const language = new Set(['readonly_and_readwrite_storage_textures']);
    expect([llvmpipe, swiftShader, graphicsCard].map((of) => capabilitiesOf(of, language).texels)).toEqual([
      true,
      false,
      false,
    ]);
    expect(capabilitiesOf(llvmpipe).texels).toBe(false);
  });

  test('is shown by a name that a reader knows', () => {
    expect(adapterInfoOf(swiftShader)).toEqual({ name: 'SwiftShader', software: true });
    expect(adapterInfoOf(graphicsCard)).toEqual({ name: 'RTX 4060', software: false });
    expect(adapterInfoOf(facts({ vendor: 'intel', architecture: 'xe' })).name).toBe('intel xe');
  });
});

describe('variants', () => {
  const [cpu, card] = [capabilitiesOf(swiftShader), capabilitiesOf(graphicsCard)];

  const eight = { ...cpu, lanes: 8 };
  const tiling = (
    of: typeof cpu,
    rows: number,
    columns: number,
    choice: { half?: boolean; alone?: boolean; steps?: number } = {},
  ) => {
    const { constants, parts } = chooseTiling(of, rows, columns, choice);
    return { ...constants, text: parts.join('\n') } as Record<string, string | number>;
  };

  test('there is a tier for adapters that compute on the CPU, one for cards, and one for what is left', () => {
    expect([cpu, eight, card].map(chooseTier)).toEqual(['subgroup', 'subgroup', 'workgroup']);
    expect(chooseTier({ ...cpu, lanes: 0 })).toBe('plain');
    expect(chooseTier({ ...card, workgroupMemory: 8192 })).toBe('plain');
  });

  test('rows are shared by all lanes of a subgroup', () => {
    expect(tiling(cpu, 256, 64)).toMatchObject({ THREADS: 4, TILE_ROWS: 16, GROUPS: 2 });
    expect(tiling(cpu, 256, 64).text).toContain('quadSwapX');
    expect(tiling(eight, 256, 64)).toMatchObject({ THREADS: 8, TILE_ROWS: 16, GROUPS: 1 });
    expect(tiling(eight, 256, 64).text).toContain('subgroupBroadcast');
    expect(tiling({ ...cpu, lanes: 0 }, 256, 64).text).not.toContain('enable subgroups');
  });

  test('what is on the right stands still on four lanes, for many rows and whole stretches of K', () => {
    expect(tiling(cpu, 64, 64, { steps: 16 })).toMatchObject({ STEPS: 16, GROUPS: 2, LONG: 0 });
    expect(tiling(cpu, 64, 64, { steps: 8 })).toMatchObject({ STEPS: 8, LONG: 0 });
    expect(tiling(cpu, 512, 4, { steps: 176 })).toMatchObject({ STEPS: 16, GROUPS: 1, LONG: 1 });
    for (const [of, rows, steps] of [
      [cpu, 63, 16],
      [cpu, 64, 24],
      [{ ...cpu, lanes: 0 }, 64, 16],
      [eight, 64, 16],
      [card, 64, 16],
    ] as const)
      expect(chooseTiling(of, rows, 64, { steps }).stretch).toBe(1);
  });

  test('tiles are low for few rows and narrow for few columns', () => {
    expect([1, 4, 5, 256].map((rows) => chooseTiling(cpu, rows, 64).rows)).toEqual([4, 4, 16, 16]);
    expect([4, 64].map((columns) => tiling(cpu, 16, columns).GROUPS)).toEqual([1, 2]);
    expect([2, 32, 33].map((rows) => chooseTiling(card, rows, 64).rows)).toEqual([32, 32, 64]);
    expect([4, 5].map((rows) => chooseTiling(card, rows, 64, { alone: true }).rows)).toEqual([4, 16]);
    expect(tiling(card, 2, 16, { alone: true }).text).toContain('LANES');
    expect([8, 9].map((columns) => chooseTiling(card, 256, columns).columns)).toEqual([8, 16]);
    expect([cpu, { ...cpu, lanes: 0 }, eight, card].map((of) => chooseReduction(of).THREADS)).toEqual([4, 4, 8, 64]);
    const barriers = [cpu, { ...cpu, lanes: 0 }, eight, card].map((of) =>
      chooseReduction(of).across.includes('Barrier'),
    );
    expect(barriers).toEqual([false, true, false, true]);
  });

  test('cards that compute in half precision stage in it what is stored in it', () => {
    expect(tiling({ ...card, half: true }, 256, 64, { half: true }).Staged).toBe('vec4h');
    expect(tiling({ ...card, half: true }, 256, 64).Staged).toBe('vec4f');
    expect(tiling(card, 256, 64, { half: true }).Staged).toBe('vec4f');
  });

  test('one token goes along K; formats are unpacked beforehand on SwiftShader, for many rows', () => {
    expect([1, 2].map((rows) => chooseAlong(card, rows)?.LANES)).toEqual([64, undefined]);
    expect([1, 2].map((rows) => chooseAlong(eight, rows)?.LANES)).toEqual([8, undefined]);
    expect(chooseAlong({ ...cpu, lanes: 0 }, 1)).toBeUndefined();
    expect(chooseUnpacking(cpu, 'Q8_0', 256)).toBe(true);
    expect(chooseUnpacking(cpu, 'Q8_0', 16)).toBe(false);
    expect(chooseUnpacking(cpu, 'F32', 256)).toBe(false);
    expect([eight, card].map((of) => chooseUnpacking(of, 'Q8_0', 256))).toEqual([false, false]);
    const inTextures = { ...eight, texels: true };
    expect((['Q8_0', 'F16'] as const).map((type) => chooseUnpacking(inTextures, type, 256))).toEqual([true, false]);
  });
});

const shader = `
struct Params {
  scale: f32, // not: u32
  count: u32,
}
const THREADS = 64u;
alias Stored = f32;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> x: array<Stored>;
// @group(0) @binding(3) var<storage, read> unused: array<f32>;
@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.count) {
    x[id.x] = x[id.x] * params.scale + 1;
  }
}`;

describe('a shader', () => {
  test('says itself what it binds and takes', () => {
    expect(readInterface(shader)).toEqual({
      bindings: [
        { name: 'params', binding: 0, type: 'uniform' },
        { name: 'x', binding: 2, type: 'storage' },
      ],
      params: [
        { name: 'scale', type: 'f32' },
        { name: 'count', type: 'u32' },
      ],
    });
  });

  test('is specialised by new right-hand sides of its constants, and of nothing else', () => {
    const special = specialise(shader, { THREADS: 4, Stored: 'vec4f' });
    expect(special).toContain('const THREADS = 4u;');
    expect(special).toContain('alias Stored = vec4f;');
    expect(() => specialise(shader, { LANES: 4 })).toThrow('LANES');
  });

  test('is composed once for the same parts and constants', () => {
    const text = shaderOf(['enable subgroups;', shader], { THREADS: 4 });
    expect(text).toContain('const THREADS = 4u;');
    expect(text).toBe(shaderOf(['enable subgroups;', shader], { THREADS: 4 }));
    expect(shaderOf(['enable subgroups;', shader], { THREADS: 8 })).toContain('const THREADS = 8u;');
    expect(shaderOf([shader], { THREADS: 4 })).not.toContain('enable');
  });

  test('has its directives before everything else when it is joined', () => {
    expect(joinShader('fn a() {}\nenable subgroups;', 'enable subgroups;\nfn b() {}').split('\n')).toEqual([
      'enable subgroups;',
      'fn a() {}',
      'fn b() {}',
    ]);
  });
});

describe('recorder', async () => {
  const device = await openDevice(await testGpu());
  const arena = new Arena(device.gpu);
  afterAll(() => device.gpu.destroy());

  const counted = (recorder: Recorder) => {
    let submits = 0;
    const queue = device.gpu.queue;
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      submits++;
      return submit(buffers);
    };
    return async (signal?: AbortSignal) => {
      await recorder.run(signal).finally(() => {
        queue.submit = submit;
      });
      return submits;
    };
  };
  /** A recorder that believes that the device does `rate` operations a millisecond, whatever it measures. */
  const recorderAt = (rate: number): Recorder =>
    Object.defineProperty(new Recorder(device), 'rate', { get: () => rate, set: () => {} });
  const work = (x: GPUBuffer, cost: number): Dispatch => ({
    shader,
    bindings: { x },
    params: { scale: 2, count: 3 },
    workgroups: [1],
    cost,
  });

  test('plays dispatches in their order, in submits that cost no more than their time allows', async () => {
    const recorder = recorderAt(1000);
    const x = arena.buffer('x', 16);
    for (let i = 0; i < 10; i++) recorder.dispatch(work(x, 30_000));
    expect(await counted(recorder)()).toBe(4);
    expect([...new Float32Array(await recorder.read(x, 16))]).toEqual([1023, 1023, 1023, 0]);
  });

  test('submits at least one dispatch and at most 1,024 at a time', async () => {
    const recorder = recorderAt(1);
    const x = arena.buffer('x', 16);
    for (let i = 0; i < 3; i++) recorder.dispatch(work(x, 1e6));
    expect(await counted(recorder)()).toBe(3);
    for (let i = 0; i < 2100; i++) recorder.dispatch(work(x, 0));
    expect(await counted(recorder)()).toBe(3);
  });

  test('learns from short submits too, so that a fast device gets long ones', async () => {
    const recorder = new Recorder({ ...device, capabilities: { ...device.capabilities, software: false } });
    const x = arena.buffer('x', 16);
    const full = recorder.longestDispatch;
    for (let i = 0; i < 40; i++) recorder.dispatch(work(x, full));
    expect(await counted(recorder)()).toBeLessThan(30);
    expect(recorder.longestDispatch).toBeGreaterThan(full);
  });

  test('is not told by a busy machine that the device is slow', async () => {
    const recorder = recorderAt(1e6);
    const x = arena.buffer('x', 16);
    const learned: number[] = [];
    Object.defineProperty(recorder, 'rate', { get: () => 1e6, set: (rate) => learned.push(rate) });
    const submit = device.gpu.queue.submit.bind(device.gpu.queue);
    const busy = async (cost: number) => {
      device.gpu.queue.submit = (buffers) => {
        const until = performance.now() + 30;
        while (performance.now() < until);
        return submit(buffers);
      };
      recorder.dispatch(work(x, cost));
      await recorder.run().finally(() => {
        device.gpu.queue.submit = submit;
      });
    };
    await busy(9e6);
    expect(learned).toEqual([]);
    await busy(11e6);
    expect(learned[0]).toBeLessThan(1e6);
  });

  test('stops between submits', async () => {
    const recorder = new Recorder(device);
    const x = arena.buffer('x', 16);
    recorder.dispatch(work(x, 1));
    await expect(recorder.run(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await counted(recorder)()).toBe(0);
  });

  test.each([8, 16] as const)(
    'reads from a texture of texels of %i bytes what was written, wherever it begins and ends',
    async (texel) => {
      const recorder = new Recorder(device);
      const bytes = 4096 * texel;
      const texture = arena.stored('texels', 5 * bytes, texel);
      const all = new Uint8Array(5 * bytes);
      for (const [i, [from, until]] of [
        [0, 5],
        [0.25, 0.5],
        [0.75, 1],
        [0.5, 1.25],
        [1, 3],
        [2.5, 5],
        [1.75, 4.125],
      ].entries()) {
        const data = new Uint8Array((until - from) * bytes).map((_, at) => (i + 1) * (at % 41));
        writeStored(device.gpu.queue, texture, from * bytes, data);
        all.set(data, from * bytes);
        for (const [start, end] of [
          [0, 5],
          [from, until],
          [0.5, 3.75],
        ]) {
          const read = new Uint8Array(await recorder.read(texture, (end - start) * bytes, start * bytes));
          expect(read).toEqual(all.subarray(start * bytes, end * bytes));
        }
      }
    },
  );

  test('shows the whole shader with line numbers when it does not compile', async () => {
    const recorder = new Recorder(device);
    recorder.dispatch({ ...work(arena.buffer('x', 16), 1), shader: shader.replace('id.x <', 'id.q <') });
    await expect(recorder.run()).rejects.toThrow(/error 13:10[\s\S]*\n {3}4 {4}count: u32,\n[\s\S]*id\.q </);
  });
});
