// As weight-bf16.wgsl, in a texture: four columns a texel (runtime/texels.ts).
@group(0) @binding(8) var weights: texture_storage_2d<rg32uint, read>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let at = row * k4 + k;
  let pairs = textureLoad(weights, vec2u(at % 4096u, at / 4096u));
  return bitcast<vec4f>(vec4u(pairs.x << 16u, pairs.x & 0xffff0000u, pairs.y << 16u, pairs.y & 0xffff0000u));
}
