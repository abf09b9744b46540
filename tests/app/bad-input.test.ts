import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { smallLlama } from '../gpu/gguf/small-llama.ts';
import { makeLong, makeReport } from './a-report.ts';
import {
  appForAll,
  dropFile,
  launchBrowser,
  openApp,
  openPdf,
  removeFolder,
  soon,
  summarise,
  summariseButton,
} from './app.ts';
import { violations } from './axe.ts';

/** With a model that neither points nor writes: its view counts in what is quoted, so that it has to read first. */
const app = appForAll(async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-bad-input-'));
  await mkdir(join(dataFolder, 'models'));
  const steady = smallLlama({ 'general.name': 'Steady', 'llama.context_length': 2_048 });
  await writeFile(join(dataFolder, 'models', 'steady.gguf'), steady);
  return { dataFolder };
});
const choose = async (page: Page, model: string) => {
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await page.getByRole('radio', { name: model }).click();
  await page.locator('.model[data-chosen]', { hasText: model }).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
};
const encoded = (text: string) => new TextEncoder().encode(text);

test.each([
  ['empty.pdf', async () => new Uint8Array(0), 'empty.pdf is empty.'],
  ['notes.bin', async () => encoded('Dear diary, this is no PDF at all.'), 'notes.bin is not a PDF.'],
  ['letter.docx', async () => encoded('PK\x03\x04 word/document.xml'), 'is a Word document'],
  ['broken.pdf', async () => encoded('%PDF-1.7\n1 0 obj\n<< /Type /Catalog'), 'damaged'],
  ['cut.pdf', async () => (await makeReport()).bytes.slice(0, 400), 'damaged'],
])('%s', async (name, bytes, sentence) => {
  const { page } = app;
  await dropFile(page, name, await bytes());
  const card = page.getByRole('alert');
  await card.waitFor();
  const said = await card.locator('p').textContent();
  expect(said).toContain(sentence);
  expect(said).not.toMatch(/Error|undefined|\bat \w+ \(|exception/i);
  await card.getByRole('button', { name: 'Open another document' }).waitFor();
  await card.getByRole('button', { name: 'Close this message' }).click();
  await card.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  expect(await page.locator('.recent-card').count()).toBe(0);
});

test('a locked PDF asks for its password, says when it is wrong, and opens with the right one', async () => {
  const { page } = app;
  const { bytes } = await makeReport(1, { userPassword: 'needle', ownerPassword: 'owner', pdfVersion: '1.7' });
  await dropFile(page, 'locked.pdf', bytes);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill('cone');
  await page.keyboard.press('Enter');
  await dialog.getByText('Wrong password').waitFor();
  await dialog.getByLabel('Password').fill('needle');
  await page.keyboard.press('Enter');
  await summariseButton(page).waitFor();
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
});

test('a good document after all that is read', async () => {
  await openPdf(app.page, 'harbour.pdf', (await makeReport()).bytes);
  expect(await app.page.getByRole('alert').count()).toBe(0);
});

test('a document that does not fit offers what can be done, and shows its parts', async () => {
  const { page } = app;
  await choose(page, 'Steady');
  await dropFile(page, 'endless.pdf', await makeLong());
  await page.getByText(/needs [\d,]+ tokens and the window holds [\d,]+/).waitFor();
  for (const way of [/^All of it, in \d+ parts/, /^Only pages 1–\d+/, /^Another model/])
    await page.getByRole('button', { name: way }).waitFor();
  await page.getByText(/[\d,]+ tokens in \d+ parts/).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a reading in parts that was stopped goes on where it was, also after a reload', async () => {
  const { page } = app;
  const part = async () =>
    Number(/Part (\d+) of/.exec((await page.locator('.job-part').textContent()) ?? '')?.[1] ?? 0);
  await page.getByRole('button', { name: /^All of it, in \d+ parts/ }).click();
  await soon(part).toBeGreaterThan(2);
  await page.keyboard.press('Escape');
  const card = page.getByRole('region', { name: 'Interrupted' });
  await card.waitFor();
  await page.reload();
  await page
    .getByRole('button', { name: /^Endless/ })
    .first()
    .click();
  await card.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.job-part').waitFor();
  expect(await part()).toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await card.waitFor({ state: 'detached' });
});

test('where the model has no say there is nothing to choose: words sum it up at once', async () => {
  const { page } = app;
  await choose(page, 'Longleaf Sprig');
  await summarise(page);
  await page.getByText(/^\d+ sentences from pages 1–80, read in \d+ parts, word for word$/).waitFor();
  await page.getByText(/[\d,]+ tokens in \d+ parts/).waitFor();
  expect(await page.locator('.reading-in').count()).toBe(0);
});

test('without WebGPU the window says so, still shows the document, and words sum it up', async () => {
  const plain = await launchBrowser({ webgpu: false });
  const blind = await openApp(plain);
  const { page } = blind;
  await page.getByText('No usable graphics device was found').waitFor();
  await openPdf(page, 'harbour.pdf', (await makeReport()).bytes);
  await summarise(page);
  await page.getByText('No graphics device was found for the model. Answers are chosen by words alone.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await soon(() => page.locator('.page-paper[data-drawn]').count()).toBeGreaterThan(0);
  await blind.close();
  await plain.close();
  await removeFolder(blind.dataFolder);
  expect(blind.complaints).toEqual([]);
});
