// One file of a model from its server to the disk: appended to what is there of it, asked for again when the connection is cut, given up
// when the file has become another one, compared with the publisher's hash at the end. What was fetched stays until it is known
// to be worth nothing.
import { open, rm, stat } from 'node:fs/promises';
import { MainError } from '../../common/api.ts';
import { asMainError } from '../disk-error.ts';
import { type Answer, changed, cutOff, type Remote, RemoteError } from './remote.ts';

export interface WantedFile {
  url: URL;
  /** As the server said when it was asked first. */
  bytes: number;
  etag?: string;
  /** What it must be; of unknown files what it turns out to be is taken. */
  sha256?: string;
}

export interface TransferOptions {
  signal: AbortSignal;
  /** Bytes that are on the disk. */
  onBytes(done: number): void;
  /** Pauses before asking again, in milliseconds; as many as there are, one after the other without a byte between. */
  patience: readonly number[];
}

/** Bytes that are there of a file. */
export const bytesThere = async (part: string): Promise<number> => (await stat(part).catch(() => undefined))?.size ?? 0;

/** Fetches what is missing of `file` into `part`. Rejects with a MainError, or with the signal's reason; what came stays unless the file is another one now. */
export const fetchInto = async (
  remote: Remote,
  file: WantedFile,
  part: string,
  { signal, onBytes, patience }: TransferOptions,
): Promise<void> => {
  for (let failures = 0; ; ) {
    const before = await bytesThere(part);
    onBytes(Math.min(before, file.bytes));
    if (before === file.bytes) return;
    try {
      if (before > file.bytes) throw changed(`${before} bytes of ${file.bytes}`);
      await appendOnce(remote, file, part, before, { signal, onBytes });
    } catch (error) {
      signal.throwIfAborted();
      const again = error instanceof RemoteError && error.again;
      if (!again) {
        if (error instanceof RemoteError && error.changed) await rm(part, { force: true });
        throw asMainError(error);
      }
      if ((await bytesThere(part)) > before) failures = 0;
      if (failures >= patience.length) throw error;
      await pause(Math.max(patience[failures], error.wait), signal);
      failures++;
    }
  }
};

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((done, stop) => {
    const end = () => {
      clearTimeout(timer);
      stop(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      done();
    }, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });

/** One answer of the server. Throws `cutOff` when it ends early. */
const appendOnce = async (
  remote: Remote,
  file: WantedFile,
  part: string,
  from: number,
  { signal, onBytes }: Pick<TransferOptions, 'signal' | 'onBytes'>,
): Promise<void> => {
  const answer = await askForRest(remote, file, from, signal);
  let at = answer.offset;
  const handle = await open(part, at === 0 ? 'w' : 'r+', 0o600);
  try {
    for await (const piece of arriving(answer, signal)) {
      if (at + piece.byteLength > file.bytes) throw changed(`more than ${file.bytes} bytes`);
      for (let written = 0; written < piece.byteLength; ) {
        written += (await handle.write(piece, written, piece.byteLength - written, at + written)).bytesWritten;
      }
      at += piece.byteLength;
      onBytes(at);
    }
    await handle.sync();
  } finally {
    answer.cancel();
    await handle.close();
  }
  if (at < file.bytes) throw cutOff(`${at} bytes of ${file.bytes}`);
};

/** The pieces of an answer; whatever ends it early is a cut connection. */
const arriving = async function* ({ body }: Answer, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await pieces.next().catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof MainError ? error : cutOff(String((error as { cause?: unknown }).cause ?? error));
    });
    if (next.done) return;
    yield next.value;
  }
};

/** The rest of the very file that was asked for before; throws `changed` when it is another one. */
const askForRest = async (remote: Remote, file: WantedFile, from: number, signal: AbortSignal): Promise<Answer> => {
  // Who knows the hash needs no validator: a rest of another file is found out at the end.
  const etag = file.sha256 === undefined ? file.etag : undefined;
  const sure = etag !== undefined || file.sha256 !== undefined;
  const offset = sure ? from : 0;
  const answer = await remote.open(file.url, { offset, etag: offset > 0 ? etag : undefined, signal });
  const other =
    answer.bytes !== file.bytes ||
    (file.sha256 !== undefined && answer.sha256 !== undefined && answer.sha256 !== file.sha256) ||
    (file.sha256 === undefined && answer.etag !== file.etag);
  if (!other) return answer;
  answer.cancel();
  throw changed(`${answer.bytes} bytes, ${answer.etag}`);
};
