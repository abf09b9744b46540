// Weights from the file to the GPU, a few megabytes at a time: the host never holds a tensor. A matrix larger than one binding may be
// is laid into several buffers of whole rows.
import type { ByteSource, Progress } from '../api.ts';
import { dequantize, splitQ8_0 } from '../gguf/dequantize.ts';
import { type ComputedType, isComputed } from '../gguf/ggml-types.ts';
import type { GgufTensor } from '../gguf/header.ts';
import type { Capabilities } from '../runtime/device.ts';
import type { Arena, Tensor, Weight, WeightBlock } from '../runtime/tensor.ts';

/** Most bytes of the file that are in the host's memory at once. */
export const pieceBytes = 4 * 2 ** 20;

/** Bytes on the GPU of one row: Q8_0 keeps its scales as f32. */
const rowBytes = (type: ComputedType, columns: number): { weights: number; scales: number } => {
  if (type === 'F32') return { weights: columns * 4, scales: 0 };
  if (type === 'F16') return { weights: columns * 2, scales: 0 };
  return { weights: columns, scales: columns / 8 };
};

const typeOf = (tensor: GgufTensor): ComputedType => {
  if (!isComputed(tensor.type)) throw new Error(`${tensor.name} is ${tensor.type}`);
  return tensor.type;
};

/** Bytes that a tensor takes on the GPU. */
export function weightBytes(tensor: GgufTensor): number {
  const [columns, rows = 1] = tensor.dimensions;
  if (tensor.dimensions.length === 1) return columns * 4;
  const { weights, scales } = rowBytes(typeOf(tensor), columns);
  return rows * (weights + scales);
}

/** Buffers for a matrix; `unpacked` is handed on (see Weight). */
export function createWeight(arena: Arena, limits: Capabilities, tensor: GgufTensor, unpacked?: Tensor): Weight {
  const type = typeOf(tensor);
  const [columns, rows] = tensor.dimensions;
  const bytes = rowBytes(type, columns);
  const largest = Math.min(limits.maxBinding, limits.maxBuffer);
  // Multiples of four: matrix products write four columns at once.
  const most = Math.max(4, Math.floor(largest / bytes.weights / 4) * 4);
  const blocks: WeightBlock[] = [];
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const label = `${tensor.name} from row ${first}`;
    const scales = type === 'Q8_0' ? { scales: arena.buffer(`scales of ${label}`, count * bytes.scales) } : {};
    blocks.push({ first, count, weights: arena.buffer(label, count * bytes.weights), ...scales });
  }
  return { type, rows, columns, blocks, unpacked: type === 'F32' ? undefined : unpacked };
}

/** What is still to be read from the file: one matrix, or one vector that becomes f32. */
export type Upload = { tensor: GgufTensor; to: Weight | GPUBuffer };

/**
 * Reads all of them, in the order of the file. After an abort throws the signal's reason; what is on the GPU by then is the caller's
 * to free.
 */
export async function uploadAll(
  device: GPUDevice,
  source: ByteSource,
  uploads: readonly Upload[],
  { onProgress, signal }: { onProgress?: (progress: Progress) => void; signal?: AbortSignal },
): Promise<void> {
  const total = uploads.reduce((sum, { tensor }) => sum + tensor.bytes, 0);
  const started = performance.now();
  let done = 0;
  for (const upload of [...uploads].sort((a, b) => a.tensor.offset - b.tensor.offset)) {
    for (const piece of piecesOf(upload.tensor)) {
      signal?.throwIfAborted();
      const bytes = await source.read(upload.tensor.offset + piece.offset, piece.bytes);
      write(device, upload, bytes, piece.row);
      done += piece.bytes;
      // The queue holds a copy of what was written until the GPU has it.
      if (done % (16 * pieceBytes) < pieceBytes) await device.queue.onSubmittedWorkDone();
      const elapsed = performance.now() - started;
      onProgress?.({
        done,
        total,
        secondsLeft: elapsed > 500 ? ((elapsed / done) * (total - done)) / 1000 : undefined,
      });
    }
  }
  await device.queue.onSubmittedWorkDone();
}

/** Whole rows; a single row that is larger than a piece is read at once. */
function* piecesOf(tensor: GgufTensor): Generator<{ row: number; offset: number; bytes: number }> {
  const [, rows = 1] = tensor.dimensions;
  const perRow = tensor.bytes / rows;
  const most = Math.max(1, Math.floor(pieceBytes / perRow));
  for (let row = 0; row < rows; row += most) {
    yield { row, offset: row * perRow, bytes: Math.min(most, rows - row) * perRow };
  }
}

function write(device: GPUDevice, { tensor, to }: Upload, bytes: Uint8Array<ArrayBuffer>, row: number): void {
  if (!('blocks' in to)) {
    device.queue.writeBuffer(to, 0, dequantize(tensor.type, bytes));
    return;
  }
  const inFile = tensor.bytes / to.rows;
  const onGpu = rowBytes(to.type, to.columns);
  const count = bytes.length / inFile;
  for (const block of to.blocks) {
    const from = Math.max(row, block.first);
    const until = Math.min(row + count, block.first + block.count);
    if (from >= until) continue;
    const part = bytes.subarray((from - row) * inFile, (until - row) * inFile);
    const at = from - block.first;
    if (to.type !== 'Q8_0') {
      device.queue.writeBuffer(block.weights, at * onGpu.weights, part);
      continue;
    }
    const { quants, scales } = splitQ8_0(part);
    device.queue.writeBuffer(block.weights, at * onGpu.weights, quants);
    device.queue.writeBuffer(block.scales!, at * onGpu.scales, scales);
  }
}
