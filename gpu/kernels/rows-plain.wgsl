// Four rows of x, `stride` apart, at `at`.
fn rows4(at: u32, stride: u32, lane: u32) -> mat4x4f {
  return mat4x4f(x[at], x[at + stride], x[at + 2u * stride], x[at + 3u * stride]);
}
