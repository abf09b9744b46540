// The operators that are compared: the same numbers in, for onnxruntime-web as an ONNX file and for our kernels as buffers, so that the
// results can be compared too. A matrix product runs as a chain of eight, which is read back once.
import { bytesSource } from '../../../gpu/gguf/bytes-source.ts';
import { numberToHalf } from '../../../gpu/gguf/half.ts';
import { attention, attentionTile } from '../../../gpu/kernels/attention.ts';
import { appendToCache } from '../../../gpu/kernels/cache-append.ts';
import { matmul } from '../../../gpu/kernels/matmul.ts';
import { createWeight, uploadAll } from '../../../gpu/model/weights.ts';
import type { Recorder } from '../../../gpu/runtime/recorder.ts';
import { type Arena, sizeOf, type Tensor, type Weight } from '../../../gpu/runtime/tensor.ts';
import { seededArray } from '../../gpu/synthetic-model.ts';
import { type OnnxNode, type OnnxTensor, onnxModel } from './onnx.ts';

export interface Operator {
  name: string;
  /** How often it runs before its result is read. */
  chain: number;
  /** Of one run. */
  operations: number;
  onnx(): { model: Uint8Array<ArrayBuffer>; inputs: Record<string, { shape: number[]; values: Float32Array }> };
  /** Records a run; gives the tensor to be read and its size in numbers. */
  ours(r: Recorder, arena: Arena): Promise<() => { y: Tensor; size: number }>;
}

const chain = 8;

function fill(r: Recorder, arena: Arena, values: Float32Array<ArrayBuffer>, ...shape: number[]): Tensor {
  const tensor = arena.tensor('x', Math.ceil(shape[0] / 16) * 16, ...shape.slice(1));
  r.device.gpu.queue.writeBuffer(tensor.buffer, 0, values);
  return tensor;
}

async function weightOf(r: Recorder, arena: Arena, type: 'F32' | 'Q4_0', K: number, bytes: Uint8Array<ArrayBuffer>) {
  const tensor = { name: 'w', type, dimensions: [K, K], offset: 0, bytes: bytes.length };
  const weight: Weight = createWeight(
    arena,
    r.device.capabilities,
    tensor,
    arena.unpacked(K * K, r.device.capabilities.texels),
  );
  await uploadAll(r.device.gpu, bytesSource(bytes), [{ tensor, to: weight }], {});
  return weight;
}

/** W (N, K) as ONNX wants it: (K, N). */
function transposed(w: Float32Array, K: number): Float32Array {
  const t = new Float32Array(w.length);
  for (let n = 0; n < K; n++) for (let k = 0; k < K; k++) t[k * K + n] = w[n * K + k];
  return t;
}

/** Four-bit quants of a matrix (K, K) in both layouts: ggml's halves of 32 columns in one byte, ONNX's neighbours. */
function fourBits(
  K: number,
  seed: number,
): { ggml: Uint8Array<ArrayBuffer>; quants: Uint8Array; scales: Float32Array } {
  const blocks = (K * K) / 32;
  const half = numberToHalf(1 / (4.6 * Math.sqrt(K)));
  const scale = 2 ** ((half >> 10) - 15) * (1 + (half & 1023) / 1024);
  const random = seededArray(K * K, seed, 8);
  const quant = (i: number) => Math.floor(random[i] + 8);
  const ggml = new Uint8Array(18 * blocks);
  const quants = new Uint8Array(16 * blocks);
  for (let block = 0; block < blocks; block++) {
    ggml[18 * block] = half & 255;
    ggml[18 * block + 1] = half >> 8;
    for (let i = 0; i < 16; i++) {
      ggml[18 * block + 2 + i] = quant(32 * block + i) | (quant(32 * block + 16 + i) << 4);
      quants[16 * block + i] = quant(32 * block + 2 * i) | (quant(32 * block + 2 * i + 1) << 4);
    }
  }
  return { ggml, quants, scales: new Float32Array(blocks).fill(scale) };
}

function product(T: number, K: number, type: 'F32' | 'Q4_0'): Operator {
  const x = seededArray(T * K, 3);
  const links = Array.from({ length: chain }, (_, i) => i);
  const f32 = (i: number) => seededArray(K * K, 10 + i, Math.sqrt(3 / K));
  const quantised = type === 'Q4_0';
  return {
    name: `${quantised ? 'matrix product, 4 bits' : 'matrix product, f32'}, ${T} x ${K} x ${K}`,
    chain,
    operations: 2 * T * K * K,
    onnx() {
      const nodes = links.map((i): OnnxNode => {
        const [from, to] = [`x${i}`, `x${i + 1}`];
        if (!quantised) return { operator: 'MatMul', inputs: [from, `w${i}`], outputs: [to] };
        const attributes = { K, N: K, bits: 4, block_size: 32 };
        return { operator: 'MatMulNBits', inputs: [from, `q${i}`, `s${i}`], outputs: [to], attributes };
      });
      const constants = links.flatMap((i): OnnxTensor[] => {
        if (!quantised) return [{ name: `w${i}`, shape: [K, K], type: 'float', values: transposed(f32(i), K) }];
        const { quants, scales } = fourBits(K, 10 + i);
        return [
          { name: `q${i}`, shape: [K, K / 32, 16], type: 'uint8', values: quants },
          { name: `s${i}`, shape: [(K * K) / 32], type: 'float', values: scales },
        ];
      });
      const model = onnxModel(nodes, constants, { x0: [T, K] }, { [`x${chain}`]: [T, K] });
      return { model, inputs: { x0: { shape: [T, K], values: x } } };
    },
    async ours(r, arena) {
      const bytes = (i: number) => (quantised ? fourBits(K, 10 + i).ggml : new Uint8Array(f32(i).buffer));
      const weights: Weight[] = [];
      for (const i of links) weights.push(await weightOf(r, arena, type, K, bytes(i)));
      const first = fill(r, arena, x, T, K);
      const tensors = links.map(() => fill(r, arena, new Float32Array(), T, K));
      return () => {
        const y = weights.reduce((from, w, i) => matmul(r, from, w, tensors[i], T), first);
        return { y, size: T * K };
      };
    },
  };
}

/** Causal attention over `T` tokens with as many keys, none of them there before; keys and values are stored as well. */
function grouped(T: number, heads: number, kvHeads: number, headDim: number): Operator {
  const q = seededArray(T * heads * headDim, 21, 3);
  const k = seededArray(T * kvHeads * headDim, 22, 3);
  const v = seededArray(T * kvHeads * headDim, 23);
  return {
    name: `grouped-query attention, ${T} tokens, heads ${heads}/${kvHeads} of ${headDim}`,
    chain: 1,
    operations: 2 * heads * headDim * T * (T + 1),
    onnx() {
      const attributes = { num_heads: heads, kv_num_heads: kvHeads };
      const cacheShape = [1, kvHeads, T, headDim];
      const model = onnxModel(
        [
          {
            operator: 'GroupQueryAttention',
            inputs: ['q', 'k', 'v', 'pk', 'pv', 'sl', 'tl'],
            outputs: ['y', 'ok', 'ov'],
            attributes,
          },
        ],
        [
          { name: 'sl', shape: [1], type: 'int32', values: Int32Array.of(T - 1) },
          { name: 'tl', shape: [1], type: 'int32', values: Int32Array.of(T) },
        ],
        {
          q: [1, T, heads * headDim],
          k: [1, T, kvHeads * headDim],
          v: [1, T, kvHeads * headDim],
          pk: [1, kvHeads, 0, headDim],
          pv: [1, kvHeads, 0, headDim],
        },
        { y: [1, T, heads * headDim], ok: cacheShape, ov: cacheShape },
      );
      const empty = { shape: [1, kvHeads, 0, headDim], values: new Float32Array() };
      return {
        model,
        inputs: {
          q: { shape: [1, T, heads * headDim], values: q },
          k: { shape: [1, T, kvHeads * headDim], values: k },
          v: { shape: [1, T, kvHeads * headDim], values: v },
          pk: empty,
          pv: empty,
        },
      };
    },
    async ours(r, arena) {
      const bytes = 4 * T * kvHeads * headDim;
      const cache = { type: 'f32' as const, keys: arena.buffer('keys', bytes), values: arena.buffer('values', bytes) };
      const [Q, K, V] = [
        fill(r, arena, q, T, heads, headDim),
        fill(r, arena, k, T, kvHeads, headDim),
        fill(r, arena, v, T, kvHeads, headDim),
      ];
      const scratch = {
        rows: arena.tensor('rows', T, 2),
        scores: arena.tensor('scores', heads, T, attentionTile),
        stats: arena.tensor('stats', heads, T, 4),
      };
      const out = arena.tensor('y', T, heads, headDim);
      return () => {
        appendToCache(r, K, V, cache, 0, T);
        const y = attention(r, Q, cache, kvHeads, scratch, { rows: T, start: 0, prefix: 0 }, out);
        return { y, size: sizeOf(y.shape) };
      };
    },
  };
}

export const operators: Operator[] = [
  product(512, 768, 'F32'),
  product(512, 768, 'Q4_0'),
  grouped(512, 12, 12, 64),
  product(1, 768, 'F32'),
  product(1, 768, 'Q4_0'),
];
