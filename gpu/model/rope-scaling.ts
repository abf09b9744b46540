// Where rotary angles come from. Rotary position embedding turns pair i of a head at position p by the angle p * base^(-2i / d) (Su et
// al. 2021, arXiv 2104.09864). Position Interpolation divides the position by a factor s, so that s times as many positions fit into
// the range of angles that the model was trained on (Chen et al. 2023, arXiv 2306.15595, equation 4).
//
// The table is computed here, in double precision, because WGSL bounds the error of sin and cos only for small angles.

export interface RopeAngles {
  /** Dimensions of a head, d. */
  dimensions: number;
  base: number;
  /** Position Interpolation factor s; 1 leaves positions as they are. */
  factor: number;
}

/** Angle in radians by which pair `i` of a head is turned at `position`. */
export const ropeAngle = ({ dimensions, base, factor }: RopeAngles, position: number, i: number): number =>
  (position / factor) * base ** ((-2 * i) / dimensions);

/** cos and sin (count, d / 2, 2) for positions first … first + count - 1. */
export function ropeTable(angles: RopeAngles, first: number, count: number): Float32Array<ArrayBuffer> {
  const pairs = angles.dimensions / 2;
  const perPosition = Float64Array.from({ length: pairs }, (_, i) => ropeAngle(angles, 1, i));
  const table = new Float32Array(count * pairs * 2);
  for (let p = 0, at = 0; p < count; p++) {
    for (let i = 0; i < pairs; i++) {
      const angle = (first + p) * perPosition[i];
      table[at++] = Math.cos(angle);
      table[at++] = Math.sin(angle);
    }
  }
  return table;
}
