// The shape of a model of the `llama` architecture from its metadata, and the tensors that follow from it. Everything is checked
// here, so that whoever computes with it need not.

import { isComputed } from './ggml-types.ts';
import type { GgufHeader, GgufTensor, MetadataValue } from './header.ts';
import { damaged, shown, unsupported, unsupportedWith } from './refusals.ts';

export interface RopeScaling {
  type: 'none' | 'linear';
  /** Position Interpolation factor; 1 for none. */
  factor: number;
  /** Tokens of the window that the model was trained on before scaling. */
  originalContext: number;
  /** The model was trained further with the scaling; false where the file says that it was not. */
  finetuned: boolean;
}

export interface LlamaConfig {
  layers: number;
  /** Size of the hidden state. */
  embedding: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  feedForward: number;
  vocabulary: number;
  contextLength: number;
  normEpsilon: number;
  ropeBase: number;
  /** Dimensions of a head that are rotated, in interleaved pairs; all of them. */
  ropeDimensions: number;
  ropeScaling: RopeScaling;
  /** The output matrix is the embedding matrix: there is no `output.weight`. */
  tied: boolean;
}

type Metadata = ReadonlyMap<string, MetadataValue>;

/** Beyond any model in use. */
const largest = {
  layers: 1024,
  embedding: 2 ** 17,
  heads: 2 ** 12,
  headDim: 2 ** 12,
  feedForward: 2 ** 20,
  context: 2 ** 27,
  factor: 2 ** 16,
} as const;

/** Throws 'unsupported-model' for another architecture or rope scaling, 'damaged-model' for sizes that cannot be. */
export function readLlamaConfig(header: GgufHeader, vocabulary: number): LlamaConfig {
  const { metadata } = header;
  expectLlama(metadata);
  const layers = whole(metadata, 'llama.block_count', largest.layers);
  const embedding = whole(metadata, 'llama.embedding_length', largest.embedding);
  const heads = whole(metadata, 'llama.attention.head_count', largest.heads);
  const kvHeads = whole(metadata, 'llama.attention.head_count_kv', largest.heads, heads);
  if (heads % kvHeads !== 0) throw damaged(`${heads} heads do not share ${kvHeads} key heads`);
  const headDim = readHeadDim(metadata, embedding, heads);
  const ropeDimensions = whole(metadata, 'llama.rope.dimension_count', largest.headDim, headDim);
  if (ropeDimensions !== headDim)
    throw damaged(`llama.rope.dimension_count is ${ropeDimensions}, a head has ${headDim}`);
  const contextLength = whole(metadata, 'llama.context_length', largest.context);
  const vocabularySize = whole(metadata, 'llama.vocab_size', 2 ** 24, vocabulary);
  if (vocabularySize !== vocabulary) {
    throw damaged(`llama.vocab_size is ${vocabularySize} but the tokenizer has ${vocabulary} tokens`);
  }
  return {
    layers,
    embedding,
    heads,
    kvHeads,
    headDim,
    feedForward: whole(metadata, 'llama.feed_forward_length', largest.feedForward),
    vocabulary,
    contextLength,
    normEpsilon: real(metadata, 'llama.attention.layer_norm_rms_epsilon', 1e-30, 0.1),
    ropeBase: real(metadata, 'llama.rope.freq_base', 1, 1e12, 10_000),
    ropeDimensions,
    ropeScaling: readRopeScaling(metadata, contextLength),
    tied: !header.tensors.has('output.weight'),
  };
}

/** Before anything else of the file is looked at: this app runs llama models in one file. */
export function expectLlama(metadata: Metadata): void {
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string') throw damaged('general.architecture is missing');
  if (architecture !== 'llama') throw unsupported(shown(architecture));
  const type = metadata.get('general.type');
  if (typeof type === 'string' && type !== 'model') throw unsupported(shown(type));
  if (Number(metadata.get('split.count') ?? 1) > 1) throw unsupported('split');
  if (Number(metadata.get('llama.expert_count') ?? 0) > 0) throw unsupported('mixture-of-experts');
  if (metadata.get('llama.attention.causal') === false) throw unsupported('embedding');
}

function readHeadDim(metadata: Metadata, embedding: number, heads: number): number {
  const given = metadata.get('llama.attention.key_length');
  if (given === undefined && embedding % heads !== 0) throw damaged(`${heads} heads do not divide ${embedding}`);
  const headDim = whole(metadata, 'llama.attention.key_length', largest.headDim, embedding / heads);
  const valueDim = whole(metadata, 'llama.attention.value_length', largest.headDim, headDim);
  if (valueDim !== headDim) throw unsupportedWith('key and value heads of different sizes');
  if (headDim % 2 !== 0) throw damaged(`the size of a head is ${headDim}, which has no pairs to rotate`);
  return headDim;
}

/**
 * Linear scaling is Position Interpolation (arXiv 2306.15595): positions are divided by the factor. As in llama.cpp, a factor without
 * a type is linear, 0 means none, and `llama.rope.scale_linear` is the older name of the factor.
 */
function readRopeScaling(metadata: Metadata, contextLength: number): RopeScaling {
  const type = metadata.get('llama.rope.scaling.type') ?? 'linear';
  if (type !== 'none' && type !== 'linear') throw unsupported(`${shown(String(type))}-scaled`);
  const key = metadata.has('llama.rope.scaling.factor') ? 'llama.rope.scaling.factor' : 'llama.rope.scale_linear';
  const factor = real(metadata, key, 0, largest.factor, 1) || 1;
  const finetuned = metadata.get('llama.rope.scaling.finetuned') ?? true;
  if (typeof finetuned !== 'boolean') throw damaged('llama.rope.scaling.finetuned is neither true nor false');
  if (type === 'none' || factor === 1 || !finetuned) {
    return { type: 'none', factor: 1, originalContext: contextLength, finetuned };
  }
  const stretched = Math.max(1, Math.floor(contextLength / factor));
  const originalContext = whole(metadata, 'llama.rope.scaling.original_context_length', largest.context, stretched);
  return { type: 'linear', factor, originalContext, finetuned };
}

/** A whole number from 1 to `most`; throws 'damaged-model' when it is missing and there is no `otherwise`. */
function whole(metadata: Metadata, key: string, most: number, otherwise?: number): number {
  const value = metadata.get(key) ?? otherwise;
  if (value === undefined) throw damaged(`${key} is missing`);
  if (typeof value === 'object') throw unsupportedWith(`a different ${key} in every layer`);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw damaged(`${key} is ${shown(String(value))}`);
  }
  return value;
}

function real(metadata: Metadata, key: string, least: number, most: number, otherwise?: number): number {
  const value = metadata.get(key) ?? otherwise;
  if (value === undefined) throw damaged(`${key} is missing`);
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw damaged(`${key} is ${shown(String(value))}`);
  return value;
}

/** Names and GGUF dimensions ([columns, rows]) of the tensors of one layer, without the prefix "blk.N.". */
function layerShapes(config: LlamaConfig): [string, number[]][] {
  const { embedding, heads, kvHeads, headDim, feedForward } = config;
  return [
    ['attn_norm.weight', [embedding]],
    ['attn_q.weight', [embedding, heads * headDim]],
    ['attn_k.weight', [embedding, kvHeads * headDim]],
    ['attn_v.weight', [embedding, kvHeads * headDim]],
    ['attn_output.weight', [heads * headDim, embedding]],
    ['ffn_norm.weight', [embedding]],
    ['ffn_gate.weight', [embedding, feedForward]],
    ['ffn_up.weight', [embedding, feedForward]],
    ['ffn_down.weight', [feedForward, embedding]],
  ];
}

/**
 * Every tensor of the forward pass is there, in its shape and in a format that we compute, and none that would change the result is
 * left over.
 */
export function expectLlamaTensors(header: GgufHeader, config: LlamaConfig): void {
  const expected = new Map<string, number[]>([
    ['token_embd.weight', [config.embedding, config.vocabulary]],
    ['output_norm.weight', [config.embedding]],
  ]);
  if (!config.tied) expected.set('output.weight', [config.embedding, config.vocabulary]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [name, shape] of layerShapes(config)) expected.set(`blk.${layer}.${name}`, shape);
  }
  for (const tensor of header.tensors.values()) if (!expected.has(tensor.name)) expectHarmless(tensor, config.layers);
  for (const [name, shape] of expected) expectShape(name, shape, header.tensors.get(name));
}

function expectHarmless({ name }: GgufTensor, layers: number): void {
  const layer = /^blk\.(\d+)\./.exec(name);
  if (layer && Number(layer[1]) >= layers) throw damaged(`${shown(name)} belongs to no layer`);
  // Old converters stored what the rotation computes anyway.
  if (/^blk\.\d+\.attn_rot_embd\.weight$/.test(name)) return;
  if (name === 'rope_freqs.weight') throw unsupportedWith('Llama 3 rope factors');
  if (/\.ffn_(gate_inp|\w+_exps|\w+\.\d+)\./.test(name)) throw unsupported('mixture-of-experts');
  if (name.endsWith('.bias')) throw unsupportedWith(`biases (${shown(name)})`);
  throw unsupportedWith(`the tensor ${shown(name)}`);
}

function expectShape(name: string, shape: readonly number[], tensor: GgufTensor | undefined): void {
  if (!tensor) throw damaged(`the tensor ${name} is missing`);
  const [columns, rows, ...rest] = [...tensor.dimensions, 1, 1];
  const fits = columns === shape[0] && rows === (shape[1] ?? 1) && rest.every((dimension) => dimension === 1);
  if (!fits) throw damaged(`${name} is ${tensor.dimensions.join(' x ')} instead of ${shape.join(' x ')}`);
  if (!isComputed(tensor.type)) throw unsupported(tensor.type);
  if (shape.length === 1 && tensor.type === 'Q8_0') throw unsupportedWith(`${name} in Q8_0`);
}
