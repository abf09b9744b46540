// The reference's view of a model file: shape and dequantised weights. What a family does beyond llama is written down here a second
// time, from the papers and from the file's metadata, so that a mistake in the engine's reading of it shows.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { dequantize } from '../../gpu/gguf/dequantize.ts';
import { type OpenModel, openModel } from '../../gpu/open-model.ts';
import { geglu, type ReferenceModel, type Rotation } from './reference.ts';

/** `factor`: Position Interpolation, the file's own when absent; `context`: tokens of the window that LongRoPE is asked for. */
export async function openBoth(
  bytes: Uint8Array<ArrayBuffer>,
  factor?: number,
  context = 0,
): Promise<{ open: OpenModel; model: ReferenceModel }> {
  const open = await openModel(bytesSource(bytes));
  const { config: c, header } = open;
  const weights = new Map<string, Float32Array>();
  for (const { name, type, offset, bytes: length } of header.tensors.values()) {
    weights.set(name, dequantize(type, bytes.subarray(offset, offset + length)));
  }
  const shape = { layers: c.layers, embedding: c.embedding, feedForward: c.feedForward, vocabulary: c.vocabulary };
  const heads = { heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim };
  const read = reader(header.metadata, c.architecture);
  const rotation = rotationOf(read, c.architecture, weights, factor, context);
  const plain = { ...shape, ...heads, ...rotation, epsilon: c.normEpsilon, weights };
  return { open, model: { ...plain, ...differences(read, c.architecture, plain) } };
}

type Read = (key: string, otherwise?: number) => number;

const reader =
  (metadata: ReadonlyMap<string, unknown>, architecture: string): Read =>
  (key, otherwise) =>
    (metadata.get(`${architecture}.${key}`) as number | undefined) ?? otherwise ?? Number.NaN;

function rotationOf(
  read: Read,
  architecture: string,
  weights: ReadonlyMap<string, Float32Array>,
  asked: number | undefined,
  context: number,
): Rotation {
  const halves = ['qwen2', 'qwen3', 'gemma3', 'phi3'].includes(architecture);
  const base = read('rope.freq_base', 10_000);
  const dimensions = read('rope.dimension_count', read('attention.key_length'));
  const factor = asked ?? (read('rope.scaling.factor', 1) || 1);
  const plain = { base, factor, halves, dimensions };
  const isLong = context > read('rope.scaling.original_context_length', Number.POSITIVE_INFINITY);
  const divisors = weights.get('rope_freqs.weight') ?? weights.get(`rope_factors_${isLong ? 'long' : 'short'}.weight`);
  if (!divisors) return plain;
  const perPosition = (i: number) => base ** ((-2 * i) / dimensions) / divisors[i] / factor;
  return { ...plain, perPosition, magnitude: read('rope.scaling.attn_factor', 1) };
}

function differences(read: Read, architecture: string, m: ReferenceModel): Partial<ReferenceModel> {
  if (architecture === 'gemma3') {
    const window = read('attention.sliding_window');
    const local: Rotation = { base: 10_000, factor: 1, halves: true };
    return {
      layer: (layer) => (layer % 6 === 5 ? {} : { window, rotation: local }),
      activation: geglu,
      embeddingScale: Math.sqrt(m.embedding),
    };
  }
  if (architecture === 'smollm3') return { layer: (layer) => (layer % 4 === 3 ? { rotation: 'none' } : {}) };
  if (architecture === 'phi3') return { layer: () => ({ window: read('attention.sliding_window', 0) || undefined }) };
  if (architecture !== 'granite') return {};
  return {
    embeddingScale: read('embedding_scale'),
    attentionScale: read('attention.scale'),
    residualScale: read('residual_scale'),
    logitScale: read('logit_scale'),
  };
}

export function worstDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    // NaN compares false with everything.
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

/** Rows whose largest entry is not where the reference has it. */
export function wrongTop(found: ArrayLike<number>, expected: ArrayLike<number>, width: number): number {
  let wrong = 0;
  for (let row = 0; row < expected.length; row += width) {
    const top = (x: ArrayLike<number>) => {
      let best = row;
      for (let i = row; i < row + width; i++) if (x[i] > x[best]) best = i;
      return best;
    };
    if (top(found) !== top(expected)) wrong++;
  }
  return wrong;
}
