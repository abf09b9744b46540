// The main job in the terminal, over the built files, on whatever adapter there is.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded, longleaf, sample } from './command.ts';
import { writePdf } from './made-pdfs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-commands-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface PrintedReply {
  found?: boolean;
  answer?: string;
  sentences: {
    text: string;
    citations: { page: number; quote: string; start: number; end: number; status: string }[];
  }[];
}

const hasPdfToText = spawnSync('pdftotext', ['-v']).error === undefined;
const squeezed = (text: string) => text.normalize('NFKC').replace(/[\s\u00ad\u2010-]/g, '');

/** A page's text by another program, where it is installed; by our own reading, which its own tests compare, elsewhere. */
const pageText = async (pdf: string, page: number): Promise<string> => {
  if (hasPdfToText)
    return squeezed(spawnSync('pdftotext', ['-f', `${page}`, '-l', `${page}`, pdf, '-'], { encoding: 'utf8' }).stdout);
  const { pages } = JSON.parse((await longleaf(['extract', pdf])).stdout);
  return squeezed(pages.find((one: { page: number }) => one.page === page)?.text ?? '');
};

/** On the page, or begun at its foot and ended on the next one. */
const standsOn = async (pdf: string, page: number, quote: string): Promise<boolean> => {
  const [here, next] = [await pageText(pdf, page), await pageText(pdf, page + 1).catch(() => '')];
  const text = squeezed(quote);
  if (here.includes(text)) return true;
  return [...text].some((_, i) => i > 9 && here.includes(text.slice(0, i)) && next.includes(text.slice(i)));
};

const expectVerbatim = async (pdf: string, { sentences }: PrintedReply) => {
  for (const { text, citations } of sentences) {
    expect(citations).toHaveLength(1);
    const [{ page, quote, status }] = citations;
    expect({ quote, status }).toEqual({ quote: text, status: 'verified' });
    expect([quote, page, await standsOn(pdf, page, quote)]).toEqual([quote, page, true]);
  }
};

describe('summarize', () => {
  test('quotes sentences of the sample verbatim with their pages, in the JSON that scripts rely on', async () => {
    const out = join(folder, 'summary.md');
    const args = ['summarize', sample, '--pages', '9', '--sentences', '3', '--json', '--out', out];
    const { code, stdout, stderr } = await longleaf(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Reading the document…') });
    const reply = JSON.parse(stdout);
    expect(reply).toMatchObject({
      document: {
        name: 'sample.pdf',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        pages: 9,
        words: expect.any(Number),
      },
      model: { name: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), arch: 'llama' },
      window: { tokens: expect.any(Number), native: 2048, factor: 16, pagesRead: [[9, 9]], pagesLeftOut: [[1, 8]] },
      timing: { extractMs: expect.any(Number), prefillMs: expect.any(Number), decodeMs: 0, decodeTokens: 0 },
      adapter: { name: expect.any(String), software: expect.any(Boolean) },
    });
    expect(reply.timing.prefillTokens).toBeGreaterThanOrEqual(reply.window.tokens);
    expect(reply.sentences).toHaveLength(3);
    await expectVerbatim(sample, reply);
    const markdown = await readFile(out, 'utf8');
    for (const { text } of reply.sentences) expect(squeezed(markdown)).toContain(squeezed(text));
    if (reply.adapter.software) expect(stderr).toContain('software adapter');
  });

  test('reads what is beyond the window in parts, and goes on after a kill with the same result', async () => {
    const args = ['summarize', sample, '--context', '2048', '--pages', '1-3', '--json'];
    const whole = await longleaf(args, { env: { LONGLEAF_DATA: join(folder, 'whole') } });
    const env = { LONGLEAF_DATA: join(folder, 'killed') };
    const killed = await longleaf(args, { env, killAt: 'Reading in parts: 50 %' });
    expect([killed.code, killed.stdout]).toEqual([null, '']);
    const resumed = await longleaf(args, { env });
    expect(resumed.stderr).toContain('It goes on where it was stopped.');
    const { timing: _, ...reply } = JSON.parse(resumed.stdout);
    const { timing: __, ...expected } = JSON.parse(whole.stdout);
    expect(reply).toEqual(expected);
    expect(reply.parts.length).toBeGreaterThan(1);
    expect(reply.window).toMatchObject({ capacity: 2048, pagesRead: [[1, 3]], pagesLeftOut: [[4, 9]] });
    await expectVerbatim(sample, reply);
    expect(await readdir(join(env.LONGLEAF_DATA, 'checkpoints'))).toEqual([]);
  });

  test.each([
    ['summarize', [sample], 'Reading the document…'],
    ['passkey', [embedded, '--lengths', '2048'], 'Measuring…'],
  ])('%s ends cleanly on Ctrl+C', async (command, args, interruptAt) => {
    const { code, stdout, stderr } = await longleaf([command, ...args, '--json'], { interruptAt });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr.trim().split('\n').at(-1)).toBe('Stopped.');
    expect(stderr).not.toMatch(/Error|^\s+at /m);
  });
});

test('questions are suggested, and follow on one another', async () => {
  const suggested = await longleaf(['ask', sample, '--suggest', '--pages', '1-2', '--json']);
  const { questions } = JSON.parse(suggested.stdout);
  expect(questions.length).toBeGreaterThan(0);
  const then = ['--then', 'And how old do they become?', '--pages', '1-2', '--json'];
  const { code, stdout } = await longleaf(['ask', sample, questions[0], ...then]);
  expect(code).toBe(0);
  const { replies } = JSON.parse(stdout);
  expect(replies.map(({ question }: { question: string }) => question)).toEqual([
    questions[0],
    'And how old do they become?',
  ]);
  expect(replies[0].found).toBe(true);
  for (const reply of replies) await expectVerbatim(sample, reply);
});

describe('a PDF of the reader’s own', () => {
  let report = '';
  beforeAll(async () => {
    report = join(folder, 'harbour report.pdf');
    await writePdf(report, [
      'The harbour of Varnholt was deepened between 1961 and 1964. The works cost eleven million crowns, which the town paid from a tax on coal. Fishermen had asked for a mole on the western side since the storm of 1948.',
      'The lighthouse keeper recorded every ship that entered the harbour. In the first year after the works ended, 412 ships called at Varnholt, twice as many as before. The records are kept in the town library.',
    ]);
  });

  test('a question is answered in its own words, or said to have no answer', async () => {
    const asked = await longleaf(['ask', report, 'How many ships called at Varnholt in the first year?', '--json']);
    expect(asked.code).toBe(0);
    const reply = JSON.parse(asked.stdout);
    expect(reply).toMatchObject({ found: true, question: 'How many ships called at Varnholt in the first year?' });
    expect(reply.answer).toContain('412 ships called at Varnholt');
    await expectVerbatim(report, reply);
    expect(reply.sentences[0].citations[0].page).toBe(2);
    const silent = JSON.parse((await longleaf(['ask', report, 'Who painted the Mona Lisa?', '--json'])).stdout);
    expect(silent).toMatchObject({ found: false, answer: '', sentences: [] });
  });

  test('the summary for people is wrapped and has pages and a receipt', async () => {
    const { code, stdout } = await longleaf(['summarize', report, '--sentences', '2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}1\. {2}\S[\s\S]*\[p\. [12]\]/m);
    expect(stdout).toMatch(/All 2 pages read: \d+ tokens/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('extract gives its text by page, as JSON and as plain text with form feeds', async () => {
    const { pages } = JSON.parse((await longleaf(['extract', report])).stdout);
    expect(pages).toMatchObject([
      { page: 1, scanned: false, text: expect.stringMatching(/^The harbour of Varnholt[\s\S]*storm of 1948\.$/) },
      { page: 2, scanned: false, text: expect.stringMatching(/^The lighthouse keeper[\s\S]*town library\.$/) },
    ]);
    const { stdout } = await longleaf(['extract', report, '--text']);
    expect(stdout.split('\f').map((page) => page.trim())).toEqual([
      ...pages.map((page: { text: string }) => page.text),
      '',
    ]);
  });

  test('extract leaves running heads out of what is read, and keeps them in the plain text', async () => {
    const path = join(folder, 'heads.pdf');
    const heads = [1, 2, 3].map((page) => `Annual report, page ${page}`);
    await writePdf(
      path,
      ['The first part.', 'The second part.', 'The third part.'].map((text, i) => `${heads[i]}\n\n\n${text}`),
    );
    const { pages, leftOut } = JSON.parse((await longleaf(['extract', path])).stdout);
    expect(JSON.stringify(pages)).not.toMatch('Annual report');
    expect(leftOut.map(({ why, text }: { why: string; text: string }) => [why, text])).toEqual(
      heads.map((head) => ['running', head]),
    );
    const { stdout } = await longleaf(['extract', path, '--text']);
    stdout
      .split('\f')
      .slice(0, 3)
      .forEach((page, i) => {
        expect(page).toContain(heads[i]);
      });
  });
});

describe('a model', () => {
  test('inspect tells its shape', async () => {
    const { code, stdout } = await longleaf(['inspect', embedded, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      arch: 'llama',
      types: { Q8_0: expect.any(Number) },
      trainedContext: 2048,
      rope: { type: 'linear', factor: 16 },
      tokenizer: { model: 'gpt2', vocab: 9292 },
      // 4 layers of 2 heads of 64 numbers, keys and values, in f32, with the room for one pass of continuations.
      memory: {
        weights: expect.any(Number),
        kv32k: 4 * 2 * 128 * (32_768 + 256) * 4,
        kvType: 'f32',
        scratch: expect.any(Number),
        largestBinding: 16_908_288,
      },
      supported: true,
    });
  });

  test('tokenize, logits and generate agree with one another', async () => {
    const prompt = 'The capital of the country is';
    const { ids } = JSON.parse((await longleaf(['tokenize', embedded, '--json'], { stdin: prompt })).stdout);
    expect(ids.length).toBeGreaterThan(3);
    const generated = JSON.parse(
      (await longleaf(['generate', embedded, '--prompt', prompt, '--n', '3', '--json'])).stdout,
    );
    expect(generated).toMatchObject({ ids: expect.any(Array), text: expect.any(String), timing: { decodeTokens: 3 } });
    const out = join(folder, 'logits.f32');
    // The prompt as generate lays it in, and its first two tokens: the third is then the likeliest.
    const lead = generated.timing.prefillTokens - ids.length;
    expect(lead).toBeLessThanOrEqual(1);
    const bos = lead === 1 ? [JSON.parse((await longleaf(['inspect', embedded, '--json'])).stdout).tokenizer.bos] : [];
    const row = [...bos, ...ids, ...generated.ids.slice(0, 2)];
    const { stdout } = await longleaf(['logits', embedded, '--ids', row.join(','), '--out', out, '--json']);
    const { rows, vocab, top } = JSON.parse(stdout);
    expect({ rows, vocab }).toEqual({ rows: row.length, vocab: 9292 });
    expect(top[0][0]).toBe(generated.ids[2]);
    expect((await readFile(out)).length).toBe(rows * vocab * 4);
  });

  test('generate draws by its seed, and logits take another cache and factor', async () => {
    const drawn = async (seed: string) => {
      const args = [
        '--prompt',
        'It was',
        '--n',
        '12',
        '--temperature',
        '1',
        '--top-k',
        '50',
        '--top-p',
        '0.95',
        '--json',
      ];
      return JSON.parse((await longleaf(['generate', embedded, ...args, '--seed', seed])).stdout);
    };
    const [first, again, other] = await Promise.all(['5', '5', '6'].map(drawn));
    expect(first.ids).toEqual(again.ids);
    expect(first.ids).not.toEqual(other.ids);
    expect(first.sampling).toMatchObject({ temperature: 1, seed: 5, topK: 50, topP: 0.95 });
    const top = async (...options: string[]) =>
      JSON.parse((await longleaf(['logits', embedded, '--ids', '5,6,7,8,9', ...options, '--json'])).stdout);
    const [usual, half, native, yarn] = await Promise.all([
      top(),
      top('--kv', 'f16'),
      top('--rope-factor', '1'),
      top('--rope-method', 'yarn'),
    ]);
    expect([usual.factor, native.factor, yarn.factor]).toEqual([16, 1, 16]);
    expect(Math.abs(yarn.top[0][1] - usual.top[0][1])).toBeGreaterThan(1e-4);
    expect(half.top[0][1]).toBeCloseTo(usual.top[0][1], 2);
    expect(half.top[0][1]).not.toBe(usual.top[0][1]);
    expect(Math.abs(native.top[0][1] - usual.top[0][1])).toBeGreaterThan(1e-4);
  });

  test('tokenize reads names of control tokens only when asked', async () => {
    const stdin = 'a <s> b';
    const ids = async (...options: string[]) =>
      JSON.parse((await longleaf(['tokenize', embedded, '--json', ...options], { stdin })).stdout).ids;
    const special = JSON.parse((await longleaf(['inspect', embedded, '--json'])).stdout).tokenizer.bos;
    expect(await ids()).not.toContain(special);
    expect(await ids('--special')).toContain(special);
  });

  test('perplexity, passkey and bench give the rows that scripts rely on', async () => {
    const text = join(folder, 'text.txt');
    await writeFile(text, 'The harbour was deepened, and ships came. They paid a tax on coal to the town. '.repeat(30));
    const [perplexity, passkey, bench] = await Promise.all(
      [
        ['perplexity', embedded, '--text', text, '--windows', '128,256', '--stride', '64', '--tokens', '400', '--json'],
        ['passkey', embedded, '--lengths', '256,320', '--trials', '2', '--json'],
        ['bench', embedded, '--n', '64', '--decode', '4'],
      ].map(async (args) => JSON.parse((await longleaf(args)).stdout)),
    );
    expect(perplexity.rows).toMatchObject([
      { window: 128, factor: 16, tokens: 400 },
      { window: 256, factor: 16, tokens: 400 },
    ]);
    // The text repeats itself every twenty-odd tokens, which the model can see in either window.
    for (const row of perplexity.rows) expect(row.perplexity).toBeLessThan(1000);
    expect(passkey.rows).toHaveLength(4);
    expect(passkey.rows[0]).toMatchObject({ length: 256, depth: 0, trials: 1, correct: expect.any(Number) });
    expect(bench).toMatchObject({
      peer: 'longleaf',
      backend: 'webgpu',
      n: 64,
      prefill_tps: expect.any(Number),
      decode_tps: expect.any(Number),
      rss_mb: expect.any(Number),
      adapter: expect.any(String),
    });
  });
});
