// `models` in the terminal: fetched from a real server (on this machine, in place of the network), found in the catalogue, imported from
// a folder and from several files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { partNames } from '../../main/common/model-names.ts';
import { modelFile, modelsCommand } from '../../main/hosts/terminal/models.ts';
import { runCommand } from '../../main/hosts/terminal/running.ts';
import { smallLlama, smallParts } from '../gpu/gguf/small-llama.ts';
import { loopback, type ModelServer, sha256, startModelServer } from '../main/services/downloads/model-server.ts';
import { embedded, longleaf, refusalOf } from './command.ts';

const data = mkdtempSync(join(tmpdir(), 'longleaf-terminal-models-'));
const models = () => readdir(join(data, 'models')).catch((): string[] => []);
let server: ModelServer;
let bytes: Buffer;
const releases: (() => unknown)[] = [];
const running = { say: () => undefined, atEnd: (release: () => unknown) => void releases.push(release) };

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command in this process, where loopback may be fetched from. `stopAt`: Ctrl+C when stderr says this. */
const run = async (
  args: [Parameters<typeof modelsCommand>[0], string],
  options: Parameters<typeof modelsCommand>[2] = {},
  stopAt = '',
): Promise<Ran> => {
  const ran: Ran = { code: 0, stdout: '', stderr: '' };
  const hear = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text, ...rest) => {
      ran[stream] += String(text);
      if (stopAt && ran.stderr.includes(stopAt)) {
        stopAt = '';
        setImmediate(() => process.emit('SIGINT'));
      }
      const done = rest.at(-1) as unknown;
      if (typeof done === 'function') done();
      return true;
    });
  const spies = [hear('stdout'), hear('stderr')];
  const means = { mayFetch: loopback, patience: [] };
  ran.code = await runCommand((running) => modelsCommand(...args, options, running, means), false);
  for (const spy of spies) spy.mockRestore();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  return ran;
};

beforeAll(async () => {
  server = await startModelServer();
  bytes = await readFile(embedded);
  process.env.LONGLEAF_DATA = data;
});
afterAll(async () => {
  for (const release of releases) release();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(server, { cutAfter: -1, pace: 0, statesHash: false });
  server.files.clear();
  server.files.set('sprig.gguf', bytes);
  server.asked.length = 0;
});

test('a model is fetched from its address after it was looked at, stopped by Ctrl+C, and gone on with', async () => {
  server.pace = 2_000_000;
  server.statesHash = true;
  const stopped = await run(['download', server.url('sprig.gguf')], {}, 'Downloading');
  expect(stopped).toMatchObject({ code: 130, stdout: '' });
  expect(stopped.stderr).toMatch(
    /Longleaf Sprig: 6\.0 MB, llama, trained on 2,048 tokens, quotes only, \d+(\.\d)? MB with a window of 32,768/,
  );
  expect(stopped.stderr).toMatch(/of 6\.0 MB were fetched and are kept; run it again to go on\./);
  expect(await models()).toEqual([]);
  server.pace = 0;
  server.asked.length = 0;
  const done = await run(['download', server.url('sprig.gguf')], { json: true });
  expect(done.code).toBe(0);
  expect(done.stderr).toContain('It goes on where it was stopped');
  expect(JSON.parse(done.stdout)).toMatchObject({ bytes: bytes.length, checked: true });
  expect(server.asked[0]!.range).not.toBe('bytes=0-');
  expect((await readFile(join(data, 'models', 'sprig.gguf'))).equals(bytes)).toBe(true);
  const [, own] = JSON.parse((await run(['list', ''], { json: true })).stdout).models;
  expect(own).toMatchObject({
    sha256: sha256(bytes),
    facts: { architecture: 'llama', chat: false, licence: 'cc-by-sa-4.0' },
  });
  await run(['remove', own.id]);
});

test('what cannot run is refused before it is fetched; a wrong hash is never stored', async () => {
  const strange = Buffer.concat([Buffer.from(smallLlama({ 'general.architecture': 'strange' })), Buffer.alloc(5e6)]);
  server.files.set('strange.gguf', strange);
  const refused = await run(['download', server.url('strange.gguf')]);
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'This app cannot run strange models yet.\n' });
  expect(server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(1_000_000);
  const wrong = await run(['download', server.url('sprig.gguf')], { sha256: 'a'.repeat(64) });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/did not match its checksum twice, so nothing was stored/);
  expect(await models()).toEqual([]);
});

test('the command as it is shipped fetches by https only, and says so before anything is asked', async () => {
  const env = { LONGLEAF_DATA: data };
  expect(refusalOf(await longleaf(['models', 'download', server.url('sprig.gguf')], { env }))).toMatch(/by https only/);
  expect(refusalOf(await longleaf(['models', 'download', 'no-such-model'], { env }))).toMatch(
    /models search lists them/,
  );
  expect(server.asked).toEqual([]);
  const found = JSON.parse((await longleaf(['models', 'search', 'qwen', '--json'], { env })).stdout).models;
  expect(found.map(({ id }: { id: string }) => id)).toContain('qwen3-4b');
  expect((await longleaf(['models', 'download', 'qwen3-4b', '--sha256', 'abc'], { env })).code).toBe(2);
});

test('a folder of models and the files of a split one are imported; one model in a folder is meant by its name', async () => {
  const folder = join(data, 'mine');
  mkdirSync(folder);
  const split = partNames('wood', 2);
  for (const [i, part] of smallParts(2).entries()) writeFileSync(join(folder, split[i]!), part);
  writeFileSync(join(folder, 'mmproj-wood.gguf'), 'GGUF');
  expect(await modelFile(folder, running)).toBe(join(folder, split[0]!));
  const imported = await run(['import', folder]);
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(/^small was imported as own-wood-/) });
  expect(imported.stderr).toContain('mmproj-wood.gguf sees pictures (mmproj) and was left out.');
  expect((await models()).sort()).toEqual(split);
  const [, own] = JSON.parse((await run(['list', ''], { json: true })).stdout).models;
  expect(own).toMatchObject({ name: 'wood', parts: [expect.any(Number), expect.any(Number)] });
  expect(JSON.parse((await run(['verify', own.id], { json: true })).stdout).state).toBe('same');
  writeFileSync(join(folder, 'other.gguf'), bytes);
  await expect(modelFile(folder, running)).rejects.toThrow(/There are 2 models in .*; name one of them\.$/);
  rmSync(join(folder, split[1]!));
  const incomplete = await run(['import', join(folder, split[0]!)]);
  expect(incomplete).toMatchObject({ code: 1, stderr: expect.stringMatching(/wood-00002-of-00002\.gguf is missing/) });
});

test('models of a folder of one’s own are used as they lie there: listed, meant by their names, never removed', async () => {
  const shelf = join(data, 'shelf');
  const deep = join(shelf, 'publisher', 'repository');
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'fern.gguf'), bytes);
  expect((await run(['folder', join(data, 'none-here')])).stderr).toMatch(/^There is no folder of this name\. .*\n$/);
  expect((await run(['folder', shelf])).stdout).toBe(`Models in ${shelf} are used as they lie there.\n`);
  const { models: rows } = JSON.parse((await run(['list', ''], { json: true })).stdout);
  const fern = rows.at(-1);
  expect(fern).toMatchObject({ name: 'fern', elsewhere: true, embedded: false, bytes: bytes.length });
  expect(fern.id).toMatch(/^folder-fern-[0-9a-f]{8}$/);
  expect(await modelFile('fern', running)).toBe(join(deep, 'fern.gguf'));
  expect((await run(['remove', fern.id])).stderr).toMatch(/Longleaf removes nothing\. Delete it there\.\n$/);
  expect(await readFile(join(deep, 'fern.gguf'))).toEqual(bytes);
  expect((await run(['folder', 'none'])).stdout).toMatch(/^No folder of your own is used/);
  expect(JSON.parse((await run(['list', ''], { json: true })).stdout).models).toHaveLength(rows.length - 1);
});
