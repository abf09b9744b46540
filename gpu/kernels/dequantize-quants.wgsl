// As dequantize.wgsl, for formats with scales: a thread unpacks all columns that share one. `quants` and `scaling` are parts of a format.

struct Params {
  k4: u32, // K / 4
  first: u32,
  count: u32,
}

const THREADS = 64u;
const SHARED = 8u; // columns of a scale, in fours

@group(0) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = SHARED * ((group.y * groups.x + group.x) * THREADS + lane);
  if (index >= params.count * params.k4) {
    return;
  }
  let at = params.first * params.k4 + index;
  let s = scaling(at);
  for (var i = 0u; i < SHARED; i++) {
    put(index + i, quants(at + i) * s.x + s.y);
  }
}
