// The built app in the real Electron, on machines that can fetch its binary: `node tests/electron/smoke.mjs`. The sample is summarised,
// a citation followed, the doors tried, and a restart finds the document again. Leaves a picture in screenshots/.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { assertShut, probeDoors, summariseSample } from './steps.mjs';

const root = join(import.meta.dirname, '..', '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'longleaf-smoke-'));
/** The same adapter on every machine. */
const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const launch = async () => {
  const app = await _electron.launch({
    executablePath: createRequire(import.meta.url)('electron'),
    args: [...software, root],
    env: { ...process.env, LONGLEAF_DATA: dataFolder },
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  return { app, page };
};

const first = await launch();
assert.equal(new URL(first.page.url()).href, 'app://longleaf/');
assertShut(await probeDoors(first.page));
const citations = await summariseSample(first.page);
mkdirSync(join(root, 'screenshots'), { recursive: true });
await first.page.screenshot({ path: join(root, 'screenshots', `electron-${process.platform}.png`) });
await first.page.evaluate(() => {
  location.href = 'https://example.org/';
});
await first.page.waitForTimeout(500);
assert.equal(new URL(first.page.url()).href, 'app://longleaf/', 'the window stays on its page');
const title = await first.page.getByRole('heading', { level: 1 }).first().innerText();
await first.app.close();

const second = await launch();
await second.page.getByText(title).first().waitFor({ timeout: 30_000 });
await second.app.close();
rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
console.log(`Electron: summary with ${citations} citations, doors shut, history kept.`);
