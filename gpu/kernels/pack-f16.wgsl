// Keys and values are cached in half precision, packed without the shader-f16 feature.
alias Packed = vec2u;

fn pack(v: vec4f) -> Packed {
  return vec2u(pack2x16float(v.xy), pack2x16float(v.zw));
}
