// Commands that read a model file's header only: `inspect` and `tokenize`.
import { addAbortSignal } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { type GgufHeader, readHeader } from '../../../gpu/gguf/header.ts';
import { openModel } from '../../../gpu/index.ts';
import { createTokenizer } from '../../../gpu/tokenizer/tokenizer.ts';
import { type ModelFile, openModelFile } from './model-file.ts';
import { plain, print, printJson } from './output.ts';
import type { Running } from './running.ts';

interface HeaderOptions {
  json?: boolean;
}

const WINDOW = 32_768;

const opened = async (path: string, running: Running): Promise<ModelFile> => {
  const file = await openModelFile(path);
  running.atEnd(() => file.close());
  return file;
};

/** What the file says of itself, also when the engine cannot run it: `supported` is then the reason. */
export async function inspect(path: string, options: HeaderOptions, running: Running): Promise<void> {
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

export interface TokenizeOptions extends HeaderOptions {
  /** The names of control tokens in the text become those tokens. */
  special?: boolean;
}

/** Ids of the text on stdin, without a token at its begin; files that hold nothing but a vocabulary serve too. */
export async function tokenize(path: string, options: TokenizeOptions, running: Running): Promise<void> {
  const { metadata } = await readHeader(await opened(path, running));
  const tokenizer = createTokenizer(metadata);
  if (process.stdin.isTTY) running.say('Type a text and end it with Ctrl+D.');
  const text = await readAll(addAbortSignal(running.signal, process.stdin));
  const ids = options.special ? tokenizer.encodeWithControls(text) : tokenizer.encode(text);
  if (options.json) return printJson({ ids });
  await print(ids.join(' '));
}
