// The settings: each does what it says, is there again after a restart, and everything can be deleted. And the word to a reader who looks
// elsewhere, which the browser is asked leave for when the reader asks for it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeReport } from './a-report.ts';
import { appForAll, openPdf, soon } from './app.ts';
import { violations } from './axe.ts';
import { preparedFolder } from './prepared.ts';

const app = appForAll(async () => ({ dataFolder: await preparedFolder(30, [0, 1]) }));
const dialog = () => app.page.getByRole('dialog', { name: 'Settings' });
const open = async (page: Page) => {
  await page.keyboard.press('Control+,');
  await dialog().waitFor();
};
const close = async (page: Page) => {
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
};
const size = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);

test('they open by their key, say what each does, and have no violations, narrow and large too', async () => {
  const { page } = app;
  await open(page);
  await dialog().getByText(app.dataFolder).waitFor();
  await dialog()
    .getByText(/SwiftShader: a software adapter/)
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog().getByRole('radio', { name: 'Larger' }).click();
  await soon(() => size(page)).toBe('21.6px');
  await page.setViewportSize({ width: 420, height: 800 });
  expect(await violations(page)).toEqual([]);
  const overflow = () => dialog().evaluate((one) => one.parentElement!.scrollWidth - one.parentElement!.clientWidth);
  await soon(overflow).toBe(0);
  await page.setViewportSize({ width: 1360, height: 860 });
  await close(page);
});

test('they are kept: size of text, colours, window, keys and values', async () => {
  const { page } = app;
  await open(page);
  await dialog().getByRole('radio', { name: 'Dark' }).click();
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await dialog().getByLabel('Largest window').selectOption('4,096 tokens');
  await dialog().getByLabel('Keys and values').selectOption('half (16 bits)');
  await dialog().getByLabel('Keep on disk what was read').selectOption('up to 2 GB');
  await dialog().getByLabel('Words').selectOption('drawn (0.7)');
  await dialog().getByLabel('Seed').fill('no number');
  await page.keyboard.press('Enter');
  await soon(() => dialog().getByLabel('Seed').inputValue()).toBe('');
  await dialog().getByLabel('Seed').fill('1867');
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Proxy').fill('proxy.example:3128');
  await page.keyboard.press('Enter');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await soon(() => size(page)).toBe('21.6px');
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await open(page);
  const value = (name: string) => dialog().getByLabel(name).inputValue();
  expect(await Promise.all(['Largest window', 'Keys and values', 'Keep on disk what was read'].map(value))).toEqual([
    '4096',
    'f16',
    '2000000000',
  ]);
  expect(await Promise.all(['Words', 'Seed', 'Proxy'].map(value))).toEqual([
    '0.7',
    '1867',
    'http://proxy.example:3128',
  ]);
  await dialog().getByRole('radio', { name: 'Normal' }).click();
  await dialog().getByRole('radio', { name: 'As the system' }).click();
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBeUndefined();
  await close(page);
});

test('a smaller window makes a choice of a document that fitted before, and a larger one takes it back', async () => {
  const { page } = app;
  await page.locator('.recent-card').click();
  await page.getByText('Beyond the window', { exact: true }).waitFor();
  await open(page);
  await dialog().getByLabel('Largest window').selectOption('32,768 tokens');
  await close(page);
  await page.getByRole('button', { name: /^trained on 2,048/ }).waitFor();
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
});

test('offline no model can be asked for, and it is said where one would be', async () => {
  const { page } = app;
  await open(page);
  await dialog().getByRole('checkbox', { name: 'Stay offline' }).click();
  await close(page);
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const models = page.getByRole('dialog', { name: 'Models' });
  await models.getByText(/is set to stay offline/).waitFor();
  expect(
    await models
      .getByRole('button', { name: /^Details/ })
      .first()
      .isDisabled(),
  ).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await open(page);
  await dialog().getByRole('checkbox', { name: 'Stay offline' }).click();
  await close(page);
});

test('the browser is asked for leave to notify when the reader asks for it, and the title says what has ended', async () => {
  const { page, context } = app;
  expect(await page.evaluate(() => Notification.permission)).not.toBe('granted');
  await context.grantPermissions(['notifications'], { origin: new URL(page.url()).origin });
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const Shown = window.Notification;
    window.Notification = class extends Shown {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        said.push(`${title}: ${options?.body}`);
      }
    };
    // Playwright's pages count as focused, however many there are.
    document.hasFocus = () => false;
  });
  await open(page);
  const notify = dialog().getByRole('checkbox', { name: /^Notify me/ });
  for (const wanted of [false, true]) {
    await notify.click();
    await soon(() => notify.isChecked()).toBe(wanted);
  }
  await close(page);
  // Time flies, so that short work is long.
  await page.evaluate(() => {
    const real = performance.now.bind(performance);
    performance.now = () => 1_000 * real();
  });
  await openPdf(page, 'harbour.pdf', (await makeReport()).bytes);
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await page.getByRole('textbox', { name: 'Question' }).fill('What is the rent of a berth?');
  await page.keyboard.press('Enter');
  await soon(() => page.title()).toBe('The answer is ready · Report on the Harbour of Skagen – Longleaf');
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
    'Longleaf: The answer is ready.',
  ]);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  expect(await page.title()).toBe('Report on the Harbour of Skagen – Longleaf');
});

test('everything is deleted after a question, and the window is as new', async () => {
  const { page } = app;
  await open(page);
  await dialog().getByRole('button', { name: 'Delete everything…' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete everything?' });
  await question.getByText(/^2 documents, 2 replies, what was read of them/).waitFor();
  expect(await violations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Keep it' }).click();
  expect(await readdir(join(app.dataFolder, 'documents'))).toHaveLength(2);
  await open(page);
  await dialog().getByRole('button', { name: 'Delete everything…' }).click();
  await question.getByRole('button', { name: 'Delete everything', exact: true }).click();
  await soon(() => page.locator('.recent-card').count()).toBe(0);
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  expect(await readdir(join(app.dataFolder, 'documents'))).toEqual([]);
});
