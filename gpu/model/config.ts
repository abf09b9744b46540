// The shape of a model from its metadata, as far as all families have it. Everything is checked here, so that whoever computes with
// it need not.
import { expectLanguageModel } from '../gguf/file-kind.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { type Fields, fieldsOf, type Metadata } from '../gguf/metadata.ts';
import { damaged, shown, unsupported, unsupportedWith } from '../gguf/refusals.ts';
import { longropeMagnitude, type Rope, type RopeScaling } from './rope-scaling.ts';

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
  /** Of scores, before the softmax; 1 / sqrt(head_dim) when absent. */
  attentionScale?: number;
  /** How heads are rotated. The first is the model's own; a family may have more, for some of its layers. */
  ropes: readonly Rope[];
  /** Attention of local layers sees so many positions. */
  slidingWindow?: { readonly tokens: number; readonly isLocal: readonly boolean[] };
  /** The output matrix is the embedding matrix: there is no `output.weight`. */
  tied: boolean;
}

/** The window of layer `layer` (from 0), where it has one. */
export const windowOf = ({ slidingWindow }: ModelConfig, layer: number): number | undefined =>
  slidingWindow?.isLocal[layer] ? slidingWindow.tokens : undefined;

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

/** Keys that change what a forward pass computes, and the value besides 0 that means "as if it were not there". */
const changing: Readonly<Record<string, number>> = {
  'attention.scale': 0,
  'attention.clamp_kqv': 0,
  'rope.scaling.yarn_log_multiplier': 0,
  attn_logit_softcapping: 0,
  final_logit_softcapping: 0,
  embedding_scale: 1,
  residual_scale: 1,
  logit_scale: 1,
};

export interface ReadOptions {
  /** Keys of the list above that the family's forward pass heeds. */
  heeds?: readonly string[];
  /** Only the first dimensions of a head may be rotated. */
  partialRotary?: boolean;
}

/** Throws 'unsupported-model' for a rope scaling that is not known, 'damaged-model' for sizes that cannot be. */
export function readConfig(header: GgufHeader, vocabulary: number, options: ReadOptions = {}): ModelConfig {
  const architecture = architectureOf(header.metadata);
  const fields = fieldsOf(header.metadata, architecture);
  for (const [key, neutral] of Object.entries(changing)) {
    const value = options.heeds?.includes(key) ? neutral : fields.real(key, -1e30, 1e30, neutral);
    if (value !== neutral && value !== 0) throw unsupportedWith(`${architecture}.${key}`);
  }
  const layers = fields.whole('block_count', largest.layers);
  const embedding = fields.whole('embedding_length', largest.embedding);
  const heads = fields.whole('attention.head_count', largest.heads);
  const kvHeads = fields.whole('attention.head_count_kv', largest.heads, heads);
  if (heads % kvHeads !== 0) throw damaged(`${heads} heads do not share ${kvHeads} key heads`);
  const headDim = readHeadDim(fields, embedding, heads);
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
    ropes: [readRope(fields, header, headDim, contextLength, options.partialRotary ?? false)],
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

function readRope(fields: Fields, { tensors }: GgufHeader, headDim: number, context: number, partial: boolean): Rope {
  const dimensions = fields.whole('rope.dimension_count', largest.headDim, headDim);
  if (partial ? dimensions > headDim || dimensions % 2 !== 0 : dimensions !== headDim) {
    throw damaged(`${fields.name('rope.dimension_count')} is ${dimensions}, a head has ${headDim}`);
  }
  // Converters of Phi-3 write LongRoPE's divisors and not its name.
  const isLong = tensors.has('rope_factors_short.weight') || fields.text('rope.scaling.type') === 'longrope';
  const scaling = isLong ? readLongrope(fields, context) : readRopeScaling(fields, context);
  const rope = { dimensions, base: fields.real('rope.freq_base', 1, 1e12, 10_000), scaling };
  if (isLong) {
    const beyond = { tokens: scaling.originalContext, tensor: 'rope_factors_long.weight' };
    return { ...rope, divisors: { tensor: 'rope_factors_short.weight', beyond } };
  }
  return tensors.has('rope_freqs.weight') ? { ...rope, divisors: { tensor: 'rope_freqs.weight' } } : rope;
}

/**
 * As in llama.cpp, a factor without a type is linear, 0 means none, and `rope.scale_linear` is the older name of the factor. Linear
 * scaling that the file says the model was not tuned for is left away.
 */
function readRopeScaling(fields: Fields, contextLength: number): RopeScaling {
  const type = fields.text('rope.scaling.type') ?? 'linear';
  if (type !== 'none' && type !== 'linear' && type !== 'yarn') throw unsupported(`${shown(type)}-scaled`);
  const key = fields.has('rope.scaling.factor') ? 'rope.scaling.factor' : 'rope.scale_linear';
  const factor = fields.real(key, 0, largest.factor, 1) || 1;
  const finetuned = fields.flag('rope.scaling.finetuned', true);
  const attentionFactor = fields.real('rope.scaling.attn_factor', 0.01, 100, 1);
  const also = attentionFactor === 1 ? {} : { attentionFactor };
  if (type === 'none' || factor === 1 || !finetuned) {
    return { type: 'none', factor: 1, originalContext: contextLength, ...also };
  }
  if (type === 'linear') {
    return { type, factor, originalContext: readOriginalContext(fields, contextLength / factor), ...also };
  }
  const extrapolation = fields.real('rope.scaling.yarn_ext_factor', -1, 1e3, 1);
  if (extrapolation >= 0 && extrapolation !== 1) throw unsupportedWith('a YaRN extrapolation factor');
  return {
    type,
    factor,
    originalContext: readOriginalContext(fields, contextLength),
    betaFast: fields.real('rope.scaling.yarn_beta_fast', 0.01, 1e4, 32),
    betaSlow: fields.real('rope.scaling.yarn_beta_slow', 0.01, 1e4, 1),
    ...also,
  };
}

const readOriginalContext = (fields: Fields, otherwise: number): number =>
  fields.whole('rope.scaling.original_context_length', largest.context, Math.max(1, Math.floor(otherwise)));

/** The whole window counts as trained: LongRoPE's factors were learnt for it. */
function readLongrope(fields: Fields, contextLength: number): RopeScaling {
  const originalContext = readOriginalContext(fields, contextLength);
  const computed = longropeMagnitude(contextLength / originalContext, originalContext);
  const attentionFactor = fields.real('rope.scaling.attn_factor', 0.01, 100, computed);
  return { type: 'longrope', factor: 1, originalContext, attentionFactor };
}
