// gate = activation(gate) * up in place: gate, up (T, ff). Shazeer 2020, arXiv 2002.05202. `activation` is added from silu.wgsl or gelu.wgsl.

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
  gate[index] = activation(gate[index]) * up[index];
}
