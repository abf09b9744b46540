// Puts keys and values of T tokens behind those in the cache as Q8_0: 32 numbers become int8 quants and one scale, the largest of
// them over 127, as ggml rounds. k, v (T, width) into slots start … start + T - 1, laid out as stored-q8_0.wgsl says. One thread
// a block of 32.

struct Params {
  start: u32,
  count: u32, // T * kv_heads * head_dim / 32
  width4: u32, // kv_heads * head_dim / 4
  mask: u32, // slot s lies at s & mask
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> k: array<vec4f>;
@group(0) @binding(2) var<storage, read> v: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> keys: array<u32>;
@group(0) @binding(4) var<storage, read_write> values: array<u32>;

fn scaleOf(largest: vec4f) -> f32 {
  return max(max(largest.x, largest.y), max(largest.z, largest.w)) / 127f;
}

// Ties away from zero, where `round` would go to the even number.
fn quantsOf(x: vec4f, scale: f32) -> u32 {
  let q = x * select(0f, 1f / scale, scale > 0f);
  return pack4xI8(vec4i(sign(q) * floor(abs(q) + 0.5f)));
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.count) {
    return;
  }
  let blocks = params.width4 / 8u; // of a slot
  let block = index % blocks;
  let slot = ((params.start + index / blocks) & params.mask) * (params.width4 + blocks);
  var largestKey = vec4f();
  var largestValue = vec4f();
  for (var i = 0u; i < 8u; i++) {
    largestKey = max(largestKey, abs(k[8u * index + i]));
    largestValue = max(largestValue, abs(v[8u * index + i]));
  }
  let keyScale = scaleOf(largestKey);
  let valueScale = scaleOf(largestValue);
  for (var i = 0u; i < 8u; i++) {
    keys[slot + 8u * block + i] = quantsOf(k[8u * index + i], keyScale);
    values[slot + 8u * block + i] = quantsOf(v[8u * index + i], valueScale);
  }
  keys[slot + params.width4 + block] = bitcast<u32>(keyScale);
  values[slot + params.width4 + block] = bitcast<u32>(valueScale);
}
