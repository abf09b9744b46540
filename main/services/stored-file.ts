// Bytes that become a file only when they are whole: written under another name, hashed, synced, then renamed. What an earlier
// process left half written is removed by the next one; the parts of a process that still runs are its own.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MainError } from '../common/api.ts';
import { isRunning } from '../running.ts';
import { asMainError } from './disk-error.ts';

const partPattern = /\.(\d+)\.\d+\.part$/;
let parts = 0;

/** Makes `folder` if need be, for nobody but the reader, and removes what was left half written in it. */
export const openFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const part = partPattern.exec(name);
      if (part && (Number(part[1]) === process.pid || !isRunning(Number(part[1]))))
        await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    throw asMainError(error);
  }
};

/** Makes a rename last through a power cut; Windows has no such call and needs none. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Writes and hashes at once. Returns the SHA-256 in hexadecimal, after the bytes are on the disk. */
const writeHashed = async (path: string, bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      for (let written = 0; written < chunk.byteLength; ) {
        written += (await handle.write(chunk, written)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
};

/** SHA-256 of a file in hexadecimal. Rejects with the system's error, or with the signal's reason. */
export const hashOfFile = async (path: string, signal?: AbortSignal): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(piece);
  return hash.digest('hex');
};

/** Over a file of the same name and size: where the system forbids that, the old one is as good. */
const renameOver = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    const there = await stat(to).catch(() => undefined);
    const fresh = await stat(from).catch(() => undefined);
    if (there?.size === undefined || there.size !== fresh?.size) throw error;
    await rm(from, { force: true });
  }
};

/**
 * Stores `bytes` as `target`, whole or not at all, and returns their SHA-256. `check` sees the hash before the rename and throws to
 * refuse. Rejects with a MainError when the disk says no.
 */
export const storeWhole = async (
  target: string,
  bytes: AsyncIterable<Uint8Array>,
  check: (hash: string) => unknown = () => undefined,
): Promise<string> => {
  const part = `${target}.${process.pid}.${parts++}.part`;
  try {
    const hash = await writeHashed(part, bytes);
    await check(hash);
    await renameOver(part, target);
    return hash;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw asMainError(error);
  }
};

/**
 * As `storeWhole`, for bytes that are several files one behind the other: `sizes` of each of `targets`. All of them are stored or none;
 * returns the hash of each.
 */
export const storeParts = async (
  targets: readonly string[],
  sizes: readonly number[],
  bytes: AsyncIterable<Uint8Array>,
): Promise<string[]> => {
  const temporary = targets.map((target) => `${target}.${process.pid}.${parts++}.part`);
  const stored: string[] = [];
  const cut = cutter(bytes);
  try {
    const hashes: string[] = [];
    for (const [i, part] of temporary.entries()) hashes.push(await writeHashed(part, cut.take(sizes[i])));
    if (!(await cut.ended())) throw sizesLie();
    // The first one last: where the first is, all are.
    for (const [i, part] of [...temporary.entries()].reverse()) {
      await renameOver(part, targets[i]);
      stored.push(targets[i]);
    }
    return hashes;
  } catch (error) {
    for (const file of [...temporary, ...stored]) await rm(file, { force: true }).catch(() => undefined);
    throw asMainError(error);
  }
};

const sizesLie = () =>
  new MainError('refused', 'The files did not arrive whole; nothing was stored. Choose them again.');

/** Hands out `bytes` in lengths. */
const cutter = (bytes: AsyncIterable<Uint8Array>) => {
  const pieces = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const ended = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { done, value } = await pieces.next();
      if (done) return true;
      rest = value;
    }
    return false;
  };
  return {
    ended,
    async *take(length: number): AsyncGenerator<Uint8Array> {
      for (let left = length; left > 0; ) {
        if (await ended()) throw sizesLie();
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
};

/** What a window sent, with one sentence each when it stops sending and when it sends too much. */
export const wholeBody = async function* (
  bytes: AsyncIterable<Uint8Array>,
  most: number,
  tooLarge: () => MainError,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > most) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof MainError) throw error;
    throw new MainError('refused', 'The file did not arrive whole; nothing was stored. Open it again.');
  }
};
