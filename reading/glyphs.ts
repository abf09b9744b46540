// From pdf.js text items to segments: pieces of one line of print, with their place on the page as it is shown.
//
// Every direction of writing gets a frame of its own: `u` runs along the text, `v` down across it, both in PDF points. Layout
// works in the frame, so a page turned by 90 degrees, a landscape table and the main text are all read by the same code.
import type { Box } from './document.ts';
import { multiply } from './ink.ts';

/** The part of a pdf.js text item that reading uses. */
export interface TextItem {
  str: string;
  dir: string;
  transform: number[];
  width: number;
  height: number;
  fontName: string;
}

/** A stretch of text drawn with one font: [u0, u1) along the writing, baseline at `v`. */
export interface Run {
  text: string;
  u0: number;
  u1: number;
  v: number;
  size: number;
  font: string;
  /** A blank stands before it in the file. */
  blank: boolean;
  rtl: boolean;
}

/** Runs of one line with no wide gap between them. */
export interface Segment {
  runs: Run[];
  u0: number;
  u1: number;
  v: number;
  size: number;
}

/** All text of one page written in one direction; `angle` in degrees, clockwise, 0 for upright text. */
export interface Frame {
  angle: number;
  segments: Segment[];
}

export interface PageText {
  number: number;
  width: number;
  height: number;
  frames: Frame[];
  /** Text that nobody can see: smaller than 2 points, or off the page. */
  hidden: boolean;
}

/** Below this height (points) text cannot be read by a person. */
export const SMALLEST = 2;

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

/** Ligatures as letters, exotic blanks as blanks; soft hyphens stay until lines are joined, since they mark a broken word. */
const plain = (text: string): string =>
  text
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000\t\r\n]/g, ' ')
    .replace(/[\p{Cc}\u200B\u2060\uFEFF\uFFFE\uFFFF]/gu, '')
    .toWellFormed();

/** Places the items of one page in their frames. `view` maps PDF user space to the page as shown (six numbers). */
export const placeItems = (
  number: number,
  view: { transform: readonly number[]; width: number; height: number },
  items: readonly TextItem[],
  isVertical: (font: string) => boolean,
): PageText => {
  const scale = Math.hypot(view.transform[0], view.transform[1]);
  const frames = new Map<number, Run[]>();
  let blank = false;
  let hidden = false;
  for (const item of items) {
    const text = plain(item.str);
    if (text.trim() === '') {
      blank ||= text !== '';
      continue;
    }
    const placed = placeRun(item, text, view, scale, isVertical(item.fontName));
    if (placed === undefined) {
      hidden = true;
      continue;
    }
    placed.run.blank = blank || /^\s/.test(text);
    blank = /\s$/.test(text);
    const runs = frames.get(placed.angle);
    if (runs) runs.push(placed.run);
    else frames.set(placed.angle, [placed.run]);
  }
  const weight = (runs: Run[]): number => runs.reduce((sum, run) => sum + run.text.length, 0);
  const ordered = [...frames].sort((a, b) => weight(b[1]) - weight(a[1]));
  return {
    number,
    width: view.width,
    height: view.height,
    frames: ordered.map(([angle, runs]) => ({
      angle,
      segments: joinRuns(closeCapitals(dropDoubles(setAccents(runs)))),
    })),
    hidden,
  };
};

const placeRun = (
  item: TextItem,
  text: string,
  view: { transform: readonly number[]; width: number; height: number },
  scale: number,
  vertical: boolean,
): { angle: number; run: Run } | undefined => {
  const m = multiply(view.transform, item.transform);
  if (!m.every(Number.isFinite)) return undefined;
  const size = Math.hypot(m[2], m[3]);
  const length = (vertical ? item.height : item.width) * scale;
  let angle = (Math.atan2(m[1], m[0]) * 180) / Math.PI + (vertical ? 90 : 0);
  angle = (((Math.round(angle / 5) * 5) % 360) + 360) % 360;
  const [dx, dy] = direction(angle);
  const [x, y] = [m[4], m[5]];
  const [middleX, middleY] = [x + (dx * length) / 2, y + (dy * length) / 2];
  if (size < SMALLEST || middleX < 0 || middleY < -size || middleX > view.width || middleY > view.height + size)
    return undefined;
  const u0 = x * dx + y * dy;
  const v = -x * dy + y * dx;
  const run = {
    text: text.trim(),
    u0,
    u1: u0 + length,
    v,
    size,
    font: item.fontName,
    blank: false,
    rtl: item.dir === 'rtl',
  };
  return { angle, run };
};

/** Puts an accent that is drawn over the neighbouring run's letter onto that letter. */
const setAccents = (runs: Run[]): Run[] => {
  for (let i = 1; i < runs.length; i++) {
    const [before, after] = [runs[i - 1], runs[i]];
    const overlap = (before.u1 - after.u0) / after.size;
    if (overlap < 0.1 || overlap > 1 || Math.abs(after.v - before.v) > 0.5 * after.size || before.text === '') continue;
    const ahead = accented(before.text.at(-1)!, after.text[0]);
    const behind = accented(after.text[0], before.text.at(-1)!);
    if (ahead) {
      before.text = before.text.slice(0, -1);
      before.u1 = after.u0;
      after.text = ahead + after.text.slice(1);
    } else if (behind) {
      before.text = before.text.slice(0, -1) + behind;
      after.text = after.text.slice(1);
      after.u0 = before.u1;
    }
  }
  return runs.filter((run) => run.text !== '');
};

/** One letter of the two, or undefined where `sign` is no accent or there is no such letter. */
const accented = (sign: string, letter: string): string | undefined => {
  const mark = COMBINING[sign];
  if (mark === undefined) return undefined;
  const base = letter === '\u0131' ? 'i' : letter === '\u0237' ? 'j' : letter;
  const composed = `${base}${mark}`.normalize('NFC');
  return composed.length === 1 ? composed : undefined;
};

/** Bold made by drawing twice: the second copy of the same text at the same place is dropped. */
const dropDoubles = (runs: Run[]): Run[] => {
  const seen = new Map<string, Run[]>();
  return runs.filter((run) => {
    const twins = seen.get(run.text) ?? [];
    if (twins.some((t) => Math.abs(t.u0 - run.u0) < 0.15 * run.size && Math.abs(t.v - run.v) < 0.15 * run.size))
      return false;
    if (twins.push(run) === 1) seen.set(run.text, twins);
    return true;
  });
};

/** "R E P O R T" as pdf.js writes capitals that are spaced out within one run. */
const SPACED = /(?<![\p{L}\p{N}])\p{Lu}(?: \p{Lu}){3,}(?![\p{L}\p{N}])/gu;
/** How much wider than the narrowest a gap between spaced capitals may be, and how wide in units of the type size. */
const EVEN = 1.4;
const WIDEST = 1;

/** Capitals spaced out for their looks become words again: within a run, and where each letter is a run and the gaps are even. */
const closeCapitals = (runs: readonly Run[]): Run[] => {
  const closed: Run[] = [];
  for (let i = 0; i < runs.length; ) {
    const end = endOfCapitals(runs, i);
    const letters = runs.slice(i, end);
    if (letters.length < 4)
      closed.push({ ...runs[i], text: runs[i].text.replace(SPACED, (word) => word.replaceAll(' ', '')) });
    else closed.push({ ...runs[i], text: letters.map((run) => run.text).join(''), u1: letters.at(-1)!.u1 });
    i = letters.length < 4 ? i + 1 : end;
  }
  return closed;
};

/** Index after the single capitals that stand evenly spaced from `start` on. */
const endOfCapitals = (runs: readonly Run[], start: number): number => {
  let [narrowest, widest] = [Number.POSITIVE_INFINITY, 0];
  let end = start;
  while (end < runs.length && /^\p{Lu}$/u.test(runs[end].text)) {
    if (end > start) {
      const [last, run] = [runs[end - 1], runs[end]];
      const gap = (run.u0 - last.u1) / run.size;
      narrowest = Math.min(narrowest, gap);
      widest = Math.max(widest, gap);
      const alike = run.size === last.size && Math.abs(run.v - last.v) < 0.1 * run.size;
      if (!alike || narrowest < 0.15 || widest > Math.min(WIDEST, EVEN * narrowest)) break;
    }
    end++;
  }
  return Math.max(end, start + 1);
};

/** Joins runs that follow one another on one line, in the order of the file. */
const joinRuns = (runs: readonly Run[]): Segment[] => {
  const segments: Segment[] = [];
  let current: Segment | undefined;
  for (const run of runs) {
    const size = current ? Math.max(current.size, run.size) : 0;
    const last = current?.runs.at(-1);
    const gap = current ? (run.rtl && last?.rtl ? current.u0 - run.u1 : run.u0 - current.u1) : 0;
    if (current && Math.abs(run.v - current.v) < 0.45 * size && gap > -0.3 * size && gap < 0.8 * size) {
      current.runs.push(run);
      if (run.size > current.size * 1.05) [current.size, current.v] = [run.size, run.v];
      current.u0 = Math.min(current.u0, run.u0);
      current.u1 = Math.max(current.u1, run.u1);
    } else {
      current = { runs: [run], u0: run.u0, u1: run.u1, v: run.v, size: run.size };
      segments.push(current);
    }
  }
  return segments;
};
