enable subgroups;
diagnostic(off, subgroup_uniformity);

// Are the threads of this workgroup the lanes of one subgroup, in their order? Each writes 1 if what it reads from each of the others
// is that one's number, and if together they are LANES.

const LANES = 4u;

@group(0) @binding(0) var<storage, read_write> answers: array<u32>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  let low = vec4u(
    subgroupBroadcast(lane, 0u),
    subgroupBroadcast(lane, 1u),
    subgroupBroadcast(lane, 2u),
    subgroupBroadcast(lane, 3u),
  );
  let quad = vec4u(quadBroadcast(lane, 0u), quadBroadcast(lane, 1u), quadBroadcast(lane, 2u), quadBroadcast(lane, 3u));
  let last = subgroupBroadcast(lane, LANES - 1u);
  let inOrder = all(low == vec4u(0u, 1u, 2u, 3u)) && all(quad == low + (lane & 4u)) && last == LANES - 1u;
  answers[lane] = select(0u, 1u, inOrder && subgroupAdd(1u) == LANES);
}
