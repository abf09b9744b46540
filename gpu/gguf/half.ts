// IEEE 754 half precision (binary16) to and from numbers, by bits, because Float16Array is not in every browser we run in.

const bits = new DataView(new ArrayBuffer(4));

/** The value of a binary16 bit pattern; exact, including subnormals, infinities and NaN. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let table: Float32Array | undefined;

/** All 65,536 half values as f32, made once: a look-up is several times faster than the arithmetic. */
export function halfTable(): Float32Array {
  if (!table) {
    table = new Float32Array(0x10000);
    for (let half = 0; half < 0x10000; half++) table[half] = halfToNumber(half);
  }
  return table;
}

/** The binary16 bit pattern nearest to `value` (first rounded to f32), ties to even. */
export function numberToHalf(value: number): number {
  bits.setFloat32(0, value);
  const single = bits.getUint32(0);
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 is the first number that rounds to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 a half is a multiple of 2^-24.
  if (magnitude < 0x38800000) {
    const steps = Math.abs(bits.getFloat32(0)) * 2 ** 24;
    const whole = Math.floor(steps);
    const rest = steps - whole;
    return sign | (rest > 0.5 || (rest === 0.5 && whole & 1) ? whole + 1 : whole);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
