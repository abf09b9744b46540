// A matrix product by way of workgroup memory, for graphics cards: y = a bᵀ as in tile.wgsl, from the same parts of a kernel. 64
// threads, 8 by 8, compute a tile of 8 * ROWS rows and 8 * 4 * GROUPS columns; 16 steps of K at a time are staged, each number
// loaded (and unpacked from its format) once for all threads.
//
// Staged rows of a lie behind each other: eight threads side by side read the same number. Those of b lie in the order in which eight
// threads side by side read them, and one vector apart, so that no two of them meet in a bank of the memory, reading or writing.

const ROWS = 8u; // of a thread: 4 or 8
const GROUPS = 2u; // groups of four columns of a thread: 1 or 2
alias Staged = vec4f; // of b: vec4h where its format is half precision anyway

const SIDE = 8u; // threads
const DEPTH = 4u; // steps of K, in fours
const TILE_ROWS = SIDE * ROWS;
const FOURS = SIDE * GROUPS; // columns of the tile, in fours
const STRIDE = 4u * FOURS + 1u;

var<workgroup> stagedA: array<vec4f, TILE_ROWS * DEPTH>;
var<workgroup> stagedB: array<Staged, STRIDE * DEPTH>;

fn stage(row: u32, column: u32, z: u32, k: u32, count: u32, thread: u32) {
  for (var i = thread; i < TILE_ROWS * DEPTH; i += SIDE * SIDE) {
    let at = k + i % DEPTH;
    stagedA[i] = select(vec4f(), left(leftAt(min(row + i / DEPTH, params.height - 1u), z) + min(at, count - 1u)), at < count);
  }
  for (var i = thread; i < FOURS * DEPTH; i += SIDE * SIDE) {
    let b = right4(column + i / DEPTH, min(k + i % DEPTH, count - 1u), z);
    let at = i % DEPTH * STRIDE + i / DEPTH;
    stagedB[at] = Staged(b[0]);
    stagedB[at + FOURS] = Staged(b[1]);
    stagedB[at + 2u * FOURS] = Staged(b[2]);
    stagedB[at + 3u * FOURS] = Staged(b[3]);
  }
}

fn staged4(k: u32, four: u32) -> mat4x4f {
  let at = k * STRIDE + four;
  return mat4x4f(
    vec4f(stagedB[at]),
    vec4f(stagedB[at + FOURS]),
    vec4f(stagedB[at + 2u * FOURS]),
    vec4f(stagedB[at + 3u * FOURS]),
  );
}

fn finishRow(row: u32, column: u32, z: u32, sum: vec4f) {
  if (row < params.height) {
    finish(row, column, z, sum);
  }
}

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let z = group.z;
  let firstRow = TILE_ROWS * group.y;
  let firstColumn = FOURS * group.x; // in fours
  let count = steps(firstRow, firstColumn, z);
  if (count == 0u) {
    return;
  }

  var c0 = vec4f();
  var c1 = vec4f();
  var c2 = vec4f();
  var c3 = vec4f();
  var c4 = vec4f();
  var c5 = vec4f();
  var c6 = vec4f();
  var c7 = vec4f();
  var d0 = vec4f();
  var d1 = vec4f();
  var d2 = vec4f();
  var d3 = vec4f();
  var d4 = vec4f();
  var d5 = vec4f();
  var d6 = vec4f();
  var d7 = vec4f();

  for (var first = 0u; first < count; first += DEPTH) {
    stage(firstRow, firstColumn, z, first, count, thread.y * SIDE + thread.x);
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let at = thread.y * ROWS * DEPTH + k;
      let w = staged4(k, thread.x);
      let a0 = stagedA[at];
      let a1 = stagedA[at + DEPTH];
      let a2 = stagedA[at + 2u * DEPTH];
      let a3 = stagedA[at + 3u * DEPTH];
      c0 += a0 * w;
      c1 += a1 * w;
      c2 += a2 * w;
      c3 += a3 * w;
      if (ROWS > 4u) {
        let a4 = stagedA[at + 4u * DEPTH];
        let a5 = stagedA[at + 5u * DEPTH];
        let a6 = stagedA[at + 6u * DEPTH];
        let a7 = stagedA[at + 7u * DEPTH];
        c4 += a4 * w;
        c5 += a5 * w;
        c6 += a6 * w;
        c7 += a7 * w;
        if (GROUPS > 1u) {
          let v = staged4(k, thread.x + SIDE);
          d0 += a0 * v;
          d1 += a1 * v;
          d2 += a2 * v;
          d3 += a3 * v;
          d4 += a4 * v;
          d5 += a5 * v;
          d6 += a6 * v;
          d7 += a7 * v;
        }
      }
    }
    workgroupBarrier();
  }

  let row = firstRow + thread.y * ROWS;
  let column = firstColumn + thread.x;
  if (inside(column)) {
    finishRow(row, column, z, c0);
    finishRow(row + 1u, column, z, c1);
    finishRow(row + 2u, column, z, c2);
    finishRow(row + 3u, column, z, c3);
    if (ROWS > 4u) {
      finishRow(row + 4u, column, z, c4);
      finishRow(row + 5u, column, z, c5);
      finishRow(row + 6u, column, z, c6);
      finishRow(row + 7u, column, z, c7);
    }
  }
  let far = column + SIDE;
  if (GROUPS > 1u && inside(far)) {
    finishRow(row, far, z, d0);
    finishRow(row + 1u, far, z, d1);
    finishRow(row + 2u, far, z, d2);
    finishRow(row + 3u, far, z, d3);
    finishRow(row + 4u, far, z, d4);
    finishRow(row + 5u, far, z, d5);
    finishRow(row + 6u, far, z, d6);
    finishRow(row + 7u, far, z, d7);
  }
}
