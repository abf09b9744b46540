// What stands around the replies, in the window: exports that are inert, models, several documents together, a reopened document that
// is not read in again, replies that were interrupted, and hostile replies that stay text (fault P9).
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openServices } from '../../main/app.ts';
import type { ReplyValue } from '../../main/common/api.ts';
import { shown } from '../../reading/export/export.ts';
import { aReply } from '../main/a-reply.ts';
import { HOSTILE } from '../reading/export/hostile-replies.ts';
import { embedded } from '../terminal/command.ts';
import { makeReport, type Report, TITLE } from './a-report.ts';
import { appForAll, ask, chips, type OpenApp, soon, summariseButton } from './app.ts';
import { violations } from './axe.ts';

let report: Report;
let dataFolder = '';

const hostile = (kind: ReplyValue['kind']): ReplyValue => {
  const reply = aReply(HOSTILE[0]);
  reply.sentences = HOSTILE.flatMap((text, i) => {
    const [sentence] = aReply(text).sentences;
    sentence!.citations[0]!.status = (['verified', 'repaired', 'unverified'] as const)[i % 3]!;
    sentence!.citations[0]!.page = 1;
    return [sentence!];
  });
  return { ...reply, kind, ...(kind === 'answer' && { question: HOSTILE[13] }), purpose: HOSTILE[1] };
};

/** A history that the window did not make: hostile replies, and one that a kill interrupted. */
async function prepare() {
  report = await makeReport();
  dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-around-'));
  const services = await openServices({
    dataFolder,
    assetsFolder: dataFolder,
    rendererFolder: dataFolder,
    say: () => undefined,
  });
  const id = createHash('sha256').update(report.bytes).digest('hex');
  await services.handle(
    new Request(`app://longleaf/documents/${id}`, { method: 'PUT', body: Buffer.from(report.bytes) }),
  );
  await services.api.addDocument({ id, name: 'harbour.pdf', title: TITLE, pages: 3, words: 100 });
  await services.api.addRun(id, hostile('summary'));
  await services.api.addRun(id, hostile('answer'));
  const killed = services.connect();
  await killed.api.beginRun(id, { kind: 'answer', question: 'What is the rent of a berth?' });
  killed.ended();
  services.close();
  return { dataFolder };
}

const app = appForAll(prepare);

const openReport = async ({ page }: OpenApp) => {
  await page
    .getByRole('button', { name: new RegExp(`^${TITLE}`) })
    .first()
    .click();
  await chips(page).first().waitFor();
};

/** What the menu saves. */
async function exported(page: Page, section: string, format: string): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export', exact: true }).first().click();
  const download = page.waitForEvent('download');
  await page.getByRole('group', { name: section }).getByRole('menuitem', { name: format, exact: true }).click();
  return readFile((await (await download).path())!);
}

/** Anything that would not be there if a reply were only text. */
const foreign = (page: Page) =>
  page.evaluate(() => {
    const inside = document.querySelectorAll('.sentence p, .exchange h2, .reply-about, li > p');
    return [...inside].flatMap((text) =>
      [...text.querySelectorAll('*:not(bdi, svg, svg *, span)')].map(({ outerHTML }) => outerHTML),
    );
  });

test('twenty hostile replies are text in the window: no element, no request, no script', async () => {
  const { page } = app;
  await openReport(app);
  expect(await page.locator('.sentence:visible > p').allTextContents()).toEqual([...HOSTILE]);
  expect(await foreign(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  expect(await page.locator('.exchange h2').first().textContent()).toBe(HOSTILE[13]);
  expect(await foreign(page)).toEqual([]);
  expect(await page.title()).not.toContain('owned');
  for (const mark of ['Repaired', 'Unverified']) await page.locator('.status', { hasText: mark }).first().waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Summary', exact: true }).click();
});

test('and inert in the exported web page', async () => {
  const html = (await exported(app.page, 'All replies', 'Web page')).toString('utf8');
  const context = await app.browser.newContext({ javaScriptEnabled: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('dialog', (dialog) => asked.push(dialog.message()));
  await page.setContent(html);
  await page.waitForTimeout(300);
  const found = await page.evaluate(() => ({
    title: document.title,
    live: document.querySelectorAll('script, img, iframe, a, form, object, link, base, svg, button, input').length,
    sentences: [...document.querySelectorAll('li > p:first-child')].map(({ textContent }) => textContent),
    handlers: [...document.querySelectorAll('*')].filter((one) =>
      one.getAttributeNames().some((name) => name.startsWith('on')),
    ).length,
  }));
  expect(asked).toEqual([]);
  expect(found).toMatchObject({ title: TITLE, live: 0, handlers: 0 });
  // Control characters are shown as such.
  expect(found.sentences).toEqual([...HOSTILE, ...HOSTILE].map(shown));
  await context.close();
});

test('one reply is saved as Markdown, PDF and JSON too', async () => {
  const { page } = app;
  const markdown = (await exported(page, 'This summary', 'Markdown')).toString('utf8');
  expect(markdown).toContain(`# ${TITLE}`);
  expect(markdown).toContain('\\<script\\>');
  const json = JSON.parse((await exported(page, 'This summary', 'JSON')).toString('utf8'));
  expect(json.documents[0].replies).toHaveLength(1);
  const pdf = await exported(page, 'All replies', 'PDF');
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.toString('latin1')).not.toMatch(/\/(JavaScript|JS|URI|Launch)\b/);
  await page.keyboard.press('Escape');
});

test('a reply that is removed can be had back, where it was', async () => {
  const { page } = app;
  const listed = () => page.locator('.run .run-name').allTextContents();
  const before = await listed();
  await page.getByRole('button', { name: 'Remove Summary' }).click();
  const said = page.getByRole('status', { name: 'Done' });
  await said.getByText('The summary was removed.').waitFor();
  await soon(listed).toEqual(before.filter((name) => name !== 'Summary'));
  expect(await violations(page)).toEqual([]);
  await said.getByRole('button', { name: 'Undo' }).click();
  await soon(listed).toEqual(before);
  await page.reload();
  await openReport(app);
  await soon(listed).toEqual(before);
});

test('a reply that a kill interrupted is marked, and is made after all', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  const card = page.getByRole('region', { name: 'Interrupted' });
  expect(await card.textContent()).toContain('What is the rent of a berth?');
  await card.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.exchange', { hasText: 'The rent of a berth is 310 crowns a month.' }).waitFor();
  expect(await card.count()).toBe(0);
  await page.reload();
  await openReport(app);
  expect(await page.getByRole('region', { name: 'Interrupted' }).count()).toBe(0);
});

test('a model file is checked before it is stored, then chosen, and can be removed', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const file = dialog.getByLabel('Add model files');
  await file.setInputFiles({
    name: 'page.gguf',
    mimeType: 'text/html',
    buffer: Buffer.from('<!doctype html><p>no model'),
  });
  await dialog.getByText(/web page/).waitFor();
  expect(await readdir(join(dataFolder, 'models')).catch(() => [])).toEqual([]);
  await file.setInputFiles({ name: 'My model (new).gguf', mimeType: '', buffer: await readFile(embedded) });
  await dialog.getByRole('radio', { name: /My-model-new/ }).waitFor();
  await soon(() => dialog.getByRole('radio', { name: /My-model-new/ }).isChecked()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Remove .*My-model-new/ }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await soon(() => dialog.getByRole('radio').count()).toBe(1);
  expect(await dialog.getByRole('radio').isChecked()).toBe(true);
  expect(await readdir(join(dataFolder, 'models'))).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();
});

test('a document that was read once answers after a restart without being read in again', async () => {
  const long = await makeReport(8);
  const drop = async ({ page }: OpenApp) => {
    const input = page.getByLabel('Open documents');
    await input.setInputFiles({ name: 'long.pdf', mimeType: 'application/pdf', buffer: Buffer.from(long.bytes) });
    await page.getByRole('textbox', { name: /^Page, of 24/ }).waitFor();
    await summariseButton(page).waitFor();
  };
  const receipt = ({ page }: OpenApp) => page.locator('.exchange').last().getByLabel('How this was read').textContent();
  await drop(app);
  await ask(app.page, 'What is the rent of a berth in case 4?');
  expect(await receipt(app)).toContain('words alone');
  const kept = () => readdir(join(dataFolder, 'snapshots')).catch((): string[] => []);
  await soon(async () => (await kept()).filter((name) => name.endsWith('.kv')).length).toBe(1);
  await app.restart();
  await drop(app);
  // Nobody waits for the model; once it has the document again, it has its say.
  await ask(app.page, 'What is the rent of a berth in case 5?');
  await app.page.locator('[data-read-in]').waitFor();
  await ask(app.page, 'What is the rent of a berth in case 6?');
  expect(await receipt(app)).toMatch(/[\d,]+ of them read before/);
});

test('several files are added together, asked one question, and compared; one that is locked or no PDF stops nothing', async () => {
  const { page } = app;
  const orchard = await makeReport(1, { info: { Title: 'The Orchard' } });
  const keys = { userPassword: 'needle', ownerPassword: 'owner', pdfVersion: '1.7' } as const;
  const locked = await makeReport(1, { info: { Title: 'The Vault' }, ...keys });
  await page.getByRole('button', { name: 'Longleaf: start' }).click();
  await page.getByLabel('Open documents').setInputFiles([
    { name: 'orchard.pdf', mimeType: 'application/pdf', buffer: Buffer.from(orchard.bytes) },
    { name: 'locked.pdf', mimeType: 'application/pdf', buffer: Buffer.from(locked.bytes) },
    { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Dear reader') },
    { name: 'harbour.pdf', mimeType: 'application/pdf', buffer: Buffer.from(report.bytes) },
  ]);
  const dialog = page.getByRole('dialog', { name: 'This PDF is locked' });
  await dialog.getByLabel('Password').fill('cone');
  await page.keyboard.press('Enter');
  await dialog.getByText('Wrong password').waitFor();
  await dialog.getByLabel('Password').fill('needle');
  await page.keyboard.press('Enter');
  await soon(() => page.locator('tr[data-state="waiting"]').count()).toBe(3);
  await soon(() => page.getByRole('button', { name: 'Summarise each' }).isEnabled()).toBe(true);
  const question = page.getByRole('textbox', { name: 'Question to all documents' });
  await question.fill('What is the rent of a berth?');
  await page.keyboard.press('Enter');
  await soon(() => page.locator('tr[data-state="done"]').count()).toBe(3);
  await page.getByText('3 of 4 documents read, found in 3, 1 could not be read.').waitFor();
  expect(await page.locator('tr[data-state="failed"]').textContent()).toMatch(/not a PDF/);
  expect(await page.locator('tr[data-state="done"] .compare-answer').first().textContent()).toContain('310 crowns');
  expect(await violations(page)).toEqual([]);
  // A sentence leads to its page, and Back to the table.
  const orchardRow = page.locator('tr', { hasText: 'orchard.pdf' });
  await orchardRow.locator('.chip').first().click();
  await page.locator('.page-paper[data-drawn]').first().waitFor();
  await page.locator('.sentence[data-chosen]', { hasText: '310 crowns' }).waitFor();
  await soon(() => page.locator('.marked-words').count()).toBeGreaterThan(0);
  await page.keyboard.press('Alt+ArrowLeft');
  await orchardRow.locator('.sentence[data-chosen]').waitFor();
  await soon(() => orchardRow.locator('.compare-title').evaluate((one) => one === document.activeElement)).toBe(true);
  // A locked one is opened with the password that was told.
  await page.locator('tr', { hasText: 'locked.pdf' }).locator('.compare-title').click();
  await page.getByRole('button', { name: 'Back to all 4' }).waitFor();
  await page.locator('.page-paper[data-drawn]').first().waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByRole('button', { name: 'Back to all 4' }).click();
  // What failed is left out, and what comes later is asked by itself.
  await page.getByRole('button', { name: 'Leave out letter.pdf' }).click();
  const mill = await makeReport(1, { info: { Title: 'The Mill' } });
  await page
    .getByLabel('Open documents')
    .setInputFiles({ name: 'mill.pdf', mimeType: 'application/pdf', buffer: Buffer.from(mill.bytes) });
  await page.getByRole('button', { name: 'Ask the other one' }).click();
  await page.getByText('4 of 4 documents read, found in 4.').waitFor();
  const table = (await exported(page, 'This comparison', 'Markdown')).toString('utf8');
  expect(table.match(/310 crowns/g)!.length).toBeGreaterThanOrEqual(4);
  expect(table).toContain('The rent of a berth is 310 crowns a month.');
  await page.getByRole('button', { name: 'Close the comparison' }).click();
  await page.getByRole('button', { name: 'Ask several' }).click();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // The document that was looked at is open still.
  await page.locator('.page-paper[data-drawn]').first().waitFor();
});
