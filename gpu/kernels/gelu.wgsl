// gelu(z) = z / 2 * (1 + tanh(√(2/π) (z + 0.044715 z³))). Hendrycks and Gimpel 2016, arXiv 1606.08415. As (1 + tanh(a)) / 2 =
// 1 / (1 + e^(-2a)), it is z / (1 + e^(-2a)).
fn activation(z: vec4f) -> vec4f {
  // 2 √(2/π). Beyond 80 the quotient is zero anyway, and no infinity arises: compilers may assume that there is none.
  let a = 1.5957691216057308 * z * (1 + 0.044715 * z * z);
  return z / (1 + exp(min(-a, vec4f(80))));
}
