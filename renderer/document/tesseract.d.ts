declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  const create: (options: Record<string, unknown>) => Promise<unknown>;
  export default create;
}
