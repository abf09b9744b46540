// A folder with an index.html, built and served on loopback and opened in a real browser: for tests of the engine in a module worker.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll } from 'vitest';
import { findBrowser } from '../../support/browser.ts';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** `folder` is relative to this one; everything is closed after the last test of the file. */
export async function servedPage(folder: string, flags: string[] = []): Promise<{ browser: Browser; page: Page }> {
  const built = mkdtempSync(join(tmpdir(), 'longleaf-page-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL(folder, import.meta.url)),
    worker: { format: 'es' },
    build: { outDir: built, emptyOutDir: true, target: 'chrome140', minify: false },
  });
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const file = join(built, normalize(path === '/' ? '/index.html' : path));
    const body = await readFile(file).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: [...args, ...flags], env });
  afterAll(async () => {
    await browser.close();
    server.close();
    rmSync(built, { recursive: true, force: true });
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { browser, page };
}
