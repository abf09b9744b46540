// Writes small GGUF files (version 3, little endian) for tests: metadata, and tensors from f32 values. Numbers are
// written as u32 (i32 when negative or in a list) when they are whole and as f32 otherwise; `typed` says it exactly.
import { type ComputedType, ggmlTypes } from '../../../gpu/gguf/ggml-types.ts';
import { encodeTensor } from './encode-tensor.ts';

const scalars = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;
export type ScalarName = keyof typeof scalars;

/** Strings and lists have no fixed size. */
const bytesOf: Readonly<Record<ScalarName, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  string: 0,
  array: 0,
  u64: 8,
  i64: 8,
  f64: 8,
};

export interface Typed {
  type: ScalarName;
  value: unknown;
}
export type WriteValue = string | number | boolean | Typed | readonly string[] | readonly number[];

export interface WriteTensor {
  name: string;
  /** As GGUF has them: the fastest dimension first, so a weight (rows, columns) is [columns, rows]. */
  dimensions: readonly number[];
  type: ComputedType;
  values: Float32Array;
  /** Bytes that the header counts for it; they are not written. */
  absent?: number;
}

/** `typed('array', {type, items})` for a list whose element type matters. */
export interface TypedList {
  type: ScalarName;
  items: readonly unknown[];
}

export const typed = (type: ScalarName, value: unknown): Typed => ({ type, value });

/** Growing little-endian bytes. */
export class Bytes {
  #buffer = new Uint8Array(1024);
  #view = new DataView(this.#buffer.buffer);
  length = 0;

  #reserve(more: number): number {
    const at = this.length;
    if (at + more > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, at + more));
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.length += more;
    return at;
  }

  scalar(type: ScalarName, value: unknown): this {
    if (type === 'string') return this.string(value as string);
    const at = this.#reserve(bytesOf[type]);
    const view = this.#view;
    const n = value as number;
    if (type === 'u8' || type === 'bool') view.setUint8(at, Number(n));
    else if (type === 'i8') view.setInt8(at, n);
    else if (type === 'u16') view.setUint16(at, n, true);
    else if (type === 'i16') view.setInt16(at, n, true);
    else if (type === 'u32') view.setUint32(at, n, true);
    else if (type === 'i32') view.setInt32(at, n, true);
    else if (type === 'f32') view.setFloat32(at, n, true);
    else if (type === 'f64') view.setFloat64(at, n, true);
    else view.setBigUint64(at, BigInt.asUintN(64, BigInt(n)), true);
    return this;
  }

  string(value: string | Uint8Array): this {
    const data = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return this.scalar('u64', data.length).raw(data);
  }

  raw(data: Uint8Array): this {
    const at = this.#reserve(data.length);
    this.#buffer.set(data, at);
    return this;
  }

  align(alignment: number): this {
    this.#reserve((alignment - (this.length % alignment)) % alignment);
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.length);
  }
}

function writeValue(out: Bytes, value: WriteValue): void {
  if (typeof value === 'string') out.scalar('u32', scalars.string).string(value);
  else if (typeof value === 'boolean') out.scalar('u32', scalars.bool).scalar('bool', value);
  else if (typeof value === 'number') {
    const type = Number.isInteger(value) ? (value < 0 ? 'i32' : 'u32') : 'f32';
    out.scalar('u32', scalars[type]).scalar(type, value);
  } else if ('type' in value) {
    if (value.type === 'array') writeList(out, value.value as TypedList);
    else out.scalar('u32', scalars[value.type]).scalar(value.type, value.value);
  } else {
    const whole = value.every((v) => Number.isInteger(v));
    writeList(out, { type: typeof value[0] === 'string' ? 'string' : whole ? 'i32' : 'f32', items: value });
  }
}

function writeList(out: Bytes, { type, items }: TypedList): void {
  out.scalar('u32', scalars.array).scalar('u32', scalars[type]).scalar('u64', items.length);
  for (const item of items) out.scalar(type, item);
}

export const typeId = (name: ComputedType): number => [...ggmlTypes].find(([, type]) => type.name === name)![0];

/** A whole GGUF file. `general.alignment` is honoured when it is among the metadata. */
export function writeGguf(
  metadata: Readonly<Record<string, WriteValue>>,
  tensors: readonly WriteTensor[] = [],
): Uint8Array<ArrayBuffer> {
  const given = metadata['general.alignment'];
  const alignment = typeof given === 'number' && given > 0 ? given : 32;
  const out = new Bytes().raw(new TextEncoder().encode('GGUF')).scalar('u32', 3);
  out.scalar('u64', tensors.length).scalar('u64', Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) writeValue(out.string(key), value);
  const encoded = tensors.map((tensor) => encodeTensor(tensor.type, tensor.values));
  let offset = 0;
  tensors.forEach((tensor, i) => {
    out.string(tensor.name).scalar('u32', tensor.dimensions.length);
    for (const size of tensor.dimensions) out.scalar('u64', size);
    out.scalar('u32', typeId(tensor.type)).scalar('u64', offset);
    offset = Math.ceil((offset + (tensor.absent ?? encoded[i].length)) / alignment) * alignment;
  });
  for (const data of encoded) out.align(alignment).raw(data);
  return out.align(alignment).done();
}
