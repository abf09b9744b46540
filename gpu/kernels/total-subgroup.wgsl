enable subgroups;
diagnostic(off, subgroup_uniformity);

// The sum over the threads of a workgroup that is one subgroup.
fn total(x: vec4f, lane: u32) -> vec4f {
  return subgroupAdd(x);
}
