// Keys and values are cached in half precision, packed without the shader-f16 feature.
@group(0) @binding(3) var<storage, read_write> keys: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> values: array<vec2u>;

fn pack(v: vec4f) -> vec2u {
  return vec2u(pack2x16float(v.xy), pack2x16float(v.zw));
}

fn keep(at: u32, key: vec4f, value: vec4f) {
  keys[at] = pack(key);
  values[at] = pack(value);
}
