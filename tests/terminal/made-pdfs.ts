// Small PDFs that the tests make themselves: good ones with pdfkit, broken ones by hand.
import { writeFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';

const bytesOf = (pdf: PDFKit.PDFDocument): Promise<Buffer> =>
  new Promise((done) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => done(Buffer.concat(chunks)));
    pdf.end();
  });

/** One page per text. */
export async function writePdf(path: string, pages: string[], options: PDFKit.PDFDocumentOptions = {}): Promise<void> {
  const pdf = new PDFDocument({ ...options, autoFirstPage: false });
  for (const text of pages) pdf.addPage().font('Times-Roman').fontSize(12).text(text, { width: 400, lineGap: 3 });
  await writeFile(path, await bytesOf(pdf));
}

/** A picture of 2 x 2 pixels, PNG. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
);

/** A page that is nothing but a picture, as a scanner makes it. */
export async function writeScan(path: string): Promise<void> {
  const pdf = new PDFDocument();
  pdf.image(picture, 0, 0, { width: 612, height: 792 });
  await writeFile(path, await bytesOf(pdf));
}

/** A well-formed PDF whose page tree is empty. */
export async function writePageless(path: string): Promise<void> {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  await writeFile(
    path,
    `${text}xref\n0 3\n0000000000 65535 f \n${table}trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`,
  );
}
