// An export as a PDF: text on pages, no link, no script, no form. The writer (pdfkit) and the fonts are handed in. Lines are laid
// out here, since one line may need several fonts and both directions; a character that no font at hand can write is shown as
// a box, counted, and said at the end.
import { type Block, blocksOf, type Comparison, type ExportedDocument, proseStatus, shown } from './export.ts';
import { arrange, atomsOf, isSpace, type PlacedAtom } from './text-lines.ts';

/** The part of pdfkit that is used here. */
export interface PdfWriter {
  font(name: string): PdfWriter;
  registerFont(name: string, source: Uint8Array, family?: string): PdfWriter;
  fontSize(size: number): PdfWriter;
  fillColor(color: string): PdfWriter;
  strokeColor(color: string): PdfWriter;
  lineWidth(width: number): PdfWriter;
  moveTo(x: number, y: number): PdfWriter;
  lineTo(x: number, y: number): PdfWriter;
  stroke(): PdfWriter;
  text(text: string, x: number, y: number, options: { lineBreak: false; baseline: 'alphabetic' }): PdfWriter;
  widthOfString(text: string): number;
  addPage(): PdfWriter;
  bufferedPageRange(): { count: number };
  switchToPage(index: number): unknown;
  on(event: string, listener: (chunk: Uint8Array) => void): unknown;
  end(): void;
  readonly page: { readonly width: number; readonly height: number };
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

export type PdfWriterLibrary = new (options: object) => PdfWriter;

export interface PdfFont {
  bytes: Uint8Array;
  /** PostScript name, where the file is a collection of fonts. */
  family?: string;
}

export interface PdfFonts {
  regular: PdfFont;
  bold: PdfFont;
  /** Asked one after the other for as long as a character has no font. */
  others(): AsyncIterable<PdfFont>;
}

export interface PdfExport {
  bytes: Uint8Array<ArrayBuffer>;
  /** Characters that no font at hand could write. */
  missing: string[];
}

const MARGIN = 64;
const INK = '#21201b';
const SOFT = '#5d594f';
const LINE = '#d9d2c4';
const STATUS_COLOR = { verified: '#1d4d3e', repaired: '#7a5000', near: '#5d594f', unverified: '#99352a' };
const BOX = '\u25a1';

export const toPdf = async (
  Library: PdfWriterLibrary,
  fonts: PdfFonts,
  documents: readonly ExportedDocument[],
  comparison?: Comparison,
): Promise<PdfExport> => {
  const blocks = blocksOf(documents, comparison);
  const first = blocks.find((block) => block.kind === 'title');
  const title = first?.kind === 'title' ? shown(first.text) : 'Longleaf';
  const pdf = new Library({
    font: '',
    size: 'A4',
    // Lines are placed here: pdfkit never breaks a page by itself.
    margin: 0,
    bufferPages: true,
    displayTitle: true,
    lang: 'en',
    info: { Title: title, Creator: 'Longleaf', Producer: 'Longleaf' },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((done) => {
    pdf.on('data', (chunk) => chunks.push(chunk));
    pdf.on('end', () => done());
  });
  const { names, missing } = await chooseFonts(pdf, fonts, blocks);
  const sheet = new Sheet(pdf, names);
  for (const block of blocks) writeBlock(sheet, block);
  if (missing.length > 0) writeBlock(sheet, { kind: 'note', text: missingNote(missing) });
  numberPages(pdf, sheet, title);
  pdf.end();
  await ended;
  return { bytes: joined(chunks), missing };
};

/** By character: the name of the font that writes it. */
type FontNames = (character: string, bold: boolean) => string;

const charactersOf = (blocks: readonly Block[]): Set<string> =>
  new Set([...shown(JSON.stringify(blocks).replace(/\\u[0-9a-f]{4}|\\[nrtbf]/g, ' '))].filter((sign) => sign.trim()));

const chooseFonts = async (pdf: PdfWriter, fonts: PdfFonts, blocks: readonly Block[]) => {
  const missing = charactersOf(blocks);
  const covers = new Map<string, string>();
  let count = 0;
  const take = (name: string, { bytes, family }: PdfFont): void => {
    const { font } = pdf.registerFont(name, bytes, family).font(name)._font;
    for (const sign of [...missing]) {
      if (!font.hasGlyphForCodePoint(sign.codePointAt(0)!)) continue;
      covers.set(sign, name);
      missing.delete(sign);
    }
  };
  take('regular', fonts.regular);
  pdf.registerFont('bold', fonts.bold.bytes, fonts.bold.family);
  if (missing.size > 0) {
    for await (const font of fonts.others()) {
      try {
        take(`other ${count++}`, font);
      } catch {
        // A font that cannot be read helps no more than one that is not there.
      }
      if (missing.size === 0) break;
    }
  }
  const names: FontNames = (sign, bold) => {
    const name = covers.get(sign) ?? 'regular';
    return bold && name === 'regular' ? 'bold' : name;
  };
  return {
    names: (sign: string, bold: boolean) => (missing.has(sign) ? '' : names(sign, bold)),
    missing: [...missing],
  };
};

const missingNote = (missing: readonly string[]): string => {
  const codes = missing
    .slice(0, 12)
    .map((sign) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  const more = missing.length > codes.length ? ` and ${missing.length - codes.length} more` : '';
  return `No font at hand writes ${missing.length === 1 ? 'one character' : `${missing.length} characters`} of this text, shown as boxes: ${codes.join(', ')}${more}. An export as HTML shows them.`;
};

interface Style {
  size: number;
  bold?: boolean;
  color?: string;
  /** Points from the left margin. */
  indent?: number;
  /** Points before it. */
  before?: number;
}

/** A pencil over the pages: writes paragraphs from the top down and takes a new page when one is full. */
class Sheet {
  readonly pdf: PdfWriter;
  y = MARGIN;
  readonly #names: FontNames;

  constructor(pdf: PdfWriter, names: FontNames) {
    this.pdf = pdf;
    this.#names = names;
  }

  get width(): number {
    return this.pdf.page.width - 2 * MARGIN;
  }

  paragraph(text: string, style: Style, hanging?: string): void {
    const { size, bold = false, color = INK, indent = 0, before = 0 } = style;
    const height = size * 1.45;
    this.pdf.fontSize(size);
    this.y += before;
    const width = this.width - indent;
    arrange(this.#measured(text, bold), width).forEach((line, i) => {
      this.room(height);
      if (i === 0 && hanging) this.#draw(this.#measured(hanging, bold), MARGIN + indent - 22, size, color);
      const start = line.rightToLeft ? MARGIN + indent + width - line.width : MARGIN + indent;
      this.#draw(line.atoms, start, size, color);
      this.y += height;
    });
  }

  rule(before: number): void {
    this.y += before;
    this.room(12);
    const right = this.pdf.page.width - MARGIN;
    this.pdf.lineWidth(0.5).strokeColor(LINE).moveTo(MARGIN, this.y).lineTo(right, this.y).stroke();
  }

  /** Takes a new page when `height` points are not left on this one. */
  room(height: number): void {
    if (this.y + height <= this.pdf.page.height - MARGIN) return;
    this.pdf.addPage();
    this.y = MARGIN;
  }

  at(text: string, x: number, y: number, size: number, color: string): void {
    const held = this.y;
    this.y = y;
    this.pdf.fontSize(size);
    this.#draw(this.#measured(text, false), x, size, color);
    this.y = held;
  }

  #measured(text: string, bold: boolean): PlacedAtom[] {
    const boxed = [...shown(text)].map((sign) => (sign.trim() && !this.#names(sign, bold) ? BOX : sign)).join('');
    return atomsOf(boxed, (sign) => this.#names(sign, bold) || 'regular').map((atom) => ({
      ...atom,
      width: this.pdf.font(atom.font).widthOfString(atom.text),
    }));
  }

  #draw(atoms: readonly PlacedAtom[], start: number, size: number, color: string): void {
    // All fonts of a line stand on one line.
    const baseline = this.y + 1.02 * size;
    let x = start;
    for (const { text, font, width } of atoms) {
      if (!isSpace(text))
        this.pdf
          .font(font)
          .fontSize(size)
          .fillColor(color)
          .text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic' });
      x += width;
    }
  }
}

const writeBlock = (sheet: Sheet, block: Block): void => {
  switch (block.kind) {
    case 'title':
      sheet.room(120);
      sheet.paragraph(block.text, { size: 20, bold: true, before: sheet.y > MARGIN ? 36 : 0 });
      return;
    case 'heading':
      sheet.room(80);
      sheet.paragraph(block.text, { size: 13, bold: true, before: 20 });
      return;
    case 'section':
      sheet.room(60);
      sheet.paragraph(block.text, { size: 11.5, bold: true, before: 14 });
      return;
    case 'note':
      sheet.paragraph(block.text, { size: 10, color: SOFT, before: 10 });
      return;
    case 'sentence':
      sheet.paragraph(block.text, { size: 11, indent: 22, before: 8 }, `${block.number}.`);
      if (block.status)
        sheet.paragraph(proseStatus[block.status], { size: 8.5, indent: 22, color: STATUS_COLOR[block.status] });
      for (const { where, status, quote } of block.citations) {
        const text = `${where}, ${status}${quote === undefined ? '' : `: “${quote}”`}`;
        sheet.paragraph(text, { size: 8.5, indent: 22, color: STATUS_COLOR[status] });
      }
      return;
    case 'facts':
      sheet.rule(14);
      sheet.y += 6;
      for (const [name, value] of block.rows) sheet.paragraph(`${name}: ${value}`, { size: 8.5, color: SOFT });
      return;
    case 'table':
      for (const row of block.rows) {
        sheet.rule(10);
        sheet.y += 8;
        row.forEach((cell, i) => {
          if (cell)
            sheet.paragraph(i === 0 ? cell : `${block.head[i]}: ${cell}`, { size: i === 0 ? 11 : 10, bold: i === 0 });
        });
      }
  }
};

const numberPages = (pdf: PdfWriter, sheet: Sheet, title: string): void => {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    const name = title.length > 70 ? `${title.slice(0, 69)}…` : title;
    sheet.at(`${name} · Longleaf · ${page + 1} of ${count}`, MARGIN, pdf.page.height - 40, 8, SOFT);
  }
};

const joined = (chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
};
