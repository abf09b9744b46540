// Keys and values are cached in half precision, packed without the shader-f16 feature.
alias Stored = vec2u;

fn store(v: vec4f) -> Stored {
  return vec2u(pack2x16float(v.xy), pack2x16float(v.zw));
}

fn load(s: Stored) -> vec4f {
  return vec4f(unpack2x16float(s.x), unpack2x16float(s.y));
}
