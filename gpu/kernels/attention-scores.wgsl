// First of three steps of attention over one tile of the cache: scores (heads, rows, tile) = scale * q kᵀ, q (T, heads, head_dim), keys
// (slots, kv_heads, head_dim) from slot `tile` on. Consecutive query heads share a key head. Nothing is masked yet.
//
// A matrix product like matmul.wgsl: a thread computes TILE_ROWS query rows times 4 consecutive keys.

struct Params {
  heads: u32,
  group: u32, // query heads that share a key head
  c4: u32, // head_dim / 4
  tile: u32, // first slot of the tile
  end: u32, // slots in use
  rows: u32, // rows of scores, a whole number of tiles
  tile4: u32, // row length of scores / 4
  scale: f32, // log2(e) / sqrt(head_dim): the softmax counts in powers of two
}

const THREADS = 64u;
const TILE_ROWS = 16u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> keys: array<Stored>;
@group(0) @binding(3) var<storage, read_write> scores: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let c4 = params.c4;
  let head = group.z;
  let column = group.x * THREADS + lane;
  let row = TILE_ROWS * group.y;
  let stride = params.heads * c4;
  let keyStride = stride / params.group;
  let keyHead = (head / params.group) * c4;
  let slot = params.tile + 4u * column;
  let last = params.end - 1u;
  let k0 = min(slot, last) * keyStride + keyHead;
  let k1 = min(slot + 1u, last) * keyStride + keyHead;
  let k2 = min(slot + 2u, last) * keyStride + keyHead;
  let k3 = min(slot + 3u, last) * keyStride + keyHead;

  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  var s4 = vec4f();
  var s5 = vec4f();
  var s6 = vec4f();
  var s7 = vec4f();
  var s8 = vec4f();
  var s9 = vec4f();
  var s10 = vec4f();
  var s11 = vec4f();
  var s12 = vec4f();
  var s13 = vec4f();
  var s14 = vec4f();
  var s15 = vec4f();

  for (var i = 0u; i < c4; i++) {
    let w = mat4x4f(load(keys[k0 + i]), load(keys[k1 + i]), load(keys[k2 + i]), load(keys[k3 + i]));
    let at = row * stride + head * c4 + i;
    let a = rows4(at, stride, lane);
    s0 += a[0] * w;
    s1 += a[1] * w;
    s2 += a[2] * w;
    s3 += a[3] * w;
    if (TILE_ROWS > 4u) {
      let b = rows4(at + 4u * stride, stride, lane);
      s4 += b[0] * w;
      s5 += b[1] * w;
      s6 += b[2] * w;
      s7 += b[3] * w;
      let c = rows4(at + 8u * stride, stride, lane);
      s8 += c[0] * w;
      s9 += c[1] * w;
      s10 += c[2] * w;
      s11 += c[3] * w;
      let d = rows4(at + 12u * stride, stride, lane);
      s12 += d[0] * w;
      s13 += d[1] * w;
      s14 += d[2] * w;
      s15 += d[3] * w;
    }
  }

  let width = params.tile4;
  if (column >= width) {
    return;
  }
  let scale = params.scale;
  let at = (head * params.rows + row) * width + column;
  scores[at] = s0 * scale;
  scores[at + width] = s1 * scale;
  scores[at + 2u * width] = s2 * scale;
  scores[at + 3u * width] = s3 * scale;
  if (TILE_ROWS > 4u) {
    scores[at + 4u * width] = s4 * scale;
    scores[at + 5u * width] = s5 * scale;
    scores[at + 6u * width] = s6 * scale;
    scores[at + 7u * width] = s7 * scale;
    scores[at + 8u * width] = s8 * scale;
    scores[at + 9u * width] = s9 * scale;
    scores[at + 10u * width] = s10 * scale;
    scores[at + 11u * width] = s11 * scale;
    scores[at + 12u * width] = s12 * scale;
    scores[at + 13u * width] = s13 * scale;
    scores[at + 14u * width] = s14 * scale;
    scores[at + 15u * width] = s15 * scale;
  }
}
