// As gemv-quants.wgsl, for formats whose 32 columns that share a scale are whole texels: one of 4 bits each, two of 8. A thread loads a
// texel of each of its eight rows and takes them apart four columns at a time.
const WIDTH = 4u; // bits of a quant

// The j-th four columns of a texel.
fn fourOf(texel: vec4u, j: u32) -> vec4f {
  if (WIDTH == 8u) {
    return columnsOf(texel[j]);
  }
  return columnsOf((texel[j / 2u] >> (j % 2u * 4u)) & 0x0f0f0f0fu);
}

// (scale, offset) of four rows; `added` is the sum of x.
fn scaled(sum: vec4f, added: f32, at: vec4u) -> vec4f {
  let s = mat4x2f(scaling(at.x), scaling(at.y), scaling(at.z), scaling(at.w));
  return sum * vec4f(s[0].x, s[1].x, s[2].x, s[3].x) + added * vec4f(s[0].y, s[1].y, s[2].y, s[3].y);
}

fn sums(t: u32, rows: array<vec4u, 2>, end: u32, lane: u32) -> mat2x4f {
  const FOURS = 32u / WIDTH; // of a texel
  let k4 = params.k4;
  // No constants, so that no compiler unrolls what then does not fit into registers.
  let eight = min(8u, k4);
  let fours = min(FOURS, k4);
  let n = k4 * min(rows[0], vec4u(end - 1u));
  let m = k4 * min(rows[1], vec4u(end - 1u));
  var low = vec4f();
  var high = vec4f();
  for (var first = lane * 8u; first < k4; first += LANES * 8u) {
    var c = vec4f();
    var d = vec4f();
    var added = vec4f();
    for (var k = first; k < first + eight; k += fours) {
      let p = (n + k) / FOURS;
      let q = (m + k) / FOURS;
      let p0 = texel(p.x);
      let p1 = texel(p.y);
      let p2 = texel(p.z);
      let p3 = texel(p.w);
      let q0 = texel(q.x);
      let q1 = texel(q.y);
      let q2 = texel(q.z);
      let q3 = texel(q.w);
      for (var j = 0u; j < fours; j++) {
        let v = x[t * k4 + k + j];
        c += v * mat4x4f(fourOf(p0, j), fourOf(p1, j), fourOf(p2, j), fourOf(p3, j));
        d += v * mat4x4f(fourOf(q0, j), fourOf(q1, j), fourOf(q2, j), fourOf(q3, j));
        added += v;
      }
    }
    let all = added.x + added.y + added.z + added.w;
    low += scaled(c, all, n + first);
    high += scaled(d, all, m + first);
  }
  return mat2x4f(low, high);
}
