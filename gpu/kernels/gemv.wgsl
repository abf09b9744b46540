// y = x Wᵀ for few rows: x (T, K), W (N, K) row-major, y (T, N). One workgroup computes 8 columns of one row; its LANES threads lie
// along K. `weight` (number format) and `total` (a sum over the threads) are added from files of their own.

struct Params {
  k4: u32, // K / 4
  count: u32, // rows of this block of W
  first: u32, // its first row in the whole W
  width4: u32, // row length of y / 4
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k4 = params.k4;
  let column = 8u * group.x;
  let n = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(params.count - 1u));
  let m = min(vec4u(column) + vec4u(4u, 5u, 6u, 7u), vec4u(params.count - 1u));
  var c = vec4f();
  var d = vec4f();
  for (var k = lane; k < k4; k += LANES) {
    let v = x[group.y * k4 + k];
    c += v * mat4x4f(weight(n.x, k, k4), weight(n.y, k, k4), weight(n.z, k, k4), weight(n.w, k, k4));
    d += v * mat4x4f(weight(m.x, k, k4), weight(m.y, k, k4), weight(m.z, k, k4), weight(m.w, k, k4));
  }
  c = total(c, lane);
  d = total(d, lane);
  let at = group.y * params.width4 + (params.first + column) / 4u;
  if (lane == 0u) {
    y[at] = c;
    if (column + 4u < params.count) {
      y[at + 1u] = d;
    }
  }
}
