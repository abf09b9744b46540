enable subgroups;
diagnostic(off, subgroup_uniformity);

// Eight rows of a, shared by the lanes of a quad: each loads two of them and reads the other six from its neighbours. On adapters
// that compute on the CPU a load costs more than arithmetic, and this makes a quarter of them.
struct Eight {
  low: mat4x4f,
  high: mat4x4f,
}

// Where a lane's own rows begin.
struct RowsAt {
  low: u32,
  high: u32,
}

fn rowsAt(row: u32, z: u32, lane: u32) -> RowsAt {
  let own = row + (lane & 3u);
  return RowsAt(leftAt(own, z), leftAt(own + 4u, z));
}

// A lane's own row comes first, then those of its neighbours: swapped, not broadcast, which takes SwiftShader one instruction a number
// instead of seven. So each lane has the rows in an order of its own.
fn rows8(at: RowsAt, k: u32) -> Eight {
  let low = left(at.low + k);
  let high = left(at.high + k);
  return Eight(
    mat4x4f(low, quadSwapX(low), quadSwapY(low), quadSwapDiagonal(low)),
    mat4x4f(high, quadSwapX(high), quadSwapY(high), quadSwapDiagonal(high)),
  );
}

fn rowOf(i: u32, lane: u32) -> u32 {
  return i ^ (lane & 3u);
}
