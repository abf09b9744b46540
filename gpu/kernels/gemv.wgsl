// y = x Wᵀ for few rows: x (T, K), W (N, K) row-major, y (T, N). One workgroup computes COLUMNS columns of one row; LANES threads
// share a column along K and are added up in workgroup memory.

struct Params {
  k4: u32, // K / 4
  count: u32, // rows of this block of W
  first: u32, // its first row in the whole W
  width: u32, // row length of y
}

const LANES = 8u;
const COLUMNS = 8u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

var<workgroup> sums: array<f32, LANES * COLUMNS>;

@compute @workgroup_size(LANES * COLUMNS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let k4 = params.k4;
  let n = min(group.x * COLUMNS + thread / LANES, params.count - 1u);
  var sum = 0f;
  for (var k = thread % LANES; k < k4; k += LANES) {
    sum += dot(x[group.y * k4 + k], weight(n, k, k4));
  }
  sums[thread] = sum;
  workgroupBarrier();

  let column = group.x * COLUMNS + thread;
  if (thread >= COLUMNS || column >= params.count) {
    return;
  }
  var total = 0f;
  for (var lane = 0u; lane < LANES; lane++) {
    total += sums[thread * LANES + lane];
  }
  y[group.y * params.width + params.first + column] = total;
}
