// Downloads against a real server that cuts, lies, changes the file, redirects, sends pages, and stays silent: never a wrong file under
// a model's name, nothing fetched twice that need not be, and every end says what happened.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openServices, type Services } from '../../../../main/app.ts';
import type { DownloadRow } from '../../../../main/common/api.ts';
import { catalogue, searchCatalogue } from '../../../../main/common/catalogue.ts';
import { onlyHttps, parseAddress } from '../../../../main/services/downloads/address.ts';
import type { DownloadMeans } from '../../../../main/services/downloads/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type Misbehave, type ModelServer, sha256, startModelServer } from './model-server.ts';

const [CUTS, KILLS] = process.env.LONGLEAF_LONG_TESTS ? [100, 100] : [10, 6];
const LONG = 600_000;
const folder = temporaryFolder();
const loopback: DownloadMeans['mayFetch'] = ({ hostname }) => hostname === '127.0.0.1';
const means: Partial<DownloadMeans> = { mayFetch: loopback, silence: 400, patience: [1, 1, 1] };
const model = Buffer.concat([Buffer.from('GGUF'), randomBytes(400_000)]);
let server: ModelServer;
let services: Services;
let data = '';
let opened = 0;

const open = (changes: Partial<DownloadMeans> = {}) =>
  openServices(
    { dataFolder: data, assetsFolder: folder('assets'), rendererFolder: folder('r'), say: () => undefined },
    { ...means, ...changes },
  );
const reopen = async (changes?: Partial<DownloadMeans>) => {
  services.close();
  services = await open(changes);
};
const rowOf = async (id: string): Promise<DownloadRow> =>
  (await services.api.downloads()).find((row) => row.id === id) ?? ({ state: 'gone' } as never);

/** Until it is neither waiting, being fetched nor checked. */
const ended = async (id: string): Promise<DownloadRow> => {
  for (;;) {
    const row = await rowOf(id);
    if (!['waiting', 'fetching', 'checking'].includes(row.state)) return row;
    await new Promise((done) => setTimeout(done, 5));
  }
};
const fetchAll = async (path = 'm.gguf', hash?: string): Promise<DownloadRow> => {
  const { id } = await (hash
    ? services.api.askDownload(server.url(path), hash)
    : services.api.askDownload(server.url(path)));
  await services.api.startDownload(id);
  return ended(id);
};
const stored = (): string[] => (existsSync(join(data, 'models')) ? readdirSync(join(data, 'models')) : []);
/** Where the last request began: as many bytes were there. */
const askedFrom = (): number => Number(/^bytes=(\d+)-/.exec(server.asked.at(-1)!.range!)![1]);
const storedBytes = (name = 'm.gguf') => readFileSync(join(data, 'models', name));

beforeAll(async () => {
  mkdirSync(folder('assets/models'), { recursive: true });
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  Object.assign(server, { misbehave: undefined, cutAfter: -1, pace: 0, statesHash: false, etags: true });
  server.files.clear();
  server.files.set('m.gguf', model);
  data = folder(`data ${opened++}`);
  services = await open();
  server.asked.length = 0;
  return () => services.close();
});

describe('a download', () => {
  test('asks what lies there, lets the header be read by ranges, then becomes a model with its hash', async () => {
    const asked = await services.api.askDownload(server.url('m.gguf'));
    expect(asked).toMatchObject({ name: 'm', state: 'asked', bytes: model.length, done: 0, hashed: false });
    const header = await services.handle(
      new Request(`app://longleaf/downloads/${asked.id}.1`, { headers: { Range: 'bytes=100-299' } }),
    );
    expect(header.status).toBe(206);
    expect(Buffer.from(await header.arrayBuffer()).equals(model.subarray(100, 300))).toBe(true);
    expect(server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(1_000);
    expect(server.asked.map(({ encoding }) => encoding)).toEqual(['identity', 'identity']);
    await services.api.startDownload(asked.id);
    const row = await ended(asked.id);
    expect(row).toMatchObject({ state: 'done', done: model.length });
    expect(storedBytes().equals(model)).toBe(true);
    const [listed] = await services.api.models();
    expect(listed).toMatchObject({ id: row.model, name: 'm', sha256: sha256(model), embedded: false });
    expect(readdirSync(join(data, 'downloads'))).toEqual([]);
  });

  test('cut at many places goes on there: bit for bit, and at most 128 KiB are fetched twice', {
    timeout: LONG,
  }, async () => {
    const large = Buffer.concat([Buffer.from('GGUF'), randomBytes(2_000_000)]);
    server.files.set('m.gguf', large);
    for (let cut = 0; cut < CUTS; cut++) {
      server.asked.length = 0;
      server.cutAfter = -1;
      const { id } = await services.api.askDownload(server.url('m.gguf'));
      server.cutAfter = 1 + Math.floor((cut * 7_919 * 131) % large.length);
      await services.api.startDownload(id);
      expect(await ended(id)).toMatchObject({ state: 'done' });
      expect(server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(large.length + 131_072);
      expect(storedBytes().equals(large)).toBe(true);
      await services.api.removeModel((await services.api.models())[0]!.id);
    }
  });

  test('that gets nothing any more says so and keeps what there is; it goes on when asked to', async () => {
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    let answers = 0;
    server.cutAfter = 150_000;
    server.misbehave = (_, response) => {
      if (answers++ === 0) return false;
      response.destroy();
      return true;
    };
    await services.api.startDownload(id);
    const failed = await ended(id);
    expect(failed).toMatchObject({
      state: 'failed',
      done: askedFrom(),
      problem: 'The server cannot be reached. Check the connection. What was fetched is kept.',
    });
    expect(stored()).toEqual([]);
    const there = askedFrom();
    Object.assign(server, { misbehave: undefined, cutAfter: -1 });
    server.asked.length = 0;
    await services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(server.asked.map(({ range }) => range)).toEqual([`bytes=${there}-`]);
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('is stopped at once, keeps its part through a quit, and says how fast it is', async () => {
    server.pace = 400_000;
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    await services.api.startDownload(id);
    await expect.poll(async () => (await rowOf(id)).secondsLeft).toBeTypeOf('number');
    const row = await rowOf(id);
    expect(row.rate).toBeGreaterThan(100_000);
    const began = performance.now();
    const halted = await services.api.stopDownload(id);
    expect(performance.now() - began).toBeLessThan(300);
    expect(halted.state).toBe('stopped');
    expect(halted.done).toBeGreaterThan(0);
    await reopen();
    expect(await rowOf(id)).toMatchObject({ state: 'stopped', done: halted.done });
    server.pace = 0;
    await services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('waits for the one before it; a waiting one can be taken out', async () => {
    server.pace = 200_000;
    for (const name of ['b.gguf', 'c.gguf']) server.files.set(name, randomBytes(50_000));
    const ids: string[] = [];
    for (const name of ['m.gguf', 'b.gguf', 'c.gguf']) {
      const { id } = await services.api.askDownload(server.url(name));
      await services.api.startDownload(id);
      ids.push(id);
    }
    expect((await services.api.downloads()).map(({ state }) => state)).toEqual(['fetching', 'waiting', 'waiting']);
    await services.api.removeDownload(ids[1]!);
    server.pace = 0;
    await services.api.stopDownload(ids[0]!);
    await services.api.startDownload(ids[0]!);
    expect(await ended(ids[2]!)).toMatchObject({ state: 'done' });
    expect(await ended(ids[0]!)).toMatchObject({ state: 'done' });
    expect(stored().sort()).toEqual(['c.gguf', 'm.gguf']);
  });

  test('survives kill -9 of its process again and again, bit for bit', { timeout: LONG }, async () => {
    server.pace = 12_000_000 / KILLS;
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    services.close();
    const script = fileURLToPath(new URL('./fetcher.ts', import.meta.url));
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [script, data, id], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((done) => setTimeout(done, 5 + ((7 * kill) % 40)));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const fetched = server.asked.reduce((sum, { sent }) => sum + sent, 0);
    expect(fetched).toBeGreaterThan(0);
    server.pace = 0;
    services = await open();
    if ((await rowOf(id)).state === 'stopped') {
      await services.api.startDownload(id);
      expect(await ended(id)).toMatchObject({ state: 'done' });
    }
    expect(storedBytes().equals(model)).toBe(true);
    expect(stored()).toEqual(['m.gguf']);
  });

  test('of a model in several files fetches all of them, and names the one that is missing', async () => {
    const parts = [1, 2, 3].map((n) => Buffer.concat([Buffer.from('GGUF'), randomBytes(20_000 * n)]));
    for (const [i, bytes] of parts.entries()) server.files.set(`big-0000${i + 1}-of-00003.gguf`, bytes);
    const asked = await services.api.askDownload(server.url('big-00002-of-00003.gguf'));
    expect(asked).toMatchObject({ name: 'big', parts: parts.map(({ length }) => length) });
    await services.api.startDownload(asked.id);
    const { model: id } = await ended(asked.id);
    const [row] = await services.api.models();
    expect(row).toMatchObject({ id, name: 'big', parts: parts.map(({ length }) => length) });
    expect(await services.api.verifyModel(row!.id)).toMatchObject({ state: 'same' });
    const second = await services.handle(new Request(`app://longleaf/models/${row!.id}.2`));
    expect(Buffer.from(await second.arrayBuffer()).equals(parts[1]!)).toBe(true);
    server.files.delete('big-00003-of-00003.gguf');
    await services.api.removeModel(row!.id);
    await expect(services.api.askDownload(server.url('big-00001-of-00003.gguf'))).rejects.toThrow(
      'A part of this model is missing on the server: big-00003-of-00003.gguf.',
    );
  });
});

describe('a bad server', () => {
  const begun = async (cut = 100_000): Promise<string> => {
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    server.cutAfter = cut;
    return id;
  };
  /** Lets the first answer through and does this to the next ones. */
  const then = (misbehave: Misbehave) => {
    let answers = 0;
    server.misbehave = (...all) => answers++ > 0 && misbehave(...all);
  };
  const finish = async (id: string) => {
    await services.api.startDownload(id);
    return ended(id);
  };

  test('that ignores ranges sends all again: the file is right', async () => {
    const id = await begun();
    then((_, response, file) => {
      response.writeHead(200, { 'Content-Length': file!.length, ETag: `"${sha256(file!).slice(0, 20)}"` }).end(file);
      return true;
    });
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('that sends another range than asked for is refused; what there was is kept', async () => {
    const id = await begun();
    then((_, response, file) => {
      const from = 50_000;
      response.writeHead(206, { 'Content-Range': `bytes ${from}-${file!.length - 1}/${file!.length}` });
      response.end(file!.subarray(from));
      return true;
    });
    const failed = await finish(id);
    expect(failed).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/another part/),
      done: askedFrom(),
    });
    expect(stored()).toEqual([]);
  });

  test.each([
    ['another file of the same size', Buffer.concat([Buffer.from('GGUF'), randomBytes(400_000)])],
    ['a file of another size', Buffer.from('GGUF another')],
    ['a longer file', Buffer.concat([model, randomBytes(100)])],
  ])('that has %s in between: found out, nothing stored, begun anew', async (_, other) => {
    const id = await begun();
    then(() => {
      server.files.set('m.gguf', other);
      return false;
    });
    expect(await finish(id)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/not the same as before/),
      done: 0,
    });
    expect(stored()).toEqual([]);
  });

  test('without validators and hash: begun anew rather than mixed', async () => {
    server.etags = false;
    const id = await begun();
    then(() => {
      server.cutAfter = -1;
      return false;
    });
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(server.asked.at(-1)).toMatchObject({ range: 'bytes=0-', ifRange: undefined });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('that flips a byte is found out by the hash: fetched once more, then given up', async () => {
    const flipped = Buffer.from(model);
    flipped[300_000] ^= 1;
    const serve = (times: number): Misbehave => {
      let left = times;
      return (request, response, file) => {
        if (request.headers.range === 'bytes=0-0' || left-- <= 0) return false;
        response.writeHead(200, { 'Content-Length': file!.length }).end(flipped);
        return true;
      };
    };
    server.misbehave = serve(1);
    expect(await fetchAll('m.gguf', sha256(model))).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
    await services.api.removeModel((await services.api.models())[0]!.id);
    server.misbehave = serve(9);
    expect(await fetchAll('m.gguf', sha256(model))).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/checksum twice/),
      done: 0,
    });
    expect(stored()).toEqual([]);
  });

  test('may state the hash itself, as Hugging Face does', async () => {
    server.statesHash = true;
    expect((await services.api.askDownload(server.url('m.gguf'))).hashed).toBe(true);
    const id = await begun();
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(server.asked.at(-1)!.ifRange).toBeUndefined();
  });

  test('that sends more than it said is refused', async () => {
    const id = await begun(-1);
    server.misbehave = (_, response, file) => {
      response.writeHead(206, {
        'Content-Range': `bytes 0-${file!.length - 1}/${file!.length}`,
        ETag: `"${sha256(file!).slice(0, 20)}"`,
      });
      response.end(Buffer.concat([file!, Buffer.from('more')]));
      return true;
    };
    expect((await finish(id)).state).toBe('failed');
    expect(stored()).toEqual([]);
  });

  test('that falls silent is given up and asked again', async () => {
    const id = await begun(-1);
    let silent = 0;
    server.misbehave = (_, response, file) => {
      if (silent++ > 0) return false;
      response.writeHead(206, {
        'Content-Range': `bytes 0-${file!.length - 1}/${file!.length}`,
        'Content-Length': file!.length,
        ETag: `"${sha256(file!).slice(0, 20)}"`,
      });
      response.write(file!.subarray(0, 50_000));
      return true;
    };
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(server.asked.at(-1)!.range).toBe('bytes=50000-');
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('that packs what it sends is refused', async () => {
    server.misbehave = (_, response, file) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': file!.length }).end(file);
      return true;
    };
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(/packed/);
  });

  test.each([
    [404, /no such file/],
    [410, /no such file/],
    [401, /sign in/],
    [403, /sign in/],
    [500, /has a problem/],
    [503, /has a problem/],
    [429, /asked too much/],
    [418, /did not give the file/],
  ])('that answers %i is named', async (status, sentence) => {
    server.misbehave = (_, response) => !!response.writeHead(status).end('no');
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(sentence);
    expect(await services.api.downloads()).toEqual([]);
  });

  test('that sends a page in place of the model, at once or in the middle', async () => {
    const page: Misbehave = (_, response) =>
      !!response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>Sign in');
    server.misbehave = page;
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(/web page/);
    server.misbehave = undefined;
    const id = await begun();
    then(page);
    const failed = await finish(id);
    expect(failed).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/web page.*is kept\.$/),
      done: askedFrom(),
    });
  });

  test('that does not say how large the file is, or says it is empty', async () => {
    server.misbehave = (_, response) => {
      response.writeHead(200);
      response.write('GGUF');
      response.end();
      return true;
    };
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(/how large/);
    server.misbehave = (_, response) => !!response.writeHead(200, { 'Content-Length': 0 }).end();
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(/empty/);
  });

  test('that redirects is followed, but not in circles and nowhere that may not be fetched from', async () => {
    let to = server.url('m.gguf');
    server.misbehave = (request, response) => {
      if (!request.url!.startsWith('/here')) return false;
      response.writeHead(302, { Location: to }).end();
      return true;
    };
    expect(await services.api.askDownload(server.url('here.gguf'))).toMatchObject({ state: 'asked', name: 'here' });
    to = '/here.gguf';
    await expect(services.api.askDownload(server.url('here-2.gguf'))).rejects.toThrow(/without end/);
    let reached = 0;
    const other = createServer((_, response) => {
      reached++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    to = `http://localhost:${(other.address() as AddressInfo).port}/m.gguf`;
    await expect(services.api.askDownload(server.url('here-3.gguf'))).rejects.toThrow(/not https/);
    expect(reached).toBe(0);
    other.close();
  });
});

describe('the disk', () => {
  test('that has no room is said before a byte is fetched', async () => {
    await reopen({ freeSpace: async () => 100_000 });
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    server.asked.length = 0;
    await expect(services.api.startDownload(id)).rejects.toThrow(/^There is no room on the disk: 1 MB are needed/);
    expect(server.asked).toEqual([]);
    expect((await rowOf(id)).state).toBe('asked');
  });

  test('that fills up on the way keeps what there is; it goes on after room was made', async () => {
    const { id } = await services.api.askDownload(server.url('m.gguf'));
    services.close();
    const script = fileURLToPath(new URL('./fetcher.ts', import.meta.url));
    // A file may be 100 KiB in this process: the write fails as it does on a full disk.
    const child = spawn(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 100; exec "$@"`, 'bash', process.execPath, script, data, id],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    await once(child, 'close');
    expect(JSON.parse(said.trim().split('\n').at(-1)!)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/^The disk is full/),
    });
    services = await open();
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: 'stopped' });
    expect(row.done).toBeGreaterThan(50_000);
    await services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('with a model of the same name keeps both', async () => {
    mkdirSync(join(data, 'models'), { recursive: true });
    writeFileSync(join(data, 'models', 'm.gguf'), 'GGUF mine');
    expect(await fetchAll()).toMatchObject({ state: 'done' });
    expect(storedBytes('m.gguf').toString()).toBe('GGUF mine');
    expect(storedBytes('m-2.gguf').equals(model)).toBe(true);
  });
});

describe('an address', () => {
  const address = (text: string) => parseAddress(text, onlyHttps);
  const url = (text: string) => address(text).urls.map(({ href }) => href);

  test('is https and names a model; a page of a file at Hugging Face is the file', () => {
    expect(url(' https://example.com/a/b.gguf ')).toEqual(['https://example.com/a/b.gguf']);
    expect(url('https://huggingface.co/o/r/blob/main/sub/m.gguf?download=true')).toEqual([
      'https://huggingface.co/o/r/resolve/main/sub/m.gguf',
    ]);
    expect(url('https://huggingface.co/o/r/resolve/main/m.gguf')).toEqual([
      'https://huggingface.co/o/r/resolve/main/m.gguf',
    ]);
    expect(address('https://example.com/My%20Model%20(1).GGUF').names).toEqual(['My-Model-1.gguf']);
    expect(url('https://example.com/x/big-00002-of-00002.gguf?v=1')).toEqual([
      'https://example.com/x/big-00001-of-00002.gguf?v=1',
      'https://example.com/x/big-00002-of-00002.gguf?v=1',
    ]);
  });

  test.each([
    ['http://example.com/m.gguf', /https only/],
    ['ftp://example.com/m.gguf', /https only/],
    ['file:///etc/passwd.gguf', /https only/],
    ['javascript:alert(1)//.gguf', /https only/],
    ['m.gguf', /no web address/],
    ['https://user:secret@example.com/m.gguf', /password/],
    ['https://example.com/m.bin', /names no model/],
    ['https://huggingface.co/o/r', /names no model/],
  ])('like %s is refused', (text, sentence) => {
    expect(() => address(text)).toThrow(sentence);
  });

  test('is checked by the app as it is shipped: no http, not even to this machine', async () => {
    await reopen({ mayFetch: onlyHttps });
    server.asked.length = 0;
    await expect(services.api.askDownload(server.url('m.gguf'))).rejects.toThrow(/https only/);
    expect(server.asked).toEqual([]);
  });

  test('of every model of the catalogue is one', () => {
    for (const { url: text, sha256: hash, bytes } of catalogue) {
      expect(url(text)).toEqual([text]);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1e8);
    }
    expect(searchCatalogue('gemma 4b').map(({ id }) => id)).toEqual(['gemma-3-4b']);
    expect(searchCatalogue('')).toHaveLength(catalogue.length);
  });
});
