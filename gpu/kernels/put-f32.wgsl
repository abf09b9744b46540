// Numbers into a buffer, four at once.
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

fn put(at: u32, numbers: vec4f) {
  y[at] = numbers;
}
