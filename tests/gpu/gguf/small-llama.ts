// A whole but tiny llama model (2 layers, SentencePiece vocabulary), for tests of what surrounds the forward pass. Each part can be
// replaced or, with undefined, left out.
import { typed, type WriteTensor, type WriteValue, writeGguf } from './write-gguf.ts';

export const pieces = ['▁', 'a', 'b', 'c', '▁a', 'ab', '▁ab', 'abc', '▁abc', '▁▁'];

/** `<unk>`, `<s>`, `</s>`, 256 bytes, then the pieces. */
export const smallTokens: readonly string[] = [
  '<unk>',
  '<s>',
  '</s>',
  ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  ...pieces,
];
const sizes = { embedding: 64, heads: 4, kvHeads: 2, headDim: 16, feedForward: 96, layers: 2 };
const vocabulary = smallTokens.length;

export const smallVocabulary: Readonly<Record<string, WriteValue>> = {
  'tokenizer.ggml.model': 'llama',
  'tokenizer.ggml.tokens': smallTokens,
  'tokenizer.ggml.scores': typed('array', {
    type: 'f32',
    items: smallTokens.map((token, id) => (pieces.includes(token) ? [...token].length + (vocabulary - id) / 1000 : 0)),
  }),
  'tokenizer.ggml.token_type': smallTokens.map((_, id) => (id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1)),
  'tokenizer.ggml.bos_token_id': 1,
  'tokenizer.ggml.eos_token_id': 2,
  'tokenizer.ggml.unknown_token_id': 0,
};

export const smallMetadata: Readonly<Record<string, WriteValue>> = {
  'general.architecture': 'llama',
  'general.name': 'small',
  'general.alignment': 32,
  'llama.block_count': sizes.layers,
  'llama.context_length': 128,
  'llama.embedding_length': sizes.embedding,
  'llama.feed_forward_length': sizes.feedForward,
  'llama.attention.head_count': sizes.heads,
  'llama.attention.head_count_kv': sizes.kvHeads,
  'llama.rope.dimension_count': sizes.headDim,
  'llama.rope.freq_base': typed('f32', 10_000),
  'llama.attention.layer_norm_rms_epsilon': typed('f32', 1e-5),
  ...smallVocabulary,
};

const shapes: Readonly<Record<string, readonly number[]>> = {
  'token_embd.weight': [sizes.embedding, vocabulary],
  'output_norm.weight': [sizes.embedding],
  'output.weight': [sizes.embedding, vocabulary],
  ...Object.fromEntries(
    Array.from({ length: sizes.layers }, (_, layer) => [
      [`blk.${layer}.attn_norm.weight`, [sizes.embedding]],
      [`blk.${layer}.attn_q.weight`, [sizes.embedding, sizes.heads * sizes.headDim]],
      [`blk.${layer}.attn_k.weight`, [sizes.embedding, sizes.kvHeads * sizes.headDim]],
      [`blk.${layer}.attn_v.weight`, [sizes.embedding, sizes.kvHeads * sizes.headDim]],
      [`blk.${layer}.attn_output.weight`, [sizes.heads * sizes.headDim, sizes.embedding]],
      [`blk.${layer}.ffn_norm.weight`, [sizes.embedding]],
      [`blk.${layer}.ffn_gate.weight`, [sizes.embedding, sizes.feedForward]],
      [`blk.${layer}.ffn_up.weight`, [sizes.embedding, sizes.feedForward]],
      [`blk.${layer}.ffn_down.weight`, [sizes.feedForward, sizes.embedding]],
    ]).flat(),
  ),
};

export const smallTensors: readonly WriteTensor[] = Object.entries(shapes).map(([name, dimensions]) => {
  const count = dimensions.reduce((product, dimension) => product * dimension, 1);
  const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i + name.length) / 8);
  return { name, dimensions, type: dimensions.length === 1 ? 'F32' : 'Q8_0', values };
});

/** `metadata` and `tensors` replace entries of the same name, undefined leaves them out. */
export function smallLlama(
  metadata: Readonly<Record<string, WriteValue | undefined>> = {},
  tensors: Readonly<Record<string, Partial<WriteTensor> | undefined>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries({ ...smallMetadata, ...metadata }).filter((entry) => entry[1] !== undefined);
  const all = new Map<string, WriteTensor>(smallTensors.map((tensor) => [tensor.name, tensor]));
  for (const [name, change] of Object.entries(tensors)) {
    const before = all.get(name) ?? { name, dimensions: [64], type: 'F32' as const, values: new Float32Array(64) };
    if (change) all.set(name, { ...before, ...change });
    else all.delete(name);
  }
  return writeGguf(Object.fromEntries(entries) as Record<string, WriteValue>, [...all.values()]);
}

export type Metadata = Readonly<Record<string, WriteValue>>;

/** The same in `count` files, the tensors dealt out one by one; `changed` lies about a part, counted from 0. */
export const smallParts = (
  count: number,
  { metadata = {}, changed = () => ({}) }: { metadata?: Metadata; changed?: (part: number) => Metadata } = {},
): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: count }, (_, part) =>
    writeGguf(
      {
        ...(part === 0 ? { ...smallMetadata, ...metadata } : {}),
        'split.no': typed('u16', part),
        'split.count': typed('u16', count),
        'split.tensors.count': typed('i32', smallTensors.length),
        ...changed(part),
      },
      smallTensors.filter((_, i) => i % count === part),
    ),
  );
