// Keys and values are cached as they are.
alias Stored = vec4f;

fn store(v: vec4f) -> Stored {
  return v;
}

fn load(s: Stored) -> vec4f {
  return s;
}
