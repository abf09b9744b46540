// Downloads against a real server that lies, changes the file, redirects, sends pages, and stays silent: never a wrong file under a
// model's name, and every end says what happened.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { etagOf, type Misbehave, sha256 } from './model-server.ts';
import { model, startedServices } from './started-services.ts';

const { on, reopen, ended, fetchAll, stored, askedFrom, storedBytes } = startedServices();

describe('a bad server', () => {
  const begun = async (cut = 100_000): Promise<string> => {
    const { id } = await on.services.api.askDownload(on.server.url('m.gguf'));
    on.server.cutAfter = cut;
    return id;
  };
  /** Lets the first answer through and does this to the next ones. */
  const then = (misbehave: Misbehave) => {
    let answers = 0;
    on.server.misbehave = (...all) => answers++ > 0 && misbehave(...all);
  };
  /** What a download ends in when the server has another file than the one that was looked at. */
  const anotherFile = { state: 'failed', problem: expect.stringMatching(/not the same as before/), done: 0 };
  const finish = async (id: string) => {
    await on.services.api.startDownload(id);
    return ended(id);
  };

  test('that ignores ranges sends all again: the file is right', async () => {
    const id = await begun();
    then((_, response, file) => {
      response.writeHead(200, { 'Content-Length': file!.length, ETag: etagOf(file!) }).end(file);
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
      on.server.files.set('m.gguf', other);
      return false;
    });
    expect(await finish(id)).toMatchObject(anotherFile);
    expect(stored()).toEqual([]);
  });

  test('without validators and hash: begun anew rather than mixed', async () => {
    on.server.etags = false;
    const id = await begun();
    then(() => {
      on.server.cutAfter = -1;
      return false;
    });
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(on.server.asked.at(-1)).toMatchObject({ range: 'bytes=0-', ifRange: undefined });
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
    on.server.misbehave = serve(1);
    expect(await fetchAll('m.gguf', sha256(model))).toMatchObject({ state: 'done' });
    expect(storedBytes().equals(model)).toBe(true);
    await on.services.api.removeModel((await on.services.api.models())[0]!.id);
    on.server.misbehave = serve(9);
    expect(await fetchAll('m.gguf', sha256(model))).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/checksum twice/),
      done: 0,
    });
    expect(stored()).toEqual([]);
  });

  test('may state the hash itself, as Hugging Face does', async () => {
    on.server.statesHash = true;
    expect((await on.services.api.askDownload(on.server.url('m.gguf'))).hashed).toBe(true);
    const id = await begun();
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(on.server.asked.at(-1)!.ifRange).toBeUndefined();
  });

  test('that sends more than it said is refused', async () => {
    const id = await begun(-1);
    on.server.misbehave = (_, response, file) => {
      response.writeHead(206, {
        'Content-Range': `bytes 0-${file!.length - 1}/${file!.length}`,
        ETag: etagOf(file!),
      });
      response.end(Buffer.concat([file!, Buffer.from('more')]));
      return true;
    };
    expect(await finish(id)).toMatchObject(anotherFile);
    expect(stored()).toEqual([]);
  });

  test('that falls silent is given up and asked again', async () => {
    await reopen({ silence: 400 });
    const id = await begun(-1);
    let silent = 0;
    on.server.misbehave = (_, response, file) => {
      if (silent++ > 0) return false;
      response.writeHead(206, {
        'Content-Range': `bytes 0-${file!.length - 1}/${file!.length}`,
        'Content-Length': file!.length,
        ETag: etagOf(file!),
      });
      response.write(file!.subarray(0, 50_000));
      return true;
    };
    expect(await finish(id)).toMatchObject({ state: 'done' });
    expect(on.server.asked.at(-1)!.range).toBe('bytes=50000-');
    expect(storedBytes().equals(model)).toBe(true);
  });

  test('that packs what it sends is refused', async () => {
    on.server.misbehave = (_, response, file) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': file!.length }).end(file);
      return true;
    };
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(/packed/);
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
    on.server.misbehave = (_, response) => !!response.writeHead(status).end('no');
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(sentence);
    expect(await on.services.api.downloads()).toEqual([]);
  });

  test('that sends a page in place of the model, at once or in the middle', async () => {
    const page: Misbehave = (_, response) =>
      !!response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>Sign in');
    on.server.misbehave = page;
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(/web page/);
    on.server.misbehave = undefined;
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
    on.server.misbehave = (_, response) => {
      response.writeHead(200);
      response.write('GGUF');
      response.end();
      return true;
    };
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(/how large/);
    on.server.misbehave = (_, response) => !!response.writeHead(200, { 'Content-Length': 0 }).end();
    await expect(on.services.api.askDownload(on.server.url('m.gguf'))).rejects.toThrow(/empty/);
  });

  test('that redirects is followed, but not in circles and nowhere that may not be fetched from', async () => {
    let to = on.server.url('m.gguf');
    on.server.misbehave = (request, response) => {
      if (!request.url!.startsWith('/here')) return false;
      response.writeHead(302, { Location: to }).end();
      return true;
    };
    expect(await on.services.api.askDownload(on.server.url('here.gguf'))).toMatchObject({
      state: 'asked',
      name: 'here',
    });
    to = '/here.gguf';
    await expect(on.services.api.askDownload(on.server.url('here-2.gguf'))).rejects.toThrow(/without end/);
    let reached = 0;
    const other = createServer((_, response) => {
      reached++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    to = `http://localhost:${(other.address() as AddressInfo).port}/m.gguf`;
    await expect(on.services.api.askDownload(on.server.url('here-3.gguf'))).rejects.toThrow(/not https/);
    expect(reached).toBe(0);
    other.close();
  });
});
