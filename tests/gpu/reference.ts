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
  /** Position Interpolation. */
  factor: number;
  /** Pairs are (i, i + dimensions / 2) instead of (2i, 2i + 1). */
  halves?: boolean;
  /** Rotated dimensions of a head; all when absent. */
  dimensions?: number;
  /** Radians that pair `i` turns at each position, instead of base^(-2i / dimensions) / factor. */
  perPosition?: (i: number) => number;
  /** Of cos and sin; 1 when absent. */
  magnitude?: number;
}

/** x (T, heads, headDim): pair i of every head turned by (position / factor) * base^(-2i / dimensions). */
export function rope(x: Numbers, positions: Numbers, heads: number, headDim: number, by: Rotation): Float64Array {
  const { base, factor, halves = false, dimensions = headDim, perPosition, magnitude = 1 } = by;
  const y = Float64Array.from(x);
  for (let t = 0; t < positions.length; t++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < dimensions / 2; i++) {
        const angle = perPosition
          ? positions[t] * perPosition(i)
          : (positions[t] / factor) * base ** ((-2 * i) / dimensions);
        const first = (t * heads + head) * headDim + (halves ? i : 2 * i);
        const second = first + (halves ? dimensions / 2 : 1);
        const [cos, sin] = [magnitude * Math.cos(angle), magnitude * Math.sin(angle)];
        y[first] = x[first] * cos - x[second] * sin;
        y[second] = x[first] * sin + x[second] * cos;
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
  scale = 1 / Math.sqrt(headDim),
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
        weights[slot] = dot * scale;
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

/** gelu(gate) * up, with the hyperbolic tangent. */
export const geglu = (gate: Numbers, up: Numbers): Float64Array =>
  Float64Array.from({ length: gate.length }, (_, i) => {
    const z = gate[i];
    return 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))) * up[i];
  });

/** x (T, n) + bias (n,). */
export const addBias = (x: Numbers, bias: Numbers): Float64Array =>
  Float64Array.from({ length: x.length }, (_, i) => x[i] + bias[i % bias.length]);

export const scale = (x: Numbers, factor: number): Float64Array => Float64Array.from(x, (value) => value * factor);

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

/** A model as the reference computes it: what its family does is said here, from the papers, and not read from the engine. */
export interface ReferenceModel extends Heads, Rotation {
  layers: number;
  embedding: number;
  feedForward: number;
  vocabulary: number;
  epsilon: number;
  /** By GGUF name, dequantised. */
  weights: ReadonlyMap<string, Float32Array>;
  /** What differs in layer `layer` from plain llama. */
  layer?: (layer: number) => { window?: number; rotation?: Rotation | 'none' };
  activation?: (gate: Numbers, up: Numbers) => Float64Array;
  embeddingScale?: number;
  attentionScale?: number;
  residualScale?: number;
  logitScale?: number;
}

/** Logits (T, vocabulary) of a text from its first token on; `positions` 0, 1, … unless others are given. */
export function forward(
  m: ReferenceModel,
  tokens: readonly number[],
  positions = tokens.map((_, i) => i),
): Float64Array {
  const T = tokens.length;
  const { embedding: d, heads, kvHeads, headDim, residualScale = 1 } = m;
  const w = (name: string) => m.weights.get(name)!;
  let x = scale(embed(tokens, w('token_embd.weight'), d), m.embeddingScale ?? 1);
  for (let layer = 0; layer < m.layers; layer++) {
    const b = (name: string) => w(`blk.${layer}.${name}.weight`);
    const has = (name: string) => m.weights.has(`blk.${layer}.${name}`);
    const { window = Number.POSITIVE_INFINITY, rotation = m } = m.layer?.(layer) ?? {};
    /** Rows of a product with a matrix that stands alone, or from row `first` of one that holds several. */
    const product = (y: Numbers, name: string, rows: number, stack: string, first: number) => {
      const alone = has(`${name}.weight`) && !(stack === name && b(name).length > rows * d);
      const matrix = alone ? b(name) : b(stack).subarray(first * d, (first + rows) * d);
      const found = matmul(y, matrix, T, d, rows);
      return has(`${name}.bias`) ? addBias(found, w(`blk.${layer}.${name}.bias`)) : found;
    };
    const turned = (y: Float64Array, count: number, norm: string) => {
      const normed = has(`${norm}.weight`) ? rmsnorm(y, b(norm), m.epsilon) : y;
      return rotation === 'none' ? normed : rope(normed, positions, count, headDim, rotation);
    };
    const normedAfter = (y: Float64Array, norm: string) => (has(`${norm}.weight`) ? rmsnorm(y, b(norm), m.epsilon) : y);
    const [queries, keys] = [heads * headDim, kvHeads * headDim];
    const h = rmsnorm(x, b('attn_norm'), m.epsilon);
    const q = turned(product(h, 'attn_q', queries, 'attn_qkv', 0), heads, 'attn_q_norm');
    const k = turned(product(h, 'attn_k', keys, 'attn_qkv', queries), kvHeads, 'attn_k_norm');
    const v = product(h, 'attn_v', keys, 'attn_qkv', queries + keys);
    const sees = (t: number, slot: number) => slot <= t && positions[t] - positions[slot] < window;
    const a = attention(q, k, v, m, T, T, sees, m.attentionScale);
    const o = normedAfter(matmul(a, b('attn_output'), T, queries, d), 'post_attention_norm');
    x = add(x, scale(o, residualScale));
    const f = rmsnorm(x, b('ffn_norm'), m.epsilon);
    const gate = product(f, 'ffn_gate', m.feedForward, 'ffn_up', 0);
    const up = product(f, 'ffn_up', m.feedForward, 'ffn_up', m.feedForward);
    const g = (m.activation ?? swiglu)(gate, up);
    x = add(x, scale(normedAfter(matmul(g, b('ffn_down'), T, m.feedForward, d), 'post_ffw_norm'), residualScale));
  }
  const output = m.weights.get('output.weight') ?? w('token_embd.weight');
  const logits = matmul(rmsnorm(x, w('output_norm.weight'), m.epsilon), output, T, d, m.vocabulary);
  return scale(logits, 1 / (m.logitScale ?? 1));
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
