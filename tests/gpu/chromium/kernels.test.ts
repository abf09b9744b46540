// The kernel cases of tests/gpu/kernels.test.ts once more, in a real browser: other limits, another implementation of WGSL's border.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from '../../support/browser.ts';
import { kernelCases, tolerance } from '../kernel-cases.ts';
import type { CaseResult } from './worker.ts';

const built = mkdtempSync(join(tmpdir(), 'longleaf-kernels-'));
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
let server: Server;
let browser: Browser;
let found: { adapter: string; results: CaseResult[] };

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    worker: { format: 'es' },
    build: { outDir: built, emptyOutDir: true, target: 'chrome140', minify: false },
  });
  server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const file = join(built, normalize(path === '/' ? '/index.html' : path));
    const body = await readFile(file).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { executablePath, args, env } = await findBrowser();
  browser = await chromium.launch({ executablePath, args, env });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  found = await page.evaluate(() => (window as unknown as { kernelResults: Promise<typeof found> }).kernelResults);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(built, { recursive: true, force: true });
});

test('every case ran, on an adapter', () => {
  expect(found.results.map(({ name }) => name)).toEqual(kernelCases.map(({ name }) => name));
});

test.each(kernelCases.map(({ name }) => name))('%s', (name) => {
  const result = found.results.find((one) => one.name === name);
  expect(result?.thrown).toBeUndefined();
  expect(result?.error).toBeLessThan(tolerance);
});
