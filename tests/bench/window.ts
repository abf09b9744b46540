// How long the window is away at most while a long document is read and looked through: the real app in a real browser, the longest
// task of its main thread (Long Tasks API, which counts from 50 ms) and the longest time between two frames.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startChromiumHost } from '../../main/hosts/chromium/host.ts';
import { ensureBuilt } from '../../tools/build.mjs';
import { makeLong, makeReport } from '../app/a-report.ts';
import { findBrowser } from '../support/browser.ts';

interface Watched {
  task: number;
  frame: number;
}

/** Runs in the page. */
const watch = () => {
  const watched: Watched = { task: 0, frame: 0 };
  Object.assign(window, { watched });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.task = Math.max(watched.task, duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now: number) => {
    watched.frame = Math.max(watched.frame, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

const during = async (page: Page, work: () => Promise<unknown>): Promise<Watched> => {
  await page.evaluate(() => Object.assign((window as unknown as { watched: Watched }).watched, { task: 0, frame: 0 }));
  await work();
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched);
};

const shown = ({ task, frame }: Watched) =>
  `longest task ${task === 0 ? 'under 50' : Math.round(task)} ms, longest frame ${Math.round(frame)} ms`;

/** Wheels over what is under the mouse, forty times, and jumps to the end and back. */
async function lookThrough(page: Page, x: number) {
  await page.mouse.move(x, 500);
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(30);
  }
  for (const to of ['9999999', '1']) {
    await page.getByRole('textbox', { name: /^Page, of/ }).fill(to);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
  }
}

/** The file is given by its path: bytes would come to the window through the wire that it is driven by, which blocks it itself. */
async function benchOne(page: Page, path: string) {
  await page.getByLabel('Open documents').waitFor({ state: 'attached' });
  const began = performance.now();
  const reading = await during(page, async () => {
    await page.getByLabel('Open documents').setInputFiles(path);
    await page.locator('.opening').first().waitFor();
    await page.locator('.pages .page').first().waitFor({ timeout: 120_000 });
    await page.locator('.opening').waitFor({ state: 'detached', timeout: 200_000 });
  });
  console.log(`${basename(path)}: read in ${((performance.now() - began) / 1000).toFixed(1)} s; ${shown(reading)}`);
  const opening = await during(page, async () => {
    await page.getByRole('tab', { name: 'Contents', exact: true }).click();
    await page.getByRole('tab', { name: 'Text', exact: true }).click();
    await page.locator('.text-page').first().waitFor();
    await page.waitForTimeout(1_000);
  });
  console.log(`  its text and outline opened: ${shown(opening)}`);
  console.log(
    `  its pages scrolled, text and outline in step: ${shown(await during(page, () => lookThrough(page, 600)))}`,
  );
  console.log(`  its text scrolled, the pages in step: ${shown(await during(page, () => lookThrough(page, 1_100)))}`);
  console.log(`  ${await findIn(page)}`);
  console.log(`  a question asked, and stopped: ${shown(await during(page, () => askAndStop(page)))}`);
}

/** A word that stands nowhere, for which the whole text is folded and searched, and a letter that stands everywhere. */
async function findIn(page: Page): Promise<string> {
  const said = page.locator('.find-count');
  const times: string[] = [];
  const watched = await during(page, async () => {
    await page.keyboard.press('Control+f');
    for (const [query, answer] of [
      ['haystack', /^Not found/],
      ['wall of steel', /^\d/],
      ['e', /of [\d,]{6,}/],
    ] as const) {
      const began = performance.now();
      await page.getByRole('textbox', { name: 'Find in the document' }).fill(query);
      await said.filter({ hasText: answer }).waitFor();
      times.push(`“${query}” in ${Math.round(performance.now() - began)} ms`);
    }
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
  });
  await page.keyboard.press('Escape');
  return `found ${times.join(', ')}: ${shown(watched)}`;
}

async function askAndStop(page: Page) {
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await page.getByRole('textbox', { name: 'Question' }).fill('What does the wall of steel cost?');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(10_000);
  await page.keyboard.press('Escape');
  await page.locator('.job').waitFor({ state: 'detached' });
}

/** `path`: a PDF; without one, 120 full pages and 3,000 short ones are made. */
export async function benchWindow(path?: string): Promise<void> {
  await ensureBuilt();
  const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-bench-'));
  const host = await startChromiumHost({ dataFolder, window: false });
  const browser = await chromium.launch(await findBrowser());
  try {
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    await page.addInitScript(watch);
    await page.goto(host.url);
    if (path) return await benchOne(page, path);
    for (const [name, make] of [
      ['120-full-pages.pdf', () => makeLong(120)],
      ['3000-short-pages.pdf', async () => (await makeReport(1_000)).bytes],
    ] as const) {
      const file = join(dataFolder, name);
      await writeFile(file, await make());
      await benchOne(page, file);
    }
  } finally {
    await browser.close();
    await host.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}
