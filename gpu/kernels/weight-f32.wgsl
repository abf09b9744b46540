// Weights in F32, row-major.
@group(0) @binding(8) var<storage, read> weights: array<vec4f>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  return weights[row * k4 + k];
}
