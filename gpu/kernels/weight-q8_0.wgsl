// Weights in Q8_0, taken apart when they were loaded: int8 quants, row-major, and one scale for every 32 of them.
@group(0) @binding(8) var<storage, read> weights: array<u32>;
@group(0) @binding(9) var<storage, read> scales: array<f32>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let at = row * k4 + k;
  return vec4f(unpack4xI8(weights[at])) * scales[at / 8u];
}
