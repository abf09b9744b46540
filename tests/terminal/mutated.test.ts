// PDFs with bytes changed, cut out, doubled and swapped: each ends in text or in one sentence. A few by default, 10,000 with
// LONGLEAF_LONG_TESTS=1. LONGLEAF_MUTATIONS sets the number, LONGLEAF_FIRST_MUTATION where to begin. Seeded: what failed is named by its
// number and can be had again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { pdfEngines, pdfResources } from '../../main/hosts/terminal/pdf-engine.ts';
import { type PdfEngine, ReadingError, readPdf } from '../../reading/index.ts';
import { mulberry32 } from '../main/random.ts';
import { fixtures, makePdf, rawPdf } from '../reading/pdf/make-pdf.ts';

const long = process.env.LONGLEAF_LONG_TESTS === '1';
const COUNT = Number(process.env.LONGLEAF_MUTATIONS ?? (long ? 10_000 : 15));
const FIRST = Number(process.env.LONGLEAF_FIRST_MUTATION ?? 0);
/** Milliseconds of work for one file, and by the clock of a machine that is busy with something else. */
const LONGEST = 30_000;
const LONGEST_WAIT = 120_000;
/** Seeds beside those that are made here: small fixtures, where there are any. */
const SEEDS = 50;
const LARGEST_SEED = 15_000;

const made = async (): Promise<Uint8Array[]> => [
  await makePdf((pdf) => pdf.text('The harbour was built in 1871. '.repeat(40), { width: 200, columns: 2 })),
  await makePdf((pdf) => pdf.text('A secret sentence.'), {
    userPassword: '',
    ownerPassword: 'x',
    pdfVersion: '1.7ext3',
  }),
  await makePdf((pdf) => {
    pdf.initForm();
    pdf.formText('name', 72, 72, 200, 18, { value: 'Wilhelmina' });
    pdf.outline.addItem('One').addItem('Two');
    pdf.addPage().rotate(90).text('Turned.');
  }),
  rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    '<< /Length 44 >>\nstream\nBT /F1 12 Tf 72 700 Td (Plain to be seen.) Tj ET\nendstream',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]),
];

const others = (): Uint8Array[] => {
  if (!fixtures) return [];
  const entries: { file: string; bytes: number }[] = JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8'));
  const small = entries.filter(({ bytes }) => bytes < LARGEST_SEED);
  const step = Math.max(1, Math.floor(small.length / SEEDS));
  return small
    .filter((_, i) => i % step === 0)
    .slice(0, SEEDS)
    .map(({ file }) => new Uint8Array(readFileSync(join(fixtures!, file))));
};

const mutate = (seed: Uint8Array, random: () => number): Uint8Array => {
  const below = (most: number): number => Math.floor(random() * most);
  let bytes = Uint8Array.from(seed);
  for (let times = 1 + below(12); times > 0; times--) {
    const [at, length] = [below(bytes.length), 1 + below(64)];
    const how = below(5);
    if (how < 2) bytes[at] = below(256);
    else if (how === 2) bytes[at] ^= 1 << below(8);
    else if (how === 3) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    else bytes.copyWithin(at, below(bytes.length), below(bytes.length));
    if (bytes.length === 0) return bytes;
  }
  return bytes;
};

/** Milliseconds that this process has worked. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Milliseconds for a thread to let go of its document; one that takes longer is ended. */
const LETTING_GO = 500;

/** Documents that a thread reads, so that none is blamed for what many others have left behind. */
const MOST_USES = 50;

/** Threads are used again, as starting one takes ten times as long as reading a small PDF. */
const reused = (start: () => PdfEngine): (() => PdfEngine) => {
  let idle: PdfEngine | undefined;
  let uses = 0;
  return () => {
    uses = idle ? uses + 1 : 0;
    const engine = idle ?? start();
    idle = undefined;
    let broken = false;
    void engine.ended.then(() => {
      broken = true;
    });
    let loading: ReturnType<PdfEngine['getDocument']> | undefined;
    const end = async (): Promise<void> => {
      const late = new Promise<'late'>((resolve) => setTimeout(resolve, LETTING_GO, 'late'));
      const how = await Promise.race([loading?.destroy().catch(() => 'late'), late]);
      if (how === 'late' || broken || idle || uses >= MOST_USES) engine.end();
      else idle = engine;
    };
    return {
      ...engine,
      getDocument: (options) => {
        loading = engine.getDocument(options);
        return loading;
      },
      end: () => void end(),
    };
  };
};

it(`${COUNT.toLocaleString('en')} changed PDFs`, { timeout: 60_000 + 1_000 * COUNT }, async () => {
  const seeds = [...(await made()), ...others()];
  // On a thread that is ended when it runs on: pdf.js does so with some of these.
  const start = reused(await pdfEngines(LARGEST_SEED));
  setFlagsFromString('--expose-gc');
  globalThis.gc ??= runInNewContext('gc');
  const ends = new Map<string, number>();
  let slowest = { number: 0, milliseconds: 0 };
  for (let number = FIRST; number < COUNT; number++) {
    const bytes = mutate(seeds[number % seeds.length], mulberry32(number + 1));
    const [began, worked] = [performance.now(), cpu()];
    const outcome = await readPdf(start, bytes, { resources: pdfResources() }).catch((error: unknown) => error);
    const what = `${number} of ${seeds.length} seeds`;
    const milliseconds = cpu() - worked;
    expect(milliseconds, what).toBeLessThan(LONGEST);
    expect(performance.now() - began, what).toBeLessThan(LONGEST_WAIT);
    if (outcome instanceof Error) expect(outcome, what).toBeInstanceOf(ReadingError);
    const end = outcome instanceof ReadingError ? outcome.kind : 'text';
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds };
    if (number % 500 === 499 || number === COUNT - 1)
      console.log(
        `${number + 1}:`,
        Object.fromEntries(ends),
        slowest,
        `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
      );
  }
  // Changed, and not destroyed: many can be read all the same (some seeds have no text).
  expect(ends.get('text')).toBeGreaterThan((COUNT - FIRST) / 10);
});
