// y = x Wᵀ: x (T, K), W (N, K) row-major, y (T, N); what tile*.wgsl multiplies and where it puts it. `weight` (number format) is added
// from a file of its own.
//
// x and y have rows for a whole number of tiles; W is one block of rows of a larger matrix, y its full width.

struct Params {
  k4: u32, // K / 4
  height: u32, // rows of x and y
  begin: u32, // rows of this block of W that are computed
  end: u32,
  first: u32, // first row of this block in the whole W
  width4: u32, // row length of y / 4
}

const ADDS = 0u; // 1: y += x Wᵀ

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

fn steps(row: u32, column: u32, z: u32) -> u32 {
  return params.k4;
}

fn rowsFrom(column: u32, k: u32) -> u32 {
  return 0u;
}

fn leftAt(row: u32, z: u32) -> u32 {
  return row * params.k4;
}

fn left(at: u32) -> vec4f {
  return x[at];
}

// A column beyond the end computes the last one again: lanes must stay together.
fn right4(column: u32, k: u32, z: u32) -> mat4x4f {
  let n = min(vec4u(params.begin + 4u * column) + vec4u(0u, 1u, 2u, 3u), vec4u(params.end - 1u));
  let k4 = params.k4;
  return mat4x4f(weight(n.x, k, k4), weight(n.y, k, k4), weight(n.z, k, k4), weight(n.w, k, k4));
}

fn inside(column: u32) -> bool {
  return params.begin + 4u * column < params.end;
}

fn finish(row: u32, column: u32, z: u32, sum: vec4f) {
  let at = row * params.width4 + (params.first + params.begin) / 4u + column;
  if (ADDS > 0u) {
    y[at] += sum;
  } else {
    y[at] = sum;
  }
}
