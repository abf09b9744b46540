// Who may speak to the loopback server: the window that was given the address, and nobody else. Requests are written to the socket as
// they are, so that no client library tidies them up.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectApi } from '../../../../main/common/rpc.ts';
import { type ChromiumHost, startChromiumHost } from '../../../../main/hosts/chromium/host.ts';
import { startLoopbackServer } from '../../../../main/hosts/chromium/server.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const id = 'a'.repeat(64);
let handled = 0;
let connected = 0;
let port = 0;
let cookie = '';
let end: () => Promise<void>;

/** Status of the answer to `text`, 0 when the connection was closed without one. */
const send = (text: string): Promise<{ status: number; head: string }> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (heard.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0), head: heard }));
    socket.write(text);
  });

const host = () => `127.0.0.1:${port}`;
const request = (line: string, headers: Record<string, string | undefined>): string =>
  `${line} HTTP/1.1\r\n${Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}Connection: close\r\n\r\n`;
const upgradeHeaders = () => ({
  Host: host(),
  Cookie: cookie,
  Origin: `http://${host()}`,
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
});
/** `Connection: Upgrade` instead of `close`. */
const upgrade = (line: string, headers: Record<string, string | undefined>): string =>
  request(line, headers).replace('Connection: close', 'Connection: Upgrade');

beforeAll(async () => {
  const server = await startLoopbackServer({
    handle: async (request) => {
      handled++;
      // Gives a body up after its first piece, as when the disk is full.
      for await (const _chunk of request.body ?? []) break;
      return new Response('the app', { headers: { 'Content-Type': 'text/plain' } });
    },
    connect: () => {
      connected++;
    },
  });
  end = server.close;
  const address = new URL(server.newAddress());
  port = Number(address.port);
  const entered = await send(request(`GET ${address.pathname}${address.search}`, { Host: host() }));
  cookie = /set-cookie: ([^;]+)/i.exec(entered.head)![1];
  expect(entered.status).toBe(303);
  expect(entered.head).toMatch(/HttpOnly; SameSite=Strict/);
  expect((await send(request(`GET ${address.pathname}${address.search}`, { Host: host() }))).status, 'used once').toBe(
    403,
  );
});
afterAll(() => end());

describe('the window itself', () => {
  test('gets what it asks for', async () => {
    const before = handled;
    expect((await send(request('GET /', { Host: host(), Cookie: cookie }))).status).toBe(200);
    expect(
      (await send(request('HEAD /a.js', { Host: host(), Cookie: cookie, Origin: `http://${host()}` }))).status,
    ).toBe(200);
    const put = { Host: host(), Cookie: cookie, Origin: `http://${host()}`, 'Content-Length': '0' };
    expect((await send(request(`PUT /documents/${id}`, put))).status).toBe(200);
    expect(handled - before).toBe(3);
  });

  test('hears the answer to a write that was given up in the middle', async () => {
    const headers = { cookie, origin: `http://${host()}` };
    const body = Buffer.alloc(20_000_000);
    const answer = await fetch(`http://${host()}/documents/${id}`, { method: 'PUT', headers, body });
    expect([answer.status, await answer.text()]).toEqual([200, 'the app']);
  });

  test('connects', async () => {
    const before = connected;
    expect((await send(upgrade('GET /rpc', upgradeHeaders()))).status).toBe(101);
    expect(connected - before).toBe(1);
  });
});

/** A name and a request that no window of ours sends. Written lazily: port and cookie are known only at run time. */
const own = () => ({ Host: host(), Cookie: cookie });
const forbidden: [string, () => string][] = [
  ['no cookie', () => request('GET /', { Host: host() })],
  ['an empty cookie', () => request('GET /', { Host: host(), Cookie: '' })],
  ['a wrong cookie', () => request('GET /', { Host: host(), Cookie: `longleaf-${port}=${'A'.repeat(43)}` })],
  ['a cookie cut short', () => request('GET /', { Host: host(), Cookie: cookie.slice(0, -1) })],
  ['a cookie of another case', () => request('GET /', { Host: host(), Cookie: cookie.toUpperCase() })],
  [
    'the cookie of another port',
    () => request('GET /', { Host: host(), Cookie: cookie.replace(/^longleaf-\d+/, 'longleaf-1') }),
  ],
  ['two cookies of the name', () => request('GET /', { Host: host(), Cookie: `longleaf-${port}=x; ${cookie}` })],
  ['two cookie headers', () => request('GET /', own()).replace('Connection', `Cookie: ${cookie}\r\nConnection`)],
  ['a wrong token', () => request(`GET /?token=${'A'.repeat(43)}`, { Host: host() })],
  ['an empty token', () => request('GET /?token=', { Host: host() })],
  ['a token of a megabyte', () => request(`GET /?token=${'A'.repeat(10_000)}`, { Host: host() })],
  ['a document without a cookie', () => request(`GET /documents/${id}`, { Host: host() })],
  ['a model without a cookie', () => request('GET /models/sprig', { Host: host() })],
  ['a write without a cookie', () => request(`PUT /documents/${id}`, { Host: host(), Origin: `http://${host()}` })],
  ['a write without an origin', () => request(`PUT /documents/${id}`, own())],
  ['another origin', () => request('GET /', { ...own(), Origin: 'http://evil.example' })],
  ['an empty origin', () => request('GET /', { ...own(), Origin: '' })],
  ['the origin null', () => request('GET /', { ...own(), Origin: 'null' })],
  ['our origin over https', () => request('GET /', { ...own(), Origin: `https://${host()}` })],
  ['our origin with another port', () => request('GET /', { ...own(), Origin: 'http://127.0.0.1:80' })],
  ['our origin by name', () => request('GET /', { ...own(), Origin: `http://localhost:${port}` })],
  ['our origin with a trailing dot', () => request('GET /', { ...own(), Origin: `http://127.0.0.1.:${port}` })],
  ['our origin with a path', () => request('GET /', { ...own(), Origin: `http://${host()}/` })],
  ['a page of another site', () => request('GET /', { ...own(), 'Sec-Fetch-Site': 'cross-site' })],
  ['a page of another port', () => request('GET /', { ...own(), 'Sec-Fetch-Site': 'same-site' })],
  ['POST', () => request('POST /', { ...own(), Origin: `http://${host()}`, 'Content-Length': '0' })],
  ['DELETE', () => request(`DELETE /documents/${id}`, own())],
  ['OPTIONS', () => request('OPTIONS /', own())],
  ['TRACE', () => request('TRACE /', own())],
  ['PATCH', () => request('PATCH /', own())],
  ['CONNECT', () => request('CONNECT example.org:443', own())],
  ['an absolute target', () => request('GET http://evil.example/', own())],
  ['a target without a path', () => request('OPTIONS *', own())],
  ['a path that climbs', () => request('GET /../data/longleaf.db', own())],
  ['the path ..', () => request('GET /..', own())],
  ['a path that climbs in escapes', () => request('GET /%2e%2e/longleaf.db', own())],
  ['a path of another host', () => request('GET //evil.example/', own())],
  ['a path with a backslash', () => request('GET /..\\longleaf.db', own())],
  ['a path that is endless', () => request(`GET /${'a'.repeat(9_000)}`, own())],
  ['an upgrade without a cookie', () => upgrade('GET /rpc', { ...upgradeHeaders(), Cookie: undefined })],
  ['an upgrade without an origin', () => upgrade('GET /rpc', { ...upgradeHeaders(), Origin: undefined })],
  ['an upgrade of another origin', () => upgrade('GET /rpc', { ...upgradeHeaders(), Origin: 'http://evil.example' })],
  ['an upgrade of the origin null', () => upgrade('GET /rpc', { ...upgradeHeaders(), Origin: 'null' })],
  ['an upgrade elsewhere', () => upgrade('GET /', upgradeHeaders())],
  ['an upgrade by PUT', () => upgrade('PUT /rpc', upgradeHeaders())],
  ['an upgrade to h2c', () => upgrade('GET /rpc', { ...upgradeHeaders(), Upgrade: 'h2c' })],
];
const misdirected: [string, () => string | undefined][] = [
  ['no host', () => undefined],
  ['an empty host', () => ''],
  ['a name bound to 127.0.0.1', () => `evil.example:${port}`],
  ['localhost', () => `localhost:${port}`],
  ['a trailing dot', () => `127.0.0.1.:${port}`],
  ['no port', () => '127.0.0.1'],
  ['another port', () => '127.0.0.1:80'],
  ['another address of the loopback', () => `127.0.0.2:${port}`],
  ['the loopback of IPv6', () => `[::1]:${port}`],
  ['the loopback as a number', () => `2130706433:${port}`],
  ['0.0.0.0', () => `0.0.0.0:${port}`],
  ['a user before it', () => `x@127.0.0.1:${port}`],
  ['two hosts in one', () => `127.0.0.1:${port}, evil.example`],
];

describe('refused before any handler', () => {
  test.each(forbidden)('with 403: %s', async (_name, text) => {
    const before = [handled, connected];
    expect((await send(text())).status).toBe(403);
    expect([handled, connected]).toEqual(before);
  });

  test.each(misdirected)('with 421: %s as host', async (_name, name) => {
    const before = [handled, connected];
    expect((await send(request('GET /', { ...own(), Host: name() }))).status).toBe(421);
    expect((await send(upgrade('GET /rpc', { ...upgradeHeaders(), Host: name() }))).status).toBe(421);
    expect([handled, connected]).toEqual(before);
  });

  test('with 421: two host headers', async () => {
    const twice = request('GET /', own()).replace('Connection', `Host: ${host()}\r\nConnection`);
    expect((await send(twice)).status).toBe(421);
  });

  test('on every address but 127.0.0.1', async () => {
    const refused = await new Promise((done) => {
      const socket = connect(port, '::1');
      socket.on('connect', () => done(false));
      socket.on('error', () => done(true));
    });
    expect(refused).toBe(true);
  });
});

describe('the host as it is started', () => {
  let started: ChromiumHost;
  const start = async () => {
    mkdirSync(folder('renderer'), { recursive: true });
    writeFileSync(folder('renderer/index.html'), '<!doctype html><title>Longleaf</title>');
    started = await startChromiumHost({
      dataFolder: folder('data'),
      assetsFolder: folder('assets'),
      rendererFolder: folder('renderer'),
      window: false,
    });
    const entered = await fetch(started.url, { redirect: 'manual' });
    return { origin: new URL(started.url).origin, cookie: entered.headers.get('set-cookie')!.split(';')[0] };
  };
  const apiOf = async (origin: string, session: string) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { origin, headers: { cookie: session } });
    await new Promise((done, fail) => socket.on('open', done).on('error', fail));
    return connectApi({
      post: (message) => socket.send(message),
      listen: (hear) => socket.on('message', (data) => hear(data.toString())),
      onClose: (callback) => socket.on('close', callback),
      close: () => socket.close(),
    });
  };

  test('serves page and calls, and ends both', async () => {
    const { origin, cookie: session } = await start();
    const page = await fetch(`${origin}/`, { headers: { cookie: session } });
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining(`connect-src 'self' ws://${new URL(origin).host}`),
    ]);
    const api = await apiOf(origin, session);
    expect(await api.documents()).toEqual([]);
    await started.close();
    expect(await api.documents().catch((error) => error.kind)).toBe('gone');
    await expect(fetch(`${origin}/`)).rejects.toThrow();
  });

  test('keeps nothing of a write that breaks off', async () => {
    const { origin, cookie: session } = await start();
    const { host: name, port: number } = new URL(origin);
    const socket = connect(Number(number), '127.0.0.1');
    socket.write(
      `PUT /documents/${id} HTTP/1.1\r\nHost: ${name}\r\nOrigin: ${origin}\r\nCookie: ${session}\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(5_000)}`,
    );
    const parts = () => readdirSync(folder('data/documents'));
    await expect.poll(parts).toHaveLength(1);
    socket.destroy();
    await expect.poll(parts).toEqual([]);
    await started.close();
  });
});
