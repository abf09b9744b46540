// y = x Wᵀ for few rows: x (T, K), W (N, K) row-major, y (T, N). One workgroup computes 8 columns of one row; its LANES threads lie
// along K. The matrix is gemv-matrix.wgsl.

struct Params {
  k4: u32, // K / 4
  begin: u32, // rows of this block of W that are computed
  end: u32,
  first: u32, // first row of this block in the whole W
  width4: u32, // row length of y / 4
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = params.begin + 8u * group.x;
  product(group.y, row, params.end, group.y * params.width4 + (params.first + row) / 4u, lane);
}
