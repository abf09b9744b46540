// Products of the same few rows with three matrices, y = x Wᵀ each: queries, keys and values of a token in one dispatch. Threads as in
// gemv.wgsl; the matrices are gemv-matrix.wgsl three times, one workgroup behind the other.

struct Params {
  k4: u32, // K / 4
  count: u32, // rows of W, and of the two others
  count1: u32,
  count2: u32,
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let t = group.y;
  let end = (params.count + 7u) / 8u;
  let end1 = end + (params.count1 + 7u) / 8u;
  if (group.x < end) {
    product(t, group.x, 0u, params.count, t * params.count, lane);
  } else if (group.x < end1) {
    product1(t, group.x - end, 0u, params.count1, t * params.count1, lane);
  } else {
    product2(t, group.x - end1, 0u, params.count2, t * params.count2, lane);
  }
}
