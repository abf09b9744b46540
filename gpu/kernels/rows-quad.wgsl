enable subgroups;
diagnostic(off, subgroup_uniformity);

// Four rows of x, `stride` apart, at `at`: each lane of a quad loads one of them and reads the other three from its neighbours. On
// adapters that compute on the CPU a load costs more than arithmetic, and this makes a quarter of them.
fn rows4(at: u32, stride: u32, lane: u32) -> mat4x4f {
  let own = x[at + (lane & 3u) * stride];
  return mat4x4f(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}
