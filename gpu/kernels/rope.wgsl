// Rotates interleaved pairs (2i, 2i + 1) of every head in place: x (T, heads, head_dim) by the angle of row t's position. Su et al.
// 2021, arXiv 2104.09864. The table (positions, head_dim / 2) holds cos and sin; scaling of positions is in it (rope-scaling.ts).
// One thread a pair.

struct Params {
  rows: u32, // T
  heads: u32,
  pairs: u32, // head_dim / 2
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec2u>; // position, first own slot
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> x: array<vec2f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.rows * params.heads * params.pairs) {
    return;
  }
  let position = rows[index / (params.heads * params.pairs)].x;
  let turn = table[position * params.pairs + index % params.pairs];
  let v = x[index];
  x[index] = vec2f(v.x * turn.x - v.y * turn.y, v.x * turn.y + v.y * turn.x);
}
