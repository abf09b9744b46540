enable subgroups;
diagnostic(off, subgroup_uniformity);

// Attention of one token in one dispatch, for adapters that compute on the processor, where a dispatch costs as much as some hundred keys:
// y (heads, head_dim) = softmax(scale * q kᵀ) v, q (heads, head_dim), keys and values (slots, kv_heads, head_dim). A workgroup is one
// subgroup and computes a few heads that share their keys: lanes share the slots for the scores, four at a time, and the dimensions for
// the values.
//
// What is seen: slots below `prefix`, and those from the token's own first one up to `last` (see attention-softmax.wgsl), but none that is
// more than `window` before it. `cached` and `cached1` (number format of the cache) are added from a file of its own, once for keys and
// once for values.

struct Params {
  group: u32, // query heads that share a key head
  c4: u32, // head_dim / 4
  width4: u32, // kv_heads * head_dim / 4
  begin: u32, // first slot that may be seen, a multiple of four
  prefix: u32,
  last: u32, // slot of the token
  window: u32,
  mask: u32, // slot s lies at s & mask
  row4: u32, // row length of scores / 4
  scale: f32, // log2(e) / sqrt(head_dim): the softmax counts in powers of two
}

const LANES = 8u;
const HEADS = 1u; // of one key head, which a workgroup computes: 1, 2 or 3
const HIDDEN = -1e30;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // q
@group(0) @binding(2) var<storage, read> rows: array<vec2u>; // position, first own slot
@group(0) @binding(3) var<storage, read_write> scores: array<vec4f>; // (heads, 4 * row4)
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

// The first number that is `params.window` - 1 before `last`, or 0.
fn windowStart(last: u32) -> u32 {
  return max(last + 1u, params.window) - params.window;
}

fn highestOf(x: vec4f) -> f32 {
  return max(max(x.x, x.y), max(x.z, x.w));
}

fn slotsAt(i: u32) -> vec4u {
  return vec4u(params.begin + 4u * i) + vec4u(0u, 1u, 2u, 3u);
}

// Scores of four slots, which nobody sees where `seen` is false.
fn scored(sum: vec4f, seen: vec4<bool>) -> vec4f {
  return select(vec4f(HIDDEN), sum * params.scale, seen);
}

// Scores of a head become weights 2^(s - m) in place, each by the lane that wrote it; their sum over all lanes.
fn weigh(base: u32, count: u32, lane: u32, m: f32) -> f32 {
  var total = vec4f();
  for (var i = lane; i < count; i += LANES) {
    let p = exp2(scores[base + i] - m);
    scores[base + i] = p;
    total += p;
  }
  return subgroupAdd(total.x + total.y + total.z + total.w);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x * HEADS;
  let c4 = params.c4;
  let q = head * c4;
  let at = head / params.group * c4;
  let base = head * params.row4;
  let base1 = base + params.row4;
  let base2 = base1 + params.row4;
  let last = vec4u(params.last);
  let count = (params.last - params.begin) / 4u + 1u;
  let prefixFrom = vec4u(windowStart(rows[0].x));
  let ownFrom = vec4u(max(rows[0].y, windowStart(params.last)));

  var highest = vec4f(HIDDEN);
  var highest1 = vec4f(HIDDEN);
  var highest2 = vec4f(HIDDEN);
  for (var i = lane; i < count; i += LANES) {
    let slots = slotsAt(i);
    let slot = min(slots, last) & vec4u(params.mask);
    var sum = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    for (var k = 0u; k < c4; k++) {
      let keys = mat4x4f(
        cached(slot.x, at + k, params.width4),
        cached(slot.y, at + k, params.width4),
        cached(slot.z, at + k, params.width4),
        cached(slot.w, at + k, params.width4),
      );
      sum += x[q + k] * keys;
      if (HEADS > 1u) {
        sum1 += x[q + c4 + k] * keys;
      }
      if (HEADS > 2u) {
        sum2 += x[q + 2u * c4 + k] * keys;
      }
    }
    let seen = ((slots >= prefixFrom) & (slots < vec4u(params.prefix))) | ((slots >= ownFrom) & (slots <= last));
    let score = scored(sum, seen);
    scores[base + i] = score;
    highest = max(highest, score);
    if (HEADS > 1u) {
      let score1 = scored(sum1, seen);
      scores[base1 + i] = score1;
      highest1 = max(highest1, score1);
    }
    if (HEADS > 2u) {
      let score2 = scored(sum2, seen);
      scores[base2 + i] = score2;
      highest2 = max(highest2, score2);
    }
  }

  let l = weigh(base, count, lane, subgroupMax(highestOf(highest)));
  var l1 = 1f;
  var l2 = 1f;
  if (HEADS > 1u) {
    l1 = weigh(base1, count, lane, subgroupMax(highestOf(highest1)));
  }
  if (HEADS > 2u) {
    l2 = weigh(base2, count, lane, subgroupMax(highestOf(highest2)));
  }
  storageBarrier();

  for (var k = lane; k < c4; k += LANES) {
    var sum = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    for (var i = 0u; i < count; i++) {
      let slot = min(slotsAt(i), last) & vec4u(params.mask);
      let values = mat4x4f(
        cached1(slot.x, at + k, params.width4),
        cached1(slot.y, at + k, params.width4),
        cached1(slot.z, at + k, params.width4),
        cached1(slot.w, at + k, params.width4),
      );
      sum += values * scores[base + i];
      if (HEADS > 1u) {
        sum1 += values * scores[base1 + i];
      }
      if (HEADS > 2u) {
        sum2 += values * scores[base2 + i];
      }
    }
    y[q + k] = sum / l;
    if (HEADS > 1u) {
      y[q + c4 + k] = sum1 / l1;
    }
    if (HEADS > 2u) {
      y[q + 2u * c4 + k] = sum2 / l2;
    }
  }
}
