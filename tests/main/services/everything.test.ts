// "Delete everything" means it: no row, no file and no byte of what was said is left in the data folder. And what else is set for good:
// nothing is asked of the network while the reader wants none.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openServices, type Services } from '../../../main/app.ts';
import { defaultSettings } from '../../../main/services/settings.ts';
import { aReply } from '../a-reply.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopback, startModelServer } from './downloads/model-server.ts';

const folder = temporaryFolder();
const pdf = Buffer.from('%PDF-1.7 of a secret kind');
const id = createHash('sha256').update(pdf).digest('hex');
const SECRET = 'The vault opens on Thursdays.';

const filesUnder = (path: string): string[] =>
  readdirSync(path).flatMap((name) => {
    const full = join(path, name);
    return statSync(full).isDirectory() ? filesUnder(full) : [full];
  });

const open = (data: string) => {
  mkdirSync(folder('assets/models'), { recursive: true });
  writeFileSync(folder('assets/models/sprig.gguf'), 'GGUF embedded');
  return openServices(
    { dataFolder: data, assetsFolder: folder('assets'), rendererFolder: folder('r'), say: () => undefined },
    { mayFetch: loopback, patience: [] },
  );
};

const put = ({ handle }: Services, path: string, body: string | Buffer) =>
  handle(new Request(`app://longleaf${path}`, { method: 'PUT', body: body as BodyInit }));

test('deleting everything leaves no row, no file and no word, and the app goes on', async () => {
  const data = folder('everything');
  const services = await open(data);
  await put(services, `/documents/${id}`, pdf);
  await services.api.addDocument({ id, name: 'a.pdf', title: SECRET, pages: 3, words: 9 });
  for (let i = 0; i < 50; i++) await services.api.addRun(id, aReply(`${SECRET} ${i}`));
  await services.api.beginRun(id, { kind: 'answer', question: SECRET });
  await put(services, '/models/own.gguf', 'GGUF of the reader');
  await put(services, `/snapshots/${id}-0123456789abcdef`, SECRET);
  writeFileSync(join(data, 'longleaf-damaged-2026.db'), SECRET);
  mkdirSync(folder('shelf'));
  writeFileSync(folder('shelf/fern.gguf'), 'GGUF that only lies there');
  await services.api.changeSettings({ modelFolder: folder('shelf') });
  await services.api.changeSettings({ theme: 'dark', largestWindow: 8_192 });

  await services.api.deleteEverything();
  expect(await services.api.documents()).toEqual([]);
  expect((await services.api.models()).map(({ name }) => name)).toEqual(['sprig']);
  // A window that had not heard of it yet.
  await put(services, `/snapshots/${id}-0123456789abcdef`, SECRET);
  expect((await services.api.start()).settings).toEqual(defaultSettings);
  expect(readFileSync(folder('shelf/fern.gguf'), 'utf8')).toBe('GGUF that only lies there');
  const left = filesUnder(data);
  expect(left.filter((file) => !/longleaf\.db(?:-wal|-shm)?$/.test(file))).toEqual([]);
  for (const file of left) expect(readFileSync(file).includes('vault')).toBe(false);

  await put(services, `/documents/${id}`, pdf);
  await services.api.addDocument({ id, name: 'a.pdf', title: 'Again', pages: 3, words: 9 });
  expect((await services.api.documents()).map(({ title }) => title)).toEqual(['Again']);
  services.close();
});

test('what was read can be removed by itself', async () => {
  const services = await open(folder('readings'));
  await put(services, `/documents/${id}`, pdf);
  await put(services, `/snapshots/${id}-0123456789abcdef`, 'keys and values');
  expect(await services.api.snapshotUsage()).toMatchObject({ count: 1 });
  await services.api.forgetReadings();
  expect(await services.api.snapshotUsage()).toEqual({ count: 0, bytes: 0 });
  services.close();
});

test('offline nothing is asked of a server, and what is on its way stops', async () => {
  const server = await startModelServer();
  const services = await open(folder('offline'));
  const { api } = services;
  server.files.set('m.gguf', Buffer.alloc(4_000_000, 'GGUF'));
  server.pace = 100_000;
  const { id: download } = await api.askDownload(server.url('m.gguf'));
  await api.startDownload(download);
  while ((await api.downloads())[0]?.state !== 'fetching') await new Promise((later) => setTimeout(later, 5));
  await api.changeSettings({ offline: true });
  expect((await api.downloads())[0]?.state).toBe('stopped');
  const asked = server.asked.length;
  await expect(api.askDownload(server.url('other.gguf'))).rejects.toThrow('stay offline');
  await api.startDownload(download);
  while ((await api.downloads())[0]?.state !== 'failed') await new Promise((later) => setTimeout(later, 5));
  expect((await api.downloads())[0]?.problem).toMatch(/stay offline/);
  expect(server.asked.length).toBe(asked);
  services.close();
  await server.close();
});
