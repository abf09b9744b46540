// A PDF whose every sentence stands on one line at a place that is written down: the truth that citations are held against.
import PDFDocument from 'pdfkit';
import type { Box } from '../../reading/document.ts';

export const TITLE = 'Report on the Harbour of Skagen';

const SENTENCES = [
  [
    'The harbour of Skagen was rebuilt between 1904 and 1907.',
    'The report concludes that the eastern pier must be replaced before 2031.',
    'Its cost was borne by the state and by the fishermen of the town.',
    'Two hundred boats found shelter there in the first winter.',
  ],
  [
    'The eastern pier has lost nine metres of its foundation.',
    'Divers measured the damage in the summer of 2019.',
    'A temporary wall of steel would cost four million crowns.',
    'The wall would last for twelve years at the most.',
  ],
  [
    'The lighthouse keeper reported storms on forty days of the year.',
    'Most of the storms came from the north west.',
    'The rent of a berth is 310 crowns a month.',
    'Fishermen with boats under six metres pay half of it.',
    'The clerk wrote <b>urgent</b> and <img src="x"> beside the petition.',
  ],
];

/** Keeps truth and print together: x, y and size in PDF points from the top left corner. */
export interface Report {
  bytes: Uint8Array;
  /** By sentence, word for word. */
  truth: Map<string, Box>;
}

const LEFT = 70;
const SIZE = 12;

/** `pages`: how often the three pages above are repeated, with numbers that keep the sentences apart. */
export async function makeReport(repeats = 1, options: PDFKit.PDFDocumentOptions = {}): Promise<Report> {
  const pdf = new PDFDocument({ size: 'A4', margin: 0, info: { Title: TITLE }, ...options });
  const truth = new Map<string, Box>();
  let page = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const sentences of SENTENCES) {
      page++;
      if (page > 1) pdf.addPage();
      if (page === 1) pdf.font('Helvetica-Bold').fontSize(20).text(TITLE, LEFT, 60, { lineBreak: false });
      pdf.font('Helvetica').fontSize(SIZE);
      sentences.forEach((sentence, i) => {
        const text = repeat === 0 ? sentence : sentence.replace(/\.$/, ` in case ${repeat}.`);
        const y = 140 + i * 60;
        pdf.text(text, LEFT, y, { lineBreak: false });
        truth.set(text, { page, x: LEFT, y, width: pdf.widthOfString(text), height: pdf.currentLineHeight() });
      });
    }
  }
  return { bytes: await printed(pdf), truth };
}

export const printed = async (pdf: PDFKit.PDFDocument): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((done) => pdf.on('end', done));
  pdf.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
};

/** Full pages; 80 are more than the window holds. */
export function makeLong(pages = 80): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4', margin: 40, info: { Title: 'Endless' } });
  pdf.font('Helvetica').fontSize(9);
  const text = SENTENCES.flat().join(' ');
  for (let page = 0; page < pages; page++) {
    if (page > 0) pdf.addPage();
    pdf.text(`${text} `.repeat(6), { lineGap: 0 });
  }
  return printed(pdf);
}
