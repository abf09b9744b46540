// Weights in BF16, row-major: the upper halves of f32.
@group(0) @binding(8) var<storage, read> weights: array<vec2u>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let pairs = weights[row * k4 + k];
  return bitcast<vec4f>(vec4u(pairs.x << 16u, pairs.x & 0xffff0000u, pairs.y << 16u, pairs.y & 0xffff0000u));
}
