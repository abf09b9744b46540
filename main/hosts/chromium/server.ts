// The loopback server: the app's requests over HTTP on 127.0.0.1 with a random port, its calls over one WebSocket per window.
// Everything passes the guard first.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ReadableStream as NodeStream } from 'node:stream/web';
import { type WebSocket, WebSocketServer } from 'ws';
import { longestMessage, type Port } from '../../common/rpc.ts';
import type { AppSurface } from '../../host.ts';
import { contentSecurityPolicy } from '../../security-headers.ts';
import { createGuard, type Guard } from './guard.ts';

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>` and a token that opens the app once. */
  newAddress(): string;
  /** Ends all connections. */
  close(): Promise<void>;
}

const reasons = { 403: 'Forbidden', 421: 'Misdirected Request' } as const;

const refusals = {
  403: 'This address was opened before or is not yours. Start Longleaf again for a new one.\n',
  421: 'Refused.\n',
} as const;

/** A WebSocket as a port; what came before somebody listens is kept. */
const portOf = (socket: WebSocket): Port => {
  const early: string[] = [];
  let hear = (message: string): void => {
    early.push(message);
  };
  socket.on('message', (data, isBinary) => {
    if (!isBinary) hear(data.toString());
  });
  // An error is followed by 'close'; a window that sends too much is cut off.
  socket.on('error', () => socket.terminate());
  return {
    post: (message) => socket.send(message),
    listen: (onMessage) => {
      hear = onMessage;
      for (const message of early.splice(0)) onMessage(message);
    },
    onClose: (callback) => socket.on('close', callback),
    close: () => socket.close(1001),
  };
};

/** Giving it up, as when the disk is full, leaves the connection open, so that the window hears why. */
const bodyOf = (request: IncomingMessage): ReadableStream =>
  NodeStream.from(request.iterator({ destroyOnReturn: false })) as unknown as ReadableStream;

/** How long the rest of a body that nobody wants is taken in: a browser listens only once it has sent everything. Milliseconds. */
const drainTime = 30_000;

const drain = async (request: IncomingMessage): Promise<void> => {
  const timer = setTimeout(() => request.destroy(), drainTime);
  await finished(request.resume()).catch(() => undefined);
  clearTimeout(timer);
};

const toRequest = (request: IncomingMessage, origin: string): Request => {
  const headers = new Headers();
  for (const name of ['content-length', 'range', 'if-range', 'if-none-match']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const body = request.method === 'PUT' ? bodyOf(request) : null;
  return new Request(origin + request.url, { method: request.method, headers, body, duplex: 'half' } as RequestInit);
};

const sendResponse = async (response: Response, to: ServerResponse): Promise<void> => {
  to.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) {
    to.end();
    return;
  }
  // Rejects when the window gave the request up; the file is closed by then.
  await pipeline(Readable.fromWeb(response.body as unknown as NodeStream), to).catch(() => to.destroy());
};

const refuse = (status: 403 | 421, to: ServerResponse): void => {
  to.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  to.end(refusals[status]);
};

const answer = async (
  request: IncomingMessage,
  to: ServerResponse,
  guard: Guard,
  origin: string,
  surface: AppSurface,
) => {
  if (guard.check(request) === 'pass' && request.method === 'GET' && guard.enter(request.url ?? '')) {
    const policy = contentSecurityPolicy(new URL(origin));
    to.writeHead(303, {
      Location: '/',
      'Set-Cookie': guard.cookie,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': policy,
    });
    to.end();
    return;
  }
  const verdict = guard.checkSession(request);
  if (verdict !== 'pass') return refuse(verdict, to);
  const response = await surface.handle(toRequest(request, origin));
  if (!request.complete) await drain(request);
  await sendResponse(response, to);
};

const listen = (server: Server): Promise<number> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });

/** `onWindows` hears how many windows are connected whenever that changes. */
export const startLoopbackServer = async (
  surface: AppSurface,
  onWindows: (connected: number) => void = () => undefined,
): Promise<LoopbackServer> => {
  const server = createServer({ requireHostHeader: false, maxHeaderSize: 16 * 1024 });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * longestMessage, perMessageDeflate: false });
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  const guard = createGuard(port);

  server.on('request', (request, response) => {
    answer(request, response, guard, origin, surface).catch(() => response.destroy());
  });
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'));
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const verdict = guard.checkUpgrade(request);
    if (verdict !== 'pass') {
      socket.end(`HTTP/1.1 ${verdict} ${reasons[verdict]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (window) => {
      surface.connect(portOf(window));
      onWindows(sockets.clients.size);
      window.on('close', () => setImmediate(() => onWindows(sockets.clients.size)));
    });
  });

  return {
    newAddress: () => origin + guard.newEntrance(),
    close: () =>
      new Promise((done) => {
        for (const window of sockets.clients) window.terminate();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
