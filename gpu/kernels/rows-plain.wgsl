// Eight rows of a, each thread on its own.
struct Eight {
  low: mat4x4f,
  high: mat4x4f,
}

// Where they begin.
struct RowsAt {
  low: vec4u,
  high: vec4u,
}

fn rowsAt(row: u32, z: u32, lane: u32) -> RowsAt {
  return RowsAt(
    vec4u(leftAt(row, z), leftAt(row + 1u, z), leftAt(row + 2u, z), leftAt(row + 3u, z)),
    vec4u(leftAt(row + 4u, z), leftAt(row + 5u, z), leftAt(row + 6u, z), leftAt(row + 7u, z)),
  );
}

fn rows8(at: RowsAt, k: u32) -> Eight {
  let low = at.low + k;
  let high = at.high + k;
  return Eight(
    mat4x4f(left(low.x), left(low.y), left(low.z), left(low.w)),
    mat4x4f(left(high.x), left(high.y), left(high.z), left(high.w)),
  );
}

fn rowOf(i: u32, lane: u32) -> u32 {
  return i;
}
