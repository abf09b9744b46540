// `longleaf inspect`: what a model file says of itself and what it will take, from its header alone. A file that the engine cannot run is
// described too, as far as its header goes.
import type { GgufHeader } from '../../../gpu/gguf/header.ts';
import { readHeader } from '../../../gpu/gguf/read-header.ts';
import { type OpenModel, openModel } from '../../../gpu/index.ts';
import { anyCard, defaultKvType, sizesFor } from '../../../gpu/model/memory.ts';
import { expectShapes } from '../../../gpu/model/room.ts';
import { type ModelFile, openModelFile } from './model-file.ts';
import { plain, print, printJson, size } from './output.ts';
import type { Running } from './running.ts';

const WINDOW = 32_768;

/** Closed when the command ends. */
export const openedModelFile = async (path: string, running: Running): Promise<ModelFile> => {
  const file = await openModelFile(path);
  running.atEnd(() => file.close());
  return file;
};

export async function inspect(path: string, { json }: { json?: boolean }, running: Running): Promise<void> {
  const file = await openedModelFile(path, running);
  const header = await readHeader(file);
  const model = await openModel(file)
    .then((open) => {
      expectShapes(open.config, 'f32', anyCard);
      return open;
    })
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const supported: Facts['supported'] = model instanceof Error ? { reason: model.message } : true;
  const facts = {
    ...describe(header),
    ...(model instanceof Error ? {} : measured(model)),
    bytes: file.size,
    supported,
  };
  if (json) return printJson(facts);
  await print(table(facts, file.parts?.length ?? 1));
}

interface Memory {
  /** Bytes; of weights that the engine cannot run, as they are in the file. */
  weights: number;
  /** Keys and values of 32,768 tokens, and their number format. */
  kv32k?: number;
  kvType?: string;
  scratch?: number;
  /** The largest single buffer; matrices that are larger than a device allows are split. */
  largestBinding: number;
}

/** From the header as it stands, believed in nothing. */
function describe({ metadata, tensors }: GgufHeader) {
  const text = (key: string) => (typeof metadata.get(key) === 'string' ? String(metadata.get(key)) : undefined);
  const number = (key: string) => (typeof metadata.get(key) === 'number' ? Number(metadata.get(key)) : undefined);
  const arch = text('general.architecture') ?? 'unknown';
  const types: Record<string, number> = {};
  let parameters = 0;
  const memory: Memory = { weights: 0, largestBinding: 0 };
  for (const { type, dimensions, bytes } of tensors.values()) {
    types[type] = (types[type] ?? 0) + 1;
    parameters += dimensions.reduce((product, dimension) => product * dimension, 1);
    memory.weights += bytes;
    memory.largestBinding = Math.max(memory.largestBinding, bytes);
  }
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
    memory,
  };
}

/** What the engine makes of it: as it will be loaded onto a graphics card with a window of 32,768 tokens. */
function measured(model: OpenModel) {
  const { name, trainedContext, rope } = model.info;
  const kvType = defaultKvType(model.config, WINDOW);
  const { weights, cache, scratch, largest } = sizesFor(model, WINDOW, kvType, anyCard).bytes;
  const memory: Memory = { weights, kv32k: cache, kvType, scratch, largestBinding: largest };
  return { name, trainedContext, rope, memory };
}

type Facts = ReturnType<typeof describe> & { bytes: number; supported: true | { reason: string } };

function table(facts: Facts, parts: number): string {
  const { memory, tokenizer, supported, rope } = facts;
  const count = (value: number | undefined) => value?.toLocaleString('en') ?? 'not said';
  const types = Object.entries(facts.types).map(([type, tensors]) => `${tensors} × ${type}`);
  const window = `for ${count(WINDOW)} tokens`;
  const rows: [string, string | undefined][] = [
    ['Name', facts.name],
    ['Architecture', facts.arch],
    ['Parameters', count(facts.parameters)],
    ['File', parts > 1 ? `${size(facts.bytes)} in ${parts} parts` : size(facts.bytes)],
    ['Tensors', types.join(', ') || 'none'],
    ['Trained context', count(facts.trainedContext)],
    ['Position scaling', rope.type === 'none' ? 'none' : `${rope.type} ×${rope.factor}`],
    ['Tokenizer', `${tokenizer.model}, ${count(tokenizer.vocab)} tokens`],
    ['Weights', size(memory.weights)],
    [
      'Keys and values',
      memory.kv32k === undefined ? undefined : `${size(memory.kv32k)} ${window}, in ${memory.kvType}`,
    ],
    ['Scratch', memory.scratch === undefined ? undefined : `${size(memory.scratch)} ${window}`],
    ['Largest buffer', size(memory.largestBinding)],
    ['Supported', supported === true ? 'yes' : `no: ${supported.reason}`],
  ];
  const shown = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return shown.map(([name, value]) => `${name.padEnd(18)}${plain(value)}`).join('\n');
}
