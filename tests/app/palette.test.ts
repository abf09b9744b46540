// The palette in the window: commands, documents and replies from one field, with the keyboard alone.
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openServices } from '../../main/app.ts';
import { aReply } from '../main/a-reply.ts';
import { makeReport, printed, TITLE } from './a-report.ts';
import { appForAll, soon } from './app.ts';
import { violations } from './axe.ts';

function makeOrchard(): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4', info: { Title: 'The Orchard' } });
  pdf.font('Helvetica-Bold').fontSize(20).text('The Orchard', 70, 60);
  pdf.font('Helvetica').fontSize(12).text('The keeper of the lighthouse owns an orchard of forty trees.', 70, 140);
  return printed(pdf);
}

/** Two documents, and a history of each that the window did not make. */
async function prepare() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-palette-'));
  const folders = { dataFolder, assetsFolder: dataFolder, rendererFolder: dataFolder, say: () => undefined };
  const services = await openServices(folders);
  const add = async (bytes: Uint8Array, name: string, title: string) => {
    const id = createHash('sha256').update(bytes).digest('hex');
    await services.handle(new Request(`app://longleaf/documents/${id}`, { method: 'PUT', body: Buffer.from(bytes) }));
    await services.api.addDocument({ id, name, title, pages: 3, words: 100 });
    return id;
  };
  const harbour = await add((await makeReport()).bytes, 'harbour.pdf', TITLE);
  const orchard = await add(await makeOrchard(), 'orchard.pdf', 'The Orchard');
  await services.api.addRun(harbour, aReply('The eastern pier must be replaced before 2031.'));
  await services.api.addRun(orchard, {
    ...aReply('A berth costs 310 crowns.'),
    kind: 'answer',
    question: 'What is the rent?',
  });
  services.close();
  return { dataFolder };
}

const app = appForAll(prepare);

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
/** Until Enter would do this. */
const chosen = (page: Page, words: string) => page.locator('.palette-item[data-focused]', { hasText: words }).waitFor();
const options = (page: Page) => page.getByRole('option').allTextContents();

async function type(page: Page, words: string) {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search documents, replies and commands' }).waitFor();
  await page.keyboard.type(words);
}

test('a word of a kept answer opens its document, and the answer in it', async () => {
  const { page } = app;
  await type(page, 'berth 310');
  const hit = page.getByRole('option', { name: 'What is the rent?' });
  await hit.waitFor();
  expect(await hit.textContent()).toBe('What is the rent?The OrchardA berth costs 310 crowns.');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'The Orchard' }).waitFor();
  await page.locator('.exchange h2', { hasText: 'What is the rent?' }).waitFor();
  await page.getByRole('tab', { name: 'Ask', exact: true, selected: true }).waitFor();
});

test('arrows choose, Enter does it, and the focus goes back to where it was', async () => {
  const { page } = app;
  const question = page.getByRole('textbox', { name: 'Question' });
  await question.focus();
  await type(page, 'theme');
  await soon(() => options(page)).toEqual(['Theme: light', 'Theme: dark', 'Find “theme” in the document']);
  await chosen(page, 'Theme: light');
  await page.keyboard.press('ArrowDown');
  await chosen(page, 'Theme: dark');
  await page.keyboard.press('Enter');
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await soon(() => focused(page)).toBe('Question');
  await type(page, 'as the system');
  await soon(() => options(page)).toContain('Theme: as the system');
  await page.keyboard.press('Enter');
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBeUndefined();
  await type(page, 'wharf');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await soon(() => focused(page)).toBe('Question');
});

test('the test of the model is a press of Enter away, and Stop another', async () => {
  const { page } = app;
  await type(page, 'test the model');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Models' });
  await dialog.getByText(/^\d+ of \d+ places measured$/).waitFor();
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Stop');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: /^Test (?:this model|it again)$/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await soon(() => focused(page)).toBe('Question');
});

test('words are looked for in the document on show', async () => {
  const { page } = app;
  await type(page, 'the lighthouse');
  await page.getByRole('option', { name: 'Find “the lighthouse” in the document' }).click();
  await soon(() => page.locator('.find-count').textContent()).toBe('1 of 1, page 1');
  await soon(() => focused(page)).toBe('Find in the document');
  await page.keyboard.press('Escape');
  await soon(() => focused(page)).toBe('Question');
});

test('a document is opened by a part of its name, from a narrow window too', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 420, height: 800 });
  await page.keyboard.press('Control+k');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type('skagen');
  await page.getByRole('option', { name: TITLE }).waitFor();
  expect(await violations(page)).toEqual([]);
  await soon(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.locator('.sentence', { hasText: 'must be replaced' }).waitFor();
});

test('opens from the start screen, and closes what is open', async () => {
  const { page } = app;
  await type(page, 'close');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Search/ }).click();
  await soon(() => options(page)).toContain('The Orchardorchard.pdf');
  await page.keyboard.type('qqq');
  await page.getByText('Nothing is called so').waitFor();
  await page.keyboard.press('Escape');
});
