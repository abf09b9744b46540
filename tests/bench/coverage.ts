// From which fifth of a long document the quotations of its summary come, by words alone: PDFs by others and the minutes of meetings.
import { existsSync, readFileSync } from 'node:fs';
import type { ReadDocument } from '../../reading/document.ts';
import { Reader } from '../../reading/reader.ts';
import { fixtures, read } from '../reading/pdf/make-pdf.ts';
import { scriptedEngine, wordModel } from '../reading/scripted-engine.ts';
import { meetings } from './corpus.ts';

const PDFS = [
  'long/asvs-5.0.0-en',
  'long/asvs-4.0.3-en',
  'long/asvs-4.0.3-de',
  'long/asvs-1.0-pl',
  'long/riscv-spec-v2.2',
  'long/riscv-privileged-v1.9.1',
  'columns/tracemonkey',
  'columns/federal-register-2020-17221',
];
const MEETINGS = 3;
const SENTENCES = 10;
/** As many tokens (here: words) as the embedded model was trained on, so that long documents are read in parts. */
const WINDOW = 2_048;

const fifthsOf = async (document: ReadDocument): Promise<number[]> => {
  const model = wordModel({ trainedContext: WINDOW });
  const reader = new Reader(model, async (window) => scriptedEngine(model, () => 0, window));
  const { sentences } = await reader.summarize(document, {
    inParts: true,
    contextLength: WINDOW,
    sentences: SENTENCES,
  });
  reader.dispose();
  const fifths = [0, 0, 0, 0, 0];
  for (const { citations } of sentences)
    fifths[Math.min(4, Math.floor((5 * citations[0].start) / document.text.length))]++;
  return fifths;
};

export const benchCoverage = async (): Promise<void> => {
  console.log('\nQuotations by fifth of the text, words alone, 10 asked for');
  const all: [string, ReadDocument][] = meetings(MEETINGS).map(({ document }, i) => [`meeting ${i + 1}`, document]);
  for (const name of fixtures ? PDFS : []) {
    const path = `${fixtures}${name}.pdf`;
    if (existsSync(path)) all.unshift([name, await read(new Uint8Array(readFileSync(path)))]);
  }
  const sums = [0, 0, 0, 0, 0];
  for (const [name, document] of all) {
    const fifths = await fifthsOf(document);
    for (const [i, count] of fifths.entries()) sums[i] += count;
    console.log(`| ${name} | ${document.words.toLocaleString('en')} words | ${fifths.join(', ')} |`);
  }
  console.log(`| all ${all.length} | | ${sums.join(', ')} |`);
};
