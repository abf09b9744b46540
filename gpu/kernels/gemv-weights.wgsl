// What one of LANES threads has of the products of row t of x (T, K) with rows `row` … `row` + 7 of W, of which there are `count`: every
// LANES-th four columns. gemv*.wgsl have `x`, `LANES` and params.k4 = K / 4; `weight` (number format) is added from a file of its own.
fn rowsOf(row: u32, k: u32, count: u32) -> mat4x4f {
  let n = min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), vec4u(count - 1u));
  let k4 = params.k4;
  return mat4x4f(weight(n.x, k, k4), weight(n.y, k, k4), weight(n.z, k, k4), weight(n.w, k, k4));
}

fn sums(t: u32, row: u32, count: u32, lane: u32) -> mat2x4f {
  var low = vec4f();
  var high = vec4f();
  for (var k = lane; k < params.k4; k += LANES) {
    let v = x[t * params.k4 + k];
    low += v * rowsOf(row, k, count);
    high += v * rowsOf(row + 4u, k, count);
  }
  return mat2x4f(low, high);
}
