// Weights on their way to the GPU: small pieces, little memory whatever the file's size, progress, Stop, and a source that fails. The
// device notes what it is handed and computes nothing.
import { describe, expect, test } from 'vitest';
import type { ByteSource, Progress } from '../../gpu/api.ts';
import { type ComputedType, ggmlType } from '../../gpu/gguf/ggml-types.ts';
import { bytesOnGpu } from '../../gpu/gguf/layouts.ts';
import { createWeight, pieceBytes, type Upload, uploadAll } from '../../gpu/model/weights.ts';
import { Arena } from '../../gpu/runtime/tensor.ts';

const MiB = 2 ** 20;
const limits = {
  software: false,
  lanes: 0,
  texels: false,
  half: false,
  workgroupMemory: 16_384,
  maxBinding: 128 * MiB,
  maxBuffer: 256 * MiB,
  maxWorkgroups: 65_535,
} as Parameters<typeof createWeight>[1];

/** Notes the bytes that wait in its queue and where each buffer was written. */
function notingDevice() {
  const noted = { queued: 0, mostQueued: 0, waits: 0, written: new Map<unknown, number>() };
  const queue = {
    writeBuffer(
      buffer: { size: number },
      offset: number,
      data: ArrayBufferView | ArrayBuffer,
      _at = 0,
      size = data.byteLength,
    ) {
      if (offset % 4 !== 0 || size % 4 !== 0) throw new Error(`${size} bytes at ${offset}`);
      if (offset + size > buffer.size) throw new Error(`${size} bytes at ${offset} of ${buffer.size}`);
      noted.queued += size;
      noted.mostQueued = Math.max(noted.mostQueued, noted.queued);
      noted.written.set(buffer, (noted.written.get(buffer) ?? 0) + size);
    },
    async onSubmittedWorkDone() {
      noted.waits++;
      noted.queued = 0;
    },
  };
  const createBuffer = ({ size }: GPUBufferDescriptor) => ({ size, destroy() {} });
  return { device: { queue, createBuffer } as unknown as GPUDevice, noted };
}

/** Zeros, and how many bytes were asked for at once and are not yet delivered. */
function zeros(size: number, fail?: number) {
  const noted = { reads: 0, largest: 0, underWay: 0, mostUnderWay: 0 };
  const source: ByteSource = {
    size,
    async read(offset, length) {
      noted.reads++;
      noted.largest = Math.max(noted.largest, length);
      noted.underWay += length;
      noted.mostUnderWay = Math.max(noted.mostUnderWay, noted.underWay);
      await new Promise((later) => setTimeout(later, 0));
      noted.underWay -= length;
      if (fail !== undefined && offset >= fail) throw new Error('unplugged');
      return new Uint8Array(length);
    },
  };
  return { source, noted };
}

/** One matrix of about `megabytes` in the file. */
function matrixOf(device: GPUDevice, type: ComputedType, megabytes: number): Upload {
  const { blockBytes, blockSize } = ggmlType(type);
  const columns = 4096;
  const perRow = (columns / blockSize) * blockBytes;
  const rows = Math.ceil((megabytes * MiB) / perRow);
  const tensor = { name: 'w', type, dimensions: [columns, rows], offset: 32, bytes: rows * perRow };
  return { tensor, to: createWeight(new Arena(device), limits, tensor) };
}

describe('weights on their way to the GPU', () => {
  test.each<ComputedType>(['F32', 'Q4_K', 'Q8_0'])(
    '%s: 300 MB pass through less than 64 MiB of memory, and all of them arrive',
    async (type) => {
      const { device, noted } = notingDevice();
      const upload = matrixOf(device, type, 300);
      const { source, noted: read } = zeros(2 ** 40);
      await uploadAll(device, source, [upload], {});
      expect(read.largest).toBeLessThanOrEqual(pieceBytes);
      // A piece that is read ahead, one that is worked on, what became of it, and the queue.
      expect(read.mostUnderWay + 3 * pieceBytes + noted.mostQueued).toBeLessThan(64 * MiB);
      const onGpu = bytesOnGpu(type, upload.tensor.dimensions[0] * upload.tensor.dimensions[1]);
      const written = [...noted.written.values()].reduce((sum, bytes) => sum + bytes, 0);
      expect(written).toBe(onGpu.weights + onGpu.scales);
      expect(noted.queued).toBe(0);
    },
  );

  test('progress counts the bytes of the file, one after another, to the last', async () => {
    const { device } = notingDevice();
    const upload = matrixOf(device, 'Q6_K', 20);
    const heard: Progress[] = [];
    await uploadAll(device, zeros(2 ** 40).source, [upload], { onProgress: (progress) => heard.push({ ...progress }) });
    expect(heard.length).toBeGreaterThan(4);
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort((a, b) => a - b));
    expect(heard.at(-1)).toMatchObject({ done: upload.tensor.bytes, total: upload.tensor.bytes });
  });

  test('Stop ends it at the next piece', async () => {
    const { device, noted } = notingDevice();
    const stop = new AbortController();
    const { source, noted: read } = zeros(2 ** 40);
    const onProgress = () => stop.abort(new Error('enough'));
    const loading = uploadAll(device, source, [matrixOf(device, 'Q4_0', 100)], { onProgress, signal: stop.signal });
    await expect(loading).rejects.toThrow('enough');
    expect(read.reads).toBeLessThanOrEqual(3);
    expect(noted.written.size).toBeGreaterThan(0);
  });

  test('a source that fails is what the caller hears, also of the piece that was read ahead', async () => {
    const { device } = notingDevice();
    const loading = uploadAll(device, zeros(2 ** 40, 10 * MiB).source, [matrixOf(device, 'Q5_1', 100)], {});
    await expect(loading).rejects.toThrow('unplugged');
  });
});
