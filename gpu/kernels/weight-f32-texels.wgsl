// As weight-f32.wgsl, in a texture: four columns a texel (runtime/texels.ts).
@group(0) @binding(8) var weights: texture_storage_2d<rgba32uint, read>;

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let at = row * k4 + k;
  return bitcast<vec4f>(textureLoad(weights, vec2u(at % 4096u, at / 4096u)));
}
