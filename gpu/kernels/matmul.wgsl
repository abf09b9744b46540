// y = x Wᵀ: x (T, K), W (N, K) row-major, y (T, N).
//
// A thread computes a tile of TILE_ROWS rows and 4 consecutive columns in registers, walking along K four at a time: `row * w` with
// the four weight rows as columns of w is four dot products. Threads of a workgroup lie side by side along N. `rows4` (how threads
// share rows of x) and `weight` (number format) are added from files of their own.
//
// x and y have rows for a whole number of tiles; W is one block of rows of a larger matrix, y its full width.

struct Params {
  k4: u32, // K / 4
  count: u32, // rows of this block of W
  first: u32, // its first row in the whole W
  width4: u32, // row length of y / 4
}

const THREADS = 64u;
const TILE_ROWS = 16u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k4 = params.k4;
  let column = 4u * (group.x * THREADS + lane);
  let row = TILE_ROWS * group.y;
  // A column beyond the end computes the last one again: lanes of a quad must stay together.
  let end = params.count - 1u;
  let n0 = min(column, end);
  let n1 = min(column + 1u, end);
  let n2 = min(column + 2u, end);
  let n3 = min(column + 3u, end);

  var c0 = vec4f();
  var c1 = vec4f();
  var c2 = vec4f();
  var c3 = vec4f();
  var c4 = vec4f();
  var c5 = vec4f();
  var c6 = vec4f();
  var c7 = vec4f();
  var c8 = vec4f();
  var c9 = vec4f();
  var c10 = vec4f();
  var c11 = vec4f();
  var c12 = vec4f();
  var c13 = vec4f();
  var c14 = vec4f();
  var c15 = vec4f();

  for (var k = 0u; k < k4; k++) {
    let w = mat4x4f(weight(n0, k, k4), weight(n1, k, k4), weight(n2, k, k4), weight(n3, k, k4));
    let at = row * k4 + k;
    let a = rows4(at, k4, lane);
    c0 += a[0] * w;
    c1 += a[1] * w;
    c2 += a[2] * w;
    c3 += a[3] * w;
    if (TILE_ROWS > 4u) {
      let b = rows4(at + 4u * k4, k4, lane);
      c4 += b[0] * w;
      c5 += b[1] * w;
      c6 += b[2] * w;
      c7 += b[3] * w;
      let c = rows4(at + 8u * k4, k4, lane);
      c8 += c[0] * w;
      c9 += c[1] * w;
      c10 += c[2] * w;
      c11 += c[3] * w;
      let d = rows4(at + 12u * k4, k4, lane);
      c12 += d[0] * w;
      c13 += d[1] * w;
      c14 += d[2] * w;
      c15 += d[3] * w;
    }
  }

  if (column >= params.count) {
    return;
  }
  let width = params.width4;
  let at = row * width + (params.first + column) / 4u;
  y[at] = c0;
  y[at + width] = c1;
  y[at + 2u * width] = c2;
  y[at + 3u * width] = c3;
  if (TILE_ROWS > 4u) {
    y[at + 4u * width] = c4;
    y[at + 5u * width] = c5;
    y[at + 6u * width] = c6;
    y[at + 7u * width] = c7;
    y[at + 8u * width] = c8;
    y[at + 9u * width] = c9;
    y[at + 10u * width] = c10;
    y[at + 11u * width] = c11;
    y[at + 12u * width] = c12;
    y[at + 13u * width] = c13;
    y[at + 14u * width] = c14;
    y[at + 15u * width] = c15;
  }
}
