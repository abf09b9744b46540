// The forward pass of Granite 3 (IBM 2024): llama with four multipliers in place of initial scales: of the embeddings, of the scores of
// attention, of what each half of a layer adds, and of the logits. T are the tokens of this pass, d is the hidden size.
import type { GgufHeader } from '../gguf/header.ts';
import { fieldsOf } from '../gguf/metadata.ts';
import { add } from '../kernels/add.ts';
import { attention } from '../kernels/attention.ts';
import { appendToCache } from '../kernels/cache-append.ts';
import { embed } from '../kernels/embed.ts';
import { gatedMatmul, matmul, matmul3 } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import { rope } from '../kernels/rope.ts';
import { scale } from '../kernels/scale.ts';
import { type ModelConfig, readConfig } from './config.ts';
import { defineFamily, normedLogits } from './family.ts';
import { matrix, vector } from './tensor-list.ts';

interface GraniteConfig extends ModelConfig {
  /** Heads are rotated; a file whose `rope.scaling.finetuned` is false is of a model without positions. */
  rotated: boolean;
  embeddingScale: number;
  attentionScale: number;
  residualScale: number;
  logitScale: number;
}

function readGranite(header: GgufHeader, vocabulary: number): GraniteConfig {
  const heeds = ['embedding_scale', 'attention.scale', 'residual_scale', 'logit_scale'];
  const config = readConfig(header, vocabulary, { heeds });
  const fields = fieldsOf(header.metadata, config.architecture);
  // 0 is how converters write that there is none.
  const multiplier = (key: string, otherwise: number) => fields.real(key, 0, 1e6, otherwise) || otherwise;
  return {
    ...config,
    rotated: fields.flag('rope.scaling.finetuned', true),
    embeddingScale: multiplier('embedding_scale', 1),
    attentionScale: multiplier('attention.scale', 1 / Math.sqrt(config.headDim)),
    residualScale: multiplier('residual_scale', 1),
    logitScale: multiplier('logit_scale', 1),
  };
}

const block = (c: ModelConfig) => ({
  attn_norm: vector(c.embedding),
  attn_q: matrix(c.heads * c.headDim, c.embedding),
  attn_k: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_v: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_output: matrix(c.embedding, c.heads * c.headDim),
  ffn_norm: vector(c.embedding),
  ffn_gate: matrix(c.feedForward, c.embedding),
  ffn_up: matrix(c.feedForward, c.embedding),
  ffn_down: matrix(c.embedding, c.feedForward),
});

export const granite = defineFamily({
  readConfig: readGranite,
  block,

  forward(r, m, span) {
    const { config: c, scratch: s } = m;
    const [table] = m.ropeTables;
    const T = span.rows;
    const x = scale(r, embed(r, s.tokens, m.token_embd, s.x, T), c.embeddingScale, T); //     (T, d)
    m.blocks.forEach((b, layer) => {
      const h = rmsnorm(r, x, b.attn_norm, c.normEpsilon, s.h, T); //                         (T, d)
      const [q, k, v] = matmul3(r, h, [b.attn_q, b.attn_k, b.attn_v], [s.q, s.k, s.v], T); // (T, …, head_dim)
      if (c.rotated) rope(r, [q, k], table, s.rows, T);
      appendToCache(r, k, v, m.cache[layer], span.start, T);
      const scaled = { scale: c.attentionScale };
      const a = attention(r, q, m.cache[layer], c.kvHeads, s, span, s.attended, scaled); //   (T, heads, head_dim)
      const o = matmul(r, a, b.attn_output, s.residual, T); //                                (T, d)
      add(r, x, scale(r, o, c.residualScale, T), T); //                                       (T, d)

      const f = rmsnorm(r, x, b.ffn_norm, c.normEpsilon, s.h, T); //                          (T, d)
      const g = gatedMatmul(r, f, [b.ffn_gate, b.ffn_up], s.gate, s.up, T, 'silu'); //        (T, ff)
      const down = matmul(r, g, b.ffn_down, s.residual, T); //                                (T, d)
      add(r, x, scale(r, down, c.residualScale, T), T); //                                    (T, d)
    });
    return x;
  },

  logits: (r, m, x, first, count) => scale(r, normedLogits(r, m, x, first, count), 1 / m.config.logitScale, count),
});
