// Kernels alone: billions of multiply-add operations (counted as two) a second, for shapes of the embedded model and larger ones.
import { readdirSync, readFileSync } from 'node:fs';
import { attention, attentionTile } from '../../gpu/kernels/attention.ts';
import { matmul } from '../../gpu/kernels/matmul.ts';
import { openDevice } from '../../gpu/runtime/device.ts';
import { Recorder } from '../../gpu/runtime/recorder.ts';
import { Arena, type Weight } from '../../gpu/runtime/tensor.ts';
import { seededArray } from '../gpu/synthetic-model.ts';

/** Milliseconds of CPU that the threads beside the main one have used: a software adapter's work, whatever else the machine does. */
export function workerTime(): number {
  let nanoseconds = 0;
  for (const task of process.platform === 'linux' ? readdirSync('/proc/self/task') : []) {
    if (Number(task) === process.pid) continue;
    try {
      nanoseconds += Number(readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // A thread that has just ended.
    }
  }
  return nanoseconds / 1e6;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

async function timed(r: Recorder, operations: number, record: () => void): Promise<string> {
  record();
  await r.run();
  const times: number[] = [];
  const work: number[] = [];
  for (let i = 0; i < 7; i++) {
    record();
    const [from, worked] = [performance.now(), workerTime()];
    await r.run();
    times.push(performance.now() - from);
    work.push(workerTime() - worked);
  }
  const rate = (milliseconds: number) => (operations / milliseconds / 1e6).toFixed(2);
  const cores = r.device.capabilities.software ? `, ${rate(median(work) / 2)} GF by two free cores' time` : '';
  return `${rate(median(times))} GF (best ${rate(Math.min(...times))})${cores}, ${median(times).toFixed(1)} ms`;
}

export async function benchKernels(gpu: GPU): Promise<void> {
  const device = await openDevice(gpu);
  const r = new Recorder(device);
  const arena = new Arena(device.gpu);
  console.log(`${device.info.name}, median of 7`);
  const fill = (buffer: GPUBuffer, length: number) => {
    device.gpu.queue.writeBuffer(buffer, 0, seededArray(length, 1, 0.1));
    return buffer;
  };
  const unpacked = arena.unpacked(2 ** 22, device.capabilities.texels);
  for (const [T, K, N] of [
    [256, 1024, 1024],
    [256, 256, 704],
    [256, 704, 256],
    [1, 2048, 2048],
    [1, 256, 704],
  ]) {
    const x = arena.tensor('x', Math.max(16, T), K);
    const y = arena.tensor('y', Math.max(16, T), N);
    fill(x.buffer, T * K);
    for (const type of ['F32', 'F16', 'Q8_0'] as const) {
      const weights = arena.buffer('w', K * N * 4);
      const scales = type === 'Q8_0' ? { scales: fill(arena.buffer('s', (K * N) / 8), (K * N) / 32) } : {};
      const w: Weight = { type, rows: N, columns: K, blocks: [{ first: 0, count: N, weights, ...scales }], unpacked };
      console.log(`matmul ${type} T=${T} K=${K} N=${N}: ${await timed(r, 2 * T * K * N, () => matmul(r, x, w, y, T))}`);
    }
  }
  const [heads, kvHeads, headDim] = [4, 2, 64];
  for (const [T, S] of [
    [256, 2048],
    [256, 8192],
    [1, 4096],
  ]) {
    const q = arena.tensor('q', 256, heads, headDim);
    const y = arena.tensor('y', 256, heads, headDim);
    const side = () => fill(arena.buffer('cache', S * kvHeads * headDim * 4), S * kvHeads * headDim);
    const cache = { type: 'f32' as const, keys: side(), values: side() };
    const scratch = {
      rows: arena.tensor('rows', 256, 2),
      scores: arena.tensor('scores', heads, 256, attentionTile),
      stats: arena.tensor('stats', heads, 256, 4),
    };
    const span = { rows: T, start: S - T, prefix: S - T };
    const operations = 4 * heads * headDim * (T * (S - T) + (T * (T + 1)) / 2);
    console.log(
      `attention T=${T} of ${S} keys: ${await timed(r, operations, () => attention(r, q, cache, kvHeads, scratch, span, y))}`,
    );
  }
  console.log(`longest submit ${r.longestSubmit.toFixed(0)} ms`);
  r.destroy();
  arena.destroy();
  device.gpu.destroy();
}
