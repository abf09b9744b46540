// out[first + t] = logits[t, targets[first + t]] - log Σ exp(logits[t]): logits (T, width) of which `vocabulary` columns count, targets and out
// (rows,). One workgroup a row; `highestAcross` and `sumAcross` are those of across-*.wgsl.

struct Params {
  vocabulary: u32,
  width: u32,
  first: u32,
}

const THREADS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let base = group.x * params.width;
  var highest = logits[base];
  for (var i = lane; i < params.vocabulary; i += THREADS) {
    highest = max(highest, logits[base + i]);
  }
  highest = highestAcross(highest, lane);

  var sum = 0f;
  for (var i = lane; i < params.vocabulary; i += THREADS) {
    sum += exp(logits[base + i] - highest);
  }
  let total = sumAcross(sum, lane);
  if (lane == 0u) {
    let row = params.first + group.x;
    out[row] = logits[base + targets[row]] - highest - log(total);
  }
}
