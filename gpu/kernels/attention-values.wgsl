// Last of three steps of attention over one tile of the cache: y (T, heads, head_dim) = y * factor + weights v, with the weights (heads,
// rows, tile) and factors of the softmax step, and values (slots, kv_heads, head_dim) from slot `tile` on. After the last tile y is
// divided by the sum of the weights.
//
// A matrix product like matmul.wgsl: a thread computes TILE_ROWS rows times 4 consecutive dimensions of one head.

struct Params {
  heads: u32,
  group: u32, // query heads that share a value head
  c4: u32, // head_dim / 4
  tile: u32, // first slot of the tile
  end: u32, // slots in use
  rows: u32, // rows of weights and stats, a whole number of tiles
  tile4: u32, // row length of weights / 4
  first: u32, // 1 for the first tile
  last: u32, // 1 for the last tile
}

const THREADS = 16u;
const TILE_ROWS = 16u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // weights
@group(0) @binding(2) var<storage, read> values: array<Stored>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

fn value(slot: u32, stride: u32, at: u32) -> vec4f {
  return load(values[min(slot, params.end - 1u) * stride + at]);
}

fn finish(at: u32, stat: u32, sum: vec4f) {
  let s = stats[stat];
  var total = sum;
  if (params.first == 0u) {
    total += y[at] * s.z;
  }
  if (params.last == 1u) {
    total /= s.y;
  }
  y[at] = total;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let c4 = params.c4;
  let head = group.z;
  let column = group.x * THREADS + lane;
  let row = TILE_ROWS * group.y;
  let stride = params.heads * c4;
  let valueStride = stride / params.group;
  let valueAt = (head / params.group) * c4 + min(column, c4 - 1u);
  let width = params.tile4;

  var o0 = vec4f();
  var o1 = vec4f();
  var o2 = vec4f();
  var o3 = vec4f();
  var o4 = vec4f();
  var o5 = vec4f();
  var o6 = vec4f();
  var o7 = vec4f();
  var o8 = vec4f();
  var o9 = vec4f();
  var o10 = vec4f();
  var o11 = vec4f();
  var o12 = vec4f();
  var o13 = vec4f();
  var o14 = vec4f();
  var o15 = vec4f();

  for (var i = 0u; i < width; i++) {
    let slot = params.tile + 4u * i;
    let v = mat4x4f(
      value(slot, valueStride, valueAt),
      value(slot + 1u, valueStride, valueAt),
      value(slot + 2u, valueStride, valueAt),
      value(slot + 3u, valueStride, valueAt),
    );
    let at = (head * params.rows + row) * width + i;
    let a = rows4(at, width, lane);
    o0 += v * a[0];
    o1 += v * a[1];
    o2 += v * a[2];
    o3 += v * a[3];
    if (TILE_ROWS > 4u) {
      let b = rows4(at + 4u * width, width, lane);
      o4 += v * b[0];
      o5 += v * b[1];
      o6 += v * b[2];
      o7 += v * b[3];
      let c = rows4(at + 8u * width, width, lane);
      o8 += v * c[0];
      o9 += v * c[1];
      o10 += v * c[2];
      o11 += v * c[3];
      let d = rows4(at + 12u * width, width, lane);
      o12 += v * d[0];
      o13 += v * d[1];
      o14 += v * d[2];
      o15 += v * d[3];
    }
  }

  if (column >= c4) {
    return;
  }
  let at = row * stride + head * c4 + column;
  let stat = head * params.rows + row;
  finish(at, stat, o0);
  finish(at + stride, stat + 1u, o1);
  finish(at + 2u * stride, stat + 2u, o2);
  finish(at + 3u * stride, stat + 3u, o3);
  if (TILE_ROWS > 4u) {
    finish(at + 4u * stride, stat + 4u, o4);
    finish(at + 5u * stride, stat + 5u, o5);
    finish(at + 6u * stride, stat + 6u, o6);
    finish(at + 7u * stride, stat + 7u, o7);
    finish(at + 8u * stride, stat + 8u, o8);
    finish(at + 9u * stride, stat + 9u, o9);
    finish(at + 10u * stride, stat + 10u, o10);
    finish(at + 11u * stride, stat + 11u, o11);
    finish(at + 12u * stride, stat + 12u, o12);
    finish(at + 13u * stride, stat + 13u, o13);
    finish(at + 14u * stride, stat + 14u, o14);
    finish(at + 15u * stride, stat + 15u, o15);
  }
}
