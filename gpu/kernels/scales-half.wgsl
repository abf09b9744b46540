// Scales of quantised weights: one f16 for 32 columns, or a scale and an offset (gguf/layouts.ts).
@group(0) @binding(9) var<storage, read> scales: array<u32>;

const OFFSETS = 0u; // 1: there are offsets

// Scale and offset of the four columns `at`, counted in fours from the first column of the first row.
fn scaling(at: u32) -> vec2f {
  let group = at / 8u;
  if (OFFSETS > 0u) {
    return unpack2x16float(scales[group]);
  }
  return vec2f(unpack2x16float(scales[group / 2u] >> (group % 2u * 16u)).x, 0f);
}
