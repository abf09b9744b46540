// As gemv-weights.wgsl, for quantised formats on adapters that compute on the processor: a thread takes all columns that share a scale,
// adds up quants first and scales once.
const SHARED = 8u; // columns of a scale, in fours

fn quantsOf(at: vec4u) -> mat4x4f {
  return mat4x4f(quants(at.x), quants(at.y), quants(at.z), quants(at.w));
}

// (scale, offset) of four rows; `added` is the sum of x.
fn scaled(sum: vec4f, added: f32, at: vec4u) -> vec4f {
  let s = mat4x2f(scaling(at.x), scaling(at.y), scaling(at.z), scaling(at.w));
  return sum * vec4f(s[0].x, s[1].x, s[2].x, s[3].x) + added * vec4f(s[0].y, s[1].y, s[2].y, s[3].y);
}

fn sums(t: u32, rows: array<vec4u, 2>, end: u32, lane: u32) -> mat2x4f {
  let k4 = params.k4;
  let n = k4 * min(rows[0], vec4u(end - 1u));
  let m = k4 * min(rows[1], vec4u(end - 1u));
  var low = vec4f();
  var high = vec4f();
  for (var first = lane * SHARED; first < k4; first += LANES * SHARED) {
    var c = vec4f();
    var d = vec4f();
    var added = vec4f();
    for (var k = first; k < first + SHARED; k++) {
      let v = x[t * k4 + k];
      c += v * quantsOf(n + k);
      d += v * quantsOf(m + k);
      added += v;
    }
    let all = added.x + added.y + added.z + added.w;
    low += scaled(c, all, n + first);
    high += scaled(d, all, m + first);
  }
  return mat2x4f(low, high);
}
