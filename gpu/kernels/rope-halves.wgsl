// Rotates pairs (i, i + pairs) of every head in place: x (T, heads, head_dim) by the angle of row t's position, as GPT-NeoX lays pairs
// out (Black et al. 2022, arXiv 2204.06745). Dimensions from 2 * pairs on stay. The table (positions, pairs) holds cos and sin. One
// thread a pair.

struct Params {
  rows: u32, // T
  heads: u32,
  pairs: u32, // rotated dimensions / 2
  headDim: u32,
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec2u>; // position, first own slot
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  let pairs = params.pairs;
  if (index >= params.rows * params.heads * pairs) {
    return;
  }
  let pair = index % pairs;
  let position = rows[index / (params.heads * pairs)].x;
  let turn = table[position * pairs + pair];
  let at = (index / pairs) * params.headDim + pair;
  let v = vec2f(x[at], x[at + pairs]);
  x[at] = v.x * turn.x - v.y * turn.y;
  x[at + pairs] = v.x * turn.y + v.y * turn.x;
}
