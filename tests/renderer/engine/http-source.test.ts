// A model behind main's own responses: ranges, and what happens when the file is not what it was.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileResponse } from '../../../main/file-response.ts';
import { httpSource } from '../../../renderer/engine/http-source.ts';

let folder = '';
const path = () => join(folder, 'model.gguf');
const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-http-'));
  await writeFile(path(), bytes);
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    return fileResponse(new Request(new URL(url, 'http://127.0.0.1'), init), path(), {});
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true, force: true });
});

const gone = { name: 'EngineError', kind: 'model-gone', message: expect.stringMatching(/^The model file is gone/) };

test('reads ranges, none for nothing', async () => {
  const source = httpSource('/models/one', bytes.length);
  expect(await source.read(4000, 1000)).toEqual(bytes.slice(4000));
  expect(await source.read(0, 0)).toHaveLength(0);
  await source.expectUnchanged?.();
  await expect(source.read(4000, 1001)).rejects.toMatchObject(gone);
});

test('finds out a file that was replaced by one of the same length, and one that was removed', async () => {
  const source = httpSource('/models/one', bytes.length);
  await source.read(0, 10);
  await new Promise((later) => setTimeout(later, 20));
  await writeFile(
    path(),
    bytes.map((byte) => byte ^ 1),
  );
  await expect(source.expectUnchanged?.()).rejects.toMatchObject(gone);
  await expect(source.read(0, 10)).rejects.toMatchObject(gone);
  await rm(path());
  await expect(source.expectUnchanged?.()).rejects.toMatchObject(gone);
});

test('stops for the reason that it was stopped for', async () => {
  const stop = new AbortController();
  const source = httpSource('/models/one', bytes.length, stop.signal);
  stop.abort(new Error('enough'));
  await expect(source.read(0, 10)).rejects.toThrow('enough');
});
