// What the model reads, beside the pages: its blocks and what was left out, lit on the page, found from the page, in step with it, from
// the keyboard too; and the outline in the rail.
import PDFDocument from 'pdfkit';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { makeReport, printed } from './a-report.ts';
import { appForAll, openPdf, soon } from './app.ts';
import { violations } from './axe.ts';

const app = appForAll();

beforeAll(async () => {
  await openPdf(app.page, 'garden.pdf', await makeGarden());
  await app.page.getByRole('tab', { name: 'Text', exact: true }).click();
});

const LEFT = 70;

/** Six pages with bookmarks, running heads, and on page 1 white words on white. */
function makeGarden(): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4', margin: 0, info: { Title: 'The Garden' } });
  const line = (text: string, x: number, y: number) => pdf.text(text, x, y, { lineBreak: false });
  for (let page = 1; page <= 6; page++) {
    if (page > 1) pdf.addPage();
    pdf.font('Helvetica').fontSize(9);
    line('A Report on Gardens', LEFT, 30);
    line(`${page}`, 300, 800);
    pdf.font('Helvetica-Bold').fontSize(18);
    line(`Bed ${page}`, LEFT, 125);
    pdf.font('Helvetica').fontSize(12);
    line(`The beans of bed ${page} were sown in March.`, LEFT, 170);
    line(`They bore well until the dry week of June in bed ${page}.`, LEFT, 400);
    if (page === 1) pdf.fillColor('white').text('White words that nobody sees.', LEFT, 600).fillColor('black');
    const bed = pdf.outline.addItem(`Bed ${page}`);
    if (page === 2) bed.addItem('Its beans');
  }
  return printed(pdf);
}

const inText = (page: Page, words: string): Locator => page.locator('[data-block]', { hasText: words });

const isOnShow = (block: Locator) =>
  block.evaluate((element) => {
    const [box, pane] = [element.getBoundingClientRect(), element.closest('.text-scroll')!.getBoundingClientRect()];
    return box.top >= pane.top && box.bottom <= pane.bottom;
  });

const goToPage = async (page: Page, number: number) => {
  await page.getByRole('textbox', { name: /^Page, of/ }).fill(String(number));
  await page.keyboard.press('Enter');
};

/** Rectangles of the lit block, in points of their page. */
const lit = (page: Page, number: number) =>
  page.evaluate((wanted) => {
    const element = document.querySelector<HTMLElement>(`.page[data-page="${wanted}"]`);
    const origin = element?.getBoundingClientRect();
    if (!element || !origin) return [];
    const scale = origin.height / 841.89;
    return [...element.querySelectorAll('.lit > div')].map((box) => {
      const { left, top, width } = box.getBoundingClientRect();
      return { x: (left - origin.left) / scale, y: (top - origin.top) / scale, width: width / scale };
    });
  }, number);

test('shows the blocks of each page, and greyed with the reason what was left out', async () => {
  const { page } = app;
  const first = page.getByRole('article', { name: 'Page 1', exact: true });
  await first.getByRole('heading', { name: 'Bed 1' }).waitFor();
  expect(await first.locator('.text-prose').allTextContents()).toEqual([
    'The beans of bed 1 were sown in March.',
    'They bore well until the dry week of June in bed 1.',
  ]);
  expect(await first.locator('.text-left-out').allTextContents()).toEqual([
    'Running head, left out: A Report on Gardens',
    'Hidden text, left out: White words that nobody sees.',
    'Page number, left out: 1',
  ]);
  expect(await violations(page)).toEqual([]);
});

test('a block under the mouse is lit on its page, and a click on a page finds its block', async () => {
  const { page } = app;
  await inText(page, 'The beans of bed 1').hover();
  await soon(() => lit(page, 1)).toHaveLength(1);
  const [box] = await lit(page, 1);
  expect(Math.abs(box!.x - LEFT)).toBeLessThan(3);
  expect(Math.abs(box!.y - 170)).toBeLessThan(6);
  const paper = await page.locator('.page[data-page="1"]').boundingBox();
  const scale = paper!.height / 841.89;
  await page.mouse.click(paper!.x + 120 * scale, paper!.y + 406 * scale);
  await soon(async () => (await lit(page, 1))[0]?.y ?? 0).toBeGreaterThan(380);
  await soon(() => inText(page, 'They bore well').first().getAttribute('tabindex')).toBe('0');
});

test('goes with the pages, and they with it', async () => {
  const { page } = app;
  await goToPage(page, 5);
  await inText(page, 'The beans of bed 5').waitFor();
  await inText(page, 'The beans of bed 5').hover();
  await page.mouse.wheel(0, -6_000);
  await soon(() => page.getByRole('textbox', { name: /^Page, of 6/ }).inputValue()).toBe('1');
  // The text led; asked to go elsewhere, the pages do.
  await goToPage(page, 4);
  await soon(() => isOnShow(inText(page, 'The beans of bed 4'))).toBe(true);
});

test('in a narrow window a press on a block shows it on its page', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 480, height: 800 });
  await page.getByRole('tab', { name: 'Replies' }).click();
  await inText(page, 'They bore well until the dry week of June in bed 4').click();
  await page.getByRole('tab', { name: 'Pages', selected: true }).waitFor();
  await soon(() => page.getByRole('textbox', { name: /^Page, of 6/ }).inputValue()).toBe('4');
  await page.getByRole('button', { name: /^Back to p\./ }).click();
  await page.getByRole('tab', { name: 'Replies', selected: true }).waitFor();
  await page.setViewportSize({ width: 1360, height: 860 });
  await goToPage(page, 1);
});

test('is read block by block from the keyboard', async () => {
  const { page } = app;
  await inText(page, 'The beans of bed 1').focus();
  for (let i = 0; i < 3; i++) {
    const words = ['They bore well', 'Bed 2', 'The beans of bed 2'][i]!;
    await page.keyboard.press('ArrowDown');
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain(words);
  }
  await soon(() => lit(page, 2)).toHaveLength(1);
});

test('the outline folds, marks the section on show and goes to one', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Contents' }).click();
  const tree = page.getByRole('tree', { name: 'Contents' });
  await soon(() => tree.getByRole('treeitem').count()).toBe(7);
  expect(await violations(page)).toEqual([]);
  await tree.getByRole('treeitem', { name: /^Bed 4/ }).click();
  await soon(() => tree.locator('[aria-current="location"]').textContent()).toBe('Bed 4page 4');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await tree.getByRole('treeitem', { name: /^Bed 2/, expanded: false }).waitFor();
  await soon(() => tree.getByRole('treeitem').count()).toBe(6);
  await page.keyboard.press('Enter');
  await soon(() => tree.locator('[aria-current="location"]').textContent()).toBe('Bed 2page 2');
  await page.getByRole('tab', { name: 'Documents' }).click();
});

test('a jump arrives, whatever else of the document changes on its way', async () => {
  const { page } = app;
  const number = page.getByRole('textbox', { name: /^Page, of 6/ });
  await page.getByRole('tab', { name: 'Contents' }).click();
  await goToPage(page, 2);
  await soon(() => number.inputValue()).toBe('2');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  // As soon as the pages move, a section is folded, which is kept with the document.
  await page.evaluate(() => {
    const fold = document.querySelector<HTMLElement>('[aria-expanded] > .outline-fold')!;
    document.querySelector('.pages-scroll')!.addEventListener('scroll', () => fold.click(), { once: true });
  });
  const expanded = page.getByRole('treeitem', { name: /^Bed 2/ });
  const before = await expanded.getAttribute('aria-expanded');
  await goToPage(page, 3);
  await soon(() => expanded.getAttribute('aria-expanded')).not.toBe(before);
  await soon(() => number.inputValue()).toBe('3');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const after = await expanded.getAttribute('aria-expanded');
  await page.getByRole('tab', { name: 'Documents' }).click();
  await page.getByRole('tab', { name: 'Contents' }).click();
  await soon(() => expanded.getAttribute('aria-expanded')).toBe(after);
  await page.getByRole('tab', { name: 'Documents' }).click();
});

test('of a long document only what is near exists', async () => {
  const { page } = app;
  await openPdf(page, 'long.pdf', (await makeReport(40)).bytes);
  await page.getByRole('tab', { name: 'Text', exact: true }).click();
  await goToPage(page, 118);
  await inText(page, 'Divers measured the damage in the summer of 2019 in case 39').waitFor();
  await soon(() => page.locator('.text-page').count()).toBeLessThan(30);
});
