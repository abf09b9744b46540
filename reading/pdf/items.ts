// Words without the places of their letters as glyphs: pdf.js's text items where a page draws too much to be followed, and what was
// recognised in a picture. Letters are given widths of their class.
import type { Glyph } from './glyph.ts';

/** The part of a pdf.js text item that reading uses. */
export interface TextItem {
  str: string;
  dir: string;
  transform: number[];
  width: number;
  height: number;
  fontName: string;
}

export const glyphsOfItems = (items: readonly TextItem[], isVertical: (font: string) => boolean): Glyph[] =>
  items.flatMap((item) => glyphsOf(item, isVertical(item.fontName)));

const glyphsOf = (item: TextItem, vertical: boolean): Glyph[] => {
  const [a, b, c, d, e, f] = item.transform;
  const length = vertical ? -item.height : item.width;
  const scale = length / Math.max(1e-9, vertical ? Math.hypot(c, d) : Math.hypot(a, b));
  const [alongX, alongY] = vertical ? [c * scale, d * scale] : [a * scale, b * scale];
  const letters = [...item.str];
  const widths = letters.map((letter) => (vertical ? 1 : widthOf(letter)));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let done = 0;
  return letters.map((text, i) => {
    // Text that runs from right to left comes in the order of reading: its first letter is the last one drawn.
    const [from, to] = [done / whole, (done + widths[i]) / whole].map((share) =>
      item.dir === 'rtl' ? 1 - share : share,
    );
    done += widths[i];
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return {
      text,
      x0: e + alongX * start,
      y0: f + alongY * start,
      x1: e + alongX * end,
      y1: f + alongY * end,
      transform: [a, b, c, d, e, f],
      font: item.fontName,
      vertical,
      blank: text.trim() === '',
      hidden: false,
    };
  });
};

const widthOf = (letter: string): number => {
  if (/[iljtfrI.,;:'’|!()[\] ]/.test(letter)) return 0.3;
  if (/[mwMW—]/.test(letter)) return 0.85;
  if (letter > '\u2E7F') return 1;
  return /[A-Z]/.test(letter) ? 0.68 : 0.52;
};
