// Puts keys and values of T tokens behind those in the cache: k, v (T, kv_heads * head_dim) into slots start … start + T - 1 of
// keys, values (slots, kv_heads * head_dim). `keep` (number format of the cache) is added from a file of its own.

struct Params {
  start: u32,
  count: u32, // T * kv_heads * head_dim / 4
  width4: u32, // kv_heads * head_dim / 4
  mask: u32, // slot s lies at s & mask
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> k: array<vec4f>;
@group(0) @binding(2) var<storage, read> v: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.count) {
    return;
  }
  let slot = (params.start + index / params.width4) & params.mask;
  let at = slot * params.width4 + index % params.width4;
  keep(at, k[index], v[index]);
}
