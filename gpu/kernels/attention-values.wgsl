// Last of three steps of attention over one tile of the cache: y (T, heads, head_dim) = y * factor + weights v, with the weights
// (kv_heads, rows, tile) and factors of the softmax step, and values (slots, kv_heads, head_dim) from slot `tile` on. After the last
// tile y is divided by the sum of the weights. This is what tile*.wgsl multiplies and where it puts it; rows are those of
// attention-scores.wgsl, and slots beyond what a tile's rows see are left out.

struct Params {
  heads: u32,
  group: u32, // query heads that share a value head
  c4: u32, // head_dim / 4
  start: u32, // slot of row 0
  tile: u32, // first slot of the tile
  end: u32, // slots in use
  height: u32, // rows of weights and stats, a whole number of tiles
  tile4: u32, // row length of weights / 4
  first: u32, // 1 for the first tile
  last: u32, // 1 for the last tile
  mask: u32, // slot s lies at s & mask
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // weights
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

// A row that sees nothing of this tile still shrinks what it has: at least one step, of weights that are zero.
fn steps(row: u32, column: u32, z: u32) -> u32 {
  let seen = params.start + (row + TILE_ROWS - 1u) / params.group + 1u;
  return clamp((max(seen, params.tile) - params.tile + 3u) / 4u, 1u, params.tile4);
}

fn rowsFrom(column: u32, k: u32) -> u32 {
  return (max(params.tile + 4u * k, params.start) - params.start) * params.group;
}

fn leftAt(row: u32, z: u32) -> u32 {
  return (z * params.height + row) * params.tile4;
}

fn left(at: u32) -> vec4f {
  return x[at];
}

// Four slots of four dimensions, turned: a thread's columns are dimensions.
fn right4(column: u32, k: u32, z: u32) -> mat4x4f {
  let slot = min(vec4u(params.tile + 4u * k) + vec4u(0u, 1u, 2u, 3u), vec4u(params.end - 1u)) & vec4u(params.mask);
  let width4 = params.heads / params.group * params.c4;
  let at = z * params.c4 + min(column, params.c4 - 1u);
  return transpose(
    mat4x4f(cached(slot.x, at, width4), cached(slot.y, at, width4), cached(slot.z, at, width4), cached(slot.w, at, width4)),
  );
}

fn inside(column: u32) -> bool {
  return column < params.c4;
}

fn finish(row: u32, column: u32, z: u32, sum: vec4f) {
  let s = stats[z * params.height + row];
  let at = (row / params.group * params.heads + z * params.group + row % params.group) * params.c4 + column;
  var total = sum;
  if (params.first == 0u) {
    total += y[at] * s.z;
  }
  if (params.last == 1u) {
    total /= s.y;
  }
  y[at] = total;
}
