// A matrix product of few rows and few columns but many steps of K, for graphics cards: the values of one token's attention. y = a bᵀ as
// in tile.wgsl, from the same parts of a kernel. A workgroup computes 4 rows and 16 groups of 4 columns; 16 threads share a group, each
// takes every 16th step, and what they have is added up in workgroup memory.

const TILE_ROWS = 4u;
const COLUMNS = 16u; // in fours
const LANES = 16u; // threads that share a group of columns

var<workgroup> partial: array<vec4f, COLUMNS * LANES>;

// The sum over the lanes of a column, for its first lane.
fn totalOf(sum: vec4f, thread: u32) -> vec4f {
  partial[thread] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (thread < half * COLUMNS) {
      partial[thread] += partial[thread + half * COLUMNS];
    }
    workgroupBarrier();
  }
  let total = partial[thread % COLUMNS];
  workgroupBarrier();
  return total;
}

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let z = group.z;
  let row = TILE_ROWS * group.y;
  let column = COLUMNS * group.x + thread % COLUMNS;
  let count = steps(row, COLUMNS * group.x, z);
  let a0 = leftAt(row, z);
  let a1 = leftAt(row + 1u, z);
  let a2 = leftAt(row + 2u, z);
  let a3 = leftAt(row + 3u, z);
  var c0 = vec4f();
  var c1 = vec4f();
  var c2 = vec4f();
  var c3 = vec4f();
  for (var k = thread / COLUMNS; k < count; k += LANES) {
    let w = right4(column, k, z);
    c0 += left(a0 + k) * w;
    c1 += left(a1 + k) * w;
    c2 += left(a2 + k) * w;
    c3 += left(a3 + k) * w;
  }
  c0 = totalOf(c0, thread);
  c1 = totalOf(c1, thread);
  c2 = totalOf(c2, thread);
  c3 = totalOf(c3, thread);
  if (thread < COLUMNS && inside(column)) {
    finish(row, column, z, c0);
    finish(row + 1u, column, z, c1);
    finish(row + 2u, column, z, c2);
    finish(row + 3u, column, z, c3);
  }
}
