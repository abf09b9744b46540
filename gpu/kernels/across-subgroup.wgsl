enable subgroups;
diagnostic(off, subgroup_uniformity);

// What the threads of a workgroup that is one subgroup have, brought together for each of them.
fn highestAcross(x: f32, lane: u32) -> f32 {
  return subgroupMax(x);
}

fn sumAcross(x: f32, lane: u32) -> f32 {
  return subgroupAdd(x);
}
