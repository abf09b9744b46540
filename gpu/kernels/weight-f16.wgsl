// Weights in F16, row-major, unpacked without the shader-f16 feature.
@group(0) @binding(8) var<storage, read> weights: array<vec2u>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let halves = weights[row * k4 + k];
  return vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y));
}
