// The browser's GPU process is killed while the engine works: it takes a new adapter and goes on. Row W3 of the faults that an app has
// to survive; twenty kills with LONGLEAF_LONG_TESTS=1.
import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { servedPage } from './served-page.ts';

const kills = process.env.LONGLEAF_LONG_TESTS === '1' ? 20 : 3;
/** A browser gives up its GPU process, and WebGPU for the page, after some crashes. */
const patient = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];

let page: Page;
let browser: CDPSession;
beforeAll(async () => {
  const served = await servedPage('recovery', patient);
  page = served.page;
  browser = await served.browser.newBrowserCDPSession();
});

/** A text; the GPU process is killed once, at the `at`-th message of `stage`. */
async function written(stage = '', at = 0): Promise<unknown> {
  let left = at;
  const name = `told${Math.random().toString(36).slice(2)}`;
  await page.exposeFunction(name, async (told: string) => {
    if (told === stage && --left === 0) await browser.send('Browser.crashGpuProcess');
  });
  return page.evaluate((told) => {
    const own = window as unknown as Record<string, (stage: unknown) => Promise<unknown>>;
    return own.write(own[told]);
  }, name);
}

test(
  'a text is the same however often the GPU process was killed',
  async () => {
    const undisturbed = (await written()) as { ids: number[]; lost: number };
    expect(undisturbed).toMatchObject({ lost: 0, ids: { length: 120 } });
    for (let i = 0; i < kills; i++) {
      const stage = ['loaded', 'reading', 'writing'][i % 3];
      const found = await written(stage, stage === 'writing' ? 1 + (i % 10) : 1);
      expect([stage, found]).toEqual([stage, { ids: undisturbed.ids, lost: 1 }]);
    }
  },
  kills * 30_000,
);
