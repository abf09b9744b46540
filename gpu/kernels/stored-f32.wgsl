// Keys or values as they are: a slot is `width4` vectors.
@group(0) @binding(8) var<storage, read> stored: array<vec4f>;

// Numbers 4i … 4i + 3 of a slot of 4 * width4.
fn cached(slot: u32, i: u32, width4: u32) -> vec4f {
  return stored[slot * width4 + i];
}
