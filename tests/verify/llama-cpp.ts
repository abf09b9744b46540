// llama.cpp as the reference, through node-llama-cpp and its prebuilt CPU binary (support/peers.ts). It runs in a process of its own,
// because it is native code that is told to load hostile things.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { peerModules } from '../support/peers.ts';

const execute = promisify(execFile);

interface Job {
  /** Logits of every position, or ids of texts. */
  task: 'logits' | 'tokenize';
  ids?: readonly number[];
  texts?: readonly string[];
  /** Names of special tokens in texts are the tokens. */
  special?: boolean;
  /** Replace metadata of the file: nested, without the architecture's dot ("llama": {"rope": …}). */
  overrides?: object;
  /** Keys and values in F32 and no flash attention, unless said otherwise. */
  kvType?: 'F32' | 'F16' | 'Q8_0';
  /** Whose logits are wanted, ascending; of all when absent. */
  positions?: readonly number[];
}

/** Runs a job on a model file given as bytes; what it wrote. */
async function run(model: Uint8Array, job: Job): Promise<Uint8Array<ArrayBuffer>> {
  const modules = await peerModules('node-llama-cpp');
  const folder = mkdtempSync(join(tmpdir(), 'longleaf-verify-'));
  try {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('model.gguf'), model);
    writeFileSync(at('job.json'), JSON.stringify({ ...job, modules, model: at('model.gguf'), out: at('out') }));
    const script = fileURLToPath(new URL('llama-cpp-process.mjs', import.meta.url));
    await execute(process.execPath, [script, at('job.json')], { maxBuffer: 2 ** 26 }).catch((error) => {
      throw new Error(
        `llama.cpp: ${String(error.stderr || error.message)
          .trim()
          .split('\n')
          .slice(-3)
          .join(' ')}`,
      );
    });
    return new Uint8Array(readFileSync(at('out')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Logits (ids.length, vocabulary) of every position, or of some. */
export async function logitsByLlamaCpp(
  model: Uint8Array,
  ids: readonly number[],
  options: Pick<Job, 'overrides' | 'kvType' | 'positions'> = {},
): Promise<Float32Array> {
  return new Float32Array((await run(model, { task: 'logits', ids, ...options })).buffer);
}

/** Ids of each text, none added; `vocabulary` is a file without weights, `special`: names of special tokens are parsed. */
export async function idsByLlamaCpp(
  vocabulary: Uint8Array,
  texts: readonly string[],
  special = false,
): Promise<number[][]> {
  return JSON.parse(new TextDecoder().decode(await run(vocabulary, { task: 'tokenize', texts, special })));
}
