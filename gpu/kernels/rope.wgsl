// Rotates pairs of dimensions of every head in place: q (T, heads, head_dim) and k (T, kv_heads, head_dim) by the angle of row t's
// position. Su et al. 2021, arXiv 2104.09864. Pairs are (2i, 2i + 1), or (i, i + pairs) as GPT-NeoX lays them out (Black et al. 2022,
// arXiv 2204.06745); dimensions from 2 * pairs on stay. The table (positions, pairs) holds cos and sin; scaling of positions is in it
// (rope-scaling.ts). One thread a pair.

struct Params {
  count: u32, // T * (heads + kv_heads) * pairs
  heads: u32,
  kvHeads: u32,
  pairs: u32, // rotated dimensions / 2
  headDim: u32,
}

const THREADS = 64u;
const HALVES = 0u; // 1: pairs are (i, i + pairs)

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec2u>; // position, first own slot
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> q: array<f32>;
@group(0) @binding(4) var<storage, read_write> k: array<f32>;

fn turned(v: vec2f, turn: vec2f) -> vec2f {
  return vec2f(v.x * turn.x - v.y * turn.y, v.x * turn.y + v.y * turn.x);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.count) {
    return;
  }
  let pair = index % params.pairs;
  let heads = params.heads + params.kvHeads;
  let t = index / params.pairs / heads;
  let head = index / params.pairs % heads; // of the queries, then of the keys
  let turn = table[rows[t].x * params.pairs + pair];
  let first = select(2u * pair, pair, HALVES > 0u);
  let apart = select(1u, params.pairs, HALVES > 0u);
  if (head < params.heads) {
    let at = (t * params.heads + head) * params.headDim + first;
    let v = turned(vec2f(q[at], q[at + apart]), turn);
    q[at] = v.x;
    q[at + apart] = v.y;
  } else {
    let at = (t * params.kvHeads + head - params.heads) * params.headDim + first;
    let v = turned(vec2f(k[at], k[at + apart]), turn);
    k[at] = v.x;
    k[at + apart] = v.y;
  }
}
