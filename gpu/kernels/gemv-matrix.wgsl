// One matrix of a product with few rows: of row t of y = x Wᵀ the eight columns of a workgroup (gemv-rows.wgsl), column n to y[at + n].
// `sums` (what a lane has of them) is added from gemv-weights.wgsl or gemv-quants.wgsl, `total` (a sum over the threads) from total-*.wgsl.
const ADDS = 0u; // 1: y += x Wᵀ

@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn product(t: u32, group: u32, begin: u32, end: u32, at: u32, lane: u32) {
  let rows = eightRows(group, begin, end);
  let own = sums(t, rows, end, lane);
  let all = array(total(own[0], lane), total(own[1], lane));
  for (var i = lane; i < 8u; i += LANES) {
    let n = rows[i / 4u][i % 4u];
    if (n < end) {
      let sum = all[i / 4u][i % 4u];
      if (ADDS > 0u) {
        y[at + n] += sum;
      } else {
        y[at + n] = sum;
      }
    }
  }
}
