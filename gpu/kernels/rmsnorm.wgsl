// y[t] = x[first + t] / sqrt(mean(x²) + ε) * gain: x (…, d), gain (d,), y (T, d). Zhang and Sennrich 2019, arXiv 1910.07467.
// One workgroup a row; `sumAcross` is that of across-*.wgsl.

struct Params {
  d4: u32, // d / 4
  first: u32,
  epsilon: f32,
}

const THREADS = 64u;
const LARGEST = 3.4e38f;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> gain: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let d4 = params.d4;
  let base = (params.first + group.x) * d4;
  var sum = 0f;
  for (var i = lane; i < d4; i += THREADS) {
    sum += dot(x[base + i], x[base + i]);
  }
  let total = sumAcross(sum, lane);
  // Squares that overflow would make zeros of all, and equal logits, which look like an answer. Then let what follows overflow too.
  let scale = select(inverseSqrt(total / f32(4u * d4) + params.epsilon), LARGEST, total > LARGEST);
  for (var i = lane; i < d4; i += THREADS) {
    y[group.x * d4 + i] = x[base + i] * scale * gain[i];
  }
}
