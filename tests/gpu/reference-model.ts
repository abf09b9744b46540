// The reference's view of a model file: shape and dequantised weights.
import { bytesSource } from '../../gpu/gguf/bytes-source.ts';
import { dequantize } from '../../gpu/gguf/dequantize.ts';
import { type OpenModel, openModel } from '../../gpu/open-model.ts';
import type { ReferenceModel } from './reference.ts';

/** `factor`: Position Interpolation, the file's own when absent. */
export async function openBoth(
  bytes: Uint8Array<ArrayBuffer>,
  factor?: number,
): Promise<{ open: OpenModel; model: ReferenceModel }> {
  const open = await openModel(bytesSource(bytes));
  const { config: c, header } = open;
  const weights = new Map<string, Float32Array>();
  for (const { name, type, offset, bytes: length } of header.tensors.values()) {
    weights.set(name, dequantize(type, bytes.subarray(offset, offset + length)));
  }
  const shape = { layers: c.layers, embedding: c.embedding, feedForward: c.feedForward, vocabulary: c.vocabulary };
  const heads = { heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim };
  const rotation = { base: c.ropeBase, factor: factor ?? c.ropeScaling.factor };
  return { open, model: { ...shape, ...heads, ...rotation, epsilon: c.normEpsilon, weights } };
}

export function worstDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    // NaN compares false with everything.
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

/** Rows whose largest entry is not where the reference has it. */
export function wrongTop(found: ArrayLike<number>, expected: ArrayLike<number>, width: number): number {
  let wrong = 0;
  for (let row = 0; row < expected.length; row += width) {
    const top = (x: ArrayLike<number>) => {
      let best = row;
      for (let i = row; i < row + width; i++) if (x[i] > x[best]) best = i;
      return best;
    };
    if (top(found) !== top(expected)) wrong++;
  }
  return wrong;
}
