enable subgroups;
diagnostic(off, subgroup_uniformity);

// Eight rows of a, shared by the eight lanes of a workgroup: each loads one of them and reads the other seven from its neighbours
// (see rows-quad.wgsl).
struct Eight {
  low: mat4x4f,
  high: mat4x4f,
}

// Where a lane's own row begins.
alias RowsAt = u32;

fn rowsAt(row: u32, z: u32, lane: u32) -> RowsAt {
  return leftAt(row + (lane & 7u), z);
}

fn rows8(at: RowsAt, k: u32) -> Eight {
  let own = left(at + k);
  return Eight(
    mat4x4f(subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u)),
    mat4x4f(subgroupBroadcast(own, 4u), subgroupBroadcast(own, 5u), subgroupBroadcast(own, 6u), subgroupBroadcast(own, 7u)),
  );
}

fn rowOf(i: u32, lane: u32) -> u32 {
  return i;
}
