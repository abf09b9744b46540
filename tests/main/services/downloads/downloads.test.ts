// Downloads from a server that is cut off: nothing is fetched twice that need not be, nothing is stored half, and every end says what
// happened. Servers that lie are in bad-server.test.ts.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { onlyHttps } from '../../../../main/services/downloads/address.ts';
import { sha256 } from './model-server.ts';
import { model, startedServices } from './started-services.ts';

const [CUTS, KILLS] = process.env.LONGLEAF_LONG_TESTS ? [100, 100] : [10, 6];
/** Each kill costs the start of a process. */
const LONG = 3_600_000;
const { on, open, reopen, rowOf, ended, fetchAll, stored, askedFrom, storedBytes } = startedServices();

describe('a download', () => {
  test('asks what lies there, lets the header be read by ranges, then becomes a model with its hash', async () => {
    const asked = await on.services.api.askDownload(on.server.url('m.gguf'));
    expect(asked).toMatchObject({ name: 'm', state: 'asked', bytes: model.length, done: 0, hashed: false });
    const header = await on.services.handle(
      new Request(`app://longleaf/downloads/${asked.id}.1`, { headers: { Range: 'bytes=100-299' } }),
    );
    expect(header.status).toBe(206);
    expect(Buffer.from(await header.arrayBuffer()).equals(model.subarray(100, 300))).toBe(true);
    expect(on.server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(1_000);
    expect(on.server.asked.map(({ encoding }) => encoding)).toEqual(['identity', 'identity']);
    await on.services.api.startDownload(asked.id);
    const row = await ended(asked.id);
    expect(row).toMatchObject({ state: 'done', done: model.length });
    expect(storedBytes().equals(model)).toBe(true);
    const [listed] = await on.services.api.models();
    expect(listed).toMatchObject({ id: row.model, name: 'm', sha256: sha256(model), embedded: false });
    expect(readdirSync(join(on.data, 'downloads'))).toEqual([]);
  });

  test('cut at many places goes on there: bit for bit, and at most 128 KiB are fetched twice', {
    timeout: LONG,
  }, async () => {
    const large = Buffer.concat([Buffer.from('GGUF'), randomBytes(2_000_000)]);
    on.server.files.set('m.gguf', large);
    for (let cut = 0; cut < CUTS; cut++) {
      on.server.asked.length = 0;
      on.server.cutAfter = -1;
      const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
      on.server.cutAfter = 1 + Math.floor((cut * 7_919 * 131) % large.length);
      await on.services.api.startDownload(id);
      expect(await ended(id)).toMatchObject({ state: 'done' });
      expect(on.server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(large.length + 131_072);
      expect(storedBytes().equals(large)).toBe(true);
      await on.services.api.removeModel((await on.services.api.models())[0]!.id);
    }
  });

  test('that gets nothing any more says so and keeps what there is; it goes on when asked to', async () => {
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    let answers = 0;
    on.server.cutAfter = 150_000;
    on.server.misbehave = (_, response) => {
      if (answers++ === 0) return false;
      response.destroy();
      return true;
    };
    await on.services.api.startDownload(id);
    const failed = await ended(id);
    expect(failed).toMatchObject({
      state: 'failed',
      done: askedFrom(),
      problem: 'The server cannot be reached. Check the connection. What was fetched is kept.',
    });
    expect(stored()).toEqual([]);
    const there = askedFrom();
    Object.assign(on.server, { misbehave: undefined, cutAfter: -1 });
    on.server.asked.length = 0;
    await on.services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(on.server.asked.map(({ range }) => range)).toEqual([`bytes=${there}-`]);
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('is stopped at once, keeps its part through a quit, and says how fast it is', async () => {
    on.server.pace = 400_000;
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    await on.services.api.startDownload(id);
    await expect.poll(async () => (await rowOf(id)).secondsLeft).toBeTypeOf('number');
    const row = await rowOf(id);
    expect(row.rate).toBeGreaterThan(100_000);
    const began = performance.now();
    const halted = await on.services.api.stopDownload(id);
    expect(performance.now() - began).toBeLessThan(300);
    expect(halted.state).toBe('stopped');
    expect(halted.done).toBeGreaterThan(0);
    await reopen();
    expect(await rowOf(id)).toMatchObject({ state: 'stopped', done: halted.done });
    on.server.pace = 0;
    await on.services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('waits for the one before it; a waiting one can be taken out', async () => {
    on.server.pace = 200_000;
    for (const name of ['b.gguf', 'c.gguf']) on.server.files.set(name, randomBytes(50_000));
    const ids: string[] = [];
    for (const name of ['m.gguf', 'b.gguf', 'c.gguf']) {
      const { id } = await on.services.api.askDownload(on.server.url(name));
      await on.services.api.startDownload(id);
      ids.push(id);
    }
    expect((await on.services.api.downloads()).map(({ state }) => state)).toEqual(['fetching', 'waiting', 'waiting']);
    await on.services.api.removeDownload(ids[1]!);
    on.server.pace = 0;
    await on.services.api.stopDownload(ids[0]!);
    await on.services.api.startDownload(ids[0]!);
    expect(await ended(ids[2]!)).toMatchObject({ state: 'done' });
    expect(await ended(ids[0]!)).toMatchObject({ state: 'done' });
    expect(stored().sort()).toEqual(['c.gguf', 'm.gguf']);
  });

  test('survives kill -9 of its process again and again, bit for bit', { timeout: LONG }, async () => {
    on.server.pace = 300_000 / KILLS;
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    on.services.close();
    on.server.asked.length = 0;
    const script = fileURLToPath(new URL('./fetcher.ts', import.meta.url));
    const part = join(on.data, 'downloads', id, '1.part');
    const there = () => statSync(part, { throwIfNoEntry: false })?.size ?? 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const before = there();
      const child = spawn(process.execPath, [script, on.data, id], { stdio: ['ignore', 'pipe', 'inherit'] });
      // In the middle of an answer, of which something is on the disk.
      await expect.poll(there, { timeout: 60_000, interval: 1 }).toBeGreaterThan(before);
      await new Promise((done) => setTimeout(done, 5 + ((7 * kill) % 40)));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const fetched = on.server.asked.reduce((sum, { sent }) => sum + sent, 0);
    // The last one went on from what the others had left.
    expect(askedFrom()).toBeGreaterThan(0);
    // What a kill had on the way is fetched again, and no more.
    expect(fetched).toBeLessThan(model.length + KILLS * 131_072);
    on.server.pace = 0;
    on.services = await open();
    if ((await rowOf(id)).state === 'stopped') {
      await on.services.api.startDownload(id);
      expect(await ended(id)).toMatchObject({ state: 'done' });
    }
    expect(storedBytes().equals(model)).toBe(true);
    expect(stored()).toEqual(['m.gguf']);
  });

  test('of a model in several files fetches all of them, and names the one that is missing', async () => {
    const parts = [1, 2, 3].map((n) => Buffer.concat([Buffer.from('GGUF'), randomBytes(20_000 * n)]));
    for (const [i, bytes] of parts.entries()) on.server.files.set(`big-0000${i + 1}-of-00003.gguf`, bytes);
    const asked = await on.services.api.askDownload(on.server.url('big-00002-of-00003.gguf'));
    expect(asked).toMatchObject({ name: 'big', parts: parts.map(({ length }) => length) });
    await on.services.api.startDownload(asked.id);
    const { model: id } = await ended(asked.id);
    const [row] = await on.services.api.models();
    expect(row).toMatchObject({ id, name: 'big', parts: parts.map(({ length }) => length) });
    expect(await on.services.api.verifyModel(row!.id)).toMatchObject({ state: 'same' });
    const second = await on.services.handle(new Request(`app://longleaf/models/${row!.id}.2`));
    expect(Buffer.from(await second.arrayBuffer()).equals(parts[1]!)).toBe(true);
    on.server.files.delete('big-00003-of-00003.gguf');
    await on.services.api.removeModel(row!.id);
    await expect(on.services.api.askDownload(on.server.url('big-00001-of-00003.gguf'))).rejects.toThrow(
      'A part of this model is missing on the server: big-00003-of-00003.gguf.',
    );
  });

  test('is by https only in the app as it is shipped: no http, not even to this machine', async () => {
    await reopen({ mayFetch: onlyHttps });
    on.server.asked.length = 0;
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(/https only/);
    expect(on.server.asked).toEqual([]);
  });
});

describe('the disk', () => {
  test('that has no room is said before a byte is fetched', async () => {
    await reopen({ freeSpace: async () => 100_000 });
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    on.server.asked.length = 0;
    await expect(on.services.api.startDownload(id)).rejects.toThrow(/^There is no room on the disk: 1 MB are needed/);
    expect(on.server.asked).toEqual([]);
    expect((await rowOf(id)).state).toBe('asked');
  });

  test('that fills up on the way keeps what there is; it goes on after room was made', async () => {
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    on.services.close();
    const script = fileURLToPath(new URL('./fetcher.ts', import.meta.url));
    // A file may be 100 KiB in this process: the write fails as it does on a full disk.
    const child = spawn(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 100; exec "$@"`, 'bash', process.execPath, script, on.data, id],
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
    on.services = await open();
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: 'stopped' });
    expect(row.done).toBeGreaterThan(50_000);
    await on.services.api.startDownload(id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('with a model of the same name keeps both', async () => {
    mkdirSync(join(on.data, 'models'), { recursive: true });
    writeFileSync(join(on.data, 'models', 'm.gguf'), 'GGUF mine');
    expect(await fetchAll()).toMatchObject({ state: 'done' });
    expect(storedBytes('m.gguf').toString()).toBe('GGUF mine');
    expect(storedBytes('m-2.gguf').equals(model)).toBe(true);
  });
});
