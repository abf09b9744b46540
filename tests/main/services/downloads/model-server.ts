// A real HTTP server for tests of downloads: serves files by ranges as a good one does, and can be told to do what bad ones do.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  path: string;
  range?: string;
  ifRange?: string;
  encoding?: string;
  /** Of the body that was sent before the connection ended. */
  sent: number;
}

/** Answers instead of the good server, or returns false to let it answer. */
export type Misbehave = (request: IncomingMessage, response: ServerResponse, file: Buffer | undefined) => boolean;

export interface ModelServer {
  url(path: string): string;
  files: Map<string, Buffer>;
  /** Every request so far. */
  asked: Asked[];
  misbehave?: Misbehave;
  /** Body bytes sent of the next answer before the connection is cut; -1: all. */
  cutAfter: number;
  /** Bytes a second; 0: as fast as it goes. */
  pace: number;
  /** Sent as the publisher's hash, as Hugging Face does. */
  statesHash: boolean;
  etags: boolean;
  close(): Promise<void>;
}

/** Where this server is: for `DownloadMeans.mayFetch`. */
export const loopback = ({ hostname }: URL): boolean => hostname === '127.0.0.1';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const etagOf = (bytes: Buffer): string => `"${sha256(bytes).slice(0, 20)}"`;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export const startModelServer = async (): Promise<ModelServer> => {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const own: ModelServer = {
    url: (path) => `http://127.0.0.1:${port}/${path}`,
    files: new Map(),
    asked: [],
    cutAfter: -1,
    pace: 0,
    statesHash: false,
    etags: true,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname.slice(1));
    const { range, 'if-range': ifRange, 'accept-encoding': encoding } = request.headers;
    const asked: Asked = { path, range, ifRange: ifRange as string | undefined, encoding: encoding as string, sent: 0 };
    own.asked.push(asked);
    if (own.misbehave?.(request, response, own.files.get(path))) return;
    const file = own.files.get(path);
    if (!file) return void response.writeHead(404).end();
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const partly = range !== undefined && (ifRange === undefined || ifRange === etagOf(file));
    const start = partly ? Number(from) : 0;
    if (start >= file.length) return void response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    const end = partly && to !== '' ? Math.min(Number(to) + 1, file.length) : file.length;
    response.writeHead(partly ? 206 : 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': end - start,
      ...(own.etags && { ETag: etagOf(file) }),
      ...(own.statesHash && { 'X-Linked-Etag': `"${sha256(file)}"` }),
      ...(partly && { 'Content-Range': `bytes ${start}-${end - 1}/${file.length}` }),
    });
    await send(file.subarray(start, end), response, asked, own);
  };
  return own;
};

/** The body in small pieces, at the server's pace, up to where it cuts. */
const send = async (body: Buffer, response: ServerResponse, asked: Asked, own: ModelServer) => {
  const { cutAfter, pace } = own;
  if (body.length > 1) own.cutAfter = -1;
  response.setMaxListeners(0);
  const most = cutAfter < 0 ? body.length : Math.min(cutAfter, body.length);
  const step = pace > 0 ? Math.max(1, Math.ceil(pace / 50)) : 65_536;
  for (let at = 0; at < most && !response.destroyed; ) {
    const piece = body.subarray(at, Math.min(at + step, most));
    if (!response.write(piece)) await new Promise<void>((done) => response.once('drain', done).once('close', done));
    at += piece.length;
    asked.sent = at;
    if (pace > 0) await pause(20);
  }
  if (most < body.length) {
    // What was written is taken in before the connection ends, as on a line that is no loopback.
    await pause(150);
    response.socket?.end();
  } else response.end();
};
