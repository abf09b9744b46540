// The whole app for tests: the real Chromium host over a temporary data folder, in a real browser, with the real engine on
// SwiftShader. Watches that nothing but loopback is asked and that the Content-Security-Policy has nothing to refuse.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { type ChromiumHost, startChromiumHost } from '../../main/hosts/chromium/host.ts';
import { findBrowser } from '../support/browser.ts';

/** For a software adapter on a busy machine. Milliseconds. */
const PATIENCE = 120_000;
vi.setConfig({ testTimeout: 2 * PATIENCE });

/** What `look` sees once it is as expected, on a busy machine. */
export const soon = <T>(look: () => T) => expect.poll(look, { timeout: PATIENCE });

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser({ webgpu = true } = {}): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser();
  const own = webgpu ? args : args.filter((flag) => !flag.includes('webgpu'));
  return chromium.launch({ executablePath, args: [...QUIET, ...own], env });
}

export interface OpenApp {
  page: Page;
  context: BrowserContext;
  host: ChromiumHost;
  dataFolder: string;
  /** What should be empty at the end: foreign requests, refusals by the policy, errors nobody caught. */
  complaints: string[];
  close(): Promise<void>;
}

interface AppOptions {
  /** An earlier app's, so that its history is there. */
  dataFolder?: string;
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  /** From where models may be fetched, in place of https alone. */
  downloads?: Parameters<typeof startChromiumHost>[0]['downloads'];
  /** Runs in the page before its own scripts. */
  before?: () => void;
}

export async function openApp(browser: Browser, options: AppOptions = {}): Promise<OpenApp> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'longleaf-app-')));
  const complaints: string[] = [];
  const host = await startChromiumHost({
    dataFolder,
    window: false,
    say: (line) => complaints.push(line),
    downloads: options.downloads,
  });
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1360, height: 860 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  watch(page, new URL(host.url).origin, complaints);
  if (options.before) await page.addInitScript(options.before);
  await page.goto(host.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return {
    page,
    context,
    host,
    dataFolder,
    complaints,
    close: async () => {
      await context.close();
      await host.close();
    },
  };
}

export interface AppForAll extends OpenApp {
  browser: Browser;
  /** Ends the app and starts another over the same data. */
  restart(): Promise<void>;
}

/** One app for all tests of a file, which none may leave with a complaint. `prepare` comes first, for what the app is opened over. */
export function appForAll(prepare: () => Promise<AppOptions> | AppOptions = () => ({})): AppForAll {
  const app = {} as AppForAll;
  let options: AppOptions = {};
  beforeAll(async () => {
    const [browser, prepared] = await Promise.all([launchBrowser(), prepare()]);
    const opened = await openApp(browser, prepared);
    options = { ...prepared, dataFolder: opened.dataFolder };
    const restart = async () => {
      await app.close();
      Object.assign(app, await openApp(browser, options));
    };
    Object.assign(app, opened, { browser, restart });
  });
  afterEach(() => expect(app.complaints).toEqual([]));
  afterAll(async () => {
    await app.close?.();
    await app.browser?.close();
    if (app.dataFolder) await removeFolder(app.dataFolder);
  });
  return app;
}

function watch(page: Page, origin: string, complaints: string[]) {
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(?:blob|data):/.test(url)) complaints.push(`asked ${url}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) complaints.push(message.text());
  });
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** Drops files on the window, as a reader's file manager does. */
export async function dropFiles(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const named = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const);
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, base64] of all)
      data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name));
    return data;
  }, named);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

export const dropFile = (page: Page, name: string, bytes: Uint8Array): Promise<void> =>
  dropFiles(page, { [name]: bytes });

/** Drops a PDF and waits until its text has been read. */
export async function openPdf(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await dropFile(page, name, bytes);
  await summariseButton(page).waitFor();
}

export const summariseButton = (page: Page) => page.getByRole('button', { name: 'Summarise', exact: true });
export const chips = (page: Page) => page.locator('.chip:visible');

export async function summarise(page: Page): Promise<void> {
  await summariseButton(page).click();
  await chips(page).first().waitFor();
}

export async function ask(page: Page, question: string): Promise<void> {
  const answered = page.locator('.exchange .receipt-fold');
  const before = await answered.count();
  await page.getByRole('tab', { name: 'Ask', exact: true }).click();
  await page.getByRole('textbox', { name: 'Question' }).fill(question);
  await page.keyboard.press('Enter');
  await answered.nth(before).waitFor();
}
