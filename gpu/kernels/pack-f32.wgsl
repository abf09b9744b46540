// Keys and values are cached as they are.
alias Packed = vec4f;

fn pack(v: vec4f) -> Packed {
  return v;
}
