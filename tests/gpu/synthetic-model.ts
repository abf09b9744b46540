// Llama models with seeded weights, written as GGUF: any shape, any number format, no download.
import { type WriteTensor, type WriteValue, writeGguf } from './gguf/write-gguf.ts';

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

export interface SyntheticOptions {
  /** Of the matrices, or of each one by its name and the length of its rows. */
  type?: WriteTensor['type'] | ((name: string, columns: number) => WriteTensor['type']);
  /** Position Interpolation factor in the file. */
  ropeFactor?: number;
  tied?: boolean;
  seed?: number;
}

/** Matrices in `type`, norms in F32. Logits spread over about ±5, so that the likeliest token is a clear one. */
export function syntheticModel(
  shape: Shape,
  { type = 'F32', ropeFactor, tied = true, seed = 1 }: SyntheticOptions = {},
): Uint8Array<ArrayBuffer> {
  const { embedding, heads, kvHeads, headDim, feedForward, vocabulary } = shape;
  const tensors: WriteTensor[] = [];
  const matrix = (name: string, rows: number, columns: number, gain = 1) => {
    const values = seededArray(rows * columns, seed * 1000 + tensors.length, gain * Math.sqrt(3 / columns));
    tensors.push({
      name,
      dimensions: [columns, rows],
      type: typeof type === 'function' ? type(name, columns) : type,
      values,
    });
  };
  const norm = (name: string, gain = 1) => {
    const values = seededArray(embedding, seed * 1000 + tensors.length, 0.2).map((value) => gain * (1 + value));
    tensors.push({ name, dimensions: [embedding], type: 'F32', values });
  };
  matrix('token_embd.weight', vocabulary, embedding, 2);
  for (let i = 0; i < shape.layers; i++) {
    norm(`blk.${i}.attn_norm.weight`);
    matrix(`blk.${i}.attn_q.weight`, heads * headDim, embedding, 2);
    matrix(`blk.${i}.attn_k.weight`, kvHeads * headDim, embedding, 2);
    matrix(`blk.${i}.attn_v.weight`, kvHeads * headDim, embedding);
    matrix(`blk.${i}.attn_output.weight`, embedding, heads * headDim);
    norm(`blk.${i}.ffn_norm.weight`);
    matrix(`blk.${i}.ffn_gate.weight`, feedForward, embedding);
    matrix(`blk.${i}.ffn_up.weight`, feedForward, embedding);
    matrix(`blk.${i}.ffn_down.weight`, embedding, feedForward);
  }
  norm('output_norm.weight');
  if (!tied) matrix('output.weight', vocabulary, embedding, 2);
  return writeGguf(metadataOf(shape, ropeFactor), tensors);
}

const byteName = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

function metadataOf(shape: Shape, ropeFactor: number | undefined): Record<string, WriteValue> {
  const scaling: Record<string, WriteValue> =
    ropeFactor === undefined
      ? {}
      : {
          'llama.rope.scaling.type': 'linear',
          'llama.rope.scaling.factor': { type: 'f32', value: ropeFactor },
          'llama.rope.scaling.original_context_length': shape.context,
        };
  const control = ['<unk>', '<s>', '</s>'];
  const token = (i: number) => control[i] ?? (i < 259 ? byteName(i - 3) : `\u2581w${i}`);
  const tokenType = (i: number) => (i < 3 ? [2, 3, 3][i] : i < 259 ? 6 : 1);
  return {
    'general.architecture': 'llama',
    'general.name': 'synthetic',
    'llama.context_length': shape.context * (ropeFactor ?? 1),
    'llama.embedding_length': shape.embedding,
    'llama.block_count': shape.layers,
    'llama.feed_forward_length': shape.feedForward,
    'llama.attention.head_count': shape.heads,
    'llama.attention.head_count_kv': shape.kvHeads,
    'llama.attention.key_length': shape.headDim,
    'llama.attention.value_length': shape.headDim,
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'llama.rope.freq_base': { type: 'f32', value: 10_000 },
    'llama.rope.dimension_count': shape.headDim,
    'llama.vocab_size': shape.vocabulary,
    ...scaling,
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': Array.from({ length: shape.vocabulary }, (_, i) => token(i)),
    'tokenizer.ggml.scores': Array.from({ length: shape.vocabulary }, (_, i) => -i - 0.5),
    'tokenizer.ggml.token_type': Array.from({ length: shape.vocabulary }, (_, i) => tokenType(i)),
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
  };
}
