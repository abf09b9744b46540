// Reads the header of a GGUF file, version 2 or 3, little endian: metadata and the list of tensors
// (github.com/ggml-org/ggml/blob/master/docs/gguf.md). A file is believed in nothing: every count, length, type, dimension, offset
// and sum is bounded before anything is allocated or fetched for it.
import type { ByteSource } from '../api.ts';
import { HeaderCursor } from './cursor.ts';
import { expectGguf } from './file-kind.ts';
import { ggmlTypes } from './ggml-types.ts';
import type { GgufHeader, GgufTensor, MetadataValue, NumberArray } from './header.ts';
import { alone, joinHeaders, splitOf } from './parts.ts';
import { damaged, incomplete, shown, unsupported } from './refusals.ts';

/** Far beyond any model in use: the largest vocabulary known has 262,144 tokens and 514,906 merges. */
const limits = {
  headerBytes: 64 * 2 ** 20,
  entries: 65_536,
  tensors: 65_536,
  keyBytes: 65_535,
  tensorNameBytes: 255,
  stringBytes: 8 * 2 ** 20,
  /** Strings in all lists together, because each costs memory beyond its bytes. */
  listedStrings: 2 ** 21,
  numbers: 2 ** 23,
  alignment: 2 ** 20,
} as const;

/**
 * Reads the header only, in growing pieces; those of all parts for a model that is split. Throws EngineError 'not-a-model' (something else than GGUF), 'damaged-model' (also for
 * a file that ends before its last tensor) or 'unsupported-model' (a version or number format that is not known).
 */
export async function readHeader(source: ByteSource): Promise<GgufHeader> {
  if (!source.parts) {
    const header = await readPart(source);
    const { no, count } = splitOf(header);
    if (count > 1) throw alone(no, count);
    return header;
  }
  const headers: GgufHeader[] = [];
  for (const part of source.parts) headers.push(await readPart(part));
  return joinHeaders(headers, source.parts);
}

async function readPart(source: ByteSource): Promise<GgufHeader> {
  await expectGguf(source);
  const cursor = new HeaderCursor(source, limits);
  await cursor.u32('the file type');
  const version = await cursor.u32('the version');
  if (version === 0x0300_0000 || version === 0x0200_0000) throw unsupported('big-endian');
  if (version === 0 || version > 1000) throw damaged(`the version is ${version}`);
  if (version !== 2 && version !== 3) throw unsupported(`GGUF version ${version}`);
  const tensorCount = await cursor.count('the tensor count', limits.tensors);
  const entryCount = await cursor.count('the metadata count', limits.entries);
  const metadata = await readMetadata(cursor, entryCount);
  const alignment = alignmentOf(metadata);
  const infos = await readTensorInfos(cursor, tensorCount, alignment);
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const info of infos) tensors.set(info.name, { ...info, offset: dataStart + info.offset });
  expectWithin(source.size, dataStart, tensors);
  return { version, metadata, tensors, alignment };
}

async function readMetadata(cursor: HeaderCursor, count: number): Promise<Map<string, MetadataValue>> {
  const metadata = new Map<string, MetadataValue>();
  const budget = { strings: limits.listedStrings };
  for (let i = 0; i < count; i++) {
    const key = await cursor.string(`the name of metadata entry ${i + 1}`, limits.keyBytes);
    if (key === '') throw damaged(`metadata entry ${i + 1} has no name`);
    if (metadata.has(key)) throw damaged(`${shown(key)} stands twice`);
    const type = await cursor.u32(`the type of ${shown(key)}`);
    metadata.set(
      key,
      type === listType ? await readList(cursor, shown(key), budget) : await readOne(cursor, shown(key), type),
    );
  }
  return metadata;
}

const stringType = 8;
const listType = 9;
const boolType = 7;

/** Bytes and reader of every fixed-size value type, by its number in the file. */
const fixed: Readonly<Record<number, { bytes: number; get: (view: DataView, at: number) => number | bigint }>> = {
  0: { bytes: 1, get: (v, at) => v.getUint8(at) },
  1: { bytes: 1, get: (v, at) => v.getInt8(at) },
  2: { bytes: 2, get: (v, at) => v.getUint16(at, true) },
  3: { bytes: 2, get: (v, at) => v.getInt16(at, true) },
  4: { bytes: 4, get: (v, at) => v.getUint32(at, true) },
  5: { bytes: 4, get: (v, at) => v.getInt32(at, true) },
  6: { bytes: 4, get: (v, at) => v.getFloat32(at, true) },
  7: { bytes: 1, get: (v, at) => v.getUint8(at) },
  10: { bytes: 8, get: (v, at) => v.getBigUint64(at, true) },
  11: { bytes: 8, get: (v, at) => v.getBigInt64(at, true) },
  12: { bytes: 8, get: (v, at) => v.getFloat64(at, true) },
};

const lists: Readonly<Record<number, new (length: number) => NumberArray>> = {
  0: Uint8Array,
  1: Int8Array,
  2: Uint16Array,
  3: Int16Array,
  4: Uint32Array,
  5: Int32Array,
  6: Float32Array,
  7: Uint8Array,
  10: Float64Array,
  11: Float64Array,
  12: Float64Array,
};

const isSafe = (value: bigint) => value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;

async function readOne(cursor: HeaderCursor, key: string, type: number): Promise<MetadataValue> {
  if (type === stringType) return cursor.string(key, limits.stringBytes);
  const kind = Object.hasOwn(fixed, type) ? fixed[type] : undefined;
  if (!kind) throw damaged(`the type of ${key} is ${type}`);
  await cursor.need(kind.bytes, key);
  const { view, at } = cursor.take(kind.bytes);
  const value = kind.get(view, at);
  if (type === boolType) {
    if (value !== 0 && value !== 1) throw damaged(`${key} is neither true nor false`);
    return value === 1;
  }
  return typeof value === 'bigint' && isSafe(value) ? Number(value) : value;
}

async function readList(cursor: HeaderCursor, key: string, budget: { strings: number }): Promise<MetadataValue> {
  const type = await cursor.u32(`the type of ${key}`);
  if (type === stringType) {
    const count = await cursor.count(`the length of ${key}`, budget.strings);
    budget.strings -= count;
    return readStrings(cursor, key, count);
  }
  if (!Object.hasOwn(fixed, type)) throw damaged(`${key} is a list of values of type ${type}`);
  const { bytes, get } = fixed[type];
  const count = await cursor.count(`the length of ${key}`, limits.numbers);
  await cursor.need(count * bytes, key);
  const { view, at } = cursor.take(count * bytes);
  const list = new lists[type](count);
  for (let i = 0; i < count; i++) {
    const value = get(view, at + i * bytes);
    if (typeof value === 'bigint' && !isSafe(value)) throw damaged(`${key} holds ${value}`);
    list[i] = Number(value);
  }
  return list;
}

async function readStrings(cursor: HeaderCursor, key: string, count: number): Promise<readonly string[]> {
  const strings: string[] = [];
  const lengthField = `the length of a string in ${key}`;
  for (let i = 0; i < count; i++) {
    // Awaits only at the end of a piece: a vocabulary has hundreds of thousands of strings.
    if (!cursor.has(8)) await cursor.need(8, key);
    const length = cursor.nextCount(lengthField, limits.stringBytes);
    if (!cursor.has(length)) await cursor.need(length, key);
    strings.push(cursor.nextString(length));
  }
  return strings;
}

function alignmentOf(metadata: ReadonlyMap<string, MetadataValue>): number {
  const alignment = metadata.get('general.alignment') ?? 32;
  const isPowerOfTwo = typeof alignment === 'number' && alignment >= 8 && Number.isInteger(Math.log2(alignment));
  if (!isPowerOfTwo || alignment > limits.alignment) throw damaged(`general.alignment is ${shown(String(alignment))}`);
  return alignment;
}

async function readTensorInfos(cursor: HeaderCursor, count: number, alignment: number): Promise<GgufTensor[]> {
  const infos: GgufTensor[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    const name = await cursor.string(`the name of tensor ${i + 1}`, limits.tensorNameBytes);
    if (name === '') throw damaged(`tensor ${i + 1} has no name`);
    if (seen.has(name)) throw damaged(`the tensor ${shown(name)} stands twice`);
    seen.add(name);
    infos.push(await readTensorInfo(cursor, name, alignment));
  }
  return infos;
}

/** One tensor; its offset is still relative to the beginning of the data. */
async function readTensorInfo(cursor: HeaderCursor, name: string, alignment: number): Promise<GgufTensor> {
  const label = shown(name);
  const rank = await cursor.u32(`the number of dimensions of ${label}`);
  if (rank < 1 || rank > 4) throw damaged(`${label} has ${rank} dimensions`);
  const dimensions: number[] = [];
  let elements = 1;
  for (let d = 0; d < rank; d++) {
    const dimension = await cursor.count(`a dimension of ${label}`, Number.MAX_SAFE_INTEGER);
    if (dimension === 0) throw damaged(`a dimension of ${label} is 0`);
    elements *= dimension;
    // 2^48 values are 64 TB in one byte each; below it, no product or sum that follows leaves the exact range.
    if (elements > 2 ** 48) throw damaged(`${label} is too large`);
    dimensions.push(dimension);
  }
  const typeId = await cursor.u32(`the type of ${label}`);
  const type = ggmlTypes.get(typeId);
  if (!type) throw typeId < 64 ? unsupported(`ggml type ${typeId}`) : damaged(`the type of ${label} is ${typeId}`);
  if (dimensions[0] % type.blockSize !== 0) {
    throw damaged(`the rows of ${label} are no whole number of ${type.name} blocks`);
  }
  const offset = await cursor.count(`the offset of ${label}`, 2 ** 52);
  if (offset % alignment !== 0) throw damaged(`the offset of ${label} is not aligned`);
  return { name, type: type.name, dimensions, offset, bytes: (elements / type.blockSize) * type.blockBytes };
}

/**
 * Every tensor ends within the file. A file whose tensors lie one behind the other, as every converter writes them, but beyond the
 * end, was cut; one with a tensor elsewhere is damaged.
 */
function expectWithin(fileSize: number, dataStart: number, tensors: ReadonlyMap<string, GgufTensor>): void {
  const inOrder = [...tensors.values()].sort((a, b) => a.offset - b.offset);
  let end = dataStart;
  let farthest: GgufTensor | undefined;
  for (const tensor of inOrder) {
    if (tensor.offset - end > limits.alignment)
      throw damaged(`the offset of ${shown(tensor.name)} is ${tensor.offset}`);
    if (tensor.offset + tensor.bytes > end) farthest = tensor;
    end = Math.max(end, tensor.offset + tensor.bytes);
  }
  if (tensors.size === 0 || end <= fileSize) return;
  // Data a thousand times the file are a lie about a size, not a broken download of a file that is worth resuming.
  if (farthest && end > fileSize * 1000 + 2 ** 30) throw damaged(`${shown(farthest.name)} lies outside the file`);
  throw incomplete(fileSize, end);
}
