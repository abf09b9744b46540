// One matrix of a product with few rows: eight columns of row t of y = x Wᵀ, from row `row` of W on, to y[at] and y[at + 1] (in fours).
// `sums` (what a lane has of them) is added from gemv-weights.wgsl or gemv-quants.wgsl, `total` (a sum over the threads) from total-*.wgsl.
const ADDS = 0u; // 1: y += x Wᵀ

@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

fn put(at: u32, sum: vec4f) {
  if (ADDS > 0u) {
    y[at] += sum;
  } else {
    y[at] = sum;
  }
}

fn product(t: u32, row: u32, count: u32, at: u32, lane: u32) {
  let own = sums(t, row, count, lane);
  let low = total(own[0], lane);
  let high = total(own[1], lane);
  if (lane == 0u) {
    put(at, low);
    if (row + 4u < count) {
      put(at + 1u, high);
    }
  }
}
