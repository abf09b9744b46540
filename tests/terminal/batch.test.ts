// Several documents at once: summaries into a folder, one question to all of them; what cannot be read stops nothing.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { longleaf } from './command.ts';
import { writePdf } from './made-pdfs.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const harbour = 'The harbour of Varnholt was deepened in 1961. The works cost eleven million crowns in all.';
const orchard = 'The orchard of Lind has nine hundred apple trees. Its keeper sells the fruit in October.';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longleaf-batch-'));
  await writePdf(at('harbour.pdf'), [harbour]);
  await writePdf(at('orchard.pdf'), [orchard]);
  await writeFile(at('letter.pdf'), 'Dear reader, this is a letter and not a PDF.');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('summaries go into a folder with an index; the one that fails is named, and the exit code says so', async () => {
  const out = at('out');
  const files = [at('harbour.pdf'), at('letter.pdf'), at('orchard.pdf')];
  const { code, stdout, stderr } = await longleaf(['summarize', ...files, '--out', out, '--json']);
  expect(code).toBe(1);
  expect(await readdir(out)).toEqual(['harbour.md', 'index.md', 'orchard.md']);
  expect(await readFile(join(out, 'harbour.md'), 'utf8')).toContain('eleven million crowns');
  const index = await readFile(join(out, 'index.md'), 'utf8');
  expect(index).toMatch(/\| harbour\.pdf \|.*\| harbour\.md \|/);
  expect(index).toMatch(/\| letter\.pdf \|.*not a PDF.*\|/);
  expect(stderr).toMatch(/2 of 3 read\. Not read: .*letter\.pdf/);
  const printed = JSON.parse(stdout);
  expect(printed.replies.map(({ file }: { file: string }) => file)).toEqual(['harbour.md', 'orchard.md']);
  expect(printed.failed).toEqual([{ path: at('letter.pdf'), problem: expect.stringMatching(/not a PDF/) }]);
});

test('one question to several documents becomes a table of who says what and where', async () => {
  const files = [at('harbour.pdf'), at('letter.pdf'), at('orchard.pdf')];
  const out = at('compared.html');
  const question = 'How many apple trees has the orchard of Lind?';
  const { code, stdout } = await longleaf(['ask', ...files, question, '--json', '--out', out]);
  expect(code).toBe(1);
  const { rows, replies } = JSON.parse(stdout);
  expect(rows).toMatchObject([
    { document: 'harbour.pdf', found: false, answer: '' },
    { document: 'letter.pdf', found: false, problem: expect.stringMatching(/not a PDF/) },
    { document: 'orchard.pdf', found: true, answer: expect.stringContaining('nine hundred'), pages: 'p. 1' },
  ]);
  expect(replies).toHaveLength(2);
  const html = await readFile(out, 'utf8');
  expect(html).toContain('<td><bdi>orchard.pdf</bdi></td>');
  expect(html).toContain('The document does not say.');
  const forPeople = await longleaf(['ask', at('harbour.pdf'), at('orchard.pdf'), question]);
  expect(forPeople.code).toBe(0);
  expect(forPeople.stdout).toMatch(/orchard\.pdf\s+.*nine hundred/);
  expect(forPeople.stdout).toContain('Found in 1 of 2 documents.');
});

test('a name that says no format is refused before anything is read; a question without a file is a wrong argument', async () => {
  const refused = await longleaf(['ask', at('harbour.pdf'), 'What was deepened?', '--out', at('x.docx')]);
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^.*x\.docx does not say a format/),
  });
  expect(refused.stderr).not.toContain('Reading');
  expect((await longleaf(['ask', 'What was deepened?'])).code).toBe(2);
});
