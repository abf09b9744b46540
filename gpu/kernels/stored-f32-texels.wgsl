// As stored-f32.wgsl, in a texture: four numbers a texel (runtime/texels.ts).
@group(0) @binding(8) var stored: texture_storage_2d<rgba32uint, read>;

// Numbers 4i … 4i + 3 of a slot of 4 * width4.
fn cached(slot: u32, i: u32, width4: u32) -> vec4f {
  let at = slot * width4 + i;
  return bitcast<vec4f>(textureLoad(stored, vec2u(at % 4096u, at / 4096u)));
}
