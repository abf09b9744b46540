// As keep-f16.wgsl, in textures: four numbers a texel (runtime/texels.ts).
@group(0) @binding(3) var keys: texture_storage_2d<rg32uint, write>;
@group(0) @binding(4) var values: texture_storage_2d<rg32uint, write>;

fn pack(v: vec4f) -> vec4u {
  return vec4u(pack2x16float(v.xy), pack2x16float(v.zw), 0u, 0u);
}

fn keep(at: u32, key: vec4f, value: vec4f) {
  let texel = vec2u(at % 4096u, at / 4096u);
  textureStore(keys, texel, pack(key));
  textureStore(values, texel, pack(value));
}
