// The forward pass of Phi-3, Phi-3.5 and Phi-4-mini (Abdin et al. 2024, arXiv 2404.14219): llama with queries, keys and values in one
// tensor of the file, gate and up in another, a sliding window in some models, and heads of which a part may be rotated, in halves.
// Long windows use LongRoPE's divisors. T are the tokens of this pass, d is the hidden size.
import type { GgufHeader } from '../gguf/header.ts';
import { fieldsOf } from '../gguf/metadata.ts';
import { attention } from '../kernels/attention.ts';
import { appendToCache } from '../kernels/cache-append.ts';
import { embed } from '../kernels/embed.ts';
import { addMatmul, gatedMatmul, matmul3 } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import { ropeHalves } from '../kernels/rope.ts';
import { type ModelConfig, readConfig, windowOf } from './config.ts';
import { defineFamily, normedLogits } from './family.ts';
import { matrix, stacked, vector } from './tensor-list.ts';

function readPhi3(header: GgufHeader, vocabulary: number): ModelConfig {
  const config = readConfig(header, vocabulary, { partialRotary: true });
  const fields = fieldsOf(header.metadata, config.architecture);
  // 0 is how converters write that there is none.
  const tokens = fields.real('attention.sliding_window', 0, 2 ** 27, 0);
  const isLocal = new Array<boolean>(config.layers).fill(true);
  return tokens > 0 ? { ...config, slidingWindow: { tokens, isLocal } } : config;
}

const block = (c: ModelConfig) => ({
  attn_norm: vector(c.embedding),
  ...stacked('attn_qkv', c.embedding, {
    attn_q: c.heads * c.headDim,
    attn_k: c.kvHeads * c.headDim,
    attn_v: c.kvHeads * c.headDim,
  }),
  attn_output: matrix(c.embedding, c.heads * c.headDim),
  ffn_norm: vector(c.embedding),
  ...stacked('ffn_up', c.embedding, { ffn_gate: c.feedForward, ffn_up: c.feedForward }),
  ffn_down: matrix(c.embedding, c.feedForward),
});

export const phi3 = defineFamily({
  readConfig: readPhi3,
  block,

  forward(r, m, span) {
    const { config: c, scratch: s } = m;
    const [table] = m.ropeTables;
    const T = span.rows;
    const x = embed(r, s.tokens, m.token_embd, s.x, T); //                                    (T, d)
    m.blocks.forEach((b, layer) => {
      const h = rmsnorm(r, x, b.attn_norm, c.normEpsilon, s.h, T); //                         (T, d)
      const [q, k, v] = matmul3(r, h, [b.attn_q, b.attn_k, b.attn_v], [s.q, s.k, s.v], T); // (T, …, head_dim)
      ropeHalves(r, [q, k], table, s.rows, T);
      appendToCache(r, k, v, m.cache[layer], span.start, T);
      const seen = { window: windowOf(c, layer) };
      const a = attention(r, q, m.cache[layer], c.kvHeads, s, span, s.attended, seen); //     (T, heads, head_dim)
      addMatmul(r, x, a, b.attn_output, T); //                                                (T, d)

      const f = rmsnorm(r, x, b.ffn_norm, c.normEpsilon, s.h, T); //                          (T, d)
      const g = gatedMatmul(r, f, [b.ffn_gate, b.ffn_up], s.gate, s.up, T, 'silu'); //        (T, ff)
      addMatmul(r, x, g, b.ffn_down, T); //                                                   (T, d)
    });
    return x;
  },

  logits: normedLogits,
});
