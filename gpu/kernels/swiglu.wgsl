// gate = silu(gate) * up in place, silu(z) = z / (1 + e^-z): gate, up (T, ff). Shazeer 2020, arXiv 2002.05202.

struct Params {
  count: u32, // T * ff / 4
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> up: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> gate: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.count) {
    return;
  }
  let z = gate[index];
  // Beyond 80 the quotient is zero anyway, and no infinity arises: compilers may assume that there is none.
  gate[index] = z / (1 + exp(min(-z, vec4f(80)))) * up[index];
}
