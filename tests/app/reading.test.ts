// The main job in the window: drop, summarise, follow a sentence to its page, stop, ask, and find it all again.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeReport, type Report, TITLE } from './a-report.ts';
import { appForAll, ask, chips, type OpenApp, openPdf, soon, summarise, summariseButton } from './app.ts';
import { violations } from './axe.ts';

let report: Report;
const app = appForAll(async () => {
  report = await makeReport();
  return {};
});

const sentences = (page: Page) => page.locator('.sentence:visible > p').allTextContents();

/** Rectangles over the page that are highlighted, in PDF points of the page. */
const highlighted = (page: Page) =>
  page.locator('.marked-words').evaluateAll((marks) =>
    marks.map((mark) => {
      const paper = mark.closest<HTMLElement>('.page')!;
      const [box, sheet] = [mark.getBoundingClientRect(), paper.getBoundingClientRect()];
      const scale = 595.28 / sheet.width;
      return {
        page: Number(paper.dataset.page),
        x: (box.x - sheet.x) * scale,
        y: (box.y - sheet.y) * scale,
        width: box.width * scale,
        height: box.height * scale,
        onScreen: box.top >= 0 && box.bottom <= innerHeight,
      };
    }),
  );

interface Mark {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Over the words and not much more: a line is 13.9 points high, and lines are 60 apart. */
function expectCovers(mark: Mark, truth: Mark) {
  expect(mark.x).toBeLessThanOrEqual(truth.x + 1);
  expect(mark.x).toBeGreaterThan(truth.x - 6);
  expect(mark.x + mark.width).toBeGreaterThanOrEqual(truth.x + truth.width - 1);
  expect(mark.x + mark.width).toBeLessThan(truth.x + truth.width + 6);
  const middle = truth.y + truth.height / 2;
  expect(mark.y).toBeLessThan(middle - 2);
  expect(mark.y + mark.height).toBeGreaterThan(middle + 2);
  expect(mark.height).toBeLessThan(26);
}

// The tests of this file are one session of a reader, in this order.

test('a dropped PDF becomes a summary whose every sentence leads to its words on its page', async () => {
  const { page } = app;
  await openPdf(page, 'harbour.pdf', report.bytes);
  await soon(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(TITLE);
  await soon(() => page.title()).toBe(`${TITLE} – Longleaf`);
  await summarise(page);

  const found = await sentences(page);
  expect(found.length).toBeGreaterThan(2);
  for (const [i, text] of found.entries()) {
    const truth = report.truth.get(text)!;
    expect(truth, `is not in the document word for word: ${text}`).toBeDefined();
    const chip = chips(page).nth(i);
    expect(await chip.textContent()).toBe(`p. ${truth.page}`);
    await chip.click();
    await soon(async () => (await highlighted(page)).map((mark) => mark.onScreen)).toEqual([true]);
    const [mark] = await highlighted(page);
    expect(mark!.page).toBe(truth.page);
    expectCovers(mark!, truth);
  }

  const receipt = await page.getByLabel('How this was read').textContent();
  for (const part of ['words alone', '1–3 of 3', 'none', ' s']) expect(receipt).toContain(part);
});

test('it is copied with its pages', async () => {
  const { page } = app;
  const [first] = await sentences(page);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  const question = page.getByRole('textbox', { name: 'Question' });
  await question.press('Control+v');
  await soon(() => question.inputValue()).toContain(`${first} (p. `);
  await question.fill('');
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
});

test('the way back from a citation is open', async () => {
  const { page } = app;
  await page.getByRole('textbox', { name: /^Page, of/ }).fill('2');
  await page.keyboard.press('Enter');
  const scrolled = () => page.locator('.pages-scroll').evaluate((pages) => pages.scrollTop);
  // The second of three pages of A4 lies past the first.
  await soon(scrolled).toBeGreaterThan(400);
  const top = await scrolled();
  await chips(page).last().click();
  await soon(async () => (await highlighted(page))[0]?.onScreen).toBe(true);
  await page.keyboard.press('Alt+ArrowLeft');
  await soon(scrolled).toBeCloseTo(top, -1);
});

test('a question is answered in the words of the document, or told that it does not say', async () => {
  const { page } = app;
  await ask(page, 'What is the rent of a berth?');
  expect((await sentences(page))[0]).toBe('The rent of a berth is 310 crowns a month.');
  await chips(page).first().click();
  await soon(async () => (await highlighted(page))[0]?.page).toBe(3);
  await ask(page, 'Who composed the opera Carmen?');
  expect(await page.locator('.not-found').textContent()).toBe('The document does not say.');
});

test('what a document says is text, whatever it spells', async () => {
  const { page } = app;
  await ask(page, 'What did the clerk write beside the petition?');
  const exchange = page.locator('.exchange').last();
  expect(await exchange.locator('.sentence p').first().textContent()).toBe(
    'The clerk wrote <b>urgent</b> and <img src="x"> beside the petition.',
  );
  expect(await exchange.locator('b, img').count()).toBe(0);
});

test('history is still there after a reload, and after a restart of the app', async () => {
  await app.page.getByRole('tab', { name: 'Summary', exact: true }).click();
  const summary = await sentences(app.page);
  const sameAsBefore = async ({ page }: OpenApp) => {
    await page
      .getByRole('button', { name: new RegExp(TITLE) })
      .first()
      .click();
    await chips(page).first().waitFor();
    expect(await sentences(page)).toEqual(summary);
    await chips(page).first().click();
    await soon(async () => (await highlighted(page)).length).toBe(1);
    await page.locator('.run', { hasText: 'What is the rent of a berth' }).getByRole('button').first().click();
    await soon(async () => (await sentences(page))[0]).toBe('The rent of a berth is 310 crowns a month.');
  };
  await app.page.reload();
  await sameAsBefore(app);
  await app.restart();
  await sameAsBefore(app);
});

test('the summary is there before the model has read the document; that can be stopped, and goes on where it was', async () => {
  const { page } = app;
  const long = await makeReport(6);
  await openPdf(page, 'long.pdf', long.bytes);
  await summarise(page);
  const found = await sentences(page);
  for (const text of found) expect(long.truth.has(text), text).toBe(true);
  const line = page.locator('.reading-in');
  await line.getByText(/^The model reads it too, for your questions: [1-9]/).waitFor();
  expect(await violations(page)).toEqual([]);
  await ask(page, 'What is the rent of a berth in case 4?');
  expect((await sentences(page)).at(-1)).toMatch(/ in case 4\.$/);
  await line.getByRole('button', { name: /^Stop/ }).click();
  await line.getByText('The model has not read all of it. Answers are chosen by words alone.').waitFor();
  await line.getByRole('button', { name: /^Go on/ }).click();
  await line.getByText(/^The model reads it too, for your questions: [1-9]/).waitFor();
  await page.locator('[data-read-in]').waitFor();
  expect(await line.count()).toBe(0);
  await ask(page, 'What is the rent of a berth in case 5?');
  expect(await page.locator('.exchange').last().getByLabel('How this was read').textContent()).toContain('read before');
});

test('a document is forgotten with its history, after a question', async () => {
  const { page } = app;
  const remove = page.getByRole('button', { name: `Forget ${TITLE}` }).first();
  const dialog = page.getByRole('alertdialog');
  await remove.click();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect(await page.locator('.document').count()).toBe(2);
  await remove.click();
  await dialog.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  expect(await page.locator('.recent-card').count()).toBe(1);
});

test('the sample that comes with the app opens from the start screen', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await summariseButton(page).waitFor();
  await soon(() => page.locator('.page-paper[data-drawn]').count()).toBeGreaterThan(0);
});
