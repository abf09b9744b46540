// What one of LANES threads has of the products of row t of x (T, K) with eight rows of W, those from `end` on being taken for the last: every
// LANES-th four columns. gemv*.wgsl have `x`, `LANES` and params.k4 = K / 4; `weight` (number format) is added from a file of its own.
//
// `at`: places of four rows' numbers in W, in fours. As columns of a first row, so that `weight` need not find a row's begin each time.
fn rowsAt(at: vec4u) -> mat4x4f {
  return mat4x4f(weight(0u, at.x, 0u), weight(0u, at.y, 0u), weight(0u, at.z, 0u), weight(0u, at.w, 0u));
}

fn sums(t: u32, rows: array<vec4u, 2>, end: u32, lane: u32) -> mat2x4f {
  let k4 = params.k4;
  let n = k4 * min(rows[0], vec4u(end - 1u));
  let m = k4 * min(rows[1], vec4u(end - 1u));
  var low = vec4f();
  var high = vec4f();
  for (var k = lane; k < k4; k += LANES) {
    let v = x[t * k4 + k];
    low += v * rowsAt(n + k);
    high += v * rowsAt(m + k);
  }
  return mat2x4f(low, high);
}
