// Quantised weights in planes of whole bits, row-major; gguf/layouts.ts says how they lie and what the constants are for a format.
// `word` is added from words.wgsl or words-texels.wgsl, `scaling` from scales-half.wgsl or scales-grouped.wgsl.
//
// weight = quant * scale + offset. Whoever walks along a row can sum quants first and scale once for each 32 (or 16) columns.
const LOW = 4u; // bits of a quant in the first plane
const HIGH = 0u; // and in the second
const ZERO = 0u; // what a stored quant is too large by
const CODED = 0u; // 1: quants are entries of the codebook

// The codebook of IQ4_NL and IQ4_XS, 128 added to each entry, four to a word.
const CODES = vec4u(0x3f2d1801, 0x766a5d4f, 0xa6998d81, 0xf1d9c5b5);

// Bits of four columns, the j-th four of 32, in the four bytes of a word; `first` is where the plane of the 32 begins.
fn plane(first: u32, j: u32, bits: u32) -> u32 {
  let bit = j * bits;
  return (word(first + bit / 8u) >> (bit % 8u)) & (0x01010101u * ((1u << bits) - 1u));
}

// Quants of four columns from their bits, in the four bytes of a word.
fn columnsOf(bits: u32) -> vec4f {
  if (LOW == 8u) {
    return vec4f(unpack4xI8(bits));
  }
  let columns = unpack4xU8(bits);
  if (CODED > 0u) {
    let q = columns / 4u;
    let codes = vec4u(CODES[q.x], CODES[q.y], CODES[q.z], CODES[q.w]) >> (columns % 4u * 8u);
    return vec4f(codes & vec4u(255u)) - 128f;
  }
  return vec4f(columns) - f32(ZERO);
}

// Quants of the four columns `at`, counted in fours from the first column of the first row.
fn quants(at: u32) -> vec4f {
  if (LOW == 8u) {
    return columnsOf(word(at));
  }
  let first = at / 8u * (LOW + HIGH);
  var bits = plane(first, at % 8u, LOW);
  if (HIGH > 0u) {
    bits |= plane(first + LOW, at % 8u, HIGH) << LOW;
  }
  return columnsOf(bits);
}

// Columns 4k … 4k + 3 of a row of k4 * 4 columns.
fn weight(row: u32, k: u32, k4: u32) -> vec4f {
  let at = row * k4 + k;
  let s = scaling(at);
  return quants(at) * s.x + s.y;
}
