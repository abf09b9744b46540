// gate = gelu(gate) * up in place, gelu(z) = z / 2 * (1 + tanh(√(2/π) (z + 0.044715 z³))): gate, up (T, ff). Hendrycks and Gimpel 2016,
// arXiv 1606.08415; Shazeer 2020, arXiv 2002.05202. As (1 + tanh(a)) / 2 = 1 / (1 + e^(-2a)), it is z / (1 + e^(-2a)).

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
  // 2 √(2/π). Beyond 80 the quotient is zero anyway, and no infinity arises: compilers may assume that there is none.
  let a = 1.5957691216057308 * z * (1 + 0.044715 * z * z);
  gate[index] = z / (1 + exp(min(-a, vec4f(80)))) * up[index];
}
