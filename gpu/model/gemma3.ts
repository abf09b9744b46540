// The forward pass of Gemma 3 (Gemma Team 2025, arXiv 2503.19786). Five of six layers are local: they see a sliding window and rotate
// heads by a base of their own; the sixth sees all and is the one whose positions are interpolated. Norms stand before and after each
// half of a layer and on every head; the feed-forward gate is GELU. T are the tokens of this pass, d is the hidden size.
import type { GgufHeader } from '../gguf/header.ts';
import { type Fields, fieldsOf } from '../gguf/metadata.ts';
import { add } from '../kernels/add.ts';
import { attention } from '../kernels/attention.ts';
import { appendToCache } from '../kernels/cache-append.ts';
import { embed } from '../kernels/embed.ts';
import { headNorm } from '../kernels/head-norm.ts';
import { gatedMatmul, matmul, matmul3 } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import { ropeHalves } from '../kernels/rope.ts';
import { scale } from '../kernels/scale.ts';
import { type ModelConfig, readConfig, windowOf } from './config.ts';
import { defineFamily, normedLogits } from './family.ts';
import { matrix, vector } from './tensor-list.ts';

interface Gemma3Config extends ModelConfig {
  attentionScale: number;
}

function readGemma3(header: GgufHeader, vocabulary: number): Gemma3Config {
  const config = readConfig(header, vocabulary);
  const fields = fieldsOf(header.metadata, config.architecture);
  const { embedding, heads, headDim, layers, contextLength } = config;
  const none = { type: 'none', factor: 1, originalContext: contextLength } as const;
  const base = fields.real('rope.freq_base_swa', 1, 1e12, 10_000);
  const tokens = fields.whole('attention.sliding_window', 2 ** 27);
  return {
    ...config,
    ropes: [config.ropes[0], { dimensions: config.ropes[0].dimensions, base, scaling: none, fixed: true }],
    slidingWindow: { tokens, isLocal: localLayers(header, fields, layers) },
    // The largest model, of 62 layers, divides by what its hidden state has for each head.
    attentionScale: 1 / Math.sqrt(layers === 62 ? embedding / heads : headDim),
  };
}

/** All but every sixth, unless the file says another number or names each layer. */
function localLayers({ metadata }: GgufHeader, fields: Fields, layers: number): boolean[] {
  const key = 'attention.sliding_window_pattern';
  const named = metadata.get(fields.name(key));
  if (named instanceof Uint8Array && named.length === layers) return Array.from(named, (local) => local === 1);
  const every = fields.whole(key, 2 ** 10, 6);
  return Array.from({ length: layers }, (_, layer) => layer % every < every - 1);
}

const block = (c: ModelConfig) => ({
  attn_norm: vector(c.embedding),
  attn_q: matrix(c.heads * c.headDim, c.embedding),
  attn_k: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_v: matrix(c.kvHeads * c.headDim, c.embedding),
  attn_q_norm: vector(c.headDim),
  attn_k_norm: vector(c.headDim),
  attn_output: matrix(c.embedding, c.heads * c.headDim),
  post_attention_norm: vector(c.embedding),
  ffn_norm: vector(c.embedding),
  ffn_gate: matrix(c.feedForward, c.embedding),
  ffn_up: matrix(c.feedForward, c.embedding),
  ffn_down: matrix(c.embedding, c.feedForward),
  post_ffw_norm: vector(c.embedding),
});

export const gemma3 = defineFamily({
  readConfig: readGemma3,
  block,

  forward(r, m, span) {
    const { config: c, scratch: s } = m;
    const [globalTable, localTable] = m.ropeTables;
    const epsilon = c.normEpsilon;
    const T = span.rows;
    const x = scale(r, embed(r, s.tokens, m.token_embd, s.x, T), Math.sqrt(c.embedding), T); // (T, d)
    m.blocks.forEach((b, layer) => {
      const window = windowOf(c, layer);
      const table = window === undefined ? globalTable : localTable;
      const h = rmsnorm(r, x, b.attn_norm, epsilon, s.h, T); //                                 (T, d)
      const [q, k, v] = matmul3(r, h, [b.attn_q, b.attn_k, b.attn_v], [s.q, s.k, s.v], T); //   (T, …, head_dim)
      headNorm(r, q, b.attn_q_norm, epsilon, T);
      headNorm(r, k, b.attn_k_norm, epsilon, T);
      ropeHalves(r, [q, k], table, s.rows, T);
      appendToCache(r, k, v, m.cache[layer], span.start, T);
      const seen = { window, scale: c.attentionScale };
      const a = attention(r, q, m.cache[layer], c.kvHeads, s, span, s.attended, seen); //       (T, heads, head_dim)
      const o = matmul(r, a, b.attn_output, s.residual, T); //                                  (T, d)
      add(r, x, rmsnorm(r, o, b.post_attention_norm, epsilon, s.h, T), T); //                   (T, d)

      const f = rmsnorm(r, x, b.ffn_norm, epsilon, s.h, T); //                                  (T, d)
      const g = gatedMatmul(r, f, [b.ffn_gate, b.ffn_up], s.gate, s.up, T, 'gelu'); //          (T, ff)
      const down = matmul(r, g, b.ffn_down, s.residual, T); //                                  (T, d)
      add(r, x, rmsnorm(r, down, b.post_ffw_norm, epsilon, s.h, T), T); //                      (T, d)
    });
    return x;
  },

  logits: normedLogits,
});
