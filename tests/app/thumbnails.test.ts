// The pages in small: drawn where they are looked at and nowhere else, marked where the reply quotes, and walked through with the keyboard.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { appForAll, soon } from './app.ts';
import { violations } from './axe.ts';
import { preparedFolder } from './prepared.ts';

/** 120 pages; sentences of pages 1 (two), 2 and 40 are quoted. */
const app = appForAll(async () => ({ dataFolder: await preparedFolder(40, [0, 1, 5, 169]) }));
const list = (page: Page) => page.getByRole('listbox', { name: 'Pages in small' });
const pageShown = (page: Page) => page.getByRole('textbox', { name: /^Page, of/ }).inputValue();

const open = async (page: Page) => {
  await page.locator('.recent-card').click();
  await page.locator('.chip:visible').first().waitFor();
  await page.getByRole('tab', { name: 'Pages in small' }).click();
  await list(page).locator('.thumbnail-paper[data-drawn]').first().waitFor();
};

test('those near the screen exist and are drawn; the quoted ones and the one on show are marked', async () => {
  const { page } = app;
  await open(page);
  const options = list(page).getByRole('option');
  expect(await options.count()).toBeLessThan(40);
  expect(await options.first().textContent()).toBe('Page 1, 2 quotations');
  expect(await options.nth(1).textContent()).toBe('Page 2, 1 quotation');
  expect(await options.nth(2).textContent()).toBe('Page 3');
  expect(await options.first().getAttribute('aria-selected')).toBe('true');
  expect(await options.first().getAttribute('aria-setsize')).toBe('120');
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await soon(() => options.first().textContent()).toBe('Page 1');
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
  expect(await violations(page)).toEqual([]);
});

test('keys go through them without losing the focus, Enter shows a page, and they follow the pages', async () => {
  const { page } = app;
  await list(page).focus();
  await page.keyboard.press('End');
  const active = () =>
    list(page).evaluate(
      (one) => one.ownerDocument.getElementById(one.getAttribute('aria-activedescendant')!)?.textContent,
    );
  await soon(active).toBe('Page 120');
  expect(await list(page).evaluate((one) => one === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await soon(() => pageShown(page)).toBe('119');
  await soon(() => list(page).locator('[data-here]').textContent()).toBe('Page 119');
  await list(page).locator('[data-here] .thumbnail-paper[data-drawn]').waitFor();
  await page.getByRole('textbox', { name: /^Page, of/ }).fill('40');
  await page.keyboard.press('Enter');
  await soon(() => list(page).locator('[data-here]').textContent()).toBe('Page 40, 1 quotation');
  await page.keyboard.press('Alt+ArrowLeft');
  await soon(() => pageShown(page)).toBe('1');
});

test('scrolled through from end to end, no more of them exist than at the beginning', async () => {
  const { page } = app;
  const most = await list(page).evaluate(async (one) => {
    let seen = 0;
    for (let top = 0; top < one.scrollHeight; top += one.clientHeight) {
      one.scrollTop = top;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      seen = Math.max(seen, one.querySelectorAll('[role="option"]').length);
    }
    return seen;
  });
  expect(most).toBeGreaterThan(5);
  expect(most).toBeLessThan(40);
  await list(page).locator('.thumbnail-paper[data-drawn]').first().waitFor();
});

test('in a narrow window they stand side by side, and a press shows the page', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 420, height: 800 });
  await page.getByRole('tab', { name: 'Library', exact: true }).click();
  await list(page).locator('.thumbnail-paper[data-drawn]').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await list(page).getByRole('option', { name: 'Page 3', exact: true }).click();
  await soon(() => pageShown(page)).toBe('3');
  await page.setViewportSize({ width: 1360, height: 860 });
});
