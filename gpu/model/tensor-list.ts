// The tensors of a model, declared once by each family: from the list follow the check of a file's header, the buffers on the GPU, and
// the types with which the forward pass names them. A key is GGUF's own name without ".weight"; a bias is called `attn_q_bias`.
import { isComputed } from '../gguf/ggml-types.ts';
import type { GgufHeader, GgufTensor } from '../gguf/header.ts';
import { damaged, shown, unsupported, unsupportedWith } from '../gguf/refusals.ts';
import type { Tensor, Weight } from '../runtime/tensor.ts';
import type { ModelConfig } from './config.ts';

/** (rows, columns) in any number format, as a right factor of `matmul`. */
export interface MatrixEntry {
  readonly kind: 'matrix';
  readonly rows: number;
  readonly columns: number;
  /** The file has it as some rows of a larger matrix. */
  readonly within?: { readonly key: string; readonly first: number; readonly rows: number };
}

/** (length,), f32 on the GPU. */
export interface VectorEntry {
  readonly kind: 'vector';
  readonly length: number;
}

export type TensorList = Readonly<Record<string, MatrixEntry | VectorEntry>>;

/** What the tensors of a list are on the GPU. */
export type OnGpu<L extends TensorList> = { readonly [K in keyof L]: L[K] extends VectorEntry ? Tensor : Weight };

export const matrix = (rows: number, columns: number): MatrixEntry => ({ kind: 'matrix', rows, columns });
export const vector = (length: number): VectorEntry => ({ kind: 'vector', length });

/** Matrices that one tensor of the file, called `key`, holds one below the other. */
export function stacked<K extends string>(key: string, columns: number, rows: Readonly<Record<K, number>>) {
  const counts = Object.entries<number>(rows);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let first = 0;
  const parts = counts.map(([name, count]) => {
    const entry: MatrixEntry = { kind: 'matrix', rows: count, columns, within: { key, first, rows: total } };
    first += count;
    return [name, entry] as const;
  });
  return Object.fromEntries(parts) as Record<K, MatrixEntry>;
}

/** The name in the file of an entry of layer `layer`, or of none. */
export function tensorName(key: string, layer?: number): string {
  const name = key.endsWith('_bias') ? `${key.slice(0, -'_bias'.length)}.bias` : `${key}.weight`;
  return layer === undefined ? name : `blk.${layer}.${name}`;
}

/** What stands outside of the layers, in every family; `output` is left out where the embedding matrix serves. */
export const outerTensors = (c: ModelConfig) => ({
  token_embd: matrix(c.vocabulary, c.embedding),
  output_norm: vector(c.embedding),
  ...(c.tied ? {} : { output: matrix(c.vocabulary, c.embedding) }),
});

/**
 * Every tensor of the forward pass is there, in its shape and in a format that we compute, and none that would change the result is
 * left over.
 */
export function expectTensors(header: GgufHeader, config: ModelConfig, block: (layer: number) => TensorList): void {
  const expected = new Map<string, MatrixEntry | VectorEntry>();
  const expect = (list: TensorList, layer?: number) => {
    for (const [key, entry] of Object.entries(list)) {
      const within = entry.kind === 'matrix' ? entry.within : undefined;
      if (within) expected.set(tensorName(within.key, layer), matrix(within.rows, (entry as MatrixEntry).columns));
      else expected.set(tensorName(key, layer), entry);
    }
  };
  expect(outerTensors(config));
  for (let layer = 0; layer < config.layers; layer++) expect(block(layer), layer);
  for (const { divisors, dimensions } of config.ropes) {
    for (const name of divisors ? [divisors.tensor, ...(divisors.beyond ? [divisors.beyond.tensor] : [])] : []) {
      expected.set(name, vector(dimensions / 2));
    }
  }
  for (const tensor of header.tensors.values()) if (!expected.has(tensor.name)) expectHarmless(tensor, config.layers);
  for (const [name, entry] of expected) expectShape(name, entry, header.tensors.get(name));
}

/** Where the numbers of an entry lie in the file. */
export function tensorOf(
  header: Pick<GgufHeader, 'tensors'>,
  key: string,
  entry: MatrixEntry | VectorEntry,
  layer?: number,
): GgufTensor {
  const within = entry.kind === 'matrix' ? entry.within : undefined;
  if (!within) return header.tensors.get(tensorName(key, layer))!;
  const whole = header.tensors.get(tensorName(within.key, layer))!;
  const perRow = whole.bytes / within.rows;
  const [columns] = whole.dimensions;
  const rows = (entry as MatrixEntry).rows;
  const offset = whole.offset + within.first * perRow;
  return { ...whole, dimensions: [columns, rows], offset, bytes: rows * perRow };
}

function expectHarmless({ name }: GgufTensor, layers: number): void {
  const layer = /^blk\.(\d+)\./.exec(name);
  if (layer && Number(layer[1]) >= layers) throw damaged(`${shown(name)} belongs to no layer`);
  // Old converters stored what the rotation computes anyway.
  if (/^blk\.\d+\.attn_rot_embd\.weight$/.test(name)) return;
  if (/\.ffn_(gate_inp|\w+_exps|\w+\.\d+)\./.test(name)) throw unsupported('mixture-of-experts');
  if (name.endsWith('.bias')) throw unsupportedWith(`biases (${shown(name)})`);
  throw unsupportedWith(`the tensor ${shown(name)}`);
}

function expectShape(name: string, entry: MatrixEntry | VectorEntry, tensor: GgufTensor | undefined): void {
  if (!tensor) throw damaged(`the tensor ${name} is missing`);
  // GGUF has the fastest dimension first.
  const shape = entry.kind === 'matrix' ? [entry.columns, entry.rows] : [entry.length];
  const [columns, rows, ...rest] = [...tensor.dimensions, 1, 1];
  const fits = columns === shape[0] && rows === (shape[1] ?? 1) && rest.every((dimension) => dimension === 1);
  if (!fits) throw damaged(`${name} is ${tensor.dimensions.join(' x ')} instead of ${shape.join(' x ')}`);
  if (!isComputed(tensor.type)) throw unsupported(tensor.type);
}
