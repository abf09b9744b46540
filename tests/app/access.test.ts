// The window without a mouse, for a screen reader, in the light and in the dark: axe finds nothing on any screen, and the main job
// can be done from the keyboard alone.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeReport, TITLE } from './a-report.ts';
import { appForAll, ask, chips, dropFile, openPdf, soon, summarise } from './app.ts';
import { violations } from './axe.ts';

const app = appForAll();

test('the start screen, a problem and the list of keys have no violations', async () => {
  const { page } = app;
  expect(await violations(page)).toEqual([]);
  await dropFile(page, 'notes.zip', new TextEncoder().encode('no PDF'));
  await page.getByRole('alert').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('an open document, its summary, its answers and the narrow window have none', async () => {
  const { page } = app;
  await openPdf(page, 'harbour.pdf', (await makeReport()).bytes);
  expect(await violations(page)).toEqual([]);
  await summarise(page);
  await chips(page).first().click();
  await page.locator('.marked-words').first().waitFor();
  expect(await violations(page)).toEqual([]);
  // Questions suggest themselves once a summary was made.
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await page.locator('.suggestion, .suggestions-none').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await ask(page, 'What is the rent of a berth?');
  await ask(page, 'Who composed the opera Carmen?');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 480, height: 800 });
  for (const pane of ['Library', 'Pages', 'Replies']) {
    await page.getByRole('tab', { name: pane, exact: true }).click();
    expect(await violations(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
  await page.locator('.recent-card').waitFor();
  expect(await violations(page)).toEqual([]);
});

test('with forced colours a page stays paper: what is drawn on it can be read', async () => {
  const { page } = app;
  await page.locator('.recent-card').click();
  await page.locator('.page-paper[data-drawn]').first().waitFor();
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
  const grounds = () =>
    page.evaluate(() => ['body', '.page'].map((one) => getComputedStyle(document.querySelector(one)!).backgroundColor));
  const [ground, paper] = await grounds();
  expect(ground).toBe('rgb(0, 0, 0)');
  expect(paper).toBe('rgb(230, 226, 216)');
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
});

test('at 320 CSS pixels, 400 % of 1280, nothing is cut off sideways', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 320, height: 640 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await soon(overflow).toBe(0);
  await page.locator('.recent-card').click();
  await chips(page).first().waitFor();
  await soon(overflow).toBe(0);
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
});

test('the position lens opens from the ribbon, says what a factor does, and works from the keyboard', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByRole('button', { name: /^trained on 2,048/ }).press('Enter');
  const lens = page.getByRole('dialog', { name: 'Position lens' });
  const rows = lens.locator('.lens-row-head');
  await rows.first().waitFor();
  const [known, unseen] = await rows.first().locator('span').allTextContents();
  expect(known).toBe('2,048 tokens on known ground');
  const past = Number(unseen!.replace(/\D/g, ''));
  expect(past).toBeGreaterThan(2_048);
  const all = past + 2_048;
  expect(await rows.last().textContent()).toBe(
    `Position Interpolation: divided by 16${all.toLocaleString('en')} tokens on known ground, at 0 to ${Math.round((all - 1) / 16)}`,
  );
  expect(await lens.locator('.lens-row').last().locator('.lens-lozenges').getAttribute('d')).toBe('');
  await lens.getByRole('radio', { name: '×16' }).press('ArrowLeft');
  await lens.getByRole('radio', { name: '×8' }).press('ArrowLeft');
  await lens.getByRole('radio', { name: '×4' }).press('ArrowLeft');
  await soon(() => rows.last().textContent()).toMatch(/divided by 2.*4,096 tokens on known ground/);
  const slider = lens.getByRole('slider');
  await slider.press('Home');
  await soon(() => slider.getAttribute('aria-valuetext')).toBe('Pair 1 of 32, one turn in 6.3 tokens, slowed ×2');
  await lens.getByText('All 32 pairs in numbers').click();
  await lens.getByText('The same idea').click();
  expect(await lens.getByRole('row').nth(1).textContent()).toBe('16.332610.5×2');
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  // What is drawn to a width is drawn again once the dialog has its own.
  await soon(() => lens.evaluate(({ parentElement: one }) => one!.scrollWidth - one!.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 1360, height: 860 });
  // The factor of the document can be changed there, where it leaves room for it.
  await lens.getByText('×2 makes room for 4,096 tokens: too few for this document.').waitFor();
  await lens.getByText('×8', { exact: true }).click();
  await lens.getByRole('button', { name: 'Read it with ×8' }).click();
  await lens.getByText('×8 is in use; the model was not tuned for it.').waitFor();
  await page.keyboard.press('Escape');
  await lens.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /stretched ×8/ }).waitFor();
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
});

/** Presses Tab until the element with this name has the focus; fails after too many. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });
    if (typeof name === 'string' ? focused.includes(name) : name.test(focused)) return;
  }
  throw new Error(`Tab never reached ${name}`);
}

test('from the start to a cited page and back, with the keyboard alone', async () => {
  const { page } = app;
  const chooser = page.waitForEvent('filechooser');
  // A round trip, so that the browser hands choosers over before one is asked for.
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles([]);
  await tabTo(page, TITLE);
  await page.keyboard.press('Enter');
  await chips(page).first().waitFor();

  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('data-pane'))).toBe('reply');
  await tabTo(page, /^p\. \d+/);
  await page.keyboard.press('Enter');
  await page.locator('.marked-words').first().waitFor();
  await page.locator('.sentence[data-chosen]').and(page.locator('.sentence').first()).waitFor();
  await page.keyboard.press(']');
  await page.locator('.sentence[data-chosen]').and(page.locator('.sentence').nth(1)).waitFor();
  await page.keyboard.press('[');
  await page.locator('.sentence[data-chosen]').and(page.locator('.sentence').first()).waitFor();
  await page.keyboard.press('Alt+ArrowLeft');
  await page.keyboard.press('Alt+ArrowLeft');
  await page.keyboard.press('Alt+ArrowLeft');
  await page.locator('.marked-words').waitFor({ state: 'detached' });

  const slider = page.getByRole('slider', { name: 'Page in the window' });
  await slider.focus();
  await page.keyboard.press('End');
  await soon(() => page.getByRole('textbox', { name: /^Page, of/ }).inputValue()).toBe('3');
  await soon(() => slider.getAttribute('aria-valuetext')).toMatch(/^Page 3: tokens/);
  await page.keyboard.press('Home');
  await soon(() => page.getByRole('textbox', { name: /^Page, of/ }).inputValue()).toBe('1');
});

test('the theme that is chosen stays after a reload', async () => {
  const { page } = app;
  await page.keyboard.press('Control+,');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await page.reload();
  await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
});
