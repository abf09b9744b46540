// y = x Wᵀ for few rows: x (T, K), W (N, K) row-major, y (T, N). One workgroup computes 8 columns of one row; its LANES threads lie
// along K. The matrix is gemv-matrix.wgsl.

struct Params {
  k4: u32, // K / 4
  begin: u32, // rows of this block of W that are computed
  end: u32,
  first: u32, // first row of this block in the whole W
  width: u32, // row length of y
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  product(group.y, group.x, params.begin, params.end, group.y * params.width + params.first, lane);
}
