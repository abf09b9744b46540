// How a reader gets and keeps a bigger model, in the window: looked at on its server before it is fetched, refused by name, stopped and
// resumed, used, removed; files of a split model, a folder, and what sees pictures. A server on this machine stands in for the network.
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { partNames } from '../../main/common/model-names.ts';
import { smallLlama, smallParts } from '../gpu/gguf/small-llama.ts';
import { loopback, type ModelServer, startModelServer } from '../main/services/downloads/model-server.ts';
import { embedded } from '../terminal/command.ts';
import { makeReport } from './a-report.ts';
import { appForAll, dropFile, dropFiles, openPdf, removeFolder, soon, summarise } from './app.ts';
import { violations } from './axe.ts';

let server: ModelServer;
let dialog: Locator;

const app = appForAll(async () => {
  server = await startModelServer();
  return { downloads: { mayFetch: loopback, patience: [] } };
});
const chat = { 'tokenizer.chat_template': "{% for m in messages %}{{ m['content'] }}{% endfor %}" };
const button = (name: string | RegExp) => dialog.getByRole('button', { name });
const models = () => readdir(join(app.dataFolder, 'models')).catch((): string[] => []);
const lookAt = async (file: string) => {
  await dialog.getByRole('textbox', { name: /address of a GGUF file/ }).fill(server.url(file));
  await button(/^Details…$/).click();
};
const parts = (name: string, count: number) =>
  smallParts(count, { metadata: { 'general.name': name } }).map((bytes, i) => ({
    name: partNames(name, count)[i],
    mimeType: '',
    buffer: Buffer.from(bytes),
  }));

beforeAll(async () => {
  server.files.set('sprig-2.gguf', await readFile(embedded));
  server.files.set(
    'meadow.gguf',
    Buffer.from(smallLlama({ 'general.name': 'Meadow', 'general.license': 'apache-2.0', ...chat })),
  );
  server.files.set(
    'strange.gguf',
    Buffer.concat([Buffer.from(smallLlama({ 'general.architecture': 'strange' })), Buffer.alloc(4e6)]),
  );
  server.files.set(
    'mmproj-eye.gguf',
    Buffer.from(smallLlama({ 'general.architecture': 'clip', 'general.type': 'mmproj' })),
  );
  dialog = app.page.getByRole('dialog');
});
afterAll(() => server.close());
beforeEach(async () => {
  Object.assign(server, { misbehave: undefined, cutAfter: -1, pace: 0 });
  server.asked.length = 0;
  if ((await dialog.count()) === 0) await app.page.getByRole('button', { name: 'Models', exact: true }).click();
});

test('the view says what each model is, what window of it fits, and which one came with the app', async () => {
  const own = dialog.getByRole('listitem').filter({ hasText: 'longleaf-sprig-q8_0' });
  await own.getByText(/^A window of 32,768 tokens fits here: it takes \d+ MB\.$/).waitFor();
  const said = await own.textContent();
  for (const fact of [
    /^Longleaf SprigCame with Longleaf/,
    /6\.0 MB · 5\.3 million parameters · llama · Q8_0/,
    /trained on 2,048 tokens, stretched ×16/,
  ])
    expect(said).toMatch(fact);
  expect(said).toContain('Quotes; writes no prose');
  expect(said).toContain('Licence: CC BY-SA 4.0');
  expect(await dialog.getByText(/^Gemma 3 4B Instruct/).count()).toBe(1);
  expect(server.asked).toEqual([]);
  expect(await violations(app.page)).toEqual([]);
});

test('models of a folder of the reader’s are used as they lie there, and what is no such folder is said', async () => {
  const shelf = await mkdtemp(join(tmpdir(), 'longleaf-shelf-'));
  await writeFile(join(shelf, 'shelved.gguf'), smallLlama({ 'general.name': 'Shelved', ...chat }));
  const path = dialog.getByRole('textbox', { name: /the path of their folder/ });
  await path.fill(join(shelf, 'nowhere'));
  await button('Use').click();
  await dialog.getByText('There is no folder of this name. The models stay as they were. Check the path.').waitFor();
  expect(await path.inputValue()).toBe(join(shelf, 'nowhere'));
  await path.fill(shelf);
  await button('Use').click();
  const shelved = dialog.getByRole('listitem').filter({ hasText: 'In your folder' });
  await shelved.getByText(/trained on/).waitFor();
  expect(await shelved.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
  await shelved.getByRole('radio').click();
  await dialog.locator('[data-chosen]').filter({ hasText: 'In your folder' }).waitFor();
  expect(await violations(app.page)).toEqual([]);
  expect(await models()).toEqual([]);
  await button('Use them no more').click();
  await path.waitFor();
  await dialog.locator('[data-chosen]').filter({ hasText: 'Came with Longleaf' }).waitFor();
  await removeFolder(shelf);
});

test('a self-test fills its map in, keeps what was measured when it is stopped, and shows it again', async () => {
  const { page } = app;
  const sprig = dialog.getByRole('listitem').filter({ hasText: 'longleaf-sprig-q8_0' });
  await sprig.getByRole('combobox', { name: 'up to' }).selectOption('4096');
  await button('Test this model').click();
  const measured = sprig.locator('.heat-map td[data-found]');
  await measured.nth(1).waitFor();
  expect(await sprig.getByRole('row', { name: /^4,096/ }).textContent()).toBe(`4,096${'…'.repeat(6)}`);
  await button('Stop').click();
  await sprig.getByText(/^It finds the key in \d of \d places, in texts of up to 2,048 tokens\.$/).waitFor();
  const places = await measured.count();
  expect(places).toBeGreaterThan(1);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await measured.first().waitFor();
  expect(await measured.count()).toBe(places);
  await button('Test it again').waitFor();
});

test('what cannot run is refused by name, with next to nothing fetched and nothing stored', async () => {
  for (const [file, sentence] of [
    ['strange.gguf', /cannot run strange models yet\. Nothing was downloaded\./],
    ['mmproj-eye.gguf', /sees pictures \(mmproj\).*Nothing was downloaded\./],
    ['none.gguf', /no such file on the server/],
  ] as const) {
    await lookAt(file);
    await dialog.getByText(sentence).waitFor();
  }
  expect(app.complaints.splice(0)).toEqual(['askDownload: remote (status 404)']);
  expect(server.asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(1_200_000);
  await dialog.getByRole('textbox', { name: /address/ }).fill('http://example.com/m.gguf');
  await button(/^Details…$/).click();
  await dialog.getByText(/fetched by https only/).waitFor();
  expect(await readdir(join(app.dataFolder, 'downloads')).catch(() => [])).toEqual([]);
  expect(await models()).toEqual([]);
});

test('a model is offered with what it is, fetched, stopped, resumed after a restart, and used', async () => {
  await lookAt('sprig-2.gguf');
  const offer = dialog.getByRole('region', { name: 'Fetch Longleaf Sprig?' });
  await offer.getByText(/A window of 32,768 tokens fits here/).waitFor();
  expect(
    await offer.getByRole('button', { name: /^Download 6\.0 MB/ }).evaluate((one) => one === document.activeElement),
  ).toBe(true);
  expect(await violations(app.page)).toEqual([]);
  server.pace = 800_000;
  await app.page.keyboard.press('Enter');
  await dialog.getByText(/a second · /).waitFor();
  expect(await violations(app.page)).toEqual([]);
  await button('Stop sprig-2').click();
  await dialog.getByText(/^Stopped at \d+ %\. What was fetched is kept\.$/).waitFor();
  expect(await models()).toEqual([]);
  await lookAt('sprig-2.gguf');
  await dialog.getByText('sprig-2 was begun before, and what came of it is kept: press “Resume”.').waitFor();
  await app.restart();
  dialog = app.page.getByRole('dialog');
  await app.page.getByRole('button', { name: 'Models', exact: true }).click();
  server.pace = 0;
  server.asked.length = 0;
  await button('Resume sprig-2').click();
  await button('Use it sprig-2').click();
  await soon(() => dialog.getByRole('radio', { name: 'sprig-2' }).isChecked()).toBe(true);
  expect(server.asked[0]!.range).not.toBe('bytes=0-');
  expect((await readFile(join(app.dataFolder, 'models', 'sprig-2.gguf'))).equals(await readFile(embedded))).toBe(true);
  await button('Done').click();
  await openPdf(app.page, 'harbour.pdf', (await makeReport()).bytes);
  await summarise(app.page);
});

test('a failed download says why and can be discarded', async () => {
  await lookAt('meadow.gguf');
  await button(/^Download/).waitFor();
  server.files.set('meadow-before.gguf', server.files.get('meadow.gguf')!);
  server.files.set('meadow.gguf', Buffer.from('GGUF another'));
  await button(/^Download/).click();
  await dialog.getByText(/not the same as before; nothing was stored/).waitFor();
  expect(await violations(app.page)).toEqual([]);
  await button('Discard meadow').click();
  await soon(() => dialog.getByText('On the way').count()).toBe(0);
  server.files.set('meadow.gguf', server.files.get('meadow-before.gguf')!);
});

test('a model is removed after a question that says what depends on it', async () => {
  await button('Remove Longleaf Sprig (sprig-2)').click();
  const question = dialog.getByRole('region', { name: 'Remove Longleaf Sprig (sprig-2)?' });
  expect(await question.textContent()).toMatch(/6\.0 MB become free\. It is the one that reads now/);
  expect(await question.textContent()).toMatch(/The one reply it made stays in the history\./);
  expect(await violations(app.page)).toEqual([]);
  await app.page.keyboard.press('Enter');
  await soon(() => question.count()).toBe(0);
  expect(await models()).toContain('sprig-2.gguf');
  await button('Remove Longleaf Sprig (sprig-2)').click();
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await soon(() => dialog.getByRole('radio', { name: 'Longleaf Sprig', exact: true }).isChecked()).toBe(true);
  expect(await models()).toEqual([]);
});

test('all files of a split model are one model; a missing one is named; what sees pictures is left out with a word', async () => {
  const files = dialog.getByLabel('Add model files');
  const split = parts('wood', 3);
  await files.setInputFiles([split[0]!, split[2]!]);
  await dialog.getByText('wood-00002-of-00003.gguf is missing. Choose all of its parts together.').waitFor();
  expect(await models()).toEqual([]);
  const eye = { name: 'mmproj-wood.gguf', mimeType: '', buffer: server.files.get('mmproj-eye.gguf')! };
  await files.setInputFiles([split[2]!, eye, split[0]!, split[1]!]);
  await dialog.getByText('mmproj-wood.gguf sees pictures (mmproj) and was left out.').waitFor();
  await soon(() => dialog.getByRole('radio', { name: 'wood' }).isChecked()).toBe(true);
  await dialog.getByText(/in 3 files/).waitFor();
  expect((await models()).sort()).toEqual(split.map(({ name }) => name));
  await button('Remove wood').click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await soon(models).toEqual([]);
});

test('a model that is dropped with documents is imported, and they are opened; when it fails they are not, and it is said', async () => {
  const { page } = app;
  const text = new TextEncoder().encode('The pier is old. It must be replaced.');
  await dropFiles(page, {
    'page.gguf': new TextEncoder().encode('<!doctype html><p>no model'),
    'pier.md': text,
    'quay.md': text,
  });
  await dialog.getByText(/This is a web page/).waitFor();
  await dialog.getByText('2 other files that came with it were not opened.').waitFor();
  await dropFiles(page, { 'meadow.gguf': server.files.get('meadow.gguf')!, 'pier.md': text });
  await page.getByText('The pier is old. It must be replaced.').first().waitFor();
  expect(await dialog.count()).toBe(0);
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await soon(() => dialog.getByRole('radio', { name: 'meadow' }).isChecked()).toBe(true);
  await button('Remove meadow').click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await soon(models).toEqual([]);
});

test('a folder is looked through: every model in it is imported, the rest is left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'models of mine '));
  for (const { name, buffer } of parts('leaf', 2)) await writeFile(join(folder, name), buffer);
  await writeFile(join(folder, 'meadow.gguf'), server.files.get('meadow.gguf')!);
  await writeFile(join(folder, 'page.gguf'), '<!doctype html><p>no model');
  await writeFile(join(folder, 'notes.txt'), 'no model');
  await dialog.getByLabel('Add a folder of models').setInputFiles(folder);
  await dialog.getByText(/page: This is a web page/).waitFor();
  await dialog.getByRole('radio', { name: 'leaf', exact: true }).waitFor();
  expect((await models()).sort()).toEqual(['leaf-00001-of-00002.gguf', 'leaf-00002-of-00002.gguf', 'meadow.gguf']);
  await removeFolder(folder);
});

test('a document that does not fit leads here, where those that it goes into whole are marked', async () => {
  const short = Buffer.from(smallLlama({ 'general.name': 'Short', 'llama.context_length': 64 }));
  await dialog.getByLabel('Add model files').setInputFiles({ name: 'short.gguf', mimeType: '', buffer: short });
  await soon(() => dialog.getByRole('radio', { name: 'short' }).isChecked()).toBe(true);
  await button('Done').click();
  const { page } = app;
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
  await dropFile(page, 'harbours.pdf', (await makeReport(12)).bytes);
  await page.getByRole('button', { name: /^Another model/ }).click();
  const sprig = dialog.getByRole('listitem').filter({ hasText: 'longleaf-sprig-q8_0' });
  await sprig.getByText('This document goes in whole').waitFor();
  expect(await dialog.getByText('This document goes in whole').count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  await button('Done').click();
});
