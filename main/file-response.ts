// A file on disk as a response, whole or one range of it (RFC 9110, section 14), streamed: nothing of a model or a document is
// held in memory here.
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';

export interface ByteRange {
  start: number;
  /** Included. */
  end: number;
}

/**
 * The one range that a `Range` header asks of `size` bytes; 'unsatisfiable' when it lies outside; undefined when there is none,
 * when it is not understood or asks for several, which by the RFC is answered with the whole.
 */
export const parseRange = (header: string | null, size: number): ByteRange | 'unsatisfiable' | undefined => {
  const match = header === null ? null : /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
};

const bodyOf = (file: FileHandle, { start, end }: ByteRange): ReadableStream =>
  Readable.toWeb(createReadStream('', { fd: file, start, end, autoClose: true })) as unknown as ReadableStream;

/** 200, 206, 304, 404 or 416. `headers` are added to all of them. The file is closed when the body was read or given up. */
export const fileResponse = async (
  request: Request,
  path: string,
  headers: Record<string, string>,
): Promise<Response> => {
  const file = await open(path, 'r').catch(() => undefined);
  const info = await file?.stat();
  if (!file || !info?.isFile()) {
    await file?.close();
    return new Response(null, { status: 404, headers });
  }
  const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`;
  const all = { ...headers, 'Accept-Ranges': 'bytes', ETag: etag };
  const answer = async (status: number, more: Record<string, string>, range?: ByteRange) => {
    if (range && request.method === 'GET') {
      return new Response(bodyOf(file, range), { status, headers: { ...all, ...more } });
    }
    await file.close();
    return new Response(null, { status, headers: { ...all, ...more } });
  };

  if (request.headers.get('if-none-match') === etag) return answer(304, {});
  const ifRange = request.headers.get('if-range');
  const mayBeRange = request.method === 'GET' && (ifRange === null || ifRange === etag);
  const range = mayBeRange ? parseRange(request.headers.get('range'), info.size) : undefined;
  if (range === 'unsatisfiable') return answer(416, { 'Content-Range': `bytes */${info.size}` });
  if (range) {
    return answer(
      206,
      {
        'Content-Range': `bytes ${range.start}-${range.end}/${info.size}`,
        'Content-Length': String(range.end - range.start + 1),
      },
      range,
    );
  }
  const whole = info.size > 0 ? { start: 0, end: info.size - 1 } : undefined;
  return answer(200, { 'Content-Length': String(info.size) }, whole);
};
