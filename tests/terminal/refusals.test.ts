// Bad input at the command line: one plain sentence on stderr, exit code 1, never a stack trace; wrong arguments: exit code 2.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded, longleaf, refusalOf, sample } from './command.ts';
import { writePageless, writePdf, writeScan } from './made-pdfs.ts';

let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-terminal-'));
  await mkdir(at('folder'));
  await writeFile(at('empty.pdf'), '');
  await writeFile(at('letter.pdf'), 'Dear reader, this is a letter and not a PDF.');
  await writeFile(at('damaged.pdf'), `%PDF-1.7\n${'\u0001\u0002 broken '.repeat(200)}`);
  await writePdf(at('locked.pdf'), ['A secret.'], { userPassword: 'open sesame' });
  await writePdf(at('good.pdf'), ['A page that can be read. It has two sentences.']);
  await writeScan(at('scanned.pdf'));
  await writePageless(at('pageless.pdf'));
  const model = await readFile(embedded);
  await writeFile(at('short.gguf'), model.subarray(0, 1_000_000));
  await writeFile(at('noise.gguf'), Buffer.alloc(4_096, 7));
  const other = Buffer.from(model);
  other.write('mamba', other.indexOf('llama', other.indexOf('general.architecture')));
  await writeFile(at('mamba.gguf'), other);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file that cannot be read', () => {
  test.for([
    ['missing.pdf', /^There is no file .*missing\.pdf/],
    ['folder', /is a folder/],
    ['empty.pdf', /empty/],
    ['letter.pdf', /not a PDF/],
    ['damaged.pdf', /damaged/],
    ['locked.pdf', /locked; give its password with --password\.$/],
    ['scanned.pdf', /picture|scan/i],
    ['pageless.pdf', /no pages/],
  ] as const)('%s', async ([name, sentence]) => {
    expect(refusalOf(await longleaf(['extract', at(name), '--json']))).toMatch(sentence);
  });

  test('summarize and ask refuse as extract does', async () => {
    expect(refusalOf(await longleaf(['summarize', at('letter.pdf'), '--json']))).toMatch(/not a PDF/);
    expect(refusalOf(await longleaf(['ask', at('locked.pdf'), 'Why?', '--password', 'wrong']))).toMatch(
      /does not open/,
    );
  });

  test('of several files each gets its own sentence', async () => {
    const { code, stderr, stdout } = await longleaf(['summarize', at('empty.pdf'), at('missing.pdf')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/empty\.pdf/),
      expect.stringMatching(/missing\.pdf/),
    ]);
  });

  test('--debug adds where it came from', async () => {
    const { code, stderr } = await longleaf(['extract', at('letter.pdf'), '--debug']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe('a model that cannot be used', () => {
  test.for([
    ['missing.gguf', /^There is no file/],
    ['folder', /There is no model in .*name a model file/],
    ['short.gguf', /incomplete/],
    ['noise.gguf', /not a/],
    ['mamba.gguf', /cannot run mamba models/],
    ['letter.pdf', /not a/],
  ] as const)('%s', async ([name, sentence]) => {
    expect(refusalOf(await longleaf(['summarize', at('good.pdf'), '--model', at(name), '--json']))).toMatch(sentence);
  });
});

describe('a request that cannot be met', () => {
  test('a document larger than the window says how much fits', async () => {
    expect(refusalOf(await longleaf(['summarize', sample, '--context', '4096', '--no-parts', '--json']))).toMatch(
      /needs [\d,]+ tokens and the window holds 4,096\. Choose fewer pages, for example 1-\d\. Or read it in \d+ parts/,
    );
  });

  test('prose of a model that writes none', async () => {
    expect(refusalOf(await longleaf(['summarize', sample, '--pages', '1', '--mode', 'prose']))).toMatch(
      /not made to write prose\. Ask for quotations/,
    );
  });

  test('pages that are not there', async () => {
    expect(refusalOf(await longleaf(['summarize', at('good.pdf'), '--pages', '8-12']))).toMatch(/pages 1-1/);
  });

  test('an adapter that is not there', async () => {
    expect(refusalOf(await longleaf(['summarize', at('good.pdf'), '--adapter', 'no such card']))).toMatch(
      /“no such card”/,
    );
  });

  test('a text that is missing, or shorter than the window', async () => {
    const about = async (...args: string[]) => refusalOf(await longleaf(['perplexity', embedded, '--json', ...args]));
    expect(await about('--text', at('missing.txt'))).toMatch(/^There is no file .*missing\.txt/);
    await writeFile(at('short.txt'), 'A text of a few words.');
    expect(await about('--text', at('short.txt'))).toMatch(
      /has \d+ tokens, fewer than the window of 32,768; give a longer/,
    );
    expect(await about('--text', at('short.txt'), '--windows', '256')).toMatch(/256 tokens cannot slide by 256/);
  });

  test('a length too short for a key', async () => {
    expect(refusalOf(await longleaf(['passkey', embedded, '--lengths', '64']))).toMatch(
      /give --lengths from \d+ on\.$/,
    );
  });

  test('token ids beyond the vocabulary', async () => {
    expect(refusalOf(await longleaf(['logits', embedded, '--ids', '1,999999']))).toMatch(/999999 is not in/);
  });
});

describe('wrong arguments end with 2', () => {
  test.for([
    [],
    ['summarise', 'a.pdf'],
    ['summarize'],
    ['ask', 'a.pdf'],
    ['summarize', 'a.pdf', '--pages', '5-3'],
    ['summarize', 'a.pdf', '--sentences', 'many'],
    ['summarize', 'a.pdf', '--rope-factor', '0.5'],
    ['logits', 'm.gguf', '--ids', '1,x'],
    ['logits', 'm.gguf', '--ids', '1', '--kv', 'q1'],
    ['generate', 'm.gguf', '--prompt', 'a', '--top-p', '2'],
    ['perplexity', 'm.gguf'],
    ['passkey', 'm.gguf', '--lengths', '2048,many'],
  ])('%j', async (args) => {
    const { code, stdout, stderr } = await longleaf(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toContain('longleaf');
  });
});
