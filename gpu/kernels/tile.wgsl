// A matrix product in registers: y = a bᵀ with a (rows, K) and b (columns, K). A thread computes TILE_ROWS rows times GROUPS groups
// of 4 consecutive columns, walking along K four at a time: `row * w` with the four rows of b as columns of w is four dot products.
// Threads of a workgroup lie side by side along the columns, so the groups of one thread are 4 * THREADS columns apart.
//
// What is multiplied comes from the kernel: `steps` (K / 4, or 0 where there is nothing to compute), `right4` (4 rows of b), `inside`
// and `finish` (what becomes of 4 columns of a row). `rows8`, how threads get at 8 rows of a, and `rowOf`, which row of the tile a
// thread's sum number i is, come from rows-*.wgsl. Sums are written out one by one: software adapters do not unroll loops, and keep
// arrays in memory.

const THREADS = 64u;
const TILE_ROWS = 16u; // 4 or 16
const GROUPS = 1u; // 1 or 2

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let z = group.z;
  let row = TILE_ROWS * group.y;
  let column = group.x * GROUPS * THREADS + lane; // in fours
  let far = column + THREADS;
  let count = steps(row, group.x * GROUPS * THREADS, z);
  if (count == 0u) {
    return;
  }
  let upper = rowsAt(row, z, lane);
  let lower = rowsAt(row + 8u, z, lane);

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
  var d0 = vec4f();
  var d1 = vec4f();
  var d2 = vec4f();
  var d3 = vec4f();
  var d4 = vec4f();
  var d5 = vec4f();
  var d6 = vec4f();
  var d7 = vec4f();
  var d8 = vec4f();
  var d9 = vec4f();
  var d10 = vec4f();
  var d11 = vec4f();
  var d12 = vec4f();
  var d13 = vec4f();
  var d14 = vec4f();
  var d15 = vec4f();

  for (var k = 0u; k < count; k++) {
    let w = right4(column, k, z);
    let a = rows8(upper, k);
    c0 += a.low[0] * w;
    c1 += a.low[1] * w;
    c2 += a.low[2] * w;
    c3 += a.low[3] * w;
    if (TILE_ROWS > 4u) {
      c4 += a.high[0] * w;
      c5 += a.high[1] * w;
      c6 += a.high[2] * w;
      c7 += a.high[3] * w;
      let b = rows8(lower, k);
      c8 += b.low[0] * w;
      c9 += b.low[1] * w;
      c10 += b.low[2] * w;
      c11 += b.low[3] * w;
      c12 += b.high[0] * w;
      c13 += b.high[1] * w;
      c14 += b.high[2] * w;
      c15 += b.high[3] * w;
      if (GROUPS > 1u) {
        let v = right4(far, k, z);
        d0 += a.low[0] * v;
        d1 += a.low[1] * v;
        d2 += a.low[2] * v;
        d3 += a.low[3] * v;
        d4 += a.high[0] * v;
        d5 += a.high[1] * v;
        d6 += a.high[2] * v;
        d7 += a.high[3] * v;
        d8 += b.low[0] * v;
        d9 += b.low[1] * v;
        d10 += b.low[2] * v;
        d11 += b.low[3] * v;
        d12 += b.high[0] * v;
        d13 += b.high[1] * v;
        d14 += b.high[2] * v;
        d15 += b.high[3] * v;
      }
    }
  }

  if (inside(column)) {
    finish(row + rowOf(0u, lane), column, z, c0);
    finish(row + rowOf(1u, lane), column, z, c1);
    finish(row + rowOf(2u, lane), column, z, c2);
    finish(row + rowOf(3u, lane), column, z, c3);
    if (TILE_ROWS > 4u) {
      finish(row + rowOf(4u, lane), column, z, c4);
      finish(row + rowOf(5u, lane), column, z, c5);
      finish(row + rowOf(6u, lane), column, z, c6);
      finish(row + rowOf(7u, lane), column, z, c7);
      finish(row + rowOf(8u, lane), column, z, c8);
      finish(row + rowOf(9u, lane), column, z, c9);
      finish(row + rowOf(10u, lane), column, z, c10);
      finish(row + rowOf(11u, lane), column, z, c11);
      finish(row + rowOf(12u, lane), column, z, c12);
      finish(row + rowOf(13u, lane), column, z, c13);
      finish(row + rowOf(14u, lane), column, z, c14);
      finish(row + rowOf(15u, lane), column, z, c15);
    }
  }
  if (GROUPS > 1u && inside(far)) {
    finish(row + rowOf(0u, lane), far, z, d0);
    finish(row + rowOf(1u, lane), far, z, d1);
    finish(row + rowOf(2u, lane), far, z, d2);
    finish(row + rowOf(3u, lane), far, z, d3);
    finish(row + rowOf(4u, lane), far, z, d4);
    finish(row + rowOf(5u, lane), far, z, d5);
    finish(row + rowOf(6u, lane), far, z, d6);
    finish(row + rowOf(7u, lane), far, z, d7);
    finish(row + rowOf(8u, lane), far, z, d8);
    finish(row + rowOf(9u, lane), far, z, d9);
    finish(row + rowOf(10u, lane), far, z, d10);
    finish(row + rowOf(11u, lane), far, z, d11);
    finish(row + rowOf(12u, lane), far, z, d12);
    finish(row + rowOf(13u, lane), far, z, d13);
    finish(row + rowOf(14u, lane), far, z, d14);
    finish(row + rowOf(15u, lane), far, z, d15);
  }
}
