// What the THREADS threads of a workgroup have, brought together for each of them.
var<workgroup> partial: array<f32, THREADS>;

fn highestAcross(x: f32, lane: u32) -> f32 {
  partial[lane] = x;
  workgroupBarrier();
  var highest = x;
  for (var other = 0u; other < THREADS; other++) {
    highest = max(highest, partial[other]);
  }
  workgroupBarrier();
  return highest;
}

fn sumAcross(x: f32, lane: u32) -> f32 {
  partial[lane] = x;
  workgroupBarrier();
  var sum = 0f;
  for (var other = 0u; other < THREADS; other++) {
    sum += partial[other];
  }
  workgroupBarrier();
  return sum;
}
