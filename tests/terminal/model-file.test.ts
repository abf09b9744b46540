// Model files on disk: what changes under the engine, models in several files, and files larger than 4 GiB.
import { mkdtemp, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../gpu/index.ts';
import { partNames } from '../../main/common/model-names.ts';
import { openModelFile } from '../../main/hosts/terminal/model-file.ts';
import { smallParts } from '../gpu/gguf/small-llama.ts';
import { longleaf, refusalOf } from './command.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file that changes after it was opened', () => {
  test.each<[name: string, harm: (path: string) => Promise<unknown>]>([
    ['changed.gguf', (path) => writeFile(path, 'something else')],
    ['same-size.gguf', (path) => writeFile(path, Buffer.alloc(100_000, 2))],
    ['touched.gguf', (path) => utimes(path, 1, 1)],
    ['vanished.gguf', (path) => rm(path)],
    ['moved.gguf', (path) => rename(path, `${path}.old`)],
    [
      'replaced.gguf',
      async (path) => {
        await writeFile(`${path}.new`, Buffer.alloc(100_000, 1));
        await rename(`${path}.new`, path);
      },
    ],
  ])('%s is found out at the next use', async (name, harm) => {
    await writeFile(at(name), Buffer.alloc(100_000, 1));
    const file = await openModelFile(at(name));
    expect(await file.read(10, 5)).toEqual(new Uint8Array(5).fill(1));
    await file.expectUnchanged?.();
    await harm(at(name));
    const gone = { kind: 'model-gone', message: expect.stringContaining(`${name} is gone or changed`) };
    await expect(file.expectUnchanged?.()).rejects.toMatchObject(gone);
    await expect(file.read(50_000, 1_000)).rejects.toMatchObject(gone);
    await file.close();
  });
});

describe('a model in several files', () => {
  const names = partNames('split', 3);
  beforeAll(async () => {
    for (const [i, part] of smallParts(3).entries()) await writeFile(at(names[i]), part);
  });

  test('opens by the name of any part', async () => {
    for (const name of names) {
      const file = await openModelFile(at(name));
      expect((await openModel(file)).info.layers).toBe(2);
      await file.close();
    }
    const { code, stdout } = await longleaf(['inspect', at(names[1]), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ arch: 'llama', supported: true, types: { F32: 5, Q8_0: 16 } });
  });

  test('names the part that is missing', async () => {
    await rename(at(names[1]), at('elsewhere'));
    const sentence = `This model is incomplete: ${names[1]} is missing. Put all parts beside ${names[0]}.`;
    expect(refusalOf(await longleaf(['inspect', at(names[0])]))).toBe(sentence);
    await rename(at(names[2]), at('elsewhere too'));
    await expect(openModelFile(at(names[0]))).rejects.toThrow(`${names[1]} and 1 more are missing.`);
  });
});

test('a file of 5 GB is read beyond 4 GiB', async () => {
  // A hole that takes no room on the disk.
  const handle = await open(at('large.gguf'), 'w');
  const far = 4_900_000_000;
  await handle.write(Uint8Array.of(7, 8, 9), 0, 3, far);
  await handle.truncate(5_000_000_000);
  await handle.close();
  const file = await openModelFile(at('large.gguf'));
  expect(file.size).toBe(5_000_000_000);
  expect([...(await file.read(far - 1, 5))]).toEqual([0, 7, 8, 9, 0]);
  await file.close();
});
