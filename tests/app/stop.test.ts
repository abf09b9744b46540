// Stop, at each stage that a reader may have to wait for: it answers at once and leaves what was there before.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeLong, makeReport, TITLE } from './a-report.ts';
import { appForAll, dropFile, openPdf, soon, summarise } from './app.ts';
import { violations } from './axe.ts';

const app = appForAll();
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
