// Commands that run a model file as it is, without a document, so that results can be checked against other programs: `logits`,
// `generate` and `bench`.
import { open } from 'node:fs/promises';
import type { Engine, LoadOptions, Progress, SamplingOptions } from '../../../gpu/api.ts';
import { type ModelInUse, prepareModel } from './composition.ts';
import { plain, print, printJson } from './output.ts';
import { TerminalError, writeProblem } from './problems.ts';
import type { Running } from './running.ts';

export interface RunModelOptions {
  json?: boolean;
  adapter: string;
  kv?: LoadOptions['kvType'];
  ropeFactor?: number;
  ropeMethod?: LoadOptions['ropeMethod'];
}

/** An engine that is disposed of when the command ends. */
export async function startEngine(
  createEngine: ModelInUse['createEngine'],
  contextLength: number,
  { kv, ropeFactor, ropeMethod }: Pick<RunModelOptions, 'kv' | 'ropeFactor' | 'ropeMethod'>,
  running: Running,
): Promise<Engine> {
  const { signal, progress } = running;
  const onProgress = (part: Progress) => progress.report({ stage: 'model', ...part });
  const engine = await createEngine({ contextLength, ropeFactor, ropeMethod, kvType: kv, signal, onProgress });
  running.atEnd(() => engine.dispose());
  return engine;
}

export interface LogitsOptions extends RunModelOptions {
  ids: number[];
  out?: string;
}

/** Logits of every position; `--out` gets them all, row by row, as little-endian f32. */
export async function logits(path: string, options: LogitsOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const vocab = model.info.vocabularySize;
  const unknown = options.ids.find((id) => id >= vocab);
  if (unknown !== undefined)
    throw new TerminalError(`Token ${unknown} is not in this vocabulary; its ids end at ${vocab - 1}.`);
  const engine = await startEngine(createEngine, options.ids.length, options, running);
  const { signal, progress } = running;
  const onProgress = (part: Progress) => progress.report({ stage: 'window', ...part });
  const all = await engine.logits(options.ids, { signal, onProgress });
  progress.end();
  if (options.out) {
    await writeFloats(options.out, all);
    running.say(`Written to ${options.out}: ${options.ids.length} rows of ${vocab} numbers.`);
  }
  const top = likeliest(all.subarray(all.length - vocab), 10);
  const { adapter, ropeFactor: factor } = engine;
  if (options.json) return printJson({ rows: options.ids.length, vocab, top, factor, adapter });
  await print(top.map(([id, logprob]) => `${String(id).padStart(8)}  ${logprob.toFixed(6)}`).join('\n'));
}

async function writeFloats(path: string, values: Float32Array): Promise<void> {
  // In parts: a copy of all rows would double the memory.
  const part = 2 ** 20;
  try {
    const file = await open(path, 'w');
    try {
      for (let from = 0; from < values.length; from += part)
        await file.write(littleEndian(values.subarray(from, from + part)));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeProblem(error, path);
  }
}

const littleEndian = (values: Float32Array): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    bytes.setFloat32(i * 4, value, true);
  });
  return new Uint8Array(bytes.buffer);
};

/** The `count` likeliest ids with their natural-log probabilities. */
export const likeliest = (row: Float32Array, count: number): [number, number][] => {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return [...row.keys()]
    .sort((a, b) => row[b] - row[a])
    .slice(0, count)
    .map((id) => [id, row[id] - total]);
};

export interface GenerateOptions extends RunModelOptions, Required<Pick<SamplingOptions, 'temperature' | 'seed'>> {
  prompt: string;
  n: number;
  topK?: number;
  topP?: number;
  minP?: number;
  repeatPenalty?: number;
}

/** Continuation of a text, greedy at temperature 0. Without `--json` the text is shown while it comes. */
export async function generate(path: string, options: GenerateOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const { bos } = model.tokenizer;
  const prompt = [...(bos === undefined ? [] : [bos]), ...model.tokenizer.encode(options.prompt)];
  if (prompt.length === 0) throw new TerminalError('There is nothing to continue; give a prompt with --prompt.');
  const engine = await startEngine(createEngine, prompt.length + options.n, options, running);
  const began = performance.now();
  const { signal, progress } = running;
  const onProgress = (part: Progress) => progress.report({ stage: 'window', ...part });
  await engine.prefill(prompt.slice(0, -1), { signal, onProgress });
  progress.end();
  const prefilled = performance.now();
  const { temperature, seed, topK, topP, minP, repeatPenalty: repetitionPenalty } = options;
  const sampling = { temperature, seed, topK, topP, minP, repetitionPenalty };
  const ids: number[] = [];
  let text = '';
  for await (const token of engine.generate(prompt, { maxTokens: options.n, sampling, signal })) {
    ids.push(token.id);
    text += token.text;
    if (!options.json) process.stdout.write(plain(token.text));
  }
  const timing = {
    prefillMs: prefilled - began,
    prefillTokens: prompt.length,
    decodeMs: performance.now() - prefilled,
    decodeTokens: ids.length,
  };
  if (options.json)
    return printJson({ ids, text, timing, sampling, factor: engine.ropeFactor, adapter: engine.adapter });
  await print('');
}

export interface BenchOptions extends RunModelOptions {
  n: number;
  decode: number;
}

/** Tokens that are run once before anything is measured, as other programs' benchmarks do. */
const warmUp = 64;

/** Speed of reading `n` tokens and of writing `decode` more, as one line of JSON. */
export async function bench(path: string, options: BenchOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const { n, decode } = options;
  const engine = await startEngine(createEngine, n + decode, options, running);
  const { signal, progress } = running;
  const ids = Array.from({ length: n }, (_, i) => (7 + 7919 * i) % model.info.vocabularySize);
  const onProgress = (part: Progress) => progress.report({ stage: 'measure', ...part });
  const write = async (prefix: readonly number[], maxTokens: number) => {
    for await (const _ of engine.generate(prefix, { maxTokens, stop: [], signal, onProgress }));
  };
  await write(ids.slice(0, warmUp).reverse(), 1);
  const began = performance.now();
  await write(ids, 1);
  const read = performance.now();
  await write([...ids, ids[0]], decode);
  const wrote = performance.now();
  progress.end();
  const perSecond = (tokens: number, milliseconds: number) => Number(((1000 * tokens) / milliseconds).toPrecision(4));
  await printJson({
    peer: 'longleaf',
    backend: 'webgpu',
    model: model.info.name,
    n,
    decode,
    prefill_tps: perSecond(n, read - began),
    decode_tps: perSecond(decode, wrote - read),
    longest_submit_ms: Math.round(engine.longestSubmit),
    rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    adapter: engine.adapter.name,
  });
}
