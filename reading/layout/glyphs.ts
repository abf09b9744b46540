// From glyphs to segments: words and pieces of one line of print, with their place on the page as it is shown.
import type { Box } from '../document.ts';
import { moved } from '../geometry.ts';
import type { Glyph } from '../pdf/glyph.ts';
import { joinInitials } from './initials.ts';
import type { FrameGlyph, PageText } from './page-text.ts';
import { toRuns, toSegments } from './runs.ts';

/** Below this height (points) text cannot be read by a person. */
const SMALLEST = 2;

const direction = (angle: number): [number, number] => {
  const turn = (angle * Math.PI) / 180;
  return [Math.cos(turn), Math.sin(turn)];
};

/** The rectangle on the page of a stretch in the frame of `angle`. */
export const frameBox = (page: number, angle: number, u0: number, u1: number, v: number, size: number): Box => {
  const [dx, dy] = direction(angle);
  const corners = [u0, u1].flatMap((u) =>
    [v - 0.82 * size, v + 0.24 * size].map((w) => [u * dx - w * dy, u * dy + w * dx]),
  );
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { page, x: round(x), y: round(y), width: round(Math.max(...xs) - x), height: round(Math.max(...ys) - y) };
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** Accents that some files draw as signs of their own over a letter. */
const COMBINING: Record<string, string> = {
  '\u00A8': '\u0308',
  '\u00B4': '\u0301',
  '\u0060': '\u0300',
  '\u02C6': '\u0302',
  '\u02DC': '\u0303',
  '\u00B8': '\u0327',
  '\u02C7': '\u030C',
  '\u02DA': '\u030A',
};

/** Ligatures and presentation forms as letters, exotic blanks as blanks; soft hyphens stay, since they mark a broken word. */
const plain = (text: string): string => {
  if (text.length === 1 && text >= ' ' && text < '\x7f') return text;
  return text
    .replace(/[\uFB00-\uFDFF\uFE70-\uFEFC]/g, (form) => form.normalize('NFKC').trim())
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000\t\r\n]/g, ' ')
    .replace(/[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\uFFFE\uFFFF]/gu, '')
    .toWellFormed();
};

/** Maps user space to the page as shown (six numbers), and its size. */
export interface PageView {
  transform: readonly number[];
  width: number;
  height: number;
}

/** Whether a glyph is on the page and large enough to be read. */
export const isOnPage = (glyph: Glyph, view: PageView): boolean => {
  const { transform: m, width, height } = view;
  const [, , c, d] = glyph.transform;
  const size = Math.hypot(m[0] * c + m[2] * d, m[1] * c + m[3] * d);
  const [x0, y0, x1, y1] = moved(m, [glyph.x0, glyph.y0, glyph.x1, glyph.y1]);
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return size >= SMALLEST && x >= 0 && y >= -size && x <= width && y <= height + size;
};

/** What is printed: no blank, and no sign that only says how others are joined. */
const INK = /[^\s\p{Cf}]/u;

/** Places the glyphs of one page, in the order of the file, in their frames. */
export const placeGlyphs = (number: number, view: PageView, glyphs: readonly Glyph[]): PageText => {
  const frames = new Map<number, FrameGlyph[]>();
  for (const glyph of glyphs) {
    const text = plain(glyph.text);
    const placed = text === '' ? undefined : placeGlyph(glyph, text, view);
    if (placed === undefined) continue;
    const frame = frames.get(placed.angle);
    if (frame) frame.push(placed.glyph);
    else frames.set(placed.angle, [placed.glyph]);
  }
  const printed = [...frames].filter(([, list]) => list.some((glyph) => INK.test(glyph.text)));
  const ordered = printed.sort((a, b) => b[1].length - a[1].length);
  return {
    number,
    width: view.width,
    height: view.height,
    frames: ordered.map(([angle, list]) => ({
      angle,
      segments: joinInitials(toSegments(toRuns(setAccents(dropDoubles(list))))),
    })),
    hidden: false,
  };
};

/** Undefined where its place is no number. */
const placeGlyph = (glyph: Glyph, text: string, view: PageView): { angle: number; glyph: FrameGlyph } | undefined => {
  const [a, b, c, d, e, f] = view.transform;
  const [t0, t1, t2, t3] = glyph.transform;
  const size = Math.hypot(a * t2 + c * t3, b * t2 + d * t3);
  const along = Math.atan2(b * t0 + d * t1, a * t0 + c * t1);
  const angle = (((Math.round((along * 36) / Math.PI) * 5 + (glyph.vertical ? 90 : 0)) % 360) + 360) % 360;
  const [x, y] = [a * glyph.x0 + c * glyph.y0 + e, b * glyph.x0 + d * glyph.y0 + f];
  const [right, down] = [glyph.x1 - glyph.x0, glyph.y1 - glyph.y0];
  const length = Math.hypot(a * right + c * down, b * right + d * down);
  const [dx, dy] = direction(angle);
  if (!Number.isFinite(x + y + length + size) || size === 0) return undefined;
  const u0 = x * dx + y * dy;
  // The origin of a vertical glyph is its middle; a box reaches from 0.82 over the baseline to 0.24 under it.
  const v = y * dx - x * dy + (glyph.vertical ? 0.29 * size : 0);
  return { angle, glyph: { text, u0, u1: u0 + length, v, size, font: glyph.font } };
};

/** Bold and shadows made by drawing twice: the second copy of a letter at the same place is dropped. */
const dropDoubles = (glyphs: readonly FrameGlyph[]): FrameGlyph[] => {
  const cells = new Map<number, FrameGlyph[]>();
  const cell = (u: number, v: number): number => Math.floor(u / 4) * 65_536 + Math.floor(v / 4);
  return glyphs.filter((glyph) => {
    if (glyph.text === ' ') return true;
    const reach = Math.min(DOUBLE * glyph.size, 0.4 * (glyph.u1 - glyph.u0) || Number.POSITIVE_INFINITY);
    const near = new Set(
      [-reach, reach].flatMap((du) => [-reach, reach].map((dv) => cell(glyph.u0 + du, glyph.v + dv))),
    );
    for (const key of near) {
      for (const other of cells.get(key) ?? []) {
        if (other.text === glyph.text && Math.abs(other.u0 - glyph.u0) < reach && Math.abs(other.v - glyph.v) < reach)
          return false;
      }
    }
    const own = cell(glyph.u0, glyph.v);
    const list = cells.get(own);
    if (list) list.push(glyph);
    else cells.set(own, [glyph]);
    return true;
  });
};

/** How near a second copy of a letter lies, in units of the type size: less than the narrowest letter is wide. */
const DOUBLE = 0.12;

/** Puts an accent that is drawn over the letter before or after it, whichever it is nearer to, onto that letter. */
const setAccents = (glyphs: readonly FrameGlyph[]): FrameGlyph[] => {
  const set: FrameGlyph[] = [];
  glyphs.forEach((glyph, i) => {
    const last = set.at(-1);
    const letter = last && isOver(last, glyph) ? accentedOf(last.text, glyph.text) : undefined;
    if (letter === undefined || isNearer(glyph, last!, glyphs[i + 1])) set.push(glyph);
    else set[set.length - 1] = { ...(last!.text in COMBINING ? glyph : last!), text: letter };
  });
  return set;
};

/** Whether the two lie over one another; an accent may have no width of its own. */
const isOver = (a: FrameGlyph, b: FrameGlyph): boolean => {
  const overlap = Math.min(a.u1, b.u1) - Math.max(a.u0, b.u0);
  const narrow = Math.min(a.u1 - a.u0, b.u1 - b.u0) < 0.1 * b.size;
  return overlap > (narrow ? -0.01 : 0.1) * b.size && Math.abs(a.v - b.v) < 0.5 * b.size;
};

/** Whether an accent belongs to the letter that is drawn next, although it reaches over `last`. */
const isNearer = (accent: FrameGlyph, last: FrameGlyph, next: FrameGlyph | undefined): boolean => {
  if (!(accent.text in COMBINING) || !next || !isOver(accent, next)) return false;
  if (accented(accent.text, next.text) === undefined) return false;
  const from = ({ u0, u1 }: FrameGlyph): number => Math.abs(u0 + u1 - accent.u0 - accent.u1);
  return from(next) < from(last);
};

/** Of two signs that lie over one another, one of which may be an accent. */
const accentedOf = (a: string, b: string): string | undefined => accented(b, a) ?? accented(a, b);

/** The letter with its accent, or undefined where `sign` is no accent; where no one sign is both, the accent follows its letter. */
const accented = (sign: string, letter: string): string | undefined => {
  const mark = COMBINING[sign];
  if (mark === undefined || !LETTER.test(letter)) return undefined;
  const base = letter === '\u0131' ? 'i' : letter === '\u0237' ? 'j' : letter;
  return `${base}${mark}`.normalize('NFC');
};

const LETTER = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]$/u;
