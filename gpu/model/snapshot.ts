// What lies in the window as a stream of bytes, and back: the ids of its tokens and the rows of keys and values, bit for bit, so that a
// document which was read once need not be read again.
//
//   block 0   magic, u32 version, u32 length of the JSON behind it: what computed these rows, and how many there are
//   block 1   u32 how far the cache was written (see Window), u32 token ids
//   block …   rows of one part of the cache (keys or values of one layer) as they lie there, at most `snapshotPiece` bytes a block
//
// All numbers are little-endian. Behind each block stands SHA-256 over the digest before it and the block, so a snapshot that is cut,
// torn, changed or put together from two is found out, at the first block that is wrong.
import { type ByteSource, EngineError, type RunOptions } from '../api.ts';
import type { Recorder } from '../runtime/recorder.ts';
import { type Stored, writeStored } from '../runtime/tensor.ts';

/** To be raised with every change of what is stored, or of how it is computed. */
const version = 2;
const magic = new TextEncoder().encode('LEAFKEEP');
const fixedBytes = magic.length + 8;
const digestBytes = 32;
const largestHeader = 2 ** 20;
/** Most bytes of a block of rows: what the recorder can read at once. */
export const snapshotPiece = 2 ** 20;
/** Blocks that may wait for the GPU in a queue. */
const queued = 16;

/** A buffer or texture of the cache that holds `bytesPerSlot` for every token, or for as many as its ring has slots. */
export interface CachePart {
  readonly buffer: Stored;
  readonly bytesPerSlot: number;
  readonly ring: number | undefined;
}

/** What must be the same for rows to mean the same. */
export interface SnapshotOrigin {
  /** Fingerprint of the model's file. */
  readonly model: string;
  /** Angles that keys were rotated by. */
  readonly rope: string;
  readonly kvType: string;
}

interface Header extends SnapshotOrigin {
  readonly bytesPerSlot: readonly number[];
  readonly tokens: number;
}

export interface SnapshotRun extends Pick<RunOptions, 'onProgress' | 'signal'> {
  readonly origin: SnapshotOrigin;
  readonly parts: readonly CachePart[];
}

/** What is known of the rows besides their numbers. */
export interface Saved {
  readonly ids: readonly number[];
  /** Where there is a ring: slots from here on were not written. */
  readonly reach: number;
}

const idBytes = (tokens: number) => 4 * (1 + tokens);

/** Bytes of a snapshot of `tokens` tokens. */
export function snapshotBytes({ origin, parts }: SnapshotRun, tokens: number): number {
  const header = headerBlock(headerOf(origin, parts, tokens)).length + digestBytes;
  const rows = piecesOf(parts, tokens).reduce((sum, piece) => sum + piece.bytes + digestBytes, 0);
  return header + idBytes(tokens) + digestBytes + rows;
}

/** One block with its digest at a time. Throws the signal's reason after an abort. */
export async function* writeSnapshot(
  r: Recorder,
  { ids, reach }: Saved,
  run: SnapshotRun,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { origin, parts, onProgress, signal } = run;
  const seal = sealing();
  const total = snapshotBytes(run, ids.length);
  let done = 0;
  const sealed = async (block: Uint8Array<ArrayBuffer>) => {
    signal?.throwIfAborted();
    const whole = joined(block, await seal(block));
    done += whole.length;
    onProgress?.({ done, total });
    return whole;
  };
  yield sealed(headerBlock(headerOf(origin, parts, ids.length)));
  yield sealed(idBlock([reach, ...ids]));
  for (const { part, offset, bytes } of piecesOf(parts, ids.length)) {
    signal?.throwIfAborted();
    yield sealed(new Uint8Array(await r.read(part.buffer, bytes, offset)));
  }
}

/** A snapshot whose header and ids were checked; no row has been touched. */
export interface OpenSnapshot extends Saved {
  /** Puts its rows into the cache; a block that is damaged is not written, those before it are. */
  fill(): Promise<void>;
}

/**
 * Throws EngineError 'snapshot-mismatch' (made by another model, scaling, cache or version, by its name), 'snapshot-damaged', or the
 * source's own errors.
 */
export async function openSnapshot(r: Recorder, source: ByteSource, run: SnapshotRun): Promise<OpenSnapshot> {
  const { parts, onProgress, signal } = run;
  const seal = sealing();
  let done = 0;
  const block = async (bytes: number): Promise<Uint8Array<ArrayBuffer>> => {
    signal?.throwIfAborted();
    if (done + bytes + digestBytes > source.size) throw damaged('it is incomplete');
    const whole = await source.read(done, bytes + digestBytes);
    const payload = whole.subarray(0, bytes);
    if (!equal(await seal(payload), whole.subarray(bytes))) throw damaged(`bytes from ${done} on were changed`);
    done += whole.length;
    onProgress?.({ done, total: source.size });
    return payload;
  };
  const { tokens } = expectOrigin(await block(await headerBytes(source)), run);
  if (snapshotBytes(run, tokens) !== source.size) throw damaged('it is incomplete');
  const [reach, ...ids] = idsOf(await block(idBytes(tokens)));
  const fill = async () => {
    const { queue } = r.device.gpu;
    for (const [i, { part, offset, bytes }] of piecesOf(parts, tokens).entries()) {
      writeStored(queue, part.buffer, offset, await block(bytes));
      if (i % queued === queued - 1) await queue.onSubmittedWorkDone();
    }
    await queue.onSubmittedWorkDone();
    signal?.throwIfAborted();
  };
  return { ids, reach, fill };
}

const headerOf = (origin: SnapshotOrigin, parts: readonly CachePart[], tokens: number): Header => ({
  model: origin.model,
  rope: origin.rope,
  kvType: origin.kvType,
  bytesPerSlot: parts.map((part) => part.bytesPerSlot),
  tokens,
});

function headerBlock(header: Header): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const numbers = new DataView(new ArrayBuffer(8));
  numbers.setUint32(0, version, true);
  numbers.setUint32(4, json.length, true);
  return joined(magic, new Uint8Array(numbers.buffer), json);
}

/** Length of block 0, which is bounded before it is read. */
async function headerBytes(source: ByteSource): Promise<number> {
  if (source.size < fixedBytes) throw damaged('it is incomplete');
  const fixed = await source.read(0, fixedBytes);
  if (!equal(fixed.subarray(0, magic.length), magic)) throw damaged('it is something else');
  const numbers = new DataView(fixed.buffer, fixed.byteOffset + magic.length);
  if (numbers.getUint32(0, true) !== version) throw mismatch('version of Longleaf');
  const length = numbers.getUint32(4, true);
  if (length > largestHeader) throw damaged(`its header says ${length} bytes`);
  return fixedBytes + length;
}

function expectOrigin(block: Uint8Array<ArrayBuffer>, { origin, parts }: SnapshotRun): Header {
  // The digest was right, so this is what `headerBlock` wrote.
  const found = JSON.parse(new TextDecoder().decode(block.subarray(fixedBytes))) as Header;
  if (found.model !== origin.model) throw mismatch('model');
  if (found.rope !== origin.rope) throw mismatch('position scaling');
  const expected = headerOf(origin, parts, found.tokens);
  if (found.kvType !== origin.kvType || `${found.bytesPerSlot}` !== `${expected.bytesPerSlot}`) {
    throw mismatch('number format of the cache');
  }
  return found;
}

function piecesOf(parts: readonly CachePart[], tokens: number): { part: CachePart; offset: number; bytes: number }[] {
  return parts.flatMap((part) => {
    const most = Math.max(1, Math.floor(snapshotPiece / part.bytesPerSlot));
    const rows = Math.min(tokens, part.ring ?? tokens);
    return Array.from({ length: Math.ceil(rows / most) }, (_, i) => ({
      part,
      offset: i * most * part.bytesPerSlot,
      bytes: Math.min(most, rows - i * most) * part.bytesPerSlot,
    }));
  });
}

function idBlock(ids: readonly number[]): Uint8Array<ArrayBuffer> {
  const numbers = new DataView(new ArrayBuffer(4 * ids.length));
  ids.forEach((id, i) => {
    numbers.setUint32(4 * i, id, true);
  });
  return new Uint8Array(numbers.buffer);
}

function idsOf(block: Uint8Array<ArrayBuffer>): number[] {
  const numbers = new DataView(block.buffer, block.byteOffset, block.length);
  return Array.from({ length: block.length / 4 }, (_, i) => numbers.getUint32(4 * i, true));
}

/** Digest of each block in turn, over the digest before it too. */
function sealing(): (block: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>> {
  let last = new Uint8Array(digestBytes);
  return async (block) => {
    last = new Uint8Array(await crypto.subtle.digest('SHA-256', joined(last, block)));
    return last;
  };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const damaged = (detail: string) =>
  new EngineError('snapshot-damaged', `The saved reading is damaged: ${detail}. Read the document again.`);

const mismatch = (what: string) =>
  new EngineError(
    'snapshot-mismatch',
    `The saved reading was made with another ${what}. Read the document again, or go back to that ${what}.`,
  );
