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

interface Speed {
  length: number;
  /** Tokens a second. */
  prefill: number;
  decode: number;
}

const lengths = [512, 2048];
const decode = 32;
const seed = 5;
const ids = (length: number) => Array.from({ length }, (_, i) => 300 + ((i * 7919 + seed) % 3000));

async function byLongleaf(gpu: GPU, bytes: Uint8Array<ArrayBuffer>): Promise<Speed[]> {
  const model = await openModel(bytesSource(bytes));
  const engine = await createEngine(gpu, model, { contextLength: Math.max(...lengths) + 2 * decode });
  const run = async (length: number): Promise<Speed> => {
    await engine.prefill([1]);
    const tokens = ids(length);
    const started = performance.now();
    let prefilled = 0;
    let last = 0;
    let generated = 0;
    for await (const _ of engine.generate(tokens, { maxTokens: decode + 1, stop: [] })) {
      last = performance.now();
      if (generated++ === 0) prefilled = last;
    }
    return { length, prefill: (length / (prefilled - started)) * 1000, decode: (decode / (last - prefilled)) * 1000 };
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
    console.log(`${type} on ${theirs.device}, tokens/s`);
    for (const [i, { length, prefill, decode: decoded }] of theirs.results.entries()) {
      const compared = (their: number, our: number) =>
        `${their.toFixed(0)} and ${our.toFixed(0)}, ${(our / their).toFixed(2)} times`;
      console.log(
        `  ${length} tokens: prefill ${compared(prefill, ours[i].prefill)}; decode ${compared(decoded, ours[i].decode)}`,
      );
    }
  }
}
