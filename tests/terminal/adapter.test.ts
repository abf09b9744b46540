// WebGPU in Node on a machine without a graphics card: each way to SwiftShader, in a process of its own, because a process
// keeps the Vulkan driver that it took first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unpackSwiftShader, unpackTar } from '../../main/hosts/terminal/unpack.ts';

const adapter = new URL('../../main/hosts/terminal/adapter.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'longleaf-adapter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Adds up 64 numbers on the adapter that `findGpu(options)` finds; the process must end by itself. */
const compute = (options: object) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--experimental-strip-types',
      '--no-warnings',
      '--input-type=module',
      '-e',
      `const { findGpu } = await import(${JSON.stringify(adapter)});
       try {
         const found = await findGpu(${JSON.stringify(options)});
         const device = await (await found.gpu.requestAdapter()).requestDevice();
         const code = '@group(0) @binding(0) var<storage, read_write> x: array<u32>; @compute @workgroup_size(1) fn main() { for (var i = 1u; i < 64u; i++) { x[0] += x[i]; } }';
         const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
         const numbers = device.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
         const result = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
         device.queue.writeBuffer(numbers, 0, Uint32Array.from({ length: 64 }, (_, i) => i));
         const encoder = device.createCommandEncoder();
         const pass = encoder.beginComputePass();
         pass.setPipeline(pipeline);
         pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: numbers } }] }));
         pass.dispatchWorkgroups(1);
         pass.end();
         encoder.copyBufferToBuffer(numbers, 0, result, 0, 4);
         device.queue.submit([encoder.finish()]);
         await result.mapAsync(GPUMapMode.READ);
         const sum = new Uint32Array(result.getMappedRange())[0];
         device.destroy();
         found.release();
         console.log(JSON.stringify({ name: found.name, software: found.software, sum }));
       } catch (error) {
         console.log(JSON.stringify({ kind: error.kind, message: error.message }));
       }`,
    ],
    { encoding: 'utf8', timeout: 30_000 },
  );
  return { ...JSON.parse(stdout), stderr, status };
};

const linuxX64 = process.platform === 'linux' && process.arch === 'x64';

describe('findGpu', () => {
  test('computes on whatever adapter there is, and the process ends', () => {
    expect(compute({})).toMatchObject({ sum: 2016, status: 0, name: expect.stringMatching(/./) });
  });

  test.runIf(linuxX64)('computes on the SwiftShader that is unpacked from npm, and says that it is software', () => {
    const options = { adapter: 'swiftshader', browsers: [], cache: join(folder, 'cache') };
    expect(compute(options)).toMatchObject({ sum: 2016, software: true, name: 'SwiftShader', stderr: '', status: 0 });
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
  });

  test('refuses a name that no adapter has, in one sentence', () => {
    expect(compute({ adapter: 'no such card' })).toMatchObject({
      kind: 'no-gpu',
      message: expect.stringContaining('“no such card”'),
    });
  });
});

describe('unpacking', () => {
  test.runIf(linuxX64)('twice at the same time leaves one whole folder and nothing half', async () => {
    const cache = join(folder, 'twice');
    const [one, two] = await Promise.all([unpackSwiftShader(cache), unpackSwiftShader(cache)]);
    expect(one).toBe(two);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(readdirSync(one!)).toContain('vk_swiftshader_icd.json');
  });

  test('an archive cannot write outside its folder, nor claim more bytes than it has', async () => {
    const entry = (name: string, size: string) => {
      const tar = Buffer.alloc(1024);
      tar.write(name, 0);
      tar.write('0000644', 100);
      tar.write(size, 124);
      tar.write('0', 156);
      return tar;
    };
    await expect(unpackTar(entry('../outside', '00000000001'), join(folder, 'in'))).rejects.toThrow(
      'leaves its folder',
    );
    await expect(unpackTar(entry('large', '77777777777'), join(folder, 'in'))).rejects.toThrow('Damaged');
    expect(readdirSync(folder)).not.toContain('outside');
  });
});
