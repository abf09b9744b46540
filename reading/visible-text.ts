// pdf.js's text items less what nobody can see. Items and glyphs come in the same order, but items join, split and normalise what
// glyphs drew, so each item finds its glyphs by place and then counts letters. An item that was seen as a whole stays as pdf.js
// made it; one that was seen in part is built anew from its visible glyphs.
import type { TextItem } from './glyphs.ts';
import type { Glyph, Ink } from './ink.ts';

export interface SeenItems {
  seen: TextItem[];
  unseen: TextItem[];
}

/** How many letters a glyph gives to an item: ligatures give several, blanks none. */
const letters = (text: string): number => text.normalize('NFKC').replace(/\s/g, '').length;

export const partByInk = (items: readonly TextItem[], { glyphs }: Ink): SeenItems => {
  const out: SeenItems = { seen: [], unseen: [] };
  const inked = glyphs.filter((glyph) => !glyph.blank);
  const sizes = inked.map((glyph) => letters(glyph.text));
  let at = 0;
  for (const item of items) {
    const wanted = letters(item.str);
    const first = wanted > 0 ? findStart(inked, item, at) : -1;
    if (first < 0) {
      out.seen.push(item);
      continue;
    }
    let end = first;
    for (let count = 0; end < inked.length && count < wanted; end++) count += sizes[end];
    at = end;
    place(item, inked.slice(first, end), out);
  }
  return out;
};

const place = (item: TextItem, glyphs: readonly Glyph[], out: SeenItems): void => {
  const hidden = glyphs.filter((glyph) => glyph.hidden).length;
  if (hidden === 0) out.seen.push(item);
  else if (hidden === glyphs.length) out.unseen.push(item);
  else
    for (let i = 0; i < glyphs.length; ) {
      let j = i;
      while (
        j < glyphs.length &&
        glyphs[j].hidden === glyphs[i].hidden &&
        (j === i || follows(glyphs[j - 1], glyphs[j]))
      )
        j++;
      out[glyphs[i].hidden ? 'unseen' : 'seen'].push(rebuilt(item, glyphs.slice(i, j)));
      i = j;
    }
};

/** Index of the glyph that an item starts with: near its origin, and not before `from` unless there is no other. */
const findStart = (glyphs: readonly Glyph[], item: TextItem, from: number): number => {
  const [, , c, d, x, y] = item.transform;
  const near = 0.5 * Math.hypot(c, d) + 0.1;
  const fits = (glyph: Glyph): boolean => Math.abs(glyph.x0 - x) <= near && Math.abs(glyph.y0 - y) <= near;
  for (let i = from; i < glyphs.length; i++) if (fits(glyphs[i])) return i;
  for (let i = 0; i < from; i++) if (fits(glyphs[i])) return i;
  return -1;
};

/** Whether no wide gap lies between two glyphs. */
const follows = (a: Glyph, b: Glyph): boolean =>
  Math.hypot(b.x0 - a.x1, b.y0 - a.y1) < 0.2 * Math.hypot(b.transform[2], b.transform[3]);

const rebuilt = (item: TextItem, glyphs: readonly Glyph[]): TextItem => {
  const [first, last] = [glyphs[0], glyphs.at(-1)!];
  const drawn = item.dir === 'rtl' ? glyphs.toReversed() : glyphs;
  return {
    ...item,
    str: drawn.map((glyph) => glyph.text.normalize('NFKC')).join(''),
    transform: [...first.transform],
    width: Math.hypot(last.x1 - first.x0, last.y1 - first.y0),
    height: Math.hypot(first.transform[2], first.transform[3]),
  };
};
