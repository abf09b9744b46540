// What the header of a GGUF file says, however many files the model came in.
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Whole numbers beyond 2^53 are bigints; a list of booleans is a Uint8Array, one of 64-bit numbers a Float64Array. */
export type MetadataValue = string | number | bigint | boolean | readonly string[] | NumberArray;

export interface GgufTensor {
  readonly name: string;
  /** ggml type name: "F32", "Q8_0". */
  readonly type: string;
  /** The fastest dimension first: a weight of (rows, columns) is [columns, rows]. */
  readonly dimensions: readonly number[];
  /** From the beginning of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  readonly alignment: number;
}
