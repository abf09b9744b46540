// Commands about a model file: `inspect` and `tokenize` read its header only; `logits` and `generate` run it as it is, without a
// document, so that results can be checked against other programs.
import { writeFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Engine } from '../../../gpu/api.ts';
import { type GgufHeader, readHeader } from '../../../gpu/gguf/header.ts';
import { openModel } from '../../../gpu/index.ts';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { type ModelInUse, prepareModel } from './composition.ts';
import { type ModelFile, openModelFile } from './model-file.ts';
import { plain, print, printJson } from './output.ts';
import { TerminalError, writeProblem } from './problems.ts';
import type { Running } from './running.ts';

export interface ModelCommandOptions {
  json?: boolean;
  adapter: string;
}

const WINDOW = 32_768;

const opened = async (path: string, running: Running): Promise<ModelFile> => {
  const file = await openModelFile(path);
  running.atEnd(() => file.close());
  return file;
};

/** What the file says of itself, also when the engine cannot run it: `supported` is then the reason. */
export async function inspect(path: string, options: ModelCommandOptions, running: Running): Promise<void> {
  const file = await opened(path, running);
  const header = await readHeader(file);
  const facts = {
    ...describe(header),
    bytes: file.size,
    supported: await isSupported(file),
  };
  if (options.json) return printJson(facts);
  const { memory, tokenizer, supported } = facts;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const rows: [string, string][] = [
    ['Name', facts.name],
    ['Architecture', facts.arch],
    ['Parameters', facts.parameters.toLocaleString('en')],
    ['Weights', `${megabytes(memory.weights)}, ${list(facts.types)}`],
    ['Trained context', facts.trainedContext?.toLocaleString('en') ?? 'not said'],
    ['Position scaling', facts.rope.type === 'none' ? 'none' : `${facts.rope.type} ×${facts.rope.factor}`],
    ['Tokenizer', `${tokenizer.model}, ${tokenizer.vocab.toLocaleString('en')} tokens`],
    [
      'Keys and values',
      memory.kv32k ? `${megabytes(memory.kv32k)} for ${WINDOW.toLocaleString('en')} tokens` : 'not said',
    ],
    ['Supported', supported === true ? 'yes' : `no: ${supported.reason}`],
  ];
  await print(rows.map(([name, value]) => `${name.padEnd(18)}${plain(value)}`).join('\n'));
}

const list = (types: Record<string, number>): string =>
  Object.entries(types)
    .map(([type, count]) => `${count} × ${type}`)
    .join(', ') || 'none';

const isSupported = (file: ModelFile): Promise<true | { reason: string }> =>
  openModel(file).then(
    (): true => true,
    (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
  );

function describe({ metadata, tensors }: GgufHeader) {
  const text = (key: string) => (typeof metadata.get(key) === 'string' ? String(metadata.get(key)) : undefined);
  const number = (key: string) => (typeof metadata.get(key) === 'number' ? Number(metadata.get(key)) : undefined);
  const arch = text('general.architecture') ?? 'unknown';
  const types: Record<string, number> = {};
  let [parameters, weights, largestBinding] = [0, 0, 0];
  for (const { type, dimensions, bytes } of tensors.values()) {
    types[type] = (types[type] ?? 0) + 1;
    parameters += dimensions.reduce((product, dimension) => product * dimension, 1);
    weights += bytes;
    largestBinding = Math.max(largestBinding, bytes);
  }
  const heads = number(`${arch}.attention.head_count`);
  const embedding = number(`${arch}.embedding_length`);
  const headDim = number(`${arch}.attention.key_length`) ?? (heads && embedding ? embedding / heads : undefined);
  const kvHeads = number(`${arch}.attention.head_count_kv`) ?? heads;
  const layers = number(`${arch}.block_count`);
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return {
    arch,
    name: text('general.name') ?? 'Unnamed model',
    parameters,
    types,
    trainedContext: number(`${arch}.rope.scaling.original_context_length`) ?? number(`${arch}.context_length`),
    rope: {
      type: text(`${arch}.rope.scaling.type`) ?? 'none',
      factor: number(`${arch}.rope.scaling.factor`) ?? 1,
      base: number(`${arch}.rope.freq_base`) ?? 10_000,
    },
    tokenizer: {
      model: text('tokenizer.ggml.model') ?? 'none',
      pre: text('tokenizer.ggml.pre'),
      vocab: Array.isArray(tokens) ? tokens.length : 0,
      bos: number('tokenizer.ggml.bos_token_id'),
    },
    /** Bytes; keys and values of 32,768 tokens in f32. */
    memory: {
      weights,
      kv32k: layers && kvHeads && headDim ? 2 * layers * kvHeads * headDim * WINDOW * 4 : undefined,
      largestBinding,
    },
  };
}

/** Ids of the text on stdin, without a token at its begin; files that hold nothing but a vocabulary serve too. */
export async function tokenize(path: string, options: ModelCommandOptions, running: Running): Promise<void> {
  const { metadata } = await readHeader(await opened(path, running));
  const tokenizer = createTokenizer(metadata);
  if (process.stdin.isTTY) running.say('Type a text and end it with Ctrl+D.');
  const ids = tokenizer.encode(await readAll(process.stdin));
  if (options.json) return printJson({ ids });
  await print(ids.join(' '));
}

export interface LogitsOptions extends ModelCommandOptions {
  ids: number[];
  ropeFactor?: number;
  out?: string;
}

/** Logits of every position; `--out` gets them all, row by row, as little-endian f32. */
export async function logits(path: string, options: LogitsOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const vocab = model.info.vocabularySize;
  const unknown = options.ids.find((id) => id >= vocab);
  if (unknown !== undefined)
    throw new TerminalError(`Token ${unknown} is not in this vocabulary; its ids end at ${vocab - 1}.`);
  const engine = await started(createEngine, options.ids.length, running, options.ropeFactor);
  const all = await engine.logits(options.ids);
  running.progress.end();
  if (options.out) {
    const path = options.out;
    await writeFile(path, littleEndian(all)).catch((error) => {
      throw writeProblem(error, path);
    });
    running.say(`Written to ${path}: ${options.ids.length} rows of ${vocab} numbers.`);
  }
  const top = likeliest(all.subarray(all.length - vocab), 10);
  if (options.json) return printJson({ rows: options.ids.length, vocab, top, adapter: engine.adapter });
  await print(top.map(([id, logprob]) => `${String(id).padStart(8)}  ${logprob.toFixed(6)}`).join('\n'));
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

export interface GenerateOptions extends ModelCommandOptions {
  prompt: string;
  n: number;
  ropeFactor?: number;
}

/** Greedy continuation of a text. Without `--json` the text is shown while it comes. */
export async function generate(path: string, options: GenerateOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const { bos } = model.tokenizer;
  const prompt = [...(bos === undefined ? [] : [bos]), ...model.tokenizer.encode(options.prompt)];
  if (prompt.length === 0) throw new TerminalError('There is nothing to continue; give a prompt with --prompt.');
  const engine = await started(createEngine, prompt.length + options.n, running, options.ropeFactor);
  const began = performance.now();
  const { signal, progress } = running;
  await engine.prefill(prompt, { signal, onProgress: (part) => progress.report({ stage: 'window', ...part }) });
  progress.end();
  const prefilled = performance.now();
  const ids: number[] = [];
  let text = '';
  for await (const token of engine.generate(prompt, { maxTokens: options.n, signal })) {
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
  if (options.json) return printJson({ ids, text, timing, adapter: engine.adapter });
  await print('');
}

async function started(
  createEngine: ModelInUse['createEngine'],
  contextLength: number,
  running: Running,
  ropeFactor: number | undefined,
): Promise<Engine> {
  const { signal, progress } = running;
  const onProgress = (part: { done: number; total: number }) => progress.report({ stage: 'model', ...part });
  const engine = await createEngine({ contextLength, ropeFactor, signal, onProgress });
  running.atEnd(() => engine.dispose());
  return engine;
}
