// The sum over the LANES threads of a workgroup, for its first one.
var<workgroup> partial: array<vec4f, LANES>;

fn total(x: vec4f, lane: u32) -> vec4f {
  partial[lane] = x;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let sum = partial[0];
  workgroupBarrier();
  return sum;
}
