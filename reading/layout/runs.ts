// From glyphs to words and stretches of a line: which letters touch, where a word ends, and the order of letters that run from the right.
import type { FrameGlyph, Run, Segment } from './page-text.ts';

/** Gap that parts two words where the file has no blank, in units of the type size. */
export const WORD_GAP = 0.1;
/** A wider gap parts two segments. */
export const SEGMENT_GAP = 0.8;

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms. */
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Signs of those blocks that stand in either direction: digits and what belongs to them. */
const RTL_DIGIT = /[\u0660-\u066c\u06f0-\u06f9]/;
const MARK = /^\p{M}+$/u;
export const CJK = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/;

/** Whether a blank stands between two neighbours in print. */
export const isGap = (left: Run, right: Run): boolean => {
  const size = Math.min(left.size, right.size);
  const gap = right.u0 - left.u1;
  if (CJK.test(left.text.at(-1)!) && CJK.test(right.text[0])) return gap > 0.8 * size;
  return gap > WORD_GAP * size || gap < -2 * size || (right.blank && gap > -0.1 * size);
};

const isRtl = (text: string): boolean => RTL.test(text) && !RTL_DIGIT.test(text);

/** Glyphs that touch, in the order of the file, make a run; letters of right-to-left scripts make runs of their own. */
export const toRuns = (glyphs: readonly FrameGlyph[]): Run[] => {
  const runs: Run[] = [];
  let word: FrameGlyph[] = [];
  let blank: FrameGlyph | undefined;
  const close = (): void => {
    if (word.length > 0) runs.push(toRun(word, blank !== undefined && follows(blank, word[0])));
    if (word.length > 0) blank = undefined;
    word = [];
  };
  glyphs.forEach((glyph, i) => {
    if (glyph.text.trim() === '' || isEmptyMark(glyph, glyphs[i - 1], glyphs[i + 1])) {
      close();
      blank = glyph;
      return;
    }
    if (word.length > 0 && !touches(word, glyph)) close();
    word.push(glyph);
  });
  close();
  return closeCapitals(runs);
};

/** A vowel mark with a place of its own that lies over no letter: some files give their blank this name. */
const isEmptyMark = (glyph: FrameGlyph, before: FrameGlyph | undefined, after: FrameGlyph | undefined): boolean => {
  const width = glyph.u1 - glyph.u0;
  if (width < 0.15 * glyph.size || !MARK.test(glyph.text) || !RTL.test(glyph.text)) return false;
  return [before, after].every(
    (letter) => !letter || Math.min(letter.u1, glyph.u1) - Math.max(letter.u0, glyph.u0) < 0.3 * width,
  );
};

/** Whether a glyph stands right behind another one. */
const follows = (before: FrameGlyph, glyph: FrameGlyph): boolean =>
  Math.abs(glyph.u0 - before.u1) < 0.5 * glyph.size && Math.abs(glyph.v - before.v) < 0.5 * glyph.size;

const touches = (word: readonly FrameGlyph[], glyph: FrameGlyph): boolean => {
  const last = word.findLast((other) => !MARK.test(other.text)) ?? word.at(-1)!;
  const size = Math.max(last.size, glyph.size);
  const mark = MARK.test(glyph.text) || MARK.test(last.text);
  if (Math.abs(glyph.v - last.v) > (mark ? 0.6 : 0.05) * size) return false;
  if (glyph.size !== last.size || glyph.font !== last.font) return false;
  const rtl = isRtl(glyph.text);
  if (!mark && rtl !== isRtl(last.text)) return false;
  const forward = glyph.u0 - last.u1;
  const gap = rtl ? Math.max(forward, last.u0 - glyph.u1) : forward;
  return gap < (mark ? 0.6 : WORD_GAP) * size && gap > -(mark || rtl ? 1 : 0.3) * size;
};

/** One run of the glyphs: by place, and then in the order of reading. */
const toRun = (glyphs: readonly FrameGlyph[], blank: boolean): Run => {
  const rtl = glyphs.some((glyph) => isRtl(glyph.text));
  const ordered = rtl ? fromTheRight(glyphs) : glyphs;
  let text = '';
  const edges: number[] = [];
  ordered.forEach((glyph, i) => {
    const letters = glyph.text === '\u00AD' && i < ordered.length - 1 ? '' : glyph.text;
    const [from, to] = rtl ? [glyph.u1, glyph.u0] : [glyph.u0, glyph.u1];
    for (let k = 0; k < letters.length; k++) edges.push(from + ((to - from) * k) / letters.length);
    text += letters;
  });
  const u0 = Math.min(...glyphs.map((glyph) => glyph.u0));
  const u1 = Math.max(...glyphs.map((glyph) => glyph.u1));
  edges.push(rtl ? u0 : u1);
  const { v, size, font } = glyphs.find((glyph) => !MARK.test(glyph.text)) ?? glyphs[0];
  return { text, edges, u0, u1, v, size, font, blank, rtl };
};

/**
 * Letters from right to left, each mark behind its letter: where a file has its glyphs in the order of print, left to right, the
 * letter comes after the mark, otherwise before it.
 */
const fromTheRight = (glyphs: readonly FrameGlyph[]): FrameGlyph[] => {
  const middle = (glyph: FrameGlyph): number => glyph.u0 + glyph.u1;
  const isMark = (glyph: FrameGlyph): boolean => MARK.test(glyph.text);
  const letters = glyphs.filter((glyph) => !isMark(glyph));
  if (letters.length === 0) return [...glyphs];
  const printed = middle(letters[0]) < middle(letters.at(-1)!);
  const groups: FrameGlyph[][] = [];
  let waiting: FrameGlyph[] = [];
  for (const glyph of glyphs) {
    if (isMark(glyph)) (printed || groups.length === 0 ? waiting : groups.at(-1)!).push(glyph);
    else {
      groups.push([glyph, ...waiting]);
      waiting = [];
    }
  }
  groups.at(-1)!.push(...waiting);
  return groups.sort(([a], [b]) => middle(b) - middle(a)).flat();
};

/** How much wider than the narrowest a gap between spaced capitals may be, and how wide in units of the type size. */
const EVEN = 1.4;
const WIDEST = 1;

/** Capitals spaced out for their looks, each a run and the gaps even, become a word again. */
const closeCapitals = (runs: readonly Run[]): Run[] => {
  const closed: Run[] = [];
  for (let i = 0; i < runs.length; ) {
    const end = endOfCapitals(runs, i);
    const letters = runs.slice(i, end);
    if (letters.length < 4) closed.push(runs[i++]);
    else {
      const edges = [...letters.flatMap((run) => run.edges.slice(0, -1)), letters.at(-1)!.u1];
      closed.push({ ...runs[i], text: letters.map((run) => run.text).join(''), edges, u1: letters.at(-1)!.u1 });
      i = end;
    }
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

/** A sign alone, such as a bullet or a box, which may be larger than the line that it stands before. */
export const isLoneSign = ({ text }: Run): boolean => /^[^\p{L}\p{N}]$/u.test(text);

/** Joins runs that follow one another on one line, in the order of the file. */
export const toSegments = (runs: readonly Run[]): Segment[] => {
  const segments: Segment[] = [];
  let current: Segment | undefined;
  for (const run of runs) {
    const size = current ? Math.max(current.size, run.size) : 0;
    const gap = current ? Math.max(run.u0 - current.u1, run.rtl ? current.u0 - run.u1 : Number.NEGATIVE_INFINITY) : 0;
    if (current && Math.abs(run.v - current.v) < 0.45 * size && gap > -0.3 * size && gap < SEGMENT_GAP * size) {
      const first = current.runs.every(isLoneSign);
      current.runs.push(run);
      if (first || (!isLoneSign(run) && run.size > current.size * 1.05)) [current.size, current.v] = [run.size, run.v];
      current.u0 = Math.min(current.u0, run.u0);
      current.u1 = Math.max(current.u1, run.u1);
    } else {
      current = { runs: [run], u0: run.u0, u1: run.u1, v: run.v, size: run.size };
      segments.push(current);
    }
  }
  return segments;
};
