// Second of three steps of attention over one tile of the cache: scores (kv_heads, rows, tile) become weights 2^(s - m) in place, with
// the running maximum m and sum l of the online softmax (Milakov and Gimelshein 2018, arXiv 1805.02867; Dao et al. 2022, arXiv
// 2205.14135). stats (kv_heads, rows) holds m, l and the factor by which what was added up before this tile shrinks.
//
// Token t sees slots below `prefix`, and slots from its own first one up to start + t. Without branches in the sequence `prefix` is
// `start`, which is plain causality; with them, several continuations of one prefix run as rows of one pass and do not see each other.
// With a sliding window a row sees `window` positions up to its own. A slot of the prefix stands at the position of its number.
// `highestAcross` and `sumAcross` are those of across-*.wgsl.

struct Params {
  group: u32, // rows of a token: query heads that share a key head
  prefix: u32,
  start: u32, // slot of token 0
  tile: u32, // first slot of the tile
  height: u32, // rows of scores and stats, a whole number of tiles
  abreast: u32, // rows of one of them, which the values step reads as far as the last one sees,
  stretch: u32, // in whole stretches of so many fours
  tile4: u32, // row length of scores / 4
  first: u32, // 1 for the first tile
  window: u32,
}

const THREADS = 64u;
const HIDDEN = -1e30;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<vec2u>; // position, first own slot
@group(0) @binding(2) var<storage, read_write> scores: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

struct Seen {
  prefixFrom: u32,
  ownFrom: u32,
  last: u32,
}

// The first number that is `params.window` - 1 before `last`, or 0.
fn windowStart(last: u32) -> u32 {
  return max(last + 1u, params.window) - params.window;
}

fn visible(slot: u32, seen: Seen) -> vec4<bool> {
  let slots = vec4u(slot, slot + 1u, slot + 2u, slot + 3u);
  let inPrefix = (slots >= vec4u(seen.prefixFrom)) & (slots < vec4u(params.prefix));
  let inOwn = (slots >= vec4u(seen.ownFrom)) & (slots <= vec4u(seen.last));
  return inPrefix | inOwn;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let stat = group.y * params.height + row;
  let base = stat * params.tile4;
  // Rows beyond the last token, which fill up a tile, have no workgroup, and nobody reads what becomes of them.
  let token = row / params.group;
  let last = params.start + token;
  let seen = Seen(windowStart(rows[token].x), max(rows[token].y, windowStart(last)), last);
  // What the values step reads of this row.
  let reach = params.start + (row / params.abreast * params.abreast + params.abreast - 1u) / params.group + 1u;
  let fours = max(1u, (max(reach, params.tile) - params.tile + 3u) / 4u);
  let width = min((fours + params.stretch - 1u) / params.stretch * params.stretch, params.tile4);
  // As many fours, from the tile's first slot on, are seen whole: most of them, and nothing has to be masked there.
  let one = seen.prefixFrom <= params.tile && seen.ownFrom <= max(params.prefix, params.tile);
  let whole = select(0u, min(width, (max(last + 1u, params.tile) - params.tile) / 4u), one);

  var before = vec4f(HIDDEN, 0, 0, 0);
  if (params.first == 0u) {
    before = stats[stat];
  }
  var highest = vec4f(HIDDEN);
  var i = lane;
  for (; i < whole; i += THREADS) {
    highest = max(highest, scores[base + i]);
  }
  for (; i < width; i += THREADS) {
    highest = max(highest, select(vec4f(HIDDEN), scores[base + i], visible(params.tile + 4u * i, seen)));
  }
  let m = max(before.x, highestAcross(max(max(highest.x, highest.y), max(highest.z, highest.w)), lane));

  var sum = vec4f();
  i = lane;
  for (; i < whole; i += THREADS) {
    let p = exp2(scores[base + i] - m);
    scores[base + i] = p;
    sum += p;
  }
  for (; i < width; i += THREADS) {
    let p = select(vec4f(), exp2(scores[base + i] - m), visible(params.tile + 4u * i, seen));
    scores[base + i] = p;
    sum += p;
  }
  let added = sumAcross(sum.x + sum.y + sum.z + sum.w, lane);
  if (lane == 0u) {
    let factor = exp2(before.x - m);
    stats[stat] = vec4f(m, before.y * factor + added, factor, 0);
  }
}
