// `npm run screenshots`: the real app in a real browser, its screens in light and dark, into screenshots/. For looking at, by
// whoever changes the window, and for the README.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startChromiumHost } from '../main/hosts/chromium/host.ts';
import { findBrowser } from '../tests/support/browser.ts';
import { ensureBuilt } from './build.mjs';

const folder = fileURLToPath(new URL('../screenshots/', import.meta.url));
const sample = fileURLToPath(new URL('../assets/sample.pdf', import.meta.url));
const wide = { width: 1360, height: 860 };
const narrow = { width: 420, height: 800 };
/** For a software adapter on a busy machine. Milliseconds. */
const patience = 240_000;

await ensureBuilt();
await mkdir(folder, { recursive: true });
const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-screenshots-'));
const host = await startChromiumHost({ dataFolder, window: false });
const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: [...args, '--hide-scrollbars'], env });

/** Both themes of what is on the screen now. */
async function shoot(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    console.log(`screenshots/${name}-${colorScheme}.png`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const drawn = (page) => page.locator('.page-paper[data-drawn]').first().waitFor();

async function summary(page) {
  await button(page, 'Try the sample').click();
  await button(page, 'Summarise').waitFor();
  await drawn(page);
  await shoot(page, 'document');
  await button(page, 'Summarise').click();
  await page.locator('.stages [data-state="now"]', { hasText: 'into the model' }).waitFor();
  await shoot(page, 'progress');
  await page.locator('.chip').nth(2).waitFor();
  await page.locator('.chip').nth(2).click();
  await page.locator('.marked-words').first().waitFor();
  await page.mouse.move(700, 600);
  await page.waitForTimeout(1_200);
  await shoot(page, 'summary');
}

async function question(page, text) {
  const answered = page.locator('.exchange .receipt-fold');
  const before = await answered.count();
  await page.getByRole('textbox', { name: 'Question' }).fill(text);
  await page.keyboard.press('Enter');
  await answered.nth(before).waitFor();
}

async function drop(page, name, bytes) {
  const transfer = await page.evaluateHandle(
    ([base64, file]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], file));
      return data;
    },
    [Buffer.from(bytes).toString('base64'), name],
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

try {
  const page = await browser.newPage({ viewport: wide, deviceScaleFactor: 1.5 });
  page.setDefaultTimeout(patience);
  await page.goto(host.url);
  await button(page, 'Try the sample').waitFor();
  await page.waitForTimeout(800);
  await shoot(page, 'start');
  await summary(page);
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await question(page, 'How long does a longleaf pine stay in the grass stage?');
  await question(page, 'Who won the world cup of 1998?');
  await page.locator('.chip:visible').first().click();
  await page.mouse.move(700, 600);
  await page.waitForTimeout(1_200);
  await shoot(page, 'ask');
  await drop(page, 'minutes.pdf', (await readFile(sample)).subarray(0, 3_000));
  await page.getByRole('alert').waitFor();
  await shoot(page, 'error');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await shoot(page, 'keys');
  await page.keyboard.press('Escape');
  await page.setViewportSize(narrow);
  await shoot(page, 'narrow');
  await page.setViewportSize(wide);
  await button(page, 'Longleaf: start').click();
  await page.locator('.recent-card').waitFor();
  await shoot(page, 'recent');
} finally {
  await browser.close();
  await host.close();
  await rm(dataFolder, { recursive: true, force: true });
}
