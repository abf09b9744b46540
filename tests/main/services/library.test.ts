// What the library keeps beside replies: the reader's own models with their hashes, replies that were begun and never ended, and
// the search through all that was said.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { openServices, type Services } from '../../../main/app.ts';
import { importName } from '../../../main/common/model-names.ts';
import { aReply } from '../a-reply.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const pdf = Buffer.from('%PDF-1.7 a document');
const documentId = createHash('sha256').update(pdf).digest('hex');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let opened = 0;
let data = '';
let services: Services;

const open = (): Promise<Services> =>
  openServices({ dataFolder: data, assetsFolder: folder('assets'), rendererFolder: folder('r'), say: () => undefined });

const put = (path: string, body: string | Buffer) =>
  services.handle(new Request(`app://longleaf${path}`, { method: 'PUT', body: body as BodyInit }));

beforeEach(async () => {
  mkdirSync(folder('assets/models'), { recursive: true });
  writeFileSync(folder('assets/models/sprig.gguf'), 'GGUF embedded');
  data = folder(`data ${opened++}`);
  services = await open();
  await put(`/documents/${documentId}`, pdf);
  await services.api.addDocument({ id: documentId, name: 'a.pdf', title: 'On pines', pages: 3, words: 9 });
  return () => services.close();
});

describe('models', () => {
  test('are stored whole with their hash; a second one of the same name stands beside the first', async () => {
    const response = await put('/models/Small-Model.Q8_0.gguf', 'GGUF of the reader');
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    await put('/models/small-model.q8_0.gguf', 'GGUF another');
    const models = await services.api.models();
    expect(models.map(({ name, sha256: hash, embedded }) => ({ name, hash, embedded }))).toEqual([
      { name: 'sprig', hash: sha256('GGUF embedded'), embedded: true },
      { name: 'Small-Model.Q8_0', hash: sha256('GGUF of the reader'), embedded: false },
      { name: 'small-model.q8_0-2', hash: sha256('GGUF another'), embedded: false },
    ]);
    expect(await services.api.verifyModel(id)).toEqual({ sha256: sha256('GGUF of the reader'), state: 'same' });
    expect(readdirSync(join(data, 'models')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('that were changed behind our back are found out, also when their time was set back', async () => {
    await put('/models/m.gguf', 'GGUF one');
    const [, { id }] = await services.api.models();
    const path = join(data, 'models', 'm.gguf');
    writeFileSync(path, 'GGUF two');
    const later = new Date(Date.now() + 1_000);
    utimesSync(path, later, later);
    expect((await services.api.models())[1]!.sha256).toBeUndefined();
    const then = new Date(0);
    utimesSync(path, then, then);
    expect(await services.api.verifyModel(id)).toEqual({ sha256: sha256('GGUF two'), state: 'changed' });
  });

  test('are removed, but those that came with the app stay', async () => {
    await put('/models/m.gguf', 'GGUF one');
    const [embedded, own] = await services.api.models();
    await services.api.removeModel(own!.id);
    await expect(services.api.removeModel(embedded!.id)).rejects.toMatchObject({ kind: 'refused' });
    await expect(services.api.removeModel('own-none-00000000')).rejects.toMatchObject({ kind: 'not-found' });
    expect(await services.api.models()).toEqual([embedded]);
  });

  test('have names that a file system and a URL can carry', async () => {
    expect(importName('../../Mein Modell (neu).GGUF')).toBe('Mein-Modell-neu.gguf');
    expect(importName('.gguf')).toBe('model.gguf');
    for (const name of ['..gguf', '-x.gguf', 'x.bin', 'sprig'])
      expect((await put(`/models/${name}`, 'x')).status).toBeGreaterThan(399);
    expect(readdirSync(data)).not.toContain('models');
  });

  test('that do not arrive whole leave nothing behind', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1000));
        controller.error(new Error('cut'));
      },
    });
    const request = new Request('app://longleaf/models/cut.gguf', {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await services.handle(request)).status).toBe(400);
    expect(readdirSync(join(data, 'models'))).toEqual([]);
  });
});

describe('a search through the replies', () => {
  const long = `${'Many words that nobody looks for stand here. '.repeat(6)}The Café of Cádiz opened early. ${'And more follow. '.repeat(20)}`;

  test('finds all of the words, in any case and without accents, and shows them with words around', async () => {
    await services.api.addRun(documentId, aReply());
    await services.api.addRun(documentId, { ...aReply(long), kind: 'answer', question: 'Where is coffee served?' });
    const found = await services.api.searchReplies('cafe CADIZ');
    expect(found).toMatchObject([
      { documentId, title: 'On pines', kind: 'answer', question: 'Where is coffee served?' },
    ]);
    expect(found[0]!.snippet).toContain('The Café of Cádiz opened early.');
    expect(found[0]!.snippet.length).toBeLessThan(170);
    expect(found[0]!.snippet).toMatch(/^… .* …$/);
    expect((await services.api.searchReplies('coffee')).map(({ kind }) => kind)).toEqual(['answer']);
    expect((await services.api.searchReplies('pines')).map(({ kind }) => kind)).toEqual(['answer', 'summary']);
    expect(await services.api.searchReplies('café hundred')).toEqual([]);
    for (const nothing of ['', ' ', 'a']) expect(await services.api.searchReplies(nothing)).toEqual([]);
  });
});

describe('a reply that was begun', () => {
  const request = { kind: 'answer', question: 'Why?', pages: [[1, 2]] } as const;
  const asked = { ...request, pages: [[1, 2]] as [number, number][] };

  test('is no interruption while its window lives, and one when the window is gone', async () => {
    const window = services.connect();
    const begun = await window.api.beginRun(documentId, asked);
    expect(await services.api.interruptedRuns(documentId)).toEqual([]);
    window.ended();
    expect(await services.api.interruptedRuns(documentId)).toEqual([
      { id: begun, documentId, createdAt: expect.any(String), request: asked },
    ]);
    await services.api.endRun(begun);
    expect(await services.api.interruptedRuns(documentId)).toEqual([]);
  });

  test('ends with its reply in one transaction, or when it is stopped', async () => {
    const window = services.connect();
    const [first, second] = [
      await window.api.beginRun(documentId, asked),
      await window.api.beginRun(documentId, asked),
    ];
    await window.api.addRun(documentId, aReply(), first);
    await window.api.endRun(second);
    window.ended();
    expect(await services.api.interruptedRuns(documentId)).toEqual([]);
    expect(await services.api.runs(documentId)).toHaveLength(1);
  });

  test('keeps what it has written, and nothing that is no such thing', async () => {
    const window = services.connect();
    const begun = await window.api.beginRun(documentId, asked);
    const { sentences } = aReply();
    await window.api.keepWritten(begun, { text: 'Pines are', sentences: [] });
    await window.api.keepWritten(begun, { text: 'Pines are tall. They', sentences });
    window.ended();
    services.close();
    services = await open();
    expect(await services.api.interruptedRuns(documentId)).toMatchObject([
      { id: begun, written: { text: 'Pines are tall. They', sentences } },
    ]);
  });

  test('goes with its document', async () => {
    const window = services.connect();
    await window.api.beginRun(documentId, asked);
    window.ended();
    await services.api.removeDocument(documentId);
    expect(await services.api.interruptedRuns(documentId)).toEqual([]);
    await expect(services.api.beginRun(documentId, asked)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('is interrupted by kill -9, and nothing that was acknowledged is lost', async () => {
    services.close();
    const script = fileURLToPath(new URL('./beginner.ts', import.meta.url));
    const child = spawn(process.execPath, [script, data, documentId], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    services = await open();
    expect(await services.api.interruptedRuns(documentId)).toMatchObject([{ request: asked }]);
    expect(await services.api.runs(documentId)).toHaveLength(1);
  });
});

test('a checkpoint is replaced, found again after a restart, forgotten, and goes with its document', async () => {
  const name = `/checkpoints/${documentId}.a-1`;
  const load = async () => {
    const response = await services.handle(new Request(`app://longleaf${name}`));
    return response.ok ? response.json() : response.status;
  };
  expect(await load()).toBe(404);
  await put(name, '{"done":[1]}');
  await put(name, '{"done":[1,2]}');
  services.close();
  services = await open();
  expect(await load()).toEqual({ done: [1, 2] });
  expect((await put(name, '{"done":')).status).toBe(400);
  expect((await put(`/checkpoints/${documentId}.A`, '{}')).status).toBe(400);
  expect(await load()).toEqual({ done: [1, 2] });
  expect((await put(name, '')).status).toBe(204);
  expect(await load()).toBe(404);
  await put(name, '{}');
  await services.api.removeDocument(documentId);
  expect(await load()).toBe(404);
  expect((await put(name, '{}')).status).toBe(404);
});

describe('snapshots of what was read', () => {
  const name = (document: string, n: number) => `${document}-${String(n).padStart(16, '0')}`;
  const files = () => readdirSync(join(data, 'snapshots')).sort();
  const other = 'e'.repeat(64);
  const bytes = (n: number) => Buffer.alloc(n, 7);

  test('are stored whole for nobody else to read, read by ranges, and replaced', async () => {
    expect((await put(`/snapshots/${name(documentId, 1)}`, bytes(1000))).status).toBe(204);
    expect((await put(`/snapshots/${name(documentId, 1)}`, bytes(500))).status).toBe(204);
    const part = await services.handle(
      new Request(`app://longleaf/snapshots/${name(documentId, 1)}`, { headers: { range: 'bytes=490-499' } }),
    );
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    // It is one file for whoever reads it piece by piece.
    const again = await services.handle(new Request(`app://longleaf/snapshots/${name(documentId, 1)}`));
    expect(again.headers.get('etag')).toBe(part.headers.get('etag'));
    expect((await services.handle(new Request(`app://longleaf/snapshots/${name(documentId, 2)}`))).status).toBe(404);
    if (process.platform !== 'win32') expect(statSync(join(data, 'snapshots', files()[0]!)).mode & 0o777).toBe(0o600);
    expect(await services.api.snapshotUsage()).toEqual({ count: 1, bytes: 500 });
  });

  test('stay within their budget: the longest unused go first', async () => {
    await services.api.changeSettings({ snapshotBudget: 2_500 });
    for (const n of [1, 2]) {
      await put(`/snapshots/${name(documentId, n)}`, bytes(1000));
      const then = new Date(1_000_000 * n);
      utimesSync(join(data, 'snapshots', `${name(documentId, n)}.kv`), then, then);
    }
    await services.handle(new Request(`app://longleaf/snapshots/${name(documentId, 1)}`, { method: 'HEAD' }));
    await put(`/snapshots/${name(documentId, 3)}`, bytes(1000));
    expect(files()).toEqual([1, 3].map((n) => `${name(documentId, n)}.kv`));
    expect((await put(`/snapshots/${name(documentId, 4)}`, bytes(2_501))).status).toBe(413);
    expect(files()).toHaveLength(2);
    await services.api.changeSettings({ snapshotBudget: 0 });
    expect(files()).toEqual([]);
    expect((await put(`/snapshots/${name(documentId, 5)}`, bytes(1))).status).toBe(413);
  });

  test('go when their document is forgotten, and no others do', async () => {
    await put(`/snapshots/${name(documentId, 1)}`, bytes(10));
    await put(`/snapshots/${name(other, 1)}`, bytes(10));
    await services.api.removeDocument(documentId);
    expect(files()).toEqual([`${name(other, 1)}.kv`]);
  });

  test('and recognised pages go with them, or are not kept where nothing is', async () => {
    const recognised = () => readdirSync(join(data, 'recognised')).length;
    for (const document of [documentId, other])
      expect((await put(`/recognised/${name(document, 1)}`, '{}')).status).toBe(204);
    const kept = await services.handle(new Request(`app://longleaf/recognised/${name(documentId, 1)}`));
    expect(await kept.text()).toBe('{}');
    await services.api.removeDocument(documentId);
    expect(recognised()).toBe(1);
    await services.api.changeSettings({ snapshotBudget: 0 });
    expect(recognised()).toBe(0);
    expect((await put(`/recognised/${name(documentId, 1)}`, '{}')).status).toBe(413);
  });

  test('that are cut on the way, or badly named, leave nothing', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1000));
        controller.error(new Error('cut'));
      },
    });
    const url = `app://longleaf/snapshots/${name(documentId, 1)}`;
    const request = new Request(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    expect((await services.handle(request)).status).toBe(400);
    expect((await put('/snapshots/short-1', 'x')).status).toBe(400);
    expect(files()).toEqual([]);
  });
});
