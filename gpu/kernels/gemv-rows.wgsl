// Which eight of the rows begin … end - 1 of W a workgroup multiplies by.
//
// SPREAD: an eighth of them apart, so that workgroup after workgroup reads on in eight straight lines. A processor, which computes one
// workgroup after the other, fetches those beforehand; of eight neighbouring rows it sees pieces here and there.
const SPREAD = 0u;

fn eightRows(group: u32, begin: u32, end: u32) -> array<vec4u, 2> {
  let apart = select(1u, (end - begin + 7u) / 8u, SPREAD > 0u);
  let first = begin + select(8u * group, group, SPREAD > 0u);
  return array(first + apart * vec4u(0u, 1u, 2u, 3u), first + apart * vec4u(4u, 5u, 6u, 7u));
}
