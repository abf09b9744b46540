// Rows of a weight matrix as f32: y (count, K) = W (N, K), rows first … first + count - 1. Software adapters multiply faster when a
// format is unpacked once for many rows of x than again for each tile of them. `put` (where y lies) is added from a file of its own.

struct Params {
  k4: u32, // K / 4
  first: u32,
  count: u32,
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.count * params.k4) {
    return;
  }
  // As a column of the first row: a processor divides lane by lane.
  put(index, weight(0u, params.first * params.k4 + index, 0u));
}
