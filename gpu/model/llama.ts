// The forward pass of the llama architecture (Touvron et al. 2023, arXiv 2302.13971), for one token or many: this is the whole model.
// Tensors are called what GGUF calls them; shapes stand behind the lines, T being the tokens of this pass and d the hidden size.
import { add } from '../kernels/add.ts';
import { attention, type Span } from '../kernels/attention.ts';
import { appendToCache, type LayerCache } from '../kernels/cache-append.ts';
import { embed } from '../kernels/embed.ts';
import { matmul } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import { rope } from '../kernels/rope.ts';
import { swiglu } from '../kernels/swiglu.ts';
import type { LlamaConfig } from '../open-model.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor, Weight } from '../runtime/tensor.ts';

export interface LlamaBlock {
  attn_norm: Tensor; //     (d,)
  attn_q: Weight; //        (heads * head_dim, d)
  attn_k: Weight; //        (kv_heads * head_dim, d)
  attn_v: Weight; //        (kv_heads * head_dim, d)
  attn_output: Weight; //   (d, heads * head_dim)
  ffn_norm: Tensor; //      (d,)
  ffn_gate: Weight; //      (ff, d)
  ffn_up: Weight; //        (ff, d)
  ffn_down: Weight; //      (d, ff)
}

export interface LlamaModel {
  config: LlamaConfig;
  /** Position Interpolation factor that is in the rope table. */
  ropeFactor: number;
  token_embd: Weight; //    (vocabulary, d)
  blocks: LlamaBlock[];
  output_norm: Tensor; //   (d,)
  output: Weight; //        (vocabulary, d)
  ropeTable: Tensor; //     (window, head_dim / 2, 2)
  cache: LayerCache[]; //   keys and values (slots, kv_heads, head_dim) of each layer
  scratch: LlamaScratch;
}

/** What a pass writes on its way; allocated for the longest pass. */
export interface LlamaScratch {
  tokens: Tensor; //        (T,) ids, u32
  targets: Tensor; //       (T,) ids, u32
  rows: Tensor; //          (T, 2) position and first own slot, u32
  x: Tensor; //             (T, d)
  h: Tensor; //             (T, d)
  q: Tensor; //             (T, heads, head_dim)
  k: Tensor; //             (T, kv_heads, head_dim)
  v: Tensor; //             (T, kv_heads, head_dim)
  attended: Tensor; //      (T, heads, head_dim)
  residual: Tensor; //      (T, d)
  gate: Tensor; //          (T, ff)
  up: Tensor; //            (T, ff)
  scores: Tensor; //        (heads, T, tile)
  stats: Tensor; //         (heads, T, 4)
  logits: Tensor; //        (some of T, vocabulary)
  logprobs: Tensor; //      (T,)
}

/** Hidden state (T, d) of the tokens in `scratch.tokens`, whose keys and values are put behind those in the cache. */
export function forward(r: Recorder, m: LlamaModel, span: Span): Tensor {
  const { config: c, scratch: s, ropeTable } = m;
  const T = span.rows;
  const x = embed(r, s.tokens, m.token_embd, s.x, T); //                          (T, d)
  m.blocks.forEach((b, layer) => {
    const h = rmsnorm(r, x, b.attn_norm, c.normEpsilon, s.h, T); //               (T, d)
    const q = rope(r, matmul(r, h, b.attn_q, s.q, T), ropeTable, s.rows, T); //   (T, heads, head_dim)
    const k = rope(r, matmul(r, h, b.attn_k, s.k, T), ropeTable, s.rows, T); //   (T, kv_heads, head_dim)
    const v = matmul(r, h, b.attn_v, s.v, T); //                                  (T, kv_heads, head_dim)
    appendToCache(r, k, v, m.cache[layer], span.start, T);
    const a = attention(r, q, m.cache[layer], c.kvHeads, s, span, s.attended); // (T, heads, head_dim)
    add(r, x, matmul(r, a, b.attn_output, s.residual, T), T); //                  (T, d)

    const f = rmsnorm(r, x, b.ffn_norm, c.normEpsilon, s.h, T); //                (T, d)
    const gate = matmul(r, f, b.ffn_gate, s.gate, T); //                          (T, ff)
    const up = matmul(r, f, b.ffn_up, s.up, T); //                                (T, ff)
    add(r, x, matmul(r, swiglu(r, gate, up, T), b.ffn_down, s.residual, T), T); //(T, d)
  });
  return x;
}

/** Logits (count, vocabulary) of rows first … first + count - 1 of the hidden state `x`. */
export function logitsOf(r: Recorder, m: LlamaModel, x: Tensor, first: number, count: number): Tensor {
  const { scratch: s } = m;
  const h = rmsnorm(r, x, m.output_norm, m.config.normEpsilon, s.h, count, first); // (count, d)
  return matmul(r, h, m.output, s.logits, count); //                                 (count, vocabulary)
}
