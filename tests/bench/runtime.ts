// What the engine does beside computing: how soon Stop is heard, how long a lost device costs, how fast a window is saved and loaded.
import { readFileSync } from 'node:fs';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { createEngine, type Engine, openModel } from '../../gpu/index.ts';
import { seeded } from '../gpu/synthetic-model.ts';
import { watched } from '../gpu/watched-gpu.ts';

const stops = 20;
const tokens = 1024;

export async function benchRuntime(gpu: GPU, path: string): Promise<void> {
  const model = await openModel(bytesSource(new Uint8Array(readFileSync(path))));
  const state = watched(gpu);
  let lostAt = 0;
  const onDeviceLost = () => {
    lostAt = performance.now();
  };
  const engine = await createEngine(state.gpu, model, { contextLength: 4096, onDeviceLost });
  const next = seeded(7);
  const share = () => (next() + 1) / 2;
  const ids = Array.from({ length: tokens }, () => 3 + Math.floor(share() * (model.info.vocabularySize - 3)));
  console.log(`${model.info.name} on ${engine.adapter.name}, ${tokens} tokens`);
  const began = performance.now();
  await engine.prefill(ids);
  const whole = performance.now() - began;
  const waits = { prefill: [] as number[], decode: [] as number[] };
  for (let i = 0; i < stops; i++) {
    const [what, run] = i % 2 === 0 ? (['prefill', prefill] as const) : (['decode', decode] as const);
    await engine.prefill(what === 'prefill' ? [1] : ids);
    waits[what].push(await stopped((signal) => run(engine, ids, signal), share() * Math.min(whole, 2000)));
  }
  for (const [what, milliseconds] of Object.entries(waits)) {
    const sorted = milliseconds.sort((a, b) => a - b).map((wait) => Math.round(wait));
    console.log(
      `Stop in ${what}, ${sorted.length} times: median ${sorted[sorted.length >> 1]} ms, longest ${sorted.at(-1)} ms`,
    );
  }
  console.log(`longest submit so far: ${Math.round(engine.longestSubmit)} ms`);
  await benchSnapshot(engine, ids);
  await engine.prefill([1]);
  let resumed = 0;
  const onProgress = ({ done }: { done: number }) => {
    if (lostAt === 0 && done > tokens / 2) state.devices.at(-1)!.destroy();
    if (lostAt > 0) resumed ||= performance.now();
  };
  const from = performance.now();
  await engine.prefill(ids, { onProgress });
  console.log(
    `lost in the middle of a prefill: ${Math.round(resumed - lostAt)} ms until its first pass was done again`,
  );
  console.log(`the whole prefill ${Math.round(performance.now() - from)} ms, undisturbed ${Math.round(whole)} ms`);
  engine.dispose();
}

const prefill = (engine: Engine, ids: readonly number[], signal: AbortSignal) => engine.prefill(ids, { signal });

async function decode(engine: Engine, ids: readonly number[], signal: AbortSignal): Promise<void> {
  for await (const _ of engine.generate(ids, { maxTokens: 2000, stop: [], signal }));
}

/** Milliseconds from Stop, pressed after `pause`, until the call has ended; 0 when it was done before. */
async function stopped(run: (signal: AbortSignal) => Promise<unknown>, pause: number): Promise<number> {
  const controller = new AbortController();
  let pressed = Number.POSITIVE_INFINITY;
  const timer = setTimeout(() => {
    pressed = performance.now();
    controller.abort(new Error('stopped'));
  }, pause);
  await run(controller.signal).catch(() => {});
  clearTimeout(timer);
  return Math.max(0, performance.now() - pressed);
}

async function benchSnapshot(engine: Engine, ids: readonly number[]): Promise<void> {
  await engine.prefill(ids);
  const pieces: Uint8Array[] = [];
  const began = performance.now();
  for await (const piece of engine.saveSnapshot()) pieces.push(piece);
  const saved = performance.now();
  const bytes = new Uint8Array(Buffer.concat(pieces));
  const read = performance.now();
  await engine.loadSnapshot(bytesSource(bytes));
  const loaded = performance.now();
  const speed = (milliseconds: number) =>
    `${Math.round(milliseconds)} ms (${Math.round(bytes.length / milliseconds / 1e3)} MB/s)`;
  console.log(
    `snapshot of ${(bytes.length / 1e6).toFixed(1)} MB: saved in ${speed(saved - began)}, loaded in ${speed(loaded - read)}`,
  );
}
