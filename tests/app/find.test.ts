// Finding words in the open document, in the window: marked where they stand, gone to, counted and said; in the text beside the pages, in a
// narrow window, while pages are read, and without a model.
import PDFDocument from 'pdfkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { makeReport, printed, type Report } from './a-report.ts';
import { appForAll, dropFile, openPdf, soon } from './app.ts';
import { violations } from './axe.ts';

let report: Report;
const app = appForAll();

beforeAll(async () => {
  report = await makeReport();
  await openPdf(app.page, 'harbour.pdf', report.bytes);
});

const field = (page: Page) => page.getByRole('textbox', { name: 'Find in the document' });
const said = (page: Page) => page.locator('.find-count').textContent();
const pageNumber = (page: Page) => page.getByRole('textbox', { name: /^Page, of/ }).inputValue();

/** Where the present match is marked, in points of its page. */
const present = (page: Page) =>
  page.evaluate(() => {
    const mark = document.querySelector('.found-now');
    const paper = mark?.closest<HTMLElement>('.page');
    if (!mark || !paper) return undefined;
    const [box, origin] = [mark.getBoundingClientRect(), paper.getBoundingClientRect()];
    const scale = origin.height / 841.89;
    const pane = paper.closest('.pages-scroll')!.getBoundingClientRect();
    return {
      page: Number(paper.dataset.page),
      x: (box.left - origin.left) / scale,
      y: (box.top - origin.top) / scale,
      width: box.width / scale,
      onShow: box.top >= pane.top && box.bottom <= pane.bottom,
    };
  });

test('words are counted, marked where they stand, and gone to one after the other', async () => {
  const { page } = app;
  await page.keyboard.press('Control+f');
  await page.keyboard.type('PIER');
  await soon(() => said(page)).toBe('1 of 2, page 1');
  await page.keyboard.press('Enter');
  await soon(() => said(page)).toBe('2 of 2, page 2');
  await soon(async () => (await present(page))?.page).toBe(2);
  const sentence = 'The eastern pier has lost nine metres of its foundation.';
  const truth = report.truth.get(sentence)!;
  const pen = new PDFDocument().font('Helvetica').fontSize(12);
  const mark = (await present(page))!;
  expect(mark.onShow).toBe(true);
  expect(Math.abs(mark.x - truth.x - pen.widthOfString('The eastern '))).toBeLessThan(2.5);
  expect(Math.abs(mark.width - pen.widthOfString('pier'))).toBeLessThan(4);
  expect(Math.abs(mark.y - truth.y)).toBeLessThan(4);
  await page.keyboard.press('Enter');
  await soon(() => said(page)).toBe('1 of 2, page 1');
  await page.keyboard.press('Shift+Enter');
  await soon(() => said(page)).toBe('2 of 2, page 2');
  await page.keyboard.press('Shift+F3');
  await soon(() => said(page)).toBe('1 of 2, page 1');
  await soon(() => page.locator('.find-ticks').getAttribute('data-matches')).toBe('2');
});

test('across lines of print, with a switch for case and one for whole words', async () => {
  const { page } = app;
  await field(page).fill('nine metres of its foundation. Divers measured');
  await soon(() => said(page)).toBe('1 of 1, page 2');
  await soon(() => page.locator('.found-now').count()).toBe(2);
  await field(page).fill('The');
  await soon(() => said(page)).toMatch(/^\d+ of 21, page/);
  await page.getByRole('button', { name: 'Match case' }).click();
  await soon(() => said(page)).toMatch(/ of 7, page/);
  await page.getByRole('button', { name: 'Match case' }).click();
  await field(page).fill('fisher');
  await soon(() => said(page)).toMatch(/^\d of 2, page/);
  await page.getByRole('button', { name: 'Whole words' }).click();
  await soon(() => said(page)).toBe('Not found');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Whole words' }).click();
});

test('Esc closes the bar, takes its marks away and gives the focus back to where it was', async () => {
  const { page } = app;
  await field(page).press('Escape');
  await page.locator('.find').waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  const question = page.getByRole('textbox', { name: 'Question' });
  await question.focus();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('berth');
  await page.locator('.found-now').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await soon(() => question.evaluate((element) => element === document.activeElement)).toBe(true);
  await soon(() => page.locator('.found, .found-now, .find-ticks').count()).toBe(0);
  // The next match of what was looked for last, and the way back.
  await page.keyboard.press('F3');
  await soon(() => said(page)).toBe('1 of 1, page 3');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
});

test('what is selected is looked for', async () => {
  const { page } = app;
  await page.getByRole('textbox', { name: /^Page, of/ }).fill('3');
  await page.keyboard.press('Enter');
  const line = page.locator('.page[data-page="3"] .page-text span', { hasText: 'Most of the storms' });
  await line.waitFor();
  await line.evaluate((element) => getSelection()!.setBaseAndExtent(element.firstChild!, 12, element.firstChild!, 18));
  await page.keyboard.press('Control+f');
  await soon(() => field(page).inputValue()).toBe('storms');
  await soon(() => said(page)).toBe('1 of 2, page 3');
});

test('is marked in the text too, which goes there', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Text', exact: true }).click();
  await field(page).fill('temporary wall');
  const mark = page.locator('.text-found[data-now]');
  await soon(() => mark.allTextContents()).toEqual(['temporary wall']);
  await soon(() =>
    mark.evaluate((element) => {
      const [box, pane] = [element.getBoundingClientRect(), element.closest('.text-scroll')!.getBoundingClientRect()];
      return box.top >= pane.top && box.bottom <= pane.bottom;
    }),
  ).toBe(true);
  await field(page).fill('a');
  await soon(() => page.locator('.text-found').count()).toBeGreaterThan(20);
  expect(await violations(page)).toEqual([]);
});

test('in a narrow window, 420 pixels wide, in the text and on the pages', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 420, height: 800 });
  await page.getByRole('tab', { name: 'Replies' }).click();
  await page.keyboard.press('Control+f');
  await field(page).fill('lighthouse');
  await soon(() => page.locator('.text-found[data-now]').textContent()).toBe('lighthouse');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Pages' }).click();
  await page.locator('.found-now').waitFor();
  await soon(() => said(page)).toBe('1 of 1, page 3');
  await soon(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
});

test('another document is searched for the same, while its pages are read and when they are', async () => {
  const { page } = app;
  const pdf = new PDFDocument({ size: 'A4', info: { Title: 'Long' } });
  for (let number = 1; number <= 240; number++) {
    if (number > 1) pdf.addPage();
    pdf.text(`Page ${number} is about ${number % 120 === 1 ? 'the lighthouse' : 'fish'}. `.repeat(20));
  }
  const bytes = await printed(pdf);
  const heard: string[] = [];
  await page.exposeFunction('heard', (words: string) => heard.push(words));
  await page.evaluate(() => {
    const tell = () =>
      (window as unknown as { heard(words: string): void }).heard(
        document.querySelector('.find-count')?.textContent ?? '',
      );
    new MutationObserver(tell).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await dropFile(page, 'long.pdf', bytes);
  await soon(() => said(page)).toBe('1 of 40, page 1');
  expect(heard.some((words) => /^1 of \d+ so far/.test(words))).toBe(true);
  await page.keyboard.press('Shift+F3');
  await soon(() => said(page)).toBe('40 of 40, page 121');
  await soon(() => pageNumber(page)).toBe('121');
});

test('works without a model', async () => {
  const { page } = app;
  // Whoever asks for a model gets none.
  await page.route('**/models/**', (route) => route.abort());
  await page.reload();
  await page.getByRole('button', { name: /^Report on the Harbour/ }).click();
  await page.locator('.pages .page').first().waitFor();
  await page.getByRole('button', { name: /^Find in the document/ }).click();
  await field(page).fill('lighthouse keeper');
  await soon(() => said(page)).toBe('1 of 1, page 3');
  await page.unroute('**/models/**');
});
