// Keys or values in 8 bits: a slot is width4 words of int8 quants and then one f32 scale for every 32 of them.
@group(0) @binding(8) var<storage, read> stored: array<u32>;

// Numbers 4i … 4i + 3 of a slot of 4 * width4.
fn cached(slot: u32, i: u32, width4: u32) -> vec4f {
  let at = slot * (width4 + width4 / 8u);
  return vec4f(unpack4xI8(stored[at + i])) * bitcast<f32>(stored[at + width4 + i / 8u]);
}
