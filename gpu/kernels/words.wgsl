// Words of quants in a buffer.
@group(0) @binding(8) var<storage, read> weights: array<u32>;

fn word(i: u32) -> u32 {
  return weights[i];
}
