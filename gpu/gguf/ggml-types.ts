// The number formats that ggml knows: how many values share a block and how many bytes a block takes (ggml.h, ggml-common.h). The
// table is complete, so that a file in a format that we cannot compute is still read and refused by the format's name.

export interface GgmlType {
  readonly name: string;
  /** Values per block; a row is a whole number of blocks. */
  readonly blockSize: number;
  readonly blockBytes: number;
}

const rows: readonly [id: number, name: string, blockSize: number, blockBytes: number][] = [
  [0, 'F32', 1, 4],
  [1, 'F16', 1, 2],
  [2, 'Q4_0', 32, 18],
  [3, 'Q4_1', 32, 20],
  [6, 'Q5_0', 32, 22],
  [7, 'Q5_1', 32, 24],
  [8, 'Q8_0', 32, 34],
  [9, 'Q8_1', 32, 36],
  [10, 'Q2_K', 256, 84],
  [11, 'Q3_K', 256, 110],
  [12, 'Q4_K', 256, 144],
  [13, 'Q5_K', 256, 176],
  [14, 'Q6_K', 256, 210],
  [15, 'Q8_K', 256, 292],
  [16, 'IQ2_XXS', 256, 66],
  [17, 'IQ2_XS', 256, 74],
  [18, 'IQ3_XXS', 256, 98],
  [19, 'IQ1_S', 256, 50],
  [20, 'IQ4_NL', 32, 18],
  [21, 'IQ3_S', 256, 110],
  [22, 'IQ2_S', 256, 82],
  [23, 'IQ4_XS', 256, 136],
  [24, 'I8', 1, 1],
  [25, 'I16', 1, 2],
  [26, 'I32', 1, 4],
  [27, 'I64', 1, 8],
  [28, 'F64', 1, 8],
  [29, 'IQ1_M', 256, 56],
  [30, 'BF16', 1, 2],
  [34, 'TQ1_0', 256, 54],
  [35, 'TQ2_0', 256, 66],
  [39, 'MXFP4', 32, 17],
  [40, 'NVFP4', 64, 36],
  [41, 'Q1_0', 128, 18],
];

export const ggmlTypes: ReadonlyMap<number, GgmlType> = new Map(
  rows.map(([id, name, blockSize, blockBytes]) => [id, { name, blockSize, blockBytes }]),
);

/** The formats whose weights the engine computes with. */
export const computedTypes = [
  'F32',
  'F16',
  'BF16',
  'Q8_0',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q2_K',
  'Q3_K',
  'Q4_K',
  'Q5_K',
  'Q6_K',
  'IQ4_NL',
  'IQ4_XS',
] as const;
export type ComputedType = (typeof computedTypes)[number];

export const isComputed = (name: string): name is ComputedType => (computedTypes as readonly string[]).includes(name);

/** Those whose values are numbers of their own, without blocks. */
export type PlainType = 'F32' | 'F16' | 'BF16';
export type QuantisedType = Exclude<ComputedType, PlainType>;

export const isPlain = (type: ComputedType): type is PlainType => type === 'F32' || type === 'F16' || type === 'BF16';

const byName = new Map([...ggmlTypes.values()].map((type) => [type.name, type]));

export const ggmlType = (name: ComputedType): GgmlType => byName.get(name)!;
