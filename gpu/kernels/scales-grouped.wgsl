// Scales of quantised weights: for 256 columns one word with the f16 scale of the scales and that of the offsets, then a whole-numbered
// scale and offset for each group of columns (gguf/layouts.ts).
@group(0) @binding(9) var<storage, read> scales: array<u32>;

const GROUP = 32u; // columns
const SCALE_BITS = 8u;
const OFFSET_BITS = 8u;
const SCALE_ZERO = 0u; // what a stored scale is too large by

// Scale and offset of the four columns `at`, counted in fours from the first column of the first row.
fn scaling(at: u32) -> vec2f {
  let bits = SCALE_BITS + OFFSET_BITS;
  let first = at / 64u * (1u + 256u / GROUP * bits / 32u);
  let bit = at % 64u / (GROUP / 4u) * bits;
  let entry = scales[first + 1u + bit / 32u] >> (bit % 32u);
  let scale = f32(entry & ((1u << SCALE_BITS) - 1u)) - f32(SCALE_ZERO);
  let offset = f32((entry >> SCALE_BITS) & ((1u << OFFSET_BITS) - 1u));
  return unpack2x16float(scales[first]) * vec2f(scale, -offset);
}
