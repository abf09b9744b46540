// `npm run screenshots`: the real app in a real browser, its screens in light and dark, into screenshots/. For looking at, by
// whoever changes the window, and for the README.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openServices } from '../main/app.ts';
import { startChromiumHost } from '../main/hosts/chromium/host.ts';
import { makeLong, makeReport } from '../tests/app/a-report.ts';
import { smallLlama } from '../tests/gpu/gguf/small-llama.ts';
import { canScan, scanOf } from '../tests/reading/pdf/make-scan.ts';
import { findBrowser } from '../tests/support/browser.ts';
import { ensureBuilt } from './build.mjs';
import { loopbackToo, shootModels } from './screenshots-models.mjs';

const folder = fileURLToPath(new URL('../screenshots/', import.meta.url));
const sample = fileURLToPath(new URL('../assets/sample.pdf', import.meta.url));
const wide = { width: 1360, height: 860 };
const narrow = { width: 420, height: 800 };
/** What a narrow window shows one of, and the names of their pictures. */
const NARROW_PANES = [
  ['Library', 'narrow-library'],
  ['Pages', 'narrow'],
  ['Replies', 'narrow-text'],
];
/** For a software adapter on a busy machine. Milliseconds. */
const patience = 240_000;

await ensureBuilt();
await mkdir(folder, { recursive: true });
const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-screenshots-'));
await prepareHistory();
const host = await startChromiumHost({ dataFolder, window: false, downloads: loopbackToo });
const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: [...args, '--hide-scrollbars'], env });

/** A document whose history has what takes a large model or a kill: marks of prose that is not all borne out, and an interruption. */
async function prepareHistory() {
  const services = await openServices({
    dataFolder,
    assetsFolder: dataFolder,
    rendererFolder: dataFolder,
    say: console.error,
  });
  const { bytes, truth } = await makeReport();
  const id = createHash('sha256').update(bytes).digest('hex');
  await services.handle(new Request(`app://longleaf/documents/${id}`, { method: 'PUT', body: bytes }));
  await services.api.addDocument({
    id,
    name: 'harbour.pdf',
    title: 'Report on the Harbour of Skagen',
    pages: 3,
    words: 118,
  });
  const words = [...truth.keys()];
  const citation = (quote, status) => ({
    ...{ page: truth.get(quote).page, quote, start: 0, end: quote.length, status },
    boxes: [truth.get(quote)],
  });
  const sentence = (text, status, quotes, quoted = 'verified') => ({
    text,
    status,
    citations: quotes.map((quote) => citation(quote, quoted)),
  });
  const reply = {
    kind: 'summary',
    mode: 'prose',
    purpose: 'for the town council',
    found: true,
    sentences: [
      sentence('The harbour, rebuilt before 1908, needs a new eastern pier before 2031.', 'verified', [
        words[0],
        words[1],
      ]),
      sentence(
        'The pier has lost “nine metres of its foundation”, as divers found in 2019.',
        'repaired',
        [words[4]],
        'repaired',
      ),
      sentence('The council has already voted the money for it.', 'unverified', []),
      sentence('A berth costs 310 crowns a month, half of it for boats under six metres.', 'verified', [
        words[10],
        words[11],
      ]),
    ],
    window: { tokens: 1_412, capacity: 32_768, native: 8_192, factor: 4, pagesRead: [[1, 3]], pagesLeftOut: [] },
    model: {
      name: 'An instruct model',
      architecture: 'llama',
      types: ['Q4_K', 'Q6_K'],
      sha256: 'a'.repeat(64),
      rope: 'linear',
    },
    kvType: 'f16',
    seed: 7,
    adapter: { name: 'A graphics card', software: false },
    timing: {
      extractMs: 40,
      prefillMs: 900,
      prefillTokens: 1_412,
      reusedTokens: 0,
      rankMs: 0,
      decodeMs: 2_400,
      decodeTokens: 96,
    },
  };
  await services.api.addRun(id, reply);
  const window = services.connect();
  await window.api.beginRun(id, { kind: 'summary', inParts: true });
  window.ended();
  services.close();
}

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
  await page.getByRole('button', { name: /^trained on/ }).click();
  await page.locator('.lens-row svg').first().waitFor();
  await shoot(page, 'lens');
  await page.keyboard.press('Escape');
  await button(page, 'Summarise').click();
  await page.locator('.chip').nth(2).waitFor();
  await page
    .locator('.reading-in')
    .getByText(/[1-9]\d* %/)
    .waitFor();
  await shoot(page, 'progress');
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

/** A model that has its say in what is quoted, so that what is longer than its window is a choice. */
async function readWithSteady(page) {
  await button(page, 'Models').click();
  const buffer = Buffer.from(smallLlama({ 'general.name': 'Steady', 'llama.context_length': 2_048 }));
  await page.getByLabel('Add model files').setInputFiles({ name: 'steady.gguf', mimeType: '', buffer });
  await page.locator('.model[data-chosen]', { hasText: 'Steady' }).waitFor();
  await button(page, 'Done').click();
}

const tab = (page, name) => page.getByRole('tab', { name, exact: true });

/** What the model reads, a block of it lit on its page, and the outline. */
async function text(page) {
  await tab(page, 'Text').click();
  await tab(page, 'Contents').click();
  await page.getByRole('textbox', { name: /^Page, of/ }).fill('3');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(800);
  await page.locator('[data-block]', { hasText: 'red-cockaded woodpecker' }).first().hover();
  await shoot(page, 'text');
  await tab(page, 'Summary').click();
  await page.getByRole('tab', { name: 'Pages in small' }).click();
  await page.locator('.thumbnail-paper[data-drawn]').nth(5).waitFor();
  await shoot(page, 'thumbnails');
  await tab(page, 'Text').click();
  await tab(page, 'Documents').click();
}

/** Words that were found, on the pages and in the text. */
async function find(page) {
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find in the document' }).fill('fire');
  await page.locator('.found-now').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(800);
  await shoot(page, 'find');
  await page.setViewportSize(narrow);
  await tab(page, 'Pages').click();
  await page.waitForTimeout(600);
  await shoot(page, 'narrow-find');
  await page.setViewportSize(wide);
  await page.getByRole('button', { name: 'Close the find bar' }).click();
}

/** The palette before anything is typed, and with a word that replies hold. */
async function palette(page) {
  await page.keyboard.press('Control+k');
  await page.waitForTimeout(400);
  await shoot(page, 'palette');
  await page.keyboard.type('grass');
  await page.locator('.palette-snippet').first().waitFor();
  await shoot(page, 'palette-found');
  await page.setViewportSize(narrow);
  await page.waitForTimeout(400);
  await shoot(page, 'narrow-palette');
  await page.setViewportSize(wide);
  await page.keyboard.press('Escape');
}

/** A scan before and after its text was recognised. */
async function scan(page) {
  const minutes = await scanOf((await makeReport()).bytes, (pdf) => {
    pdf.addPage();
    pdf
      .font('Helvetica')
      .fontSize(12)
      .text('The minutes were signed by the clerk of the harbour on the first of May.', 70, 140);
  });
  await drop(page, 'harbour-scan.pdf', minutes);
  const recognise = page.getByRole('button', { name: /^Recognise the text/ });
  await recognise.waitFor();
  await drawn(page);
  await shoot(page, 'scan');
  await recognise.click();
  await page.getByText(/was recognised in pictures/).waitFor();
  await tab(page, 'Ask').click();
  await question(page, 'When must the eastern pier be replaced?');
  await page.locator('.chip:visible').first().click();
  await page.locator('.receipt-fold summary').first().click();
  await page.waitForTimeout(1_000);
  await shoot(page, 'recognised');
  await tab(page, 'Text').click();
  await page.waitForTimeout(600);
  await shoot(page, 'recognised-text');
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
  await tab(page, 'Ask').click();
  // Questions suggest themselves once a summary was made.
  await page.locator('.suggestion').first().waitFor();
  await shoot(page, 'suggestions');
  await question(page, 'How long does a longleaf pine stay in the grass stage?');
  await question(page, 'Who won the world cup of 1998?');
  await page.locator('.chip:visible').first().click();
  await page.mouse.move(700, 600);
  await page.waitForTimeout(1_200);
  await shoot(page, 'ask');
  await text(page);
  await find(page);
  await palette(page);
  await drop(page, 'minutes.pdf', (await readFile(sample)).subarray(0, 3_000));
  await page.getByRole('alert').waitFor();
  await shoot(page, 'error');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await shoot(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await shoot(page, 'settings');
  await page.setViewportSize(narrow);
  await shoot(page, 'narrow-settings');
  await page.keyboard.press('Escape');
  for (const [pane, name] of NARROW_PANES) {
    await tab(page, pane).click();
    await page.waitForTimeout(600);
    await shoot(page, name);
  }
  await tab(page, 'Summary').click();
  await shoot(page, 'narrow-summary');
  await page.getByRole('button', { name: /^trained on/ }).click();
  await page.locator('.lens-row svg').first().waitFor();
  await shoot(page, 'narrow-lens');
  await page.keyboard.press('Escape');
  await page.setViewportSize(wide);
  await button(page, 'Longleaf: start').click();
  await page.locator('.recent-card').first().waitFor();
  await shoot(page, 'recent');
  await page.setViewportSize(narrow);
  await shoot(page, 'narrow-start');
  await page.setViewportSize(wide);
  await shootModels(page, shoot);
  await page
    .getByRole('button', { name: /^Report on the Harbour/ })
    .first()
    .click();
  await page.getByRole('region', { name: 'Interrupted' }).waitFor();
  await drawn(page);
  await page.locator('.chip').nth(2).click();
  await page.waitForTimeout(800);
  await shoot(page, 'marks');
  await button(page, 'Export').first().click();
  await page.getByRole('menuitem').first().waitFor();
  await shoot(page, 'export');
  await page.keyboard.press('Escape');
  if (canScan) await scan(page);
  await button(page, 'Longleaf: start').click();
  await button(page, 'Ask several').click();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await shoot(page, 'choose');
  await page.getByRole('button', { name: /^Ask \d documents/ }).click();
  await page
    .getByRole('textbox', { name: 'Question to all documents' })
    .fill('How long does a longleaf pine stay in the grass stage?');
  await page.keyboard.press('Enter');
  await page.getByRole('main').getByRole('button', { name: 'Export' }).waitFor();
  await shoot(page, 'compare');
  await page.setViewportSize(narrow);
  await shoot(page, 'narrow-compare');
  await page.setViewportSize(wide);
  await button(page, 'Close the comparison').click();
  await readWithSteady(page);
  await drop(page, 'endless.pdf', await makeLong());
  await page.locator('.choice').waitFor();
  await page.getByText(/About .* on this machine/).waitFor();
  await shoot(page, 'choice');
  await page.getByRole('button', { name: /^All of it/ }).click();
  await page.locator('.job-part').waitFor();
  await page.waitForTimeout(6_000);
  await shoot(page, 'parts');
} finally {
  await browser.close();
  await host.close();
  await rm(dataFolder, { recursive: true, force: true });
}
