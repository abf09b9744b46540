// A kill while a reply streams (fault H2): of the worker, of the page's process, of the whole app. What had been kept is there
// afterwards, marked as unfinished; and one click goes on from there.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { databaseFile } from '../../main/services/database/index.ts';
import { makeReport } from './a-report.ts';
import { appForAll, openPdf, soon, summariseButton } from './app.ts';
import { violations } from './axe.ts';
import { talkativeModel } from './talkative-model.ts';

/** With a model that writes until it is stopped. */
const app = appForAll(async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-interrupted-'));
  await mkdir(join(dataFolder, 'models'));
  await writeFile(join(dataFolder, 'models', 'talkative.gguf'), talkativeModel());
  return { dataFolder };
});
const unfinished = (page: Page) => page.getByRole('region', { name: 'Interrupted' });
const partOf = async (page: Page) => ((await page.locator('.interrupted-part').textContent()) ?? '').replace(/…$/, '');
const writing = (page: Page) => page.locator('.job-written');

/** Until the history's file holds `text`, which no kill takes from it: how long a busy disk needs is not what is tested. */
const kept = async (text: string) => {
  const history = new Database(join(app.dataFolder, databaseFile), { readonly: true });
  const written = history.prepare<[], string>('SELECT written FROM begun_runs ORDER BY id DESC LIMIT 1').pluck();
  await soon(() => written.get()).toContain(text);
  history.close();
};
/** Begins a summary in prose. Resolves to what had been written when it had been seen for a second. */
const begin = async (page: Page): Promise<string> => {
  for (const name of ['Told by the model', 'Long']) {
    await page.getByRole('radio', { name }).click();
    await page.getByRole('radio', { name, checked: true }).waitFor();
  }
  await summariseButton(page).click();
  return seen(page);
};
/** `longer` characters at least. */
const seen = async (page: Page, longer = 20): Promise<string> => {
  await soon(async () => (await writing(page).textContent())?.length ?? 0).toBeGreaterThan(longer);
  const text = (await writing(page).textContent())!;
  await page.waitForTimeout(1_000);
  return text;
};
const openReport = async (page: Page) => {
  await page
    .getByRole('button', { name: /harbour|Harbour/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Ask', exact: true }).waitFor();
};

beforeAll(async () => {
  await app.page.getByRole('button', { name: 'Models', exact: true }).click();
  await app.page.getByRole('radio', { name: 'talkative' }).click();
  await app.page.locator('.model[data-chosen]', { hasText: 'talkative' }).waitFor();
  await app.page.getByRole('button', { name: 'Done' }).click();
  await openPdf(app.page, 'harbour.pdf', (await makeReport()).bytes);
});

test('Stop keeps what was written; it can be dismissed', async () => {
  const { page } = app;
  const before = await begin(page);
  await page.keyboard.press('Escape');
  await unfinished(page).waitFor();
  expect(await partOf(page)).toContain(before);
  expect(await violations(page)).toEqual([]);
  await unfinished(page).getByRole('button', { name: 'Dismiss' }).click();
  await soon(() => unfinished(page).count()).toBe(0);
});

test('the worker dies: the part is kept, Try again goes on from it, and the reply begins with it', async () => {
  const { page } = app;
  const before = await begin(page);
  const worker = page.workers().find((one) => one.url().includes('engine'))!;
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed by a test');
    });
  });
  await unfinished(page).waitFor();
  const part = await partOf(page);
  expect(part).toContain(before);
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  const after = await seen(page, part.length);
  expect(after.startsWith(part)).toBe(true);
  expect(after.length).toBeGreaterThan(part.length);
  expect(await unfinished(page).count()).toBe(0);
  await page.keyboard.press('Escape');
  await unfinished(page).getByRole('button', { name: 'Dismiss' }).click();
  expect(app.complaints.splice(0)).toEqual([]);
});

test('the page’s process is killed: the part is there when the document is opened again', async () => {
  const before = await begin(app.page);
  await kept(before);
  const cdp = await app.context.newCDPSession(app.page);
  const crashed = app.page.waitForEvent('crash');
  cdp.send('Page.crash').catch(() => undefined);
  await crashed;
  await app.page.close();
  const page = await app.context.newPage();
  await page.goto(app.host.newAddress());
  await openReport(page);
  // Main may hear that a window is gone only after the next one has opened the document.
  await unfinished(page).waitFor();
  expect(await partOf(page)).toContain(before);
  await unfinished(page).getByRole('button', { name: 'Dismiss' }).click();
  await soon(() => unfinished(page).count()).toBe(0);
  await page.close();
});

test('the app is killed with its process: the part is there after a start, and goes on', async () => {
  await app.host.close();
  const script = fileURLToPath(new URL('./host-process.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, app.dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [address] = (await once(child.stdout!, 'data')) as [Buffer];
  const killed = await app.context.newPage();
  await killed.goto(address.toString().trim());
  await openReport(killed);
  const before = await begin(killed);
  await kept(before);
  child.kill('SIGKILL');
  await once(child, 'close');
  await app.restart();
  await openReport(app.page);
  await unfinished(app.page).waitFor();
  const part = await partOf(app.page);
  expect(part).toContain(before);
  await unfinished(app.page).getByRole('button', { name: 'Continue' }).click();
  expect((await seen(app.page, part.length)).startsWith(part)).toBe(true);
  await app.page.keyboard.press('Escape');
});
