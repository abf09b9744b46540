// Our engine beside llama.cpp's Vulkan backend, on the same driver, one after the other: `npm run bench -- llamacpp [type …]`. On
// Linux a software driver is taken with VK_DRIVER_FILES=…/lvp_icd.json; GGML_VK_VISIBLE_DEVICES=0 is set for llama.cpp, which otherwise
// passes over devices that compute on the processor.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import type { ComputedType } from '../../gpu/gguf/ggml-types.ts';
import { createEngine, openModel } from '../../gpu/index.ts';
import { syntheticModel, tinyShape } from '../gpu/synthetic-model.ts';
import { peerModules } from '../support/peers.ts';

/** Milliseconds a token: by the clock, and of the processor's cores, which a busy machine says less about. */
interface Times {
  wall: number;
  work: number;
}

interface Speed {
  length: number;
  prefill: Times;
  decode: Times;
}

const lengths = [512, 2048];
const decode = 32;
const seed = 5;
const ids = (length: number) => Array.from({ length }, (_, i) => 300 + ((i * 7919 + seed) % 3000));

function now(): Times {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), work: (user + system) / 1000 };
}

const each = (from: Times, to: Times, count: number): Times => ({
  wall: (to.wall - from.wall) / count,
  work: (to.work - from.work) / count,
});

async function byLongleaf(gpu: GPU, bytes: Uint8Array<ArrayBuffer>): Promise<Speed[]> {
  const model = await openModel(bytesSource(bytes));
  const engine = await createEngine(gpu, model, { contextLength: Math.max(...lengths) + 2 * decode });
  const run = async (length: number): Promise<Speed> => {
    await engine.prefill([1]);
    const tokens = ids(length);
    const started = now();
    let prefilled = started;
    let last = started;
    let generated = 0;
    for await (const _ of engine.generate(tokens, { maxTokens: decode + 1, stop: [] })) {
      last = now();
      if (generated++ === 0) prefilled = last;
    }
    return { length, prefill: each(started, prefilled, length), decode: each(prefilled, last, decode) };
  };
  const speeds: Speed[] = [];
  for (const length of lengths) {
    await run(length);
    speeds.push(await run(length));
  }
  engine.dispose();
  return speeds;
}

async function byLlamaCpp(modules: string, bytes: Uint8Array): Promise<{ device: string; results: Speed[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'longleaf-bench-'));
  try {
    const model = join(folder, 'model.gguf');
    writeFileSync(model, bytes);
    const script = fileURLToPath(new URL('llama-cpp-process.mjs', import.meta.url));
    const job = JSON.stringify({ modules, model, lengths, decode, seed });
    const { stdout } = await promisify(execFile)(process.execPath, [script, job], {
      env: { ...process.env, GGML_VK_VISIBLE_DEVICES: process.env.GGML_VK_VISIBLE_DEVICES ?? '0' },
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchLlamaCpp(gpu: GPU, types: ComputedType[]): Promise<void> {
  const modules = await peerModules('node-llama-cpp');
  for (const type of types) {
    const bytes = syntheticModel(tinyShape, { type, tied: false });
    const theirs = await byLlamaCpp(modules, bytes);
    const ours = await byLongleaf(gpu, bytes);
    console.log(`${type} on ${theirs.device}, tokens/s (milliseconds of all cores a token)`);
    for (const [i, { length, prefill, decode: decoded }] of theirs.results.entries()) {
      const shown = ({ wall, work }: Times) => `${(1000 / wall).toFixed(0)} (${work.toFixed(2)})`;
      const compared = (their: Times, our: Times) =>
        `${shown(their)} and ${shown(our)}, ${(their.wall / our.wall).toFixed(2)} times (${(their.work / our.work).toFixed(2)})`;
      console.log(
        `  ${length} tokens: prefill ${compared(prefill, ours[i].prefill)}; decode ${compared(decoded, ours[i].decode)}`,
      );
    }
  }
}
