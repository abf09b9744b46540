// What a window may fetch, in any host: its own files with strict headers, documents and models by id and by ranges, and nothing
// else of the disk, however the path is written.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openServices, type Services } from '../../main/app.ts';
import { parseRange } from '../../main/file-response.ts';
import { appFolder } from '../../main/places.ts';
import { isPlainPath, openWindowFiles } from '../../main/window-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const pdf = Buffer.from('%PDF-1.7\n'.repeat(5_000));
const id = createHash('sha256').update(pdf).digest('hex');
const origins = ['app://longleaf', 'http://127.0.0.1:4711'];
let services: Services;

const ask = (path: string, init: RequestInit & { duplex?: 'half' } = {}, origin = origins[1]) =>
  services.handle(new Request(origin + path, init));

beforeAll(async () => {
  mkdirSync(folder('renderer/assets'), { recursive: true });
  mkdirSync(folder('renderer/.hidden'));
  mkdirSync(folder('assets/models'), { recursive: true });
  writeFileSync(folder('renderer/index.html'), '<!doctype html><title>Longleaf</title>');
  writeFileSync(folder('renderer/assets/app-1a2b.js'), 'export {};');
  writeFileSync(folder('renderer/assets/app.css'), 'body{}');
  writeFileSync(folder('renderer/assets/app.js.map'), 'secret');
  writeFileSync(folder('renderer/assets/unknown.exe'), 'secret');
  writeFileSync(folder('renderer/assets/con.js'), 'secret');
  writeFileSync(folder('renderer/.hidden/a.js'), 'secret');
  writeFileSync(folder('secret.js'), 'secret');
  // Windows lets only administrators make links to files.
  if (process.platform !== 'win32') symlinkSync(folder('secret.js'), folder('renderer/link.js'));
  symlinkSync(folder(''), folder('renderer/linked-folder'), 'junction');
  writeFileSync(folder('assets/sample.pdf'), pdf);
  writeFileSync(folder('assets/models/Sprig 1_Q8_0.gguf'), 'GGUF0123456789');
  services = await openServices({
    dataFolder: folder('data'),
    assetsFolder: folder('assets'),
    rendererFolder: folder('renderer'),
    say: () => undefined,
  });
  return () => services.close();
});

describe('the window', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/assets/app-1a2b.js', 'text/javascript; charset=utf-8'],
    ['/assets/app.css', 'text/css; charset=utf-8'],
    ['/sample.pdf', 'application/pdf'],
  ])('gets %s', async (path, type) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')));
  });

  test('gets a file that was built after the start once the page is loaded again', async () => {
    writeFileSync(folder('renderer/assets/late.js'), 'export {};');
    await (await ask('/')).text();
    expect((await ask('/assets/late.js')).status).toBe(200);
  });

  test.each(origins)('is bound by a strict policy on %s', async (origin) => {
    for (const path of ['/', '/assets/app.css', '/none.js', '/documents/x', `/documents/${id}`]) {
      const { headers } = await ask(path, {}, origin);
      const policy = headers.get('content-security-policy')!.split('; ');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy.join()).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
      const connect = origin.startsWith('http') ? "connect-src 'self' ws://127.0.0.1:4711" : "connect-src 'self'";
      expect(policy).toContain(connect);
      const sandbox = 'sandbox allow-scripts allow-same-origin allow-forms allow-downloads';
      expect(policy.includes(sandbox), 'where no shell denies new windows').toBe(origin.startsWith('http'));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

test('each file of the built window has an address, and its page has nothing inline', async () => {
  const built = join(appFolder(), 'dist', 'renderer');
  const findFile = openWindowFiles(built);
  const paths = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => `/${relative(built, join(entry.parentPath, entry.name)).replaceAll('\\', '/')}`);
  const found = await Promise.all(paths.map(findFile));
  expect(paths.filter((_path, i) => found[i] === undefined)).toEqual([]);
  const page = readFileSync(join(built, 'index.html'), 'utf8').replace(/<!--.*?-->/gs, '');
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
});

/** As they may stand in a request line; what a URL parser would tidy up is refused before (see the loopback tests). */
const hostilePaths = [
  '/../secret.js',
  '/assets/../../secret.js',
  '/assets/..%2f..%2fsecret.js',
  '/%2e%2e/secret.js',
  '/%2e%2e%2fsecret.js',
  '/.%2e/secret.js',
  '/%252e%252e/secret.js',
  '/assets/%00.js',
  '/index.html%00.js',
  '/assets\\..\\..\\secret.js',
  '/..\\secret.js',
  '/%5c..%5csecret.js',
  '//127.0.0.1/secret.js',
  '//server/share/secret.js',
  '/\\\\server\\share\\secret.js',
  '/\\\\?\\C:\\secret.js',
  '/C:/secret.js',
  '/C:%5csecret.js',
  '/file:///etc/passwd',
  '/etc/passwd',
  '/link.js',
  '/linked-folder/secret.js',
  '/linked-folder/data/longleaf.db',
  '/.hidden/a.js',
  '/assets/con.js',
  '/assets/app.js.map',
  '/assets/unknown.exe',
  '/INDEX.HTML',
  '/assets/app.css.',
  '/assets/app.css%20',
  '/assets/app.css::$DATA',
  '/assets/app.css/',
  '/assets',
  '/assets/',
  '/__proto__',
  '/constructor',
  '/documents/../longleaf.db',
  '/documents/..%2flongleaf.db',
  `/documents/${id.toUpperCase()}`,
  '/models/..%2f..%2fdata%2flongleaf.db',
  '/models/Sprig%201_Q8_0.gguf',
  `/${'a'.repeat(5_000)}`,
  `/${'a/'.repeat(150)}a.js`,
];

describe('paths', () => {
  test.each(hostilePaths.map((path) => [path.slice(0, 60), path]))('%s is refused', async (_shown, path) => {
    const response = await ask(path);
    expect([403, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('secret');
  });

  test('are plain or not before any file is looked for', () => {
    const refused = hostilePaths.filter((path) => !isPlainPath(path));
    expect(refused.length).toBeGreaterThanOrEqual(25);
    expect(['/', '/a.js', '/assets/index-B_x-9.js', `/documents/${id}`].every(isPlainPath)).toBe(true);
  });
});

describe('documents', () => {
  const put = (name: string, body: Uint8Array<ArrayBuffer>) => ask(`/documents/${name}`, { method: 'PUT', body });
  const files = () => readdirSync(folder('data/documents'));

  test('are stored under their hash and read by ranges', async () => {
    // Two windows send the same one at once.
    const stored = await Promise.all([put(id, pdf), put(id, pdf)]);
    expect(stored.map(({ status }) => status)).toEqual([204, 204]);
    expect(files()).toEqual([`${id}.pdf`]);
    const whole = await ask(`/documents/${id}`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(pdf)).toBe(true);
    expect(whole.headers.get('cache-control')).toBe('no-store');
    const part = await ask(`/documents/${id}`, { headers: { range: 'bytes=9-12' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 9-12/${pdf.length}`]);
    expect(await part.text()).toBe('%PDF');
    const head = await ask(`/documents/${id}`, { method: 'HEAD', headers: { range: 'bytes=9-12' } });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, `${pdf.length}`, '']);
  });

  test('of another hash than they say are not stored', async () => {
    const other = 'b'.repeat(64);
    const response = await put(other, pdf);
    expect([response.status, await response.text()]).toEqual([
      422,
      'The file changed while it was read; nothing was stored. Open it again.',
    ]);
    expect(files()).toEqual([`${id}.pdf`]);
  });

  test('that break off are not stored', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(pdf.subarray(0, 1_000)),
      pull: (controller) => controller.error(new Error('cable pulled')),
    });
    const response = await ask(`/documents/${'c'.repeat(64)}`, { method: 'PUT', body, duplex: 'half' });
    expect([response.status, await response.text()]).toEqual([
      400,
      'The file did not arrive whole; nothing was stored. Open it again.',
    ]);
    expect(files()).toEqual([`${id}.pdf`]);
  });

  test('of more than 2 GB are refused by their length', async () => {
    const headers = { 'content-length': String(3 * 2 ** 30) };
    expect((await ask(`/documents/${id}`, { method: 'PUT', body: 'x', headers })).status).toBe(413);
  });

  test('that are not there are not found', async () => {
    expect((await ask(`/documents/${'d'.repeat(64)}`)).status).toBe(404);
  });
});

describe('models', () => {
  test('are named by an id that a URL can carry, and read by ranges', async () => {
    const { models } = await services.api.start();
    const sha256 = createHash('sha256').update('GGUF0123456789').digest('hex');
    expect(models).toEqual([{ id: 'sprig-1-q8-0', name: 'Sprig 1_Q8_0', bytes: 14, embedded: true, sha256 }]);
    const part = await ask('/models/sprig-1-q8-0', { headers: { range: 'bytes=-4' } });
    expect([part.status, await part.text()]).toEqual([206, '6789']);
  });

  test('of the reader are found beside the history', async () => {
    mkdirSync(folder('data/models'), { recursive: true });
    writeFileSync(folder('data/models/Mein Modell (neu).GGUF'), 'GGUF');
    const { models } = await services.api.start();
    expect(models[1]).toMatchObject({ name: 'Mein Modell (neu)', embedded: false, bytes: 4 });
    expect(models[1].id).toMatch(/^own-mein-modell-neu-[0-9a-f]{8}$/);
    expect((await ask(`/models/${models[1].id}`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('methods', () => {
  test.each([
    ['POST', '/'],
    ['DELETE', `/documents/${id}`],
    ['PUT', '/index.html'],
    ['PUT', '/models/sprig-1-q8-0'],
    ['PATCH', '/sample.pdf'],
    ['OPTIONS', '/'],
  ])('%s %s is refused', async (method, path) => {
    expect((await ask(path, { method, body: ['PUT', 'POST'].includes(method) ? 'x' : undefined })).status).toBe(405);
  });
});

describe('ranges', () => {
  test.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=90-200', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-3', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined],
    ['items=0-1', undefined],
    ['bytes=1e3-', undefined],
    ['bytes=99999999999999999999-', undefined],
    [null, undefined],
  ])('%s of 100 bytes', (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  test('outside a file are said to be so', async () => {
    const response = await ask('/sample.pdf', { headers: { range: `bytes=${pdf.length}-` } });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${pdf.length}`]);
  });
});
