// What a model family is: a configuration, a list of tensors, and a forward pass, each family in a file of its own. Everything around
// the forward pass (memory, loading, passes, the engine) knows models by the types below and asks for no family's name.
import type { GgufHeader } from '../gguf/header.ts';
import type { Span } from '../kernels/attention.ts';
import type { LayerCache } from '../kernels/cache-append.ts';
import { matmul } from '../kernels/matmul.ts';
import { rmsnorm } from '../kernels/rmsnorm.ts';
import type { Recorder } from '../runtime/recorder.ts';
import type { Tensor, Weight } from '../runtime/tensor.ts';
import type { ModelConfig } from './config.ts';
import type { Rope } from './rope-scaling.ts';
import type { OnGpu, TensorList } from './tensor-list.ts';

/** A model on the GPU; T are the tokens of a pass, d is the size of the hidden state. */
export interface LoadedModel<C extends ModelConfig = ModelConfig, L extends TensorList = TensorList> {
  family: Family;
  config: C;
  /** The config's ropes with the factor that was asked for; the first one's factor is the model's. */
  ropes: readonly Rope[];
  ropeFactor: number;
  token_embd: Weight; //    (vocabulary, d)
  blocks: OnGpu<L>[]; //    weights of each layer
  output_norm: Tensor; //   (d,)
  output: Weight; //        (vocabulary, d)
  ropeTables: Tensor[]; //  (window, rotated pairs, 2), one for each of the ropes
  cache: LayerCache[]; //   keys and values (slots or ring, kv_heads, head_dim) of each layer
  scratch: Scratch;
}

/** What a pass writes on its way; allocated for the longest pass. */
export interface Scratch {
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

export interface FamilyDefinition<C extends ModelConfig, L extends TensorList> {
  /** Throws 'damaged-model' and 'unsupported-model'. `vocabulary`: tokens that the tokenizer has. */
  readConfig(header: GgufHeader, vocabulary: number): C;
  /** Tensors of one layer. */
  block(config: NoInfer<C>, layer: number): L;
  /** Hidden state (T, d) of the tokens in `scratch.tokens`, whose keys and values are put behind those in the cache. */
  forward(r: Recorder, model: LoadedModel<NoInfer<C>, NoInfer<L>>, span: Span): Tensor;
  /** Logits (count, vocabulary) of rows first … first + count - 1 of the hidden state `x`. */
  logits(r: Recorder, model: LoadedModel<NoInfer<C>, NoInfer<L>>, x: Tensor, first: number, count: number): Tensor;
}

/** A definition whose own types are its own business: what it is given is what its `readConfig` and `block` made. */
export interface Family extends FamilyDefinition<ModelConfig, TensorList> {}

export const defineFamily = <C extends ModelConfig, L extends TensorList>(family: FamilyDefinition<C, L>): Family =>
  family as unknown as Family;

/** The end of most families: a norm and the output matrix. */
export function normedLogits(r: Recorder, m: LoadedModel, x: Tensor, first: number, count: number): Tensor {
  const { scratch: s } = m;
  const h = rmsnorm(r, x, m.output_norm, m.config.normEpsilon, s.h, count, first); // (count, d)
  return matmul(r, h, m.output, s.logits, count); //                                 (count, vocabulary)
}
