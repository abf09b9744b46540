// As put-f32.wgsl, into a texture: four numbers a texel (runtime/texels.ts).
@group(0) @binding(1) var y: texture_storage_2d<rgba32uint, write>;

fn put(at: u32, numbers: vec4f) {
  textureStore(y, vec2u(at % 4096u, at / 4096u), bitcast<vec4u>(numbers));
}
