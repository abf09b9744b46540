// As words.wgsl, in a texture: four words a texel (runtime/texels.ts).
@group(0) @binding(8) var weights: texture_storage_2d<rgba32uint, read>;

fn texel(i: u32) -> vec4u {
  return textureLoad(weights, vec2u(i % 4096u, i / 4096u));
}

fn word(i: u32) -> u32 {
  return texel(i / 4u)[i % 4u];
}
