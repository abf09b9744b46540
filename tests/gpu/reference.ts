// The engine's arithmetic once more: plain loops in double precision, one function a kernel, and the forward pass made of them. It reads
// like llama2.c and is as slow. All matrices are row-major.

export type Numbers = ArrayLike<number>;

/** y (T, N) = x (T, K) Wᵀ, W (N, K). */
export function matmul(x: Numbers, w: Numbers, T: number, K: number, N: number): Float64Array {
  const y = new Float64Array(T * N);
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += x[t * K + k] * w[n * K + k];
      y[t * N + n] = sum;
    }
  }
  return y;
}

/** Rows of `table` (vocabulary, d). */
export function embed(tokens: Numbers, table: Numbers, d: number): Float64Array {
  const x = new Float64Array(tokens.length * d);
  for (let t = 0; t < tokens.length; t++) for (let i = 0; i < d; i++) x[t * d + i] = table[tokens[t] * d + i];
  return x;
}

/** x (T, d), gain (d,). */
export function rmsnorm(x: Numbers, gain: Numbers, epsilon: number): Float64Array {
  const d = gain.length;
  const y = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += d) {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += x[from + i] ** 2;
    for (let i = 0; i < d; i++) y[from + i] = (x[from + i] / Math.sqrt(sum / d + epsilon)) * gain[i];
  }
  return y;
}

export interface Rotation {
  base: number;
  factor: number;
}

/** x (T, heads, headDim): pair i of every head turned by (position / factor) * base^(-2i / headDim). */
export function rope(
  x: Numbers,
  positions: Numbers,
  heads: number,
  headDim: number,
  { base, factor }: Rotation,
): Float64Array {
  const y = Float64Array.from(x);
  for (let t = 0; t < positions.length; t++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < headDim / 2; i++) {
        const angle = (positions[t] / factor) * base ** ((-2 * i) / headDim);
        const at = (t * heads + head) * headDim + 2 * i;
        y[at] = x[at] * Math.cos(angle) - x[at + 1] * Math.sin(angle);
        y[at + 1] = x[at] * Math.sin(angle) + x[at + 1] * Math.cos(angle);
      }
    }
  }
  return y;
}

export interface Heads {
  heads: number;
  kvHeads: number;
  headDim: number;
}

/** q (T, heads, headDim), keys and values (slots, kvHeads, headDim); `sees(t, slot)` says what row t attends to. */
export function attention(
  q: Numbers,
  keys: Numbers,
  values: Numbers,
  { heads, kvHeads, headDim }: Heads,
  T: number,
  slots: number,
  sees: (t: number, slot: number) => boolean,
): Float64Array {
  const y = new Float64Array(T * heads * headDim);
  for (let t = 0; t < T; t++) {
    for (let head = 0; head < heads; head++) {
      const kvHead = Math.floor(head / (heads / kvHeads));
      const at = (t * heads + head) * headDim;
      const weights = new Float64Array(slots);
      let highest = Number.NEGATIVE_INFINITY;
      for (let slot = 0; slot < slots; slot++) {
        if (!sees(t, slot)) continue;
        let dot = 0;
        for (let i = 0; i < headDim; i++) dot += q[at + i] * keys[(slot * kvHeads + kvHead) * headDim + i];
        weights[slot] = dot / Math.sqrt(headDim);
        highest = Math.max(highest, weights[slot]);
      }
      let sum = 0;
      for (let slot = 0; slot < slots; slot++) {
        weights[slot] = sees(t, slot) ? Math.exp(weights[slot] - highest) : 0;
        sum += weights[slot];
      }
      for (let slot = 0; slot < slots; slot++) {
        const weight = weights[slot] / sum;
        for (let i = 0; i < headDim; i++) y[at + i] += weight * values[(slot * kvHeads + kvHead) * headDim + i];
      }
    }
  }
  return y;
}

/** silu(gate) * up. */
export const swiglu = (gate: Numbers, up: Numbers): Float64Array =>
  Float64Array.from({ length: gate.length }, (_, i) => (gate[i] / (1 + Math.exp(-gate[i]))) * up[i]);

export const add = (x: Numbers, y: Numbers): Float64Array =>
  Float64Array.from({ length: x.length }, (_, i) => x[i] + y[i]);

/** log softmax(logits)[target] of one row. */
export function logprob(logits: Numbers, target: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) highest = Math.max(highest, logits[i]);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - highest);
  return logits[target] - highest - Math.log(sum);
}

export interface ReferenceModel extends Heads, Rotation {
  layers: number;
  embedding: number;
  feedForward: number;
  vocabulary: number;
  epsilon: number;
  /** By GGUF name, dequantised. */
  weights: ReadonlyMap<string, Float32Array>;
}

/** Logits (T, vocabulary) of a text from its first token on; `positions` 0, 1, … unless others are given. */
export function forward(
  m: ReferenceModel,
  tokens: readonly number[],
  positions = tokens.map((_, i) => i),
): Float64Array {
  const T = tokens.length;
  const { embedding: d, feedForward: ff, heads, kvHeads, headDim } = m;
  const w = (name: string) => m.weights.get(name)!;
  let x = embed(tokens, w('token_embd.weight'), d);
  for (let layer = 0; layer < m.layers; layer++) {
    const b = (name: string) => w(`blk.${layer}.${name}.weight`);
    const h = rmsnorm(x, b('attn_norm'), m.epsilon);
    const q = rope(matmul(h, b('attn_q'), T, d, heads * headDim), positions, heads, headDim, m);
    const k = rope(matmul(h, b('attn_k'), T, d, kvHeads * headDim), positions, kvHeads, headDim, m);
    const v = matmul(h, b('attn_v'), T, d, kvHeads * headDim);
    const a = attention(q, k, v, m, T, T, (t, slot) => slot <= t);
    x = add(x, matmul(a, b('attn_output'), T, heads * headDim, d));
    const f = rmsnorm(x, b('ffn_norm'), m.epsilon);
    const g = swiglu(matmul(f, b('ffn_gate'), T, d, ff), matmul(f, b('ffn_up'), T, d, ff));
    x = add(x, matmul(g, b('ffn_down'), T, ff, d));
  }
  const output = m.weights.get('output.weight') ?? w('token_embd.weight');
  return matmul(rmsnorm(x, w('output_norm.weight'), m.epsilon), output, T, d, m.vocabulary);
}

/** Root of the squared error's sum over the squared reference's: 1e-6 is what single precision leaves. */
export function normalisedError(found: Numbers, expected: Numbers): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`);
  let error = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (found[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  return Math.sqrt(error / size);
}
