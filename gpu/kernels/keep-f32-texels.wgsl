// As keep-f32.wgsl, in textures: four numbers a texel (runtime/texels.ts).
@group(0) @binding(3) var keys: texture_storage_2d<rgba32uint, write>;
@group(0) @binding(4) var values: texture_storage_2d<rgba32uint, write>;

fn keep(at: u32, key: vec4f, value: vec4f) {
  let texel = vec2u(at % 4096u, at / 4096u);
  textureStore(keys, texel, bitcast<vec4u>(key));
  textureStore(values, texel, bitcast<vec4u>(value));
}
