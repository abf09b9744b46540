// First of three steps of attention over one tile of the cache: scores (kv_heads, rows, tile) = scale * q kᵀ, q (T, heads, head_dim),
// keys (slots, kv_heads, head_dim) from slot `tile` on; what tile*.wgsl multiplies and where it puts it. `cached` (number format of the
// cache) is added from a file of its own.
//
// Consecutive query heads share a key head: a row is one of them for one token, row = t * group + head % group, so that they share
// what is loaded. Nothing is masked yet, but blocks beyond what their rows see are left out.

struct Params {
  heads: u32,
  group: u32, // query heads that share a key head
  c4: u32, // head_dim / 4
  start: u32, // slot of row 0
  tile: u32, // first slot of the tile
  end: u32, // slots in use
  height: u32, // rows of scores, a whole number of tiles
  tile4: u32, // row length of scores / 4
  mask: u32, // slot s lies at s & mask
  scale: f32, // log2(e) / sqrt(head_dim): the softmax counts in powers of two
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // q
@group(0) @binding(2) var<storage, read_write> scores: array<vec4f>;

fn steps(row: u32, column: u32, z: u32) -> u32 {
  let last = params.start + (row + TILE_ROWS - 1u) / params.group;
  return select(params.c4, 0u, params.tile + 4u * column > last);
}

fn rowsFrom(column: u32, k: u32) -> u32 {
  return (max(params.tile + 4u * column, params.start) - params.start) * params.group;
}

fn leftAt(row: u32, z: u32) -> u32 {
  return (row / params.group * params.heads + z * params.group + row % params.group) * params.c4;
}

fn left(at: u32) -> vec4f {
  return x[at];
}

fn right4(column: u32, k: u32, z: u32) -> mat4x4f {
  let slot = min(vec4u(params.tile + 4u * column) + vec4u(0u, 1u, 2u, 3u), vec4u(params.end - 1u)) & vec4u(params.mask);
  let width4 = params.heads / params.group * params.c4;
  let at = z * params.c4 + k;
  return mat4x4f(cached(slot.x, at, width4), cached(slot.y, at, width4), cached(slot.z, at, width4), cached(slot.w, at, width4));
}

fn inside(column: u32) -> bool {
  return column < params.tile4;
}

fn finish(row: u32, column: u32, z: u32, sum: vec4f) {
  scores[(z * params.height + row) * params.tile4 + column] = sum * params.scale;
}
