// Products of the same few rows with three matrices, y = x Wᵀ each: queries, keys and values of a token in one dispatch. Threads as in
// gemv.wgsl; the matrices are gemv-matrix.wgsl three times, one workgroup behind the other.

struct Params {
  k4: u32, // K / 4
  count: u32, // rows of W, a multiple of four, and of the two others
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
    let row = 8u * group.x;
    product(t, row, params.count, (t * params.count + row) / 4u, lane);
  } else if (group.x < end1) {
    let row = 8u * (group.x - end);
    product1(t, row, params.count1, (t * params.count1 + row) / 4u, lane);
  } else {
    let row = 8u * (group.x - end1);
    product2(t, row, params.count2, (t * params.count2 + row) / 4u, lane);
  }
}
