// As stored-f16.wgsl, in a texture: four numbers a texel (runtime/texels.ts).
@group(0) @binding(8) var stored: texture_storage_2d<rg32uint, read>;

// Numbers 4i … 4i + 3 of a slot of 4 * width4.
fn cached(slot: u32, i: u32, width4: u32) -> vec4f {
  let at = slot * width4 + i;
  let halves = textureLoad(stored, vec2u(at % 4096u, at / 4096u));
  return vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y));
}
