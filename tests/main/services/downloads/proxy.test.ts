// Models through a proxy: the one in the settings, the one that the system names, the one in the environment, or none. A real proxy on
// this machine counts what goes through it.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { firstWay, type ProxyMeans } from '../../../../main/services/downloads/proxy.ts';
import { createRemote } from '../../../../main/services/downloads/remote.ts';
import { loopback, type ModelServer, startModelServer } from './model-server.ts';

let server: ModelServer;
let proxy: Server;
let through: string[];
let wanted: string | undefined;

const proxyAddress = () => `127.0.0.1:${(proxy.address() as AddressInfo).port}`;

beforeAll(async () => {
  server = await startModelServer();
  server.files.set('fern.gguf', Buffer.from('GGUF fern'));
  proxy = createServer();
  proxy.on('connect', ({ url, headers }, socket, head) => {
    through.push(String(url));
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = String(url).split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => undefined);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  wanted = undefined;
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await server.close();
  proxy.closeAllConnections();
  proxy.close();
});

/** What lies at the server, asked with these means, and how often that went through the proxy. */
const fetched = async (means: ProxyMeans) => {
  through = [];
  const remote = createRemote({ isOffline: () => false, mayFetch: loopback, silence: 10_000, ...means });
  const { body } = await remote.open(new URL(server.url('fern.gguf')), { offset: 0 });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return { text: Buffer.concat(pieces).toString(), times: through.length };
};

test('the proxy of the settings is used, whatever the system says', async () => {
  const systemProxy = async () => 'DIRECT';
  const { text, times } = await fetched({ proxy: () => `http://${proxyAddress()}`, systemProxy });
  expect([text, times]).toEqual(['GGUF fern', 1]);
});

test('without one in the settings the system is asked for each address', async () => {
  const asked: string[] = [];
  const systemProxy = async (address: string) => {
    asked.push(address);
    return `PROXY ${proxyAddress()}; DIRECT`;
  };
  expect(await fetched({ proxy: () => '', systemProxy })).toEqual({ text: 'GGUF fern', times: 1 });
  expect(asked).toEqual([server.url('fern.gguf')]);
  expect(await fetched({ proxy: () => '', systemProxy: async () => 'DIRECT' })).toMatchObject({ times: 0 });
  expect(await fetched({ proxy: () => '', systemProxy: () => Promise.reject(new Error('no')) })).toMatchObject({
    times: 0,
  });
});

test('where the system cannot be asked the environment is, its exceptions too', async () => {
  vi.stubEnv('http_proxy', `http://${proxyAddress()}`);
  vi.stubEnv('no_proxy', '');
  expect(await fetched({ proxy: () => '' })).toEqual({ text: 'GGUF fern', times: 1 });
  vi.stubEnv('no_proxy', '127.0.0.1');
  expect(await fetched({ proxy: () => '' })).toEqual({ text: 'GGUF fern', times: 0 });
});

test('a proxy that wants a name gets the one in its address, or it is said', async () => {
  wanted = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
  expect(await fetched({ proxy: () => `http://ada:secret@${proxyAddress()}` })).toMatchObject({ text: 'GGUF fern' });
  await expect(fetched({ proxy: () => `http://${proxyAddress()}` })).rejects.toThrow(
    /^The proxy wants a name and a password\./,
  );
});

test('a proxy that is not there is named as what to look at', async () => {
  await expect(fetched({ proxy: () => 'http://127.0.0.1:9' })).rejects.toThrow(
    'The server cannot be reached. Check the connection, and the proxy in the settings.',
  );
});

test('the first way that can be gone is taken of what a proxy script answers', () => {
  expect(firstWay('DIRECT')).toBe('');
  expect(firstWay('PROXY a.example:8080; DIRECT')).toBe('http://a.example:8080');
  expect(firstWay('SOCKS5 s.example:1080; HTTPS b.example:443')).toBe('https://b.example:443');
  expect(firstWay('PROXY [::1]:3128')).toBe('http://[::1]:3128');
  expect(firstWay('nonsense')).toBe('');
});
