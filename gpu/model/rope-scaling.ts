// Where rotary angles come from. Rotary position embedding turns pair i of a head at position p by the angle p * base^(-2i / d) (Su et
// al. 2021, arXiv 2104.09864). Position Interpolation divides the position by a factor s, so that s times as many positions fit into
// the range of angles that the model was trained on (Chen et al. 2023, arXiv 2306.15595, equation 4). The other methods stretch some
// pairs more than others; each is a function below, and all of them come down to one angle per position for every pair.
//
// The table is computed here, in double precision, because WGSL bounds the error of sin and cos only for small angles.

export type RopeMethod = 'none' | 'linear' | 'ntk' | 'yarn' | 'longrope';

export interface RopeScaling {
  readonly type: RopeMethod;
  /** How many times the window is stretched, s; 1 leaves positions as they are. */
  readonly factor: number;
  /** Tokens of the window that the model was trained on before scaling. */
  readonly originalContext: number;
  /** YaRN: rotations over the original window from which on a pair is not stretched, and up to which it is stretched wholly. */
  readonly betaFast?: number;
  readonly betaSlow?: number;
  /** Multiplies cos and sin, and so makes attention sharper or flatter; 1 when absent. */
  readonly attentionFactor?: number;
}

/** One kind of rotation of a model; most have one for all layers. */
export interface Rope {
  /** Dimensions of a head that are rotated, d. */
  readonly dimensions: number;
  readonly base: number;
  readonly scaling: RopeScaling;
  /** Tensors (d / 2,) that divide the angles of each pair: Llama 3 has one, LongRoPE two, by the length of the window. */
  readonly divisors?: {
    readonly tensor: string;
    readonly beyond?: { readonly tokens: number; readonly tensor: string };
  };
  /** A factor that is asked for when the model is loaded does not concern it. */
  readonly fixed?: boolean;
}

/** `scaling` with another factor: by the file's own method, or by `method`; what had none is interpolated. */
export function withFactor(scaling: RopeScaling, factor?: number, method?: RopeMethod): RopeScaling {
  if (factor === undefined && method === undefined) return scaling;
  const own = scaling.type === 'none' ? 'linear' : scaling.type;
  return { ...scaling, type: method ?? own, factor: factor ?? scaling.factor };
}

/** What a pair is turned by for each position, in radians, and what its cosine and sine are multiplied by. */
export interface RopeAngles {
  readonly perPosition: Float64Array;
  readonly magnitude: number;
}

/** `divisors` (d / 2,) as the file has them. */
export function ropeAngles(
  { dimensions: d, base, scaling }: Omit<Rope, 'divisors'>,
  divisors?: ArrayLike<number>,
): RopeAngles {
  const { type, factor: s, attentionFactor = 1 } = scaling;
  const plain = frequencies(d, type === 'ntk' ? ntkBase(base, s, d) : base);
  const divided = divisors ? plain.map((frequency, i) => frequency / divisors[i]) : plain;
  if (type === 'yarn') return { perPosition: yarn(divided, d, base, scaling), magnitude: yarnMagnitude(scaling) };
  // What LongRoPE stretches is in its divisors; a factor that is asked for stretches all pairs on top of them.
  const interpolates = type === 'linear' || (type === 'longrope' && s !== 1);
  return {
    perPosition: interpolates ? divided.map((frequency) => frequency / s) : divided,
    magnitude: attentionFactor,
  };
}

/** base^(-2i / d) for i = 0 … d / 2 - 1. */
const frequencies = (d: number, base: number): Float64Array =>
  Float64Array.from({ length: d / 2 }, (_, i) => base ** ((-2 * i) / d));

/** NTK-aware scaling: a base with which the slowest pair turns s times as slowly and the fastest as before (bloc97 2023). */
const ntkBase = (base: number, s: number, d: number): number => base * s ** (d / (d - 2));

/**
 * YaRN (Peng et al. 2023, arXiv 2309.00071, section 3.2): pairs that turn often within the original window stay, those that turn less
 * than about once are interpolated, and between the two the share goes over in a straight line.
 */
function yarn(plain: Float64Array, d: number, base: number, scaling: RopeScaling): Float64Array {
  const { factor: s, originalContext, betaFast = 32, betaSlow = 1 } = scaling;
  // The pair that turns `rotations` times over the original window.
  const pairOf = (rotations: number) =>
    (d * Math.log(originalContext / (rotations * 2 * Math.PI))) / (2 * Math.log(base));
  const first = Math.max(0, Math.floor(pairOf(betaFast)));
  const last = Math.min(d - 1, Math.ceil(pairOf(betaSlow)));
  return plain.map((frequency, i) => {
    const interpolated = Math.min(1, Math.max(0, (i - first) / Math.max(0.001, last - first)));
    return frequency * (1 - interpolated) + (frequency / s) * interpolated;
  });
}

/** YaRN's attention factor (section 3.4). */
const yarnMagnitude = ({ factor: s, attentionFactor = 1 }: RopeScaling): number =>
  attentionFactor * (s > 1 ? 1 + 0.1 * Math.log(s) : 1);

/** LongRoPE's attention factor where the file has none (Ding et al. 2024, arXiv 2402.13753, section 4.3 of Phi-3's report). */
export const longropeMagnitude = (factor: number, originalContext: number): number =>
  factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(originalContext)) : 1;

/** cos and sin (count, d / 2, 2) for positions first … first + count - 1. */
export function ropeTable(angles: RopeAngles, first: number, count: number): Float32Array<ArrayBuffer> {
  const { perPosition, magnitude } = angles;
  const pairs = perPosition.length;
  const table = new Float32Array(count * pairs * 2);
  for (let p = 0, at = 0; p < count; p++) {
    for (let i = 0; i < pairs; i++) {
      const angle = (first + p) * perPosition[i];
      table[at++] = magnitude * Math.cos(angle);
      table[at++] = magnitude * Math.sin(angle);
    }
  }
  return table;
}

/** All that angles follow from beside the model's file: LongRoPE chooses its divisors by the length of the window. */
export const ropesAre = (ropes: readonly Rope[], contextLength: number): string =>
  JSON.stringify(
    ropes.map(({ scaling, divisors }) => [
      scaling,
      contextLength > (divisors?.beyond?.tokens ?? Number.POSITIVE_INFINITY),
    ]),
  );
