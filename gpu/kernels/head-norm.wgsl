// Every head of x (T, heads, head_dim) divided by its root mean square and multiplied by gain (head_dim,), in place: the norm that keeps
// scores of attention within bounds (Henry et al. 2020, arXiv 2010.04245). One thread a head; heads are short.

struct Params {
  count: u32, // T * heads
  d4: u32, // head_dim / 4
  epsilon: f32,
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gain: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = (group.y * groups.x + group.x) * THREADS + lane;
  if (head >= params.count) {
    return;
  }
  let d4 = params.d4;
  let base = head * d4;
  var sum = 0f;
  for (var i = 0u; i < d4; i++) {
    sum += dot(x[base + i], x[base + i]);
  }
  let scale = inverseSqrt(sum / f32(4u * d4) + params.epsilon);
  for (var i = 0u; i < d4; i++) {
    x[base + i] *= scale * gain[i];
  }
}
