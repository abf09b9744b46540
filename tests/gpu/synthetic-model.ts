// Models of every family with seeded weights, written as GGUF: any shape, any number format, no download.
import type { ByteSource } from '../../gpu/api.ts';
import { dequantize } from '../../gpu/gguf/dequantize.ts';
import { ggmlType } from '../../gpu/gguf/ggml-types.ts';
import { encodeTensor } from './gguf/encode-tensor.ts';
import { typed, type WriteTensor, type WriteValue, writeGguf } from './gguf/write-gguf.ts';

export interface Shape {
  layers: number;
  embedding: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  feedForward: number;
  vocabulary: number;
  context: number;
}

/** Two layers, grouped heads, sizes that fill no tile evenly. */
export const smallShape: Shape = {
  layers: 2,
  embedding: 96,
  heads: 6,
  kvHeads: 2,
  headDim: 16,
  feedForward: 160,
  vocabulary: 323,
  context: 256,
};

/** The shape of the model that comes with the app. */
export const embeddedShape: Shape = {
  layers: 4,
  embedding: 256,
  heads: 4,
  kvHeads: 2,
  headDim: 64,
  feedForward: 704,
  vocabulary: 8192,
  context: 2048,
};

/** Six small layers: what peers are compared on. */
export const tinyShape: Shape = {
  layers: 6,
  embedding: 256,
  heads: 8,
  kvHeads: 4,
  headDim: 32,
  feedForward: 704,
  vocabulary: 4096,
  context: 4096,
};

/** Uniform in [-1, 1), the same for the same seed everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function seededArray(length: number, seed: number, scale = 1): Float32Array<ArrayBuffer> {
  const next = seeded(seed);
  return Float32Array.from({ length }, () => next() * scale);
}

/** Six layers, so that families whose layers differ show all kinds. */
export const deepShape: Shape = { ...smallShape, layers: 6 };

export const architectures = ['llama', 'qwen2', 'qwen3', 'gemma3', 'smollm3', 'granite', 'phi3'] as const;
export type Architecture = (typeof architectures)[number];

export interface SyntheticOptions {
  architecture?: Architecture;
  /** Of the matrices, or of each one by its name and the length of its rows. */
  type?: WriteTensor['type'] | ((name: string, columns: number) => WriteTensor['type']);
  /** What the matrices hold is rounded as `type` would, and written in F32. */
  dequantised?: boolean;
  /** Position Interpolation factor in the file. */
  ropeFactor?: number;
  tied?: boolean;
  seed?: number;
  /** Divisors of the angles (head_dim / 2,): Llama 3's for llama, LongRoPE's for phi3. */
  divisors?: Readonly<Partial<Record<'freqs' | 'short' | 'long', number[]>>>;
  /** Without the architecture: `{'rope.scaling.type': 'yarn'}`; replaces what the family has. */
  metadata?: Readonly<Record<string, WriteValue>>;
  /** Chat template. */
  template?: string;
  /** The header alone: weights are counted and not written. */
  hollow?: boolean;
}

const f32 = (value: number) => typed('f32', value);

/** What a family has beyond the common metadata. Multipliers and windows are such that leaving one out shows. */
const familyMetadata: Readonly<Record<Architecture, Readonly<Record<string, WriteValue>>>> = {
  llama: {},
  qwen2: {},
  qwen3: {},
  gemma3: { 'attention.sliding_window': 24 },
  smollm3: {},
  granite: {
    embedding_scale: f32(3),
    'attention.scale': f32(0.125),
    residual_scale: f32(0.4),
    logit_scale: f32(2),
  },
  phi3: {},
};

/** Matrices in `type`, norms and biases in F32. Logits spread over about ±5, so that the likeliest token is a clear one. */
export function syntheticModel(shape: Shape, options: SyntheticOptions = {}): Uint8Array<ArrayBuffer> {
  const { architecture = 'llama', type = 'F32', tied = true, seed = 1, divisors = {} } = options;
  const { embedding, heads, kvHeads, headDim, feedForward, vocabulary } = shape;
  const tensors: WriteTensor[] = [];
  const write = (name: string, dimensions: number[], of: WriteTensor['type'], values: Float32Array) =>
    tensors.push({
      name,
      dimensions,
      type: of,
      values,
      ...(options.hollow ? { absent: bytesOf(of, dimensions) } : {}),
    });
  const random = (length: number, from: number, scale?: number) =>
    options.hollow ? new Float32Array() : seededArray(length, from, scale);
  const seeds = () => seed * 1000 + tensors.length;
  const typeOf = typeof type === 'function' ? type : () => type;
  const matrix = (name: string, rows: number, columns: number, gain = 1) => {
    const values = random(rows * columns, seeds(), gain * Math.sqrt(3 / columns));
    const of = typeOf(name, columns);
    if (options.dequantised) write(name, [columns, rows], 'F32', dequantize(of, encodeTensor(of, values)));
    else write(name, [columns, rows], of, values);
  };
  const norm = (name: string, length = embedding) =>
    write(
      name,
      [length],
      'F32',
      random(length, seeds(), 0.2).map((value) => 1 + value),
    );
  const bias = (name: string, length: number) => write(name, [length], 'F32', random(length, seeds(), 0.5));
  const [queries, keys] = [heads * headDim, kvHeads * headDim];
  matrix('token_embd.weight', vocabulary, embedding, 2);
  for (const [name, values] of Object.entries(divisors)) {
    const tensor = name === 'freqs' ? 'rope_freqs' : `rope_factors_${name}`;
    write(`${tensor}.weight`, [values.length], 'F32', Float32Array.from(values));
  }
  for (let i = 0; i < shape.layers; i++) {
    norm(`blk.${i}.attn_norm.weight`);
    if (architecture === 'phi3') matrix(`blk.${i}.attn_qkv.weight`, queries + 2 * keys, embedding, 1.5);
    else {
      matrix(`blk.${i}.attn_q.weight`, queries, embedding, 2);
      matrix(`blk.${i}.attn_k.weight`, keys, embedding, 2);
      matrix(`blk.${i}.attn_v.weight`, keys, embedding);
    }
    if (architecture === 'qwen2') {
      bias(`blk.${i}.attn_q.bias`, queries);
      bias(`blk.${i}.attn_k.bias`, keys);
      bias(`blk.${i}.attn_v.bias`, keys);
    }
    if (architecture === 'qwen3' || architecture === 'gemma3') {
      norm(`blk.${i}.attn_q_norm.weight`, headDim);
      norm(`blk.${i}.attn_k_norm.weight`, headDim);
    }
    matrix(`blk.${i}.attn_output.weight`, embedding, queries);
    if (architecture === 'gemma3') norm(`blk.${i}.post_attention_norm.weight`);
    norm(`blk.${i}.ffn_norm.weight`);
    if (architecture === 'phi3') matrix(`blk.${i}.ffn_up.weight`, 2 * feedForward, embedding);
    else {
      matrix(`blk.${i}.ffn_gate.weight`, feedForward, embedding);
      matrix(`blk.${i}.ffn_up.weight`, feedForward, embedding);
    }
    matrix(`blk.${i}.ffn_down.weight`, embedding, feedForward);
    if (architecture === 'gemma3') norm(`blk.${i}.post_ffw_norm.weight`);
  }
  norm('output_norm.weight');
  if (!tied) matrix('output.weight', vocabulary, embedding, 2);
  return writeGguf(metadataOf(shape, architecture, options), tensors);
}

const byteName = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

function metadataOf(shape: Shape, architecture: Architecture, options: SyntheticOptions): Record<string, WriteValue> {
  const { ropeFactor, metadata } = options;
  const scaling: Record<string, WriteValue> =
    ropeFactor === undefined
      ? {}
      : {
          'rope.scaling.type': 'linear',
          'rope.scaling.factor': f32(ropeFactor),
          'rope.scaling.original_context_length': shape.context,
        };
  const own = {
    context_length: shape.context * (ropeFactor ?? 1),
    embedding_length: shape.embedding,
    block_count: shape.layers,
    feed_forward_length: shape.feedForward,
    'attention.head_count': shape.heads,
    'attention.head_count_kv': shape.kvHeads,
    'attention.key_length': shape.headDim,
    'attention.value_length': shape.headDim,
    'attention.layer_norm_rms_epsilon': f32(1e-5),
    'rope.freq_base': f32(10_000),
    'rope.dimension_count': shape.headDim,
    vocab_size: shape.vocabulary,
    ...familyMetadata[architecture],
    ...scaling,
    ...metadata,
  };
  const control = ['<unk>', '<s>', '</s>'];
  const token = (i: number) => control[i] ?? (i < 259 ? byteName(i - 3) : `\u2581w${i}`);
  const tokenType = (i: number) => (i < 3 ? [2, 3, 3][i] : i < 259 ? 6 : 1);
  return {
    'general.architecture': architecture,
    'general.name': 'synthetic',
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${architecture}.${key}`, value])),
    ...(options.template === undefined ? {} : { 'tokenizer.chat_template': options.template }),
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': Array.from({ length: shape.vocabulary }, (_, i) => token(i)),
    'tokenizer.ggml.scores': Array.from({ length: shape.vocabulary }, (_, i) => -i - 0.5),
    'tokenizer.ggml.token_type': Array.from({ length: shape.vocabulary }, (_, i) => tokenType(i)),
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
  };
}

const bytesOf = (type: WriteTensor['type'], dimensions: readonly number[]): number => {
  const { blockSize, blockBytes } = ggmlType(type);
  return (dimensions.reduce((product, length) => product * length, 1) / blockSize) * blockBytes;
};

/** A model of any size that costs nothing: its header, and zeros in place of weights. */
export function hollowModel(shape: Shape, options: SyntheticOptions = {}): ByteSource {
  const header = syntheticModel(shape, { ...options, hollow: true });
  return {
    size: 2 ** 40,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      bytes.set(header.subarray(offset, offset + length));
      return bytes;
    },
  };
}
