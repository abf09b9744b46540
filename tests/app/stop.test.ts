// Stop, at each stage that a reader may have to wait for: it answers at once and leaves what was there before.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { smallLlama } from '../gpu/gguf/small-llama.ts';
import { loopback, type ModelServer, startModelServer } from '../main/services/downloads/model-server.ts';
import { makeLong, makeReport, TITLE } from './a-report.ts';
import { appForAll, dropFile, openPdf, soon, summarise } from './app.ts';
import { violations } from './axe.ts';

let server: ModelServer;
const app = appForAll(async () => {
  server = await startModelServer();
  return { downloads: { mayFetch: loopback, patience: [], silence: 600_000 } };
});
afterAll(() => server.close());
/** Long enough to be stopped while its pages are read. */
const long = makeLong(400);
const beingRead = (page: Page) => page.getByText(/^Reading pages \d+\/400/).first();

test('a document whose pages are being read is not opened: nothing of it stays', async () => {
  const { page } = app;
  await dropFile(page, 'endless.pdf', await long);
  await beingRead(page).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  await dropFile(page, 'endless.pdf', await long);
  await beingRead(page).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  expect(await page.locator('.recent-card, .problem').count()).toBe(0);
});

test('a look at a server that does not answer, and the import of a model, are ended; nothing of them stays', async () => {
  const { page } = app;
  const meadow = Buffer.from(smallLlama({ 'general.name': 'Meadow' }));
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Models' });
  const stop = dialog.locator('.models-state').getByRole('button', { name: 'Stop' });
  const kept = (folder: string) => readdir(join(app.dataFolder, folder)).catch((): string[] => []);
  let answer: (() => void) | undefined;
  server.misbehave = (_, response) => {
    answer ??= () => response.writeHead(200, { 'Content-Length': meadow.length, ETag: '"meadow"' }).end(meadow);
    return true;
  };
  await dialog.getByRole('textbox', { name: /address of a GGUF file/ }).fill(server.url('meadow.gguf'));
  await dialog.getByRole('button', { name: 'Details…', exact: true }).click();
  await stop.click();
  await stop.waitFor({ state: 'detached' });
  // It answers after all, and nobody wants to know.
  await soon(() => answer !== undefined).toBe(true);
  answer!();
  // The copy takes as long as it is looked at.
  await page.route('**/models/*.gguf', () => undefined);
  const model = { name: 'meadow.gguf', mimeType: '', buffer: meadow };
  await dialog.getByLabel('Add model files').setInputFiles(model);
  await dialog.getByText('Checking and copying meadow…').waitFor();
  await stop.click();
  await stop.waitFor({ state: 'detached' });
  await page.unroute('**/models/*.gguf');
  expect(await violations(page)).toEqual([]);
  await soon(async () => [...(await kept('models')), ...(await kept('downloads'))]).toEqual([]);
  expect(await dialog.getByRole('radio').count()).toBe(1);
  expect(await dialog.locator('.models-problem, .offer').count()).toBe(0);
  // What was stopped is in the way of nothing.
  await dialog.getByLabel('Add model files').setInputFiles(model);
  await dialog.locator('.model[data-chosen]', { hasText: 'Meadow' }).waitFor();
  await dialog.getByRole('radio', { name: 'Longleaf Sprig' }).click();
  await dialog.locator('.model[data-chosen]', { hasText: 'Longleaf Sprig' }).waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
});

test('what cannot be opened leaves the document on show as it was, and the work on it goes on', async () => {
  const { page } = app;
  await openPdf(page, 'harbour.pdf', (await makeReport(24)).bytes);
  await summarise(page);
  const line = page.locator('.reading-in');
  await line.getByText(/^The model reads it too, for your questions: [1-9]/).waitFor();
  await dropFile(page, 'broken.pdf', new TextEncoder().encode('%PDF-1.7 and nothing else'));
  await page.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await soon(() => page.getByRole('alert').count()).toBe(0);
  await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  await line.or(page.locator('[data-read-in]')).first().waitFor();
  expect(await line.getByText('has not read all of it').count()).toBe(0);
});
