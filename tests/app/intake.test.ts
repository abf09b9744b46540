// What can be taken in besides an ordinary PDF: scans, whose text is recognised on this machine, and text files; and what a hostile
// PDF does to the window, which is nothing.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { canScan, scanOf } from '../reading/pdf/make-scan.ts';
import { hostile } from '../terminal/hostile-pdfs.ts';
import { makeReport, TITLE } from './a-report.ts';
import { appForAll, ask, dropFile, openPdf, soon, summariseButton } from './app.ts';
import { violations } from './axe.ts';

const app = appForAll();

describe.skipIf(!canScan)('a scan', () => {
  test('is said to be one, and its text is recognised on request', async () => {
    const { page } = app;
    await dropFile(page, 'scan.pdf', await scanOf((await makeReport()).bytes));
    const card = page.getByRole('alert');
    await card.getByText('looks like a scan').waitFor();
    await card.getByRole('button', { name: 'Recognise the text' }).click();
    await summariseButton(page).waitFor();
    await page.getByText('Text of page 1 was recognised in pictures; it may hold mistakes.').waitFor();
    expect(await page.locator('.reply-title h2:visible').textContent()).toBe(TITLE);
  });

  test('whose words are marked as recognised where they are shown and quoted, and are there when it is opened again', async () => {
    const { page } = app;
    await ask(page, 'When must the eastern pier be replaced?');
    const chip = page.getByRole('button', { name: /recognised from a scan/ }).first();
    await chip.waitFor();
    await page.getByText('Recognised from a scan; it may hold mistakes').first().waitFor();
    expect(await page.locator('.receipt').first().textContent()).toContain('Text recognisedon page 1;');
    await page.getByRole('tab', { name: 'Text', exact: true }).click();
    await page.getByRole('article', { name: 'Page 1' }).getByText('Recognised from a scan').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Longleaf: start' }).click();
    await page.locator('.recent-card').first().click();
    await page.getByText('Text of page 1 was recognised in pictures; it may hold mistakes.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(!canScan)('a document of which one page is a scan', () => {
  const recognise = (page: Page) => page.locator('.scans').getByRole('button', { name: 'Recognise the text' });

  test('is open again without its text when the recognition is stopped', async () => {
    const { page } = app;
    const minutes = await scanOf((await makeReport()).bytes, (pdf) => {
      pdf.addPage();
      pdf.font('Helvetica').fontSize(12).text('The minutes were signed by the clerk of the harbour.', 70, 140);
      pdf.text('They were read aloud on the first of May.', 70, 200);
    });
    await openPdf(page, 'minutes.pdf', minutes);
    await recognise(page).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await recognise(page).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('is the one whose text is recognised, also after another file was refused', async () => {
    const { page } = app;
    await dropFile(page, 'broken.pdf', new TextEncoder().encode('%PDF-1.7 and nothing else'));
    await page.getByRole('alert').waitFor();
    await recognise(page).click();
    await page.getByText('Text of page 1 was recognised in pictures; it may hold mistakes.').waitFor();
    await page
      .getByRole('article', { name: 'Page 2' })
      .or(page.getByText(/signed by the clerk/))
      .first()
      .waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

test('a Markdown file is read and shown on sheets', async () => {
  const { page } = app;
  const text = `# On piers\n\nThe eastern pier is old. It must be replaced.\n\n${'More words follow here.\n\n'.repeat(80)}`;
  await openPdf(page, 'piers.md', new TextEncoder().encode(text));
  expect(await page.locator('.reply-title h2:visible').textContent()).toBe('On piers');
  await soon(() => page.locator('.page-paper[data-drawn]').count()).toBeGreaterThan(0);
  await page.locator('.page-text', { hasText: 'The eastern pier is old. It must be replaced.' }).waitFor();
});

interface Watch {
  /** Milliseconds: the longest that the window did not come to its own timers, and all of the time. */
  longest: number;
  all: number;
  turns: number;
}

/** Watches the window's own timers while `work` is done. */
const watched = async (page: Page, work: () => Promise<void>): Promise<Watch> => {
  const watch = await page.evaluateHandle(() => {
    const began = performance.now();
    const seen = { longest: 0, all: 0, turns: 0 };
    const timer = setInterval(() => {
      const now = performance.now() - began;
      seen.longest = Math.max(seen.longest, now - seen.all);
      seen.all = now;
      seen.turns++;
    }, 10);
    return { seen, timer };
  });
  await work();
  return watch.evaluate(({ seen, timer }) => {
    clearInterval(timer);
    return seen;
  });
};

test.for(['content-bomb-packed-twice', 'forms-without-end', 'text-operators'])(
  'the window goes on while %s is read',
  { timeout: 120_000 },
  async (name) => {
    const { page } = app;
    const bytes = hostile.find((one) => one.name === name)!.make();
    const { longest, all, turns } = await watched(page, async () => {
      await dropFile(page, `${name}.pdf`, bytes);
      await page
        .getByText(/^(?:Page 1 (?:expands|never|could not)|This PDF )/)
        .first()
        .waitFor();
    });
    console.log(`${name}: the window's longest pause was ${Math.round(longest)} ms`);
    // It stands still for no second of it.
    expect(turns).toBeGreaterThan(all / 1000);
    await openPdf(page, 'harbour.pdf', (await makeReport()).bytes);
    expect(await page.getByRole('alert').count()).toBe(0);
  },
);
