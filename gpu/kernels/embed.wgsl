// x[t] = E[tokens[t]]: E (vocabulary, d), tokens (T,), x (T, d). E may be one block of rows of the whole matrix: tokens whose row lies
// in another block are left to it.

struct Params {
  rows: u32, // T
  d4: u32, // d / 4
  first: u32, // first row of this block
  count: u32, // its rows
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * THREADS + lane;
  if (index >= params.rows * params.d4) {
    return;
  }
  let token = tokens[index / params.d4];
  if (token >= params.first && token < params.first + params.count) {
    x[index] = weight(token - params.first, index % params.d4, params.d4);
  }
}
