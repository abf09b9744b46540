// The forward pass of Qwen2 and Qwen2.5 (Yang et al. 2024, arXiv 2407.10671): llama with biases on queries, keys and values, and with
// heads whose halves make the pairs that are rotated. T are the tokens of this pass, d is the hidden size.
import { addBias } from '../kernels/add-bias.ts';
import { attention } from '../kernels/attention.ts';
import { appendToCache } from '../kernels/cache-append.ts';
import { embed } from '../kernels/embed.ts';
import { addMatmul, gatedMatmul, matmul3 } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import { ropeHalves } from '../kernels/rope.ts';
import { type ModelConfig, readConfig } from './config.ts';
import { defineFamily, normedLogits } from './family.ts';
import { matrix, vector } from './tensor-list.ts';

const block = (c: ModelConfig) => ({
  attn_norm: vector(c.embedding),
  attn_q: matrix(c.heads * c.headDim, c.embedding),
  attn_k: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_v: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_q_bias: vector(c.heads * c.headDim),
  attn_k_bias: vector(c.kvHeads * c.headDim),
  attn_v_bias: vector(c.kvHeads * c.headDim),
  attn_output: matrix(c.embedding, c.heads * c.headDim),
  ffn_norm: vector(c.embedding),
  ffn_gate: matrix(c.feedForward, c.embedding),
  ffn_up: matrix(c.feedForward, c.embedding),
  ffn_down: matrix(c.embedding, c.feedForward),
});

export const qwen2 = defineFamily({
  readConfig: (header, vocabulary) => readConfig(header, vocabulary),
  block,

  forward(r, m, span) {
    const { config: c, scratch: s } = m;
    const [table] = m.ropeTables;
    const T = span.rows;
    const x = embed(r, s.tokens, m.token_embd, s.x, T); //                                    (T, d)
    m.blocks.forEach((b, layer) => {
      const h = rmsnorm(r, x, b.attn_norm, c.normEpsilon, s.h, T); //                         (T, d)
      const [q, k, v] = matmul3(r, h, [b.attn_q, b.attn_k, b.attn_v], [s.q, s.k, s.v], T); // (T, …, head_dim)
      addBias(r, q, b.attn_q_bias, T);
      addBias(r, k, b.attn_k_bias, T);
      addBias(r, v, b.attn_v_bias, T);
      ropeHalves(r, [q, k], table, s.rows, T);
      appendToCache(r, k, v, m.cache[layer], span.start, T);
      const a = attention(r, q, m.cache[layer], c.kvHeads, s, span, s.attended); //           (T, heads, head_dim)
      addMatmul(r, x, a, b.attn_output, T); //                                                (T, d)

      const f = rmsnorm(r, x, b.ffn_norm, c.normEpsilon, s.h, T); //                          (T, d)
      const g = gatedMatmul(r, f, [b.ffn_gate, b.ffn_up], s.gate, s.up, T, 'silu'); //        (T, ff)
      addMatmul(r, x, g, b.ffn_down, T); //                                                   (T, d)
    });
    return x;
  },

  logits: normedLogits,
});
