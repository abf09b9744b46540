// The doors of the window in a real browser, where no shell shuts them: what the page's policy and the browser's own switches do.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quietFlags } from '../../../../main/hosts/chromium/browser.ts';
import { type ChromiumHost, startChromiumHost } from '../../../../main/hosts/chromium/host.ts';
import { findBrowser } from '../../../support/browser.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const pageText = `<!doctype html><title>Longleaf</title><a href="/second" target="_blank">A link</a>
<script>document.title = 'inline script';</script><script src="/own.js"></script>`;
let host: ChromiumHost;
let browser: Browser;
let page: Page;
/** Hosts by which somebody else's server was reached. */
const reached: string[] = [];
const elsewhere = createServer((request, response) => {
  reached.push(request.headers.host ?? '');
  response.end();
});
const elsewherePort = () => (elsewhere.address() as AddressInfo).port;

beforeAll(async () => {
  mkdirSync(folder('renderer'));
  writeFileSync(folder('renderer/index.html'), pageText);
  writeFileSync(folder('renderer/own.js'), 'globalThis.ownScriptRan = true;');
  await new Promise<void>((done) => elsewhere.listen(0, done));
  host = await startChromiumHost({
    dataFolder: folder('data'),
    assetsFolder: folder('assets'),
    rendererFolder: folder('renderer'),
    window: false,
  });
  const { executablePath, args, env } = await findBrowser();
  browser = await chromium.launch({ executablePath, args: [...args, ...quietFlags], env });
  page = await browser.newPage();
  await page.goto(host.url);
});
afterAll(async () => {
  await browser.close();
  await host.close();
  elsewhere.close();
});

test('the page runs its own script and no inline one, and the spent address still opens it by its cookie', async () => {
  expect(await page.evaluate(() => 'ownScriptRan' in globalThis)).toBe(true);
  await page.goto(host.url);
  expect(await page.title()).toBe('Longleaf');
  await page.reload();
  expect(await page.title()).toBe('Longleaf');
});

test('no new window opens', async () => {
  expect(await page.evaluate(() => open('/') === null)).toBe(true);
  await page.getByText('A link').click();
  expect(page.context().pages()).toHaveLength(1);
});

test('no other address is reached, not even by leaving the page', async () => {
  const addresses = ['localhost', '127.0.0.2', 'longleaf.example.invalid'].map(
    (name) => `http://${name}:${elsewherePort()}/`,
  );
  for (const address of addresses) {
    const arrived = await page.goto(address).catch(() => undefined);
    expect(arrived, address).toBeUndefined();
  }
  expect(reached).toEqual([]);
  await fetch(`http://localhost:${elsewherePort()}/`);
  expect(reached, 'the server that was not reached is there').toHaveLength(1);
});
