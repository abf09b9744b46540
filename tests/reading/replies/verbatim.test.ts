// What we read against what poppler's `pdftotext` reads: every sentence that a summary may quote stands there word for word, on
// its page, up to blanks and hyphens. Skipped where pdftotext is not installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sentenceText } from '../../../reading/document.ts';
import { isSentence } from '../../../reading/words/candidates.ts';
import { makePdf, read } from '../pdf/make-pdf.ts';

const installed = spawnSync('pdftotext', ['-v']).error === undefined;
if (!installed) console.log('pdftotext is not installed: the comparison with it is skipped.');

const bare = (text: string): string => text.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, '');

const pagesOf = (bytes: Uint8Array): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'longleaf-'));
  try {
    writeFileSync(join(folder, 'a.pdf'), bytes);
    const text = execFileSync('pdftotext', ['-q', '-enc', 'UTF-8', join(folder, 'a.pdf'), '-'], { encoding: 'utf8' });
    return text.split('\f').map(bare);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const SUBJECTS = [
  'The old harbour',
  'A small committee',
  'Every visitor',
  'The long-distance railway',
  'Dr. Brown',
  'No member of the council',
];
const VERBS = ['described', 'measured again', 'photographed', 'reconsidered', 'mentioned', 'counted'];
const OBJECTS = [
  'the forty-two windows of the town hall',
  'what remained of the eastern wall (see Fig. 3)',
  'the price of 3.50 for a ticket',
  'an extraordinarily uncomfortable misunderstanding',
  'the efficient office of the first floor',
];

const prose = (seed: number): string =>
  Array.from({ length: 60 }, (_, i) => {
    const n = i * 7 + seed * 13;
    return `${SUBJECTS[n % 6]} ${VERBS[(n * 5 + i) % 6]} ${OBJECTS[(n * 3 + i) % 5]} in ${1900 + ((n * 17) % 100)}.`;
  }).join(' ');

it.skipIf(!installed).each([
  ['one column', 1],
  ['two columns', 2],
])('reads pages of %s as pdftotext does', async (_, columns) => {
  const bytes = await makePdf(
    (pdf) => {
      for (let chapter = 1; chapter <= 3; chapter++) {
        if (chapter > 1) pdf.addPage();
        pdf.fontSize(16).text(`Chapter ${chapter}. Of walls and windows`, { columns: 1 });
        pdf.moveDown().fontSize(10);
        pdf.text(prose(chapter), { columns, columnGap: 20, align: 'justify', height: 620 });
      }
    },
    { margin: 72 },
  );
  const document = await read(bytes);
  const pages = pagesOf(bytes);
  const quotable = document.sentences.filter(
    (sentence) =>
      sentence.boxes.length > 0 &&
      sentence.boxes.every(({ page }) => page === sentence.page) &&
      isSentence(sentence, sentenceText(document, sentence)),
  );
  expect(quotable.length).toBeGreaterThan(120);
  const missing = quotable.filter(
    (sentence) => !pages[sentence.page - 1].includes(bare(sentenceText(document, sentence))),
  );
  expect(missing.map((sentence) => sentenceText(document, sentence))).toEqual([]);
});
