// A text or Markdown file shown as sheets: the lines that reading made of it, drawn in a type of fixed width where its boxes say.
import { kindOfFile } from '../../reading/kind.ts';
import { readPlainText, SHEET, type SheetLine, sheetLines } from '../../reading/plain-document.ts';
import type { Drawing, OpenPdf } from './pdf.ts';

/** Throws a ReadingError where it is no text. */
export function openSheets(bytes: Uint8Array, name: string): OpenPdf {
  const { text, pages } = readPlainText(bytes, name, kindOfFile(bytes, name) === 'markdown');
  const lines = Map.groupBy(sheetLines(text), (line) => line.page);
  return {
    pageCount: pages.length,
    firstPage: { width: SHEET.width, height: SHEET.height },
    draw: (number, scale, pixels, paper, words) =>
      drawSheet(text, lines.get(number) ?? [], scale, pixels, paper, words),
    close: () => undefined,
  };
}

const FACE = 'ui-monospace, "Liberation Mono", "Courier New", monospace';

function drawSheet(
  text: string,
  lines: readonly SheetLine[],
  scale: number,
  pixels: number,
  paper: HTMLElement,
  words?: HTMLElement,
): Drawing {
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(SHEET.width * scale * pixels);
  canvas.height = Math.floor(SHEET.height * scale * pixels);
  const context = canvas.getContext('2d')!;
  context.font = `${SHEET.size}px ${FACE}`;
  // The type's own advance is stretched to the one that boxes are made with.
  const stretch = SHEET.advance / (context.measureText('0').width || SHEET.advance);
  context.fillStyle = '#201f1b';
  context.textBaseline = 'alphabetic';
  words?.replaceChildren();
  for (const { row, start, end } of lines) {
    const line = text.slice(start, end);
    const y = SHEET.margin + row * SHEET.pitch;
    const unit = scale * pixels;
    context.setTransform(unit * stretch, 0, 0, unit, SHEET.margin * unit, (y + SHEET.size) * unit);
    context.fillText(line, 0, 0);
    if (!words) continue;
    const span = document.createElement('span');
    span.textContent = line;
    Object.assign(span.style, {
      left: `${SHEET.margin * scale}px`,
      top: `${y * scale}px`,
      fontFamily: FACE,
      fontSize: `${SHEET.size * scale}px`,
      transform: `scaleX(${stretch})`,
    });
    words.append(span, document.createElement('br'));
  }
  paper.replaceChildren(canvas);
  paper.dataset.drawn = 'true';
  return { done: Promise.resolve(), end: () => undefined };
}
