// Weights from the file to the GPU, a few megabytes at a time: the host never holds a tensor. A matrix larger than one binding may be
// is laid into several buffers of whole rows. Numbers that are none are found here, before the first token.
import { type ByteSource, EngineError, type Progress } from '../api.ts';
import { areNumbers, dequantize } from '../gguf/dequantize.ts';
import { type ComputedType, isComputed, isPlain } from '../gguf/ggml-types.ts';
import type { GgufTensor } from '../gguf/header.ts';
import { bytesOnGpu, layouts, type Planes, toPlanes } from '../gguf/layouts.ts';
import type { Capabilities } from '../runtime/adapter.ts';
import {
  type Arena,
  bufferBytes,
  type Stored,
  storedSize,
  type Unpacked,
  type Weight,
  type WeightBlock,
  writeStored,
} from '../runtime/tensor.ts';
import type { TexelBytes } from '../runtime/texels.ts';

/** Most bytes of the file that are read at once. */
export const pieceBytes = 4 * 2 ** 20;
/** Bytes that may wait in the queue: it keeps a copy of what was written until the GPU has it. */
const queuedBytes = 16 * 2 ** 20;
/** Blocks and pieces are multiples of so many rows: products write four columns at once, and scales of one row may end within a word. */
const rowStep = 4;

const typeOf = (tensor: GgufTensor): ComputedType => {
  if (!isComputed(tensor.type)) throw new Error(`${tensor.name} is ${tensor.type}`);
  return tensor.type;
};

type Limits = Pick<Capabilities, 'maxBinding' | 'maxBuffer' | 'texels'>;

/** Bytes of the texels that weights are laid into: four columns, or quants without loose bits; undefined where it is buffers. */
function texelOf(type: ComputedType, { texels }: Limits): TexelBytes | undefined {
  if (!texels) return undefined;
  if (isPlain(type)) return type === 'F32' ? 16 : 8;
  const { low, high } = layouts[type];
  return low >= 4 && high === 0 ? 16 : undefined;
}

/** The blocks of rows that a matrix is laid into, as few as the limits allow. */
function blocksOf(tensor: GgufTensor, { maxBinding, maxBuffer }: Limits): { first: number; count: number }[] {
  const [columns, rows = 1] = tensor.dimensions;
  const perRow = bytesOnGpu(typeOf(tensor), columns).weights;
  const most = Math.max(rowStep, Math.floor(Math.min(maxBinding, maxBuffer) / perRow / rowStep) * rowStep);
  const count = Math.ceil(rows / most);
  return Array.from({ length: count }, (_, i) => ({ first: i * most, count: Math.min(most, rows - i * most) }));
}

/** Bytes of each buffer and texture that `createWeight` makes. */
export function blockBytes(tensor: GgufTensor, limits: Limits): number[] {
  const { weights, scales } = bytesOnGpu(typeOf(tensor), tensor.dimensions[0]);
  const texel = texelOf(typeOf(tensor), limits);
  return blocksOf(tensor, limits).flatMap(({ count }) => [
    storedSize(count * weights, texel),
    ...(scales > 0 ? [bufferBytes(count * scales)] : []),
  ]);
}

/** Buffers or textures for a matrix; `unpacked` is handed on (see Weight). */
export function createWeight(arena: Arena, limits: Limits, tensor: GgufTensor, unpacked?: Unpacked): Weight {
  const type = typeOf(tensor);
  const [columns, rows = 1] = tensor.dimensions;
  const bytes = bytesOnGpu(type, columns);
  const texel = texelOf(type, limits);
  const blocks = blocksOf(tensor, limits).map(({ first, count }): WeightBlock => {
    const label = `${tensor.name} from row ${first}`;
    const scales = bytes.scales > 0 ? { scales: arena.buffer(`scales of ${label}`, count * bytes.scales) } : {};
    return { first, count, weights: arena.stored(label, count * bytes.weights, texel), ...scales };
  });
  return { type, rows, columns, blocks, unpacked: type === 'F32' ? undefined : unpacked };
}

/** What is still to be read from the file: one matrix, or one vector that becomes f32. */
export type Upload = { tensor: GgufTensor; to: Weight | GPUBuffer };

/**
 * Reads all of them, in the order of the file, one piece ahead of the one that is being written. Throws EngineError 'invalid-numbers'
 * for NaN and infinity, and the signal's reason after an abort; what is on the GPU by then is the caller's to free.
 */
export async function uploadAll(
  device: GPUDevice,
  source: ByteSource,
  uploads: readonly Upload[],
  { onProgress, signal }: { onProgress?: (progress: Progress) => void; signal?: AbortSignal },
): Promise<void> {
  const total = uploads.reduce((sum, { tensor }) => sum + tensor.bytes, 0);
  const started = performance.now();
  let [done, queued] = [0, 0];
  for await (const { upload, row, bytes } of readAhead(source, piecesOf(uploads), signal)) {
    queued += write(device, upload, bytes, row);
    done += bytes.length;
    if (queued >= queuedBytes) {
      await device.queue.onSubmittedWorkDone();
      queued = 0;
    }
    const elapsed = performance.now() - started;
    onProgress?.({ done, total, secondsLeft: elapsed > 500 ? ((elapsed / done) * (total - done)) / 1000 : undefined });
  }
  await device.queue.onSubmittedWorkDone();
}

interface Piece {
  upload: Upload;
  /** First row. */
  row: number;
  offset: number;
  length: number;
}

/** Whole rows, a few megabytes of them, in the order of the file; few rows that are larger than a piece are read at once. */
function* piecesOf(uploads: readonly Upload[]): Generator<Piece> {
  for (const upload of [...uploads].sort((a, b) => a.tensor.offset - b.tensor.offset)) {
    const { tensor } = upload;
    const [, rows = 1] = tensor.dimensions;
    const perRow = tensor.bytes / rows;
    const most = Math.max(rowStep, Math.floor(pieceBytes / perRow / rowStep) * rowStep);
    for (let row = 0; row < rows; row += most) {
      yield { upload, row, offset: tensor.offset + row * perRow, length: Math.min(most, rows - row) * perRow };
    }
  }
}

/** The bytes of each piece; the next one is read while the caller works on this one. */
async function* readAhead(
  source: ByteSource,
  pieces: Generator<Piece>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece & { bytes: Uint8Array<ArrayBuffer> }> {
  const read = () => {
    signal?.throwIfAborted();
    const { value: piece } = pieces.next();
    const bytes = piece && source.read(piece.offset, piece.length);
    // Awaited, and thrown, when it is its turn; until then a failure is not an unhandled one.
    bytes?.catch(() => {});
    return piece && { piece, bytes: bytes! };
  };
  for (let next = read(); next; ) {
    const bytes = await next.bytes;
    const { piece } = next;
    next = read();
    yield { ...piece, bytes };
    signal?.throwIfAborted();
  }
}

/** Rows from `row` on; returns the bytes that were handed to the queue. */
function write(device: GPUDevice, { tensor, to }: Upload, bytes: Uint8Array<ArrayBuffer>, row: number): number {
  if (!areNumbers(typeOf(tensor), bytes)) {
    throw new EngineError(
      'invalid-numbers',
      'This model produces invalid numbers. Download it again or choose another.',
      `${tensor.name} holds NaN or infinity in rows from ${row} on`,
    );
  }
  if (!('blocks' in to)) return put(device, to, 0, dequantize(tensor.type, bytes));
  const inFile = tensor.bytes / to.rows;
  const onGpu = bytesOnGpu(to.type, to.columns);
  const count = bytes.length / inFile;
  let written = 0;
  for (const block of to.blocks) {
    const from = Math.max(row, block.first);
    const until = Math.min(row + count, block.first + block.count);
    if (from >= until) continue;
    const part = bytes.subarray((from - row) * inFile, (until - row) * inFile);
    const at = from - block.first;
    if (isPlain(to.type)) {
      written += put(device, block.weights, at * onGpu.weights, part);
      continue;
    }
    const { quants, scales } = toPlanes(to.type, part);
    written += put(device, block.weights, at * onGpu.weights, quants);
    written += put(device, block.scales!, at * onGpu.scales, scales);
  }
  return written;
}

/** The queue takes multiples of four bytes; buffers have room for the zeros behind an odd number of halves. Rows of texels are whole ones. */
function put(
  { queue }: GPUDevice,
  to: Stored,
  offset: number,
  data: Planes['quants' | 'scales'] | Float32Array<ArrayBuffer>,
): number {
  const whole = data.byteLength - (data.byteLength % 4);
  writeStored(queue, to, offset, new Uint8Array(data.buffer, data.byteOffset, whole));
  if (whole < data.byteLength) {
    const rest = new Uint8Array(4);
    rest.set(new Uint8Array(data.buffer, data.byteOffset + whole));
    writeStored(queue, to, offset + whole, rest);
  }
  return data.byteLength;
}
