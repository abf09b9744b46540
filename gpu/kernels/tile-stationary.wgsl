enable subgroups;
diagnostic(off, subgroup_uniformity);

// The product of tile.wgsl, bit for bit, for many rows on adapters of four lanes whose loads cost far more than arithmetic: what is on the
// right stands still. A thread loads STEPS steps of K of its columns of b once, into an array that stays in the processor's nearest
// cache, and one row of a after the other passes by, shared by the lanes of the quad: each loads a quarter of it. So a load serves twice
// as many multiplications as in tile.wgsl, and sums are no variables of a loop, which SwiftShader masks one by one at every turn.
//
// The parts of a kernel are the same, with `rowsFrom`, the first row that step k and a column are of concern to; K is a multiple of
// STEPS. Indices are written out: SwiftShader does not unroll, and an array at an index that it does not know is read lane by lane.

const THREADS = 4u;
const TILE_ROWS = 128u;
const GROUPS = 2u; // 1 or 2
const STEPS = 16u; // 8 or 16
const LONG = 1u; // 1: K is longer than STEPS, and sums are kept from one stretch to the next

const SECOND = 16u * (GROUPS - 1u); // where those of the second group begin
const KEPT = select(1u, TILE_ROWS * GROUPS, LONG > 0u);

var<private> sums: array<vec4f, KEPT>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let z = group.z;
  let top = TILE_ROWS * group.y;
  let until = min(top + TILE_ROWS, params.height);
  let first = group.x * GROUPS * THREADS; // columns in fours
  let column = first + lane;
  let far = column + THREADS;
  let count = steps(top, first, z);
  var still: array<mat4x4f, GROUPS * 16u>;

  for (var k = 0u; k < count; k += STEPS) {
    for (var i = 0u; i < GROUPS * STEPS; i++) {
      still[i / STEPS * 16u + i % STEPS] = right4(column + i / STEPS * THREADS, k + i % STEPS, z);
    }
    for (var row = max(top, rowsFrom(first, k)); row < until; row++) {
      let at = leftAt(row, z) + k + lane;
      let kept = (row - top) * GROUPS;
      var c = vec4f();
      var d = vec4f();
      if (LONG > 0u) {
        c = sums[kept];
        if (GROUPS > 1u) {
          d = sums[kept + 1u];
        }
      }
      let a0 = left(at);
      let r0 = quadBroadcast(a0, 0u);
      let r1 = quadBroadcast(a0, 1u);
      let r2 = quadBroadcast(a0, 2u);
      let r3 = quadBroadcast(a0, 3u);
      c += r0 * still[0];
      c += r1 * still[1];
      c += r2 * still[2];
      c += r3 * still[3];
      if (GROUPS > 1u) {
        d += r0 * still[SECOND + 0u];
        d += r1 * still[SECOND + 1u];
        d += r2 * still[SECOND + 2u];
        d += r3 * still[SECOND + 3u];
      }
      let a1 = left(at + 4u);
      let r4 = quadBroadcast(a1, 0u);
      let r5 = quadBroadcast(a1, 1u);
      let r6 = quadBroadcast(a1, 2u);
      let r7 = quadBroadcast(a1, 3u);
      c += r4 * still[4];
      c += r5 * still[5];
      c += r6 * still[6];
      c += r7 * still[7];
      if (GROUPS > 1u) {
        d += r4 * still[SECOND + 4u];
        d += r5 * still[SECOND + 5u];
        d += r6 * still[SECOND + 6u];
        d += r7 * still[SECOND + 7u];
      }
      if (STEPS > 8u) {
        let a2 = left(at + 8u);
        let r8 = quadBroadcast(a2, 0u);
        let r9 = quadBroadcast(a2, 1u);
        let r10 = quadBroadcast(a2, 2u);
        let r11 = quadBroadcast(a2, 3u);
        c += r8 * still[8];
        c += r9 * still[9];
        c += r10 * still[10];
        c += r11 * still[11];
        if (GROUPS > 1u) {
          d += r8 * still[SECOND + 8u];
          d += r9 * still[SECOND + 9u];
          d += r10 * still[SECOND + 10u];
          d += r11 * still[SECOND + 11u];
        }
        let a3 = left(at + 12u);
        let r12 = quadBroadcast(a3, 0u);
        let r13 = quadBroadcast(a3, 1u);
        let r14 = quadBroadcast(a3, 2u);
        let r15 = quadBroadcast(a3, 3u);
        c += r12 * still[12];
        c += r13 * still[13];
        c += r14 * still[14];
        c += r15 * still[15];
        if (GROUPS > 1u) {
          d += r12 * still[SECOND + 12u];
          d += r13 * still[SECOND + 13u];
          d += r14 * still[SECOND + 14u];
          d += r15 * still[SECOND + 15u];
        }
      }
      if (LONG > 0u) {
        sums[kept] = c;
        if (GROUPS > 1u) {
          sums[kept + 1u] = d;
        }
      } else {
        if (inside(column)) {
          finish(row, column, z, c);
        }
        if (GROUPS > 1u && inside(far)) {
          finish(row, far, z, d);
        }
      }
    }
  }

  if (LONG > 0u && count > 0u) {
    for (var row = top; row < until; row++) {
      let kept = (row - top) * GROUPS;
      if (inside(column)) {
        finish(row, column, z, sums[kept]);
      }
      if (GROUPS > 1u && inside(far)) {
        finish(row, far, z, sums[kept + 1u]);
      }
    }
  }
}
