// The shape of a model from its metadata, as far as all families have it. Everything is checked here, so that whoever computes with
// it need not.
import { expectLanguageModel } from '../gguf/file-kind.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { type Fields, fieldsOf, type Metadata } from '../gguf/metadata.ts';
import { damaged, shown, unsupported, unsupportedWith } from '../gguf/refusals.ts';

export interface RopeScaling {
  type: 'none' | 'linear';
  /** Position Interpolation factor; 1 for none. */
  factor: number;
  /** Tokens of the window that the model was trained on before scaling. */
  originalContext: number;
  /** The model was trained further with the scaling; false where the file says that it was not. */
  finetuned: boolean;
}

export interface ModelConfig {
  architecture: string;
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
  /** Dimensions of a head that are rotated. */
  ropeDimensions: number;
  ropeScaling: RopeScaling;
  /** The output matrix is the embedding matrix: there is no `output.weight`. */
  tied: boolean;
}

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

/** What the file says that it is; before anything else of it is looked at. Throws 'unsupported-model' for what is no whole language model. */
export function architectureOf(metadata: Metadata): string {
  expectLanguageModel(metadata);
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string') throw damaged('general.architecture is missing');
  if (Number(metadata.get(`${architecture}.expert_count`) ?? 0) > 0) throw unsupported('mixture-of-experts');
  if (metadata.get(`${architecture}.attention.causal`) === false) throw unsupported('embedding');
  return architecture;
}

/** Throws 'unsupported-model' for a rope scaling that is not known, 'damaged-model' for sizes that cannot be. */
export function readConfig(header: GgufHeader, vocabulary: number): ModelConfig {
  const architecture = architectureOf(header.metadata);
  const fields = fieldsOf(header.metadata, architecture);
  const layers = fields.whole('block_count', largest.layers);
  const embedding = fields.whole('embedding_length', largest.embedding);
  const heads = fields.whole('attention.head_count', largest.heads);
  const kvHeads = fields.whole('attention.head_count_kv', largest.heads, heads);
  if (heads % kvHeads !== 0) throw damaged(`${heads} heads do not share ${kvHeads} key heads`);
  const headDim = readHeadDim(fields, embedding, heads);
  const ropeDimensions = fields.whole('rope.dimension_count', largest.headDim, headDim);
  if (ropeDimensions !== headDim) {
    throw damaged(`${architecture}.rope.dimension_count is ${ropeDimensions}, a head has ${headDim}`);
  }
  const contextLength = fields.whole('context_length', largest.context);
  const vocabularySize = fields.whole('vocab_size', 2 ** 24, vocabulary);
  if (vocabularySize !== vocabulary) {
    throw damaged(`${architecture}.vocab_size is ${vocabularySize} but the tokenizer has ${vocabulary} tokens`);
  }
  return {
    architecture,
    layers,
    embedding,
    heads,
    kvHeads,
    headDim,
    feedForward: fields.whole('feed_forward_length', largest.feedForward),
    vocabulary,
    contextLength,
    normEpsilon: fields.real('attention.layer_norm_rms_epsilon', 1e-30, 0.1),
    ropeBase: fields.real('rope.freq_base', 1, 1e12, 10_000),
    ropeDimensions,
    ropeScaling: readRopeScaling(fields, contextLength),
    tied: !header.tensors.has('output.weight'),
  };
}

function readHeadDim(fields: Fields, embedding: number, heads: number): number {
  const key = 'attention.key_length';
  if (!fields.has(key) && embedding % heads !== 0) throw damaged(`${heads} heads do not divide ${embedding}`);
  const headDim = fields.whole(key, largest.headDim, embedding / heads);
  const valueDim = fields.whole('attention.value_length', largest.headDim, headDim);
  if (valueDim !== headDim) throw unsupportedWith('key and value heads of different sizes');
  if (headDim % 2 !== 0) throw damaged(`the size of a head is ${headDim}, which has no pairs to rotate`);
  return headDim;
}

/**
 * Linear scaling is Position Interpolation (arXiv 2306.15595): positions are divided by the factor. As in llama.cpp, a factor without
 * a type is linear, 0 means none, and `rope.scale_linear` is the older name of the factor.
 */
function readRopeScaling(fields: Fields, contextLength: number): RopeScaling {
  const type = fields.text('rope.scaling.type') ?? 'linear';
  if (type !== 'none' && type !== 'linear') throw unsupported(`${shown(type)}-scaled`);
  const key = fields.has('rope.scaling.factor') ? 'rope.scaling.factor' : 'rope.scale_linear';
  const factor = fields.real(key, 0, largest.factor, 1) || 1;
  const finetuned = fields.flag('rope.scaling.finetuned', true);
  if (type === 'none' || factor === 1 || !finetuned) {
    return { type: 'none', factor: 1, originalContext: contextLength, finetuned };
  }
  const stretched = Math.max(1, Math.floor(contextLength / factor));
  const originalContext = fields.whole('rope.scaling.original_context_length', largest.context, stretched);
  return { type: 'linear', factor, originalContext, finetuned };
}
