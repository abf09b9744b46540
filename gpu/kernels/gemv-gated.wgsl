// y = activation(x Gᵀ) * x Uᵀ for few rows: x (T, K), G and U (ff, K) row-major, y (T, ff). One workgroup computes 8 columns of one row
// (gemv-rows.wgsl); its LANES threads lie along K. `sums` and `sums1` (what a lane has of the two products), `total` (a sum over the
// threads) and `activation` are added from files of their own.

struct Params {
  k4: u32, // K / 4
  count: u32, // ff
}

const LANES = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let rows = eightRows(group.x, 0u, params.count);
  let gate = sums(group.y, rows, params.count, lane);
  let up = sums1(group.y, rows, params.count, lane);
  let low = activation(total(gate[0], lane)) * total(up[0], lane);
  let high = activation(total(gate[1], lane)) * total(up[1], lane);
  let all = array(low, high);
  for (var i = lane; i < 8u; i += LANES) {
    let n = rows[i / 4u][i % 4u];
    if (n < params.count) {
      y[group.y * params.count + n] = all[i / 4u][i % 4u];
    }
  }
}
