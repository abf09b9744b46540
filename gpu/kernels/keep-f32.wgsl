// Keys and values are cached as they are.
@group(0) @binding(3) var<storage, read_write> keys: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> values: array<vec4f>;

fn keep(at: u32, key: vec4f, value: vec4f) {
  keys[at] = key;
  values[at] = value;
}
