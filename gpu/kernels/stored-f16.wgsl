// Keys or values in half precision, unpacked without the shader-f16 feature.
@group(0) @binding(8) var<storage, read> stored: array<vec2u>;

// Numbers 4i … 4i + 3 of a slot of 4 * width4.
fn cached(slot: u32, i: u32, width4: u32) -> vec4f {
  let halves = stored[slot * width4 + i];
  return vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y));
}
