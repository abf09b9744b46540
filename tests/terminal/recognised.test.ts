// What the terminal recognised of a scan is kept in the data folder, page by page, and goes with its document.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePdf } from '../reading/pdf/make-pdf.ts';
import { canScan, scanOf, wordsOf } from '../reading/pdf/make-scan.ts';
import { longleaf } from './command.ts';

it.skipIf(!canScan)('a recognised scan is read from what was kept, until it is forgotten', async () => {
  const data = await mkdtemp(join(tmpdir(), 'longleaf-recognised-'));
  const env = { LONGLEAF_DATA: data };
  const path = join(data, 'scan.pdf');
  const text = 'The eastern pier stands firm.';
  await writeFile(path, await scanOf(await makePdf((pdf) => pdf.fontSize(24).text(text, 72, 100))));
  const extract = async (...more: string[]) =>
    JSON.parse((await longleaf(['extract', path, '--json', ...more], { env })).stdout);
  const kept = () => readdir(join(data, 'recognised')).catch(() => []);
  expect((await extract('--ocr')).pages[0]).toMatchObject({ text, recognised: 'here' });
  const [file] = await kept();
  expect(file).toMatch(/^[0-9a-f]{64}-[0-9a-f]{16}\.kv$/);
  // What is kept is what is read the next time.
  await writeFile(join(data, 'recognised', file!), JSON.stringify({ scale: 4, words: wordsOf('What was kept.') }));
  expect((await extract('--ocr')).pages[0].text).toBe('What was kept.');
  expect((await longleaf(['history', 'forget', path], { env })).code).toBe(0);
  expect(await kept()).toEqual([]);
  await rm(data, { recursive: true });
});
