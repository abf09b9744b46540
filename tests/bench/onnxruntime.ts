// Our kernels beside onnxruntime-web's operators, in one Chromium, on its SwiftShader, in turns: `npm run bench -- ort`.
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../support/browser.ts';
import { peerModules } from '../support/peers.ts';
import { operators } from './page/operators.ts';
import type { Timed } from './page/page.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The page and, under /ort/, onnxruntime-web; isolated, so that its threads work. */
async function serve(page: string, ort: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = pathname.startsWith('/ort/')
      ? join(ort, basename(pathname))
      : join(page, pathname === '/' ? 'index.html' : join('assets', basename(pathname)));
    response.writeHead(existsSync(file) ? 200 : 404, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    if (existsSync(file)) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => server.close() };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

function difference(a: readonly number[], b: readonly number[]): number {
  const error = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
  return Math.sqrt(error / b.reduce((sum, value) => sum + value ** 2, 0));
}

/** Milliseconds of all cores that the browser's graphics process has used: SwiftShader computes there. */
async function graphicsTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return 1000 * (processInfo.find(({ type }) => type === 'GPU')?.cpuTime ?? 0);
}

/** A page of its own for each: neither finds the other's buffers, or a device that was lost. */
async function onPage(
  browser: Browser,
  url: string,
  call: 'byOnnxRuntime' | 'byLongleaf',
  index: number,
  runs: number,
): Promise<Timed & { work: number }> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    const on = <T>(name: string, argument: number): Promise<T> =>
      page.evaluate(
        ([name, argument]) =>
          (window as unknown as Record<string, (argument: number) => Promise<unknown>>)[name](argument),
        [name, argument] as [string, number],
      ) as Promise<T>;
    await on(call, index);
    const before = await graphicsTime(browser);
    const timed = await on<Timed>('timed', runs);
    return { ...timed, work: ((await graphicsTime(browser)) - before) / runs };
  } finally {
    await page.close();
  }
}

/** `only`: part of an operator's name. */
export async function benchOnnxRuntime(only = '', runs = 5): Promise<void> {
  const modules = await peerModules('onnxruntime-web');
  const built = mkdtempSync(join(tmpdir(), 'longleaf-bench-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('page', import.meta.url)),
    build: { outDir: built, emptyOutDir: true, target: 'chrome140' },
  });
  const server = await serve(built, join(modules, 'onnxruntime-web', 'dist'));
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args, env });
  console.log(
    `Chromium ${browser.version()}, SwiftShader, median of ${runs} by the clock (milliseconds of all cores, mean)`,
  );
  console.log('| operator | onnxruntime-web | ours | times | results differ by |');
  console.log('|---|---|---|---|---|');
  for (const [index, { name, chain, operations }] of operators.entries()) {
    if (!name.includes(only)) continue;
    const theirs = await onPage(browser, server.url, 'byOnnxRuntime', index, runs);
    const ours = await onPage(browser, server.url, 'byLongleaf', index, runs);
    const rate = ({ times }: Timed) => (chain * operations) / median(times) / 1e6;
    const shown = (one: typeof ours) =>
      `${rate(one).toPrecision(3)} GF, ${(median(one.times) / chain).toPrecision(3)} ms (${(one.work / chain).toPrecision(3)})`;
    const times = `${(rate(ours) / rate(theirs)).toFixed(1)} (${(theirs.work / ours.work).toFixed(1)})`;
    const cells = [name, shown(theirs), shown(ours), times];
    console.log(`| ${cells.join(' | ')} | ${difference(ours.sample, theirs.sample).toExponential(1)} |`);
  }
  await browser.close();
  server.close();
  rmSync(built, { recursive: true, force: true });
}
