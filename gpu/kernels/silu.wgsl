// silu(z) = z / (1 + e^-z). Hendrycks and Gimpel 2016, arXiv 1606.08415.
fn activation(z: vec4f) -> vec4f {
  // Beyond 80 the quotient is zero anyway, and no infinity arises: compilers may assume that there is none.
  return z / (1 + exp(min(-z, vec4f(80))));
}
