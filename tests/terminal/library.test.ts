// `models` and `history` in the terminal, over the data folder that the window uses too.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServices } from '../../main/app.ts';
import { aReply } from '../main/a-reply.ts';
import { embedded, longleaf, refusalOf } from './command.ts';
import { writePdf } from './made-pdfs.ts';

let data = '';
const pdf = Buffer.from('%PDF-1.7 a document');
const documentId = createHash('sha256').update(pdf).digest('hex');

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'longleaf-library-'));
  process.env.LONGLEAF_DATA = data;
  const services = await openServices({
    dataFolder: data,
    assetsFolder: data,
    rendererFolder: data,
    say: () => undefined,
  });
  await services.handle(new Request(`app://longleaf/documents/${documentId}`, { method: 'PUT', body: pdf }));
  await services.api.addDocument({ id: documentId, name: 'pines.pdf', title: 'On pines', pages: 6, words: 900 });
  await services.api.addRun(documentId, aReply('Pines live for <b>three</b> hundred years.'));
  await services.api.addRun(documentId, {
    ...aReply('The Taproot goes first.'),
    kind: 'answer',
    question: 'What goes first?',
  });
  services.close();
});
afterAll(async () => {
  delete process.env.LONGLEAF_DATA;
  await rm(data, { recursive: true, force: true });
});

describe('history', () => {
  test('lists and searches what the window kept, newest first', async () => {
    const { replies } = JSON.parse((await longleaf(['history', '--json'])).stdout);
    expect(replies).toMatchObject([
      { id: 2, kind: 'answer', question: 'What goes first?', document: { title: 'On pines', sha256: documentId } },
      { id: 1, kind: 'summary', found: true },
    ]);
    const search = async (words: string) =>
      JSON.parse((await longleaf(['history', 'search', words, '--json'])).stdout).replies.map(
        ({ id }: { id: number }) => id,
      );
    expect(await search('TAPROOT first')).toEqual([2]);
    expect(await search('pines years')).toEqual([1]);
    expect(await search('verified')).toEqual([]);
    expect((await longleaf(['history'])).stdout).toMatch(
      /2 {2}.*On pines: Question: What goes first\?\n +1 {2}.*Summary/,
    );
  });

  test('shows one, and exports it in every format', async () => {
    const { stdout } = await longleaf(['history', 'show', '2']);
    for (const part of ['On pines', 'The Taproot goes first. [p. 3 (iii)]', 'Model: sprig'])
      expect(stdout).toContain(part);
    const exported = async (format: string) => (await longleaf(['history', 'export', '1', '--format', format])).stdout;
    expect(await exported('md')).toContain('1. Pines live for \\<b\\>three');
    expect(await exported('html')).toContain('&lt;b&gt;three&lt;/b&gt;');
    expect(JSON.parse(await exported('json')).documents[0].document).toMatchObject({ name: 'pines.pdf', words: 900 });
    expect(await exported('pdf')).toMatch(/^%PDF-1\.\d[\s\S]*%%EOF\s*$/);
  });

  test('deletes one and no other; a number that is not there is refused', async () => {
    expect((await longleaf(['history', 'delete', '1'])).stdout).toBe('Deleted reply 1.\n');
    expect(refusalOf(await longleaf(['history', 'show', '1']))).toBe('There is no reply 1 in the history.');
    expect(refusalOf(await longleaf(['history', 'export']))).toMatch(/^Name a reply/);
    expect(JSON.parse((await longleaf(['history', '--json'])).stdout).replies).toHaveLength(1);
    expect((await longleaf(['history', 'burn'])).code).toBe(2);
  });
});

test('a document is forgotten with all that was said and read of it', async () => {
  const kept = join(data, 'snapshots', `${documentId}-0123456789abcdef.kv`);
  const others = join(data, 'snapshots', `${'e'.repeat(64)}-0123456789abcdef.kv`);
  await mkdir(join(data, 'snapshots'), { recursive: true });
  for (const path of [kept, others]) await writeFile(path, 'keys and values');
  await writeFile(join(data, 'pines.pdf'), pdf);
  expect((await longleaf(['history', 'forget', join(data, 'pines.pdf')])).stdout).toMatch(/^Forgot [0-9a-f]{64}/);
  expect(await readdir(join(data, 'snapshots'))).toEqual([`${'e'.repeat(64)}-0123456789abcdef.kv`]);
  expect(await readdir(join(data, 'documents'))).toEqual([]);
  expect(JSON.parse((await longleaf(['history', '--json'])).stdout).replies).toEqual([]);
  expect(refusalOf(await longleaf(['history', 'forget', join(data, 'none.pdf')]))).toMatch(/^There is no file/);
});

describe('models', () => {
  test('one is imported, verified, changed, refused and removed', async () => {
    const before = JSON.parse((await longleaf(['models', '--json'])).stdout).models;
    expect(before).toMatchObject([{ id: 'longleaf-sprig-q8-0', embedded: true }]);
    const { imported } = JSON.parse((await longleaf(['models', 'import', embedded, '--json'])).stdout);
    const hash = createHash('sha256')
      .update(await readFile(embedded))
      .digest('hex');
    expect(imported).toMatchObject({ sha256: hash, embedded: false });
    const verified = JSON.parse((await longleaf(['models', 'verify', imported.id, '--json'])).stdout);
    expect(verified).toEqual({ id: imported.id, sha256: hash, state: 'same' });
    const pdf = join(data, 'short.pdf');
    await writePdf(pdf, ['The orchard of Lind has nine hundred apple trees.']);
    const asked = await longleaf([
      'ask',
      pdf,
      'How many apple trees has the orchard of Lind?',
      '--model',
      imported.id,
      '--json',
    ]);
    expect(JSON.parse(asked.stdout)).toMatchObject({ found: true, model: { sha256: hash } });
    await writeFile(join(data, 'models', 'longleaf-sprig-q8_0.gguf'), 'GGUF something else');
    expect(refusalOf(await longleaf(['models', 'verify', imported.id]))).toMatch(/not the file that was imported/);
    expect((await longleaf(['models', 'remove', imported.id])).stdout).toBe(`Removed ${imported.id}.\n`);
    expect(refusalOf(await longleaf(['models', 'remove', 'longleaf-sprig-q8-0']))).toMatch(/came with Longleaf/);
  });

  test('what is no model, or one that cannot run, is refused before it is stored', async () => {
    await writeFile(join(data, 'page.gguf'), '<!doctype html><html></html>');
    const cut = join(data, 'cut.gguf');
    await writeFile(cut, (await readFile(embedded)).subarray(0, 1_000_000));
    expect(refusalOf(await longleaf(['models', 'import', join(data, 'page.gguf')]))).toMatch(/web page/);
    expect(refusalOf(await longleaf(['models', 'import', cut]))).toMatch(/incomplete/);
    expect(refusalOf(await longleaf(['models', 'import', join(data, 'none.gguf')]))).toMatch(/^There is no file/);
    expect(await readdir(join(data, 'models'))).toEqual([]);
  });
});
