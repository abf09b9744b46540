// The order in which a line of print is read where some of it runs from right to left: from places on the page back to the order of
// speech, the reverse of what Unicode's bidirectional algorithm (UAX #9; its rules are named below) does for display. Letters within a
// run are in order already. Blanks come from gaps in print: a file's own blanks may be drawn on the wrong side of a word that turns.

import { cellsOf, type Line } from './lines.ts';
import type { Run, Segment } from './page-text.ts';
import { isGap, WORD_GAP } from './runs.ts';

/** A run, and whether a blank stands before it. */
export interface ReadRun {
  run: Run;
  gap: boolean;
}

/** Share of a line's letters that run from right to left from which on the line does. */
const RTL_SHARE = 0.3;
/** In a line of Latin on a page that is read from the right, a gap narrower than this (in type sizes) parts no cells. */
const LATIN_GAP = 2.5;
const BULLET = /^[•●▪■◦‣∙◆➢➤▶✓·]$/u;

/** Share of the runs' letters that are of right-to-left scripts. */
const shareFromRight = (runs: readonly Run[]): number => {
  let rtl = 0;
  let all = 0;
  for (const run of runs) {
    const letters = run.text.match(/\p{L}/gu)?.length ?? 0;
    all += letters;
    if (run.rtl) rtl += letters;
  }
  return all === 0 ? 0 : rtl / all;
};

/** Whether text is written from the right: its columns, cells and lines begin there. */
export const isFromRight = (segments: readonly Segment[]): boolean =>
  segments.some(({ runs }) => runs.some((run) => run.rtl)) &&
  shareFromRight(segments.flatMap((segment) => segment.runs)) > 0.5;

/** The runs of a line as they are read. `fromRight`: the page is, and the line's u0 and u1 count from its right edge. */
export const readLine = (line: Line, fromRight: boolean): ReadRun[] => {
  const runs = line.segments.flatMap((segment) => segment.runs);
  const turns = runs.some((run) => run.rtl);
  if (!turns && !fromRight) return asPrinted(runs);
  const cells = turns ? cellsOf(line) : latinCells(line);
  if (!fromRight && shareFromRight(runs) > RTL_SHARE) cells.reverse();
  return cells.flatMap((cell) => {
    const inPrint = [...cell].sort((a, b) => a.runs[0].u0 - b.runs[0].u0).flatMap((segment) => segment.runs);
    const read = fromRight ? bulletFirst(inReadingOrder(inPrint, fromRight)) : inReadingOrder(inPrint);
    if (read.length > 0) read[0].gap = true;
    return read;
  });
};

/** On a page from the right the bullet of an item in Latin letters stands at their end. */
const bulletFirst = (read: ReadRun[]): ReadRun[] => {
  const last = read.at(-1);
  if (read.length < 2 || !last?.gap || !BULLET.test(last.run.text)) return read;
  return [last, { ...read[0], gap: true }, ...read.slice(1, -1)];
};

const asPrinted = (runs: readonly Run[]): ReadRun[] =>
  runs.map((run, i) => ({ run, gap: i > 0 && isGap(runs[i - 1], run) }));

const latinCells = (line: Line): Segment[][] => {
  const cells: Segment[][] = [];
  let end = 0;
  for (const segment of line.segments) {
    if (cells.length > 0 && segment.u0 - end < LATIN_GAP * line.size) cells.at(-1)!.push(segment);
    else cells.push([segment]);
    end = Math.max(end, segment.u1);
  }
  return cells;
};

/** Runs of one cell in the order of reading. Where none runs from right to left they are left as they are. */
export const inReadingOrder = (runs: readonly Run[], pageFromRight = false): ReadRun[] => {
  if (!runs.some((run) => run.rtl)) return asPrinted(runs);
  const fromRight = pageFromRight || shareFromRight(runs) > RTL_SHARE;
  const seen = runs.flatMap((run) => (run.rtl ? [run] : atoms(run))).sort((a, b) => a.u0 + a.u1 - b.u0 - b.u1);
  const groups = fromRight ? stretches(seen, isStrong, staysTogether) : stretches(seen, (run) => run.rtl);
  if (fromRight) groups.reverse();
  const read = groups.flatMap((group, i): ReadRun[] => {
    const fromLeft = fromRight || !group.some((run) => run.rtl);
    const inside = fromLeft ? asPrinted(group) : turned(group);
    const before = groups[i - 1] ?? [];
    const plain = !fromRight && ![...before, ...group].some((run) => run.rtl);
    inside[0].gap = i > 0 && (plain ? isGap(before.at(-1)!, group[0]) : isWide(before, group));
    return inside;
  });
  const facing = groups.filter((group) => (fromRight ? group.length === 1 : group.some((run) => run.rtl)));
  return mirrorBrackets(read, new Set(facing.flat()));
};

/** Runs from left to right, read from the right. */
const turned = (runs: readonly Run[]): ReadRun[] =>
  runs.toReversed().map((run, i, all) => ({ run, gap: i > 0 && isWide([run], [all[i - 1]]) }));

/** Whether there is a blank's room between two groups of runs, on whichever side. */
const isWide = (a: readonly Run[], b: readonly Run[]): boolean => {
  const left = (group: readonly Run[]): number => Math.min(...group.map((run) => run.u0));
  const right = (group: readonly Run[]): number => Math.max(...group.map((run) => run.u1));
  return Math.max(left(b) - right(a), left(a) - right(b)) > WORD_GAP * Math.min(a[0].size, b[0].size);
};

/** Letters and digits that run from left to right. */
const isStrong = (run: Run): boolean => !run.rtl && /[\p{L}\p{Nd}]/u.test(run.text);
const hasLetter = (run: Run): boolean => /\p{L}/u.test(run.text);

/**
 * A run parted into what is read one after another from the right (rules W4, W5 and N1): signs at its ends, which take the direction
 * of the line, and its letters and digits. Numbers are parted at signs that do not belong to numbers.
 */
const atoms = (run: Run): Run[] => {
  const parts: Run[] = [];
  const number = /[#$%£€°]*\p{Nd}+(?:[.,:/+-]\p{Nd}+)*[#$%€°‰]*|\P{Nd}/gu;
  const cut = (from: number, to: number): void => {
    if (to > from) parts.push(slice(run, from, to));
  };
  const core = /[#$£€]*[\p{L}\p{Nd}](?:.*[\p{L}\p{Nd}])?(?:(?<=\p{Nd})[%€°‰])*/su.exec(run.text);
  if (!core) return [...run.text].length < 2 ? [run] : letters(run);
  const [start, end] = [core.index, core.index + core[0].length];
  for (const sign of letters(slice(run, 0, start))) parts.push(sign);
  if (hasLetter({ ...run, text: core[0] })) cut(start, end);
  else for (const match of core[0].matchAll(number)) cut(start + match.index, start + match.index + match[0].length);
  for (const sign of letters(slice(run, end, run.text.length))) parts.push(sign);
  return parts;
};

const letters = (run: Run): Run[] => {
  const parts: Run[] = [];
  let at = 0;
  for (const letter of run.text) {
    parts.push(slice(run, at, at + letter.length));
    at += letter.length;
  }
  return parts;
};

const slice = (run: Run, from: number, to: number): Run => {
  const edges = run.edges.slice(from, to + 1);
  return {
    ...run,
    text: run.text.slice(from, to),
    edges,
    u0: edges[0],
    u1: edges.at(-1)!,
    blank: run.blank && from === 0,
  };
};

/** Groups of runs that are read together: stretches of those that `begins` picks, with the signs within them; others alone. */
const stretches = (
  seen: readonly Run[],
  begins: (run: Run) => boolean,
  joins: (stretch: readonly Run[], next: Run) => boolean = () => true,
): Run[][] => {
  const groups: Run[][] = [];
  for (let i = 0; i < seen.length; ) {
    let end = i + 1;
    if (begins(seen[i])) {
      for (let j = end; j < seen.length && (begins(seen[j]) || isSign(seen[j])); j++) {
        if (!begins(seen[j])) continue;
        if (!joins(seen.slice(i, end), seen[j])) break;
        end = j + 1;
      }
      if (closes(seen.slice(i, end), seen[end])) end++;
    }
    groups.push(seen.slice(i, end));
    i = end;
  }
  return groups;
};

/** What changes no direction: signs, and digits among letters from the right. */
const isSign = (run: Run): boolean => !run.rtl && !hasLetter(run);

/** Whether `next` closes a bracket of the stretch, to which it then belongs (rule N0). */
const closes = (stretch: readonly Run[], next: Run | undefined): boolean => {
  if (next === undefined || !/^[)\]]$/.test(next.text)) return false;
  const text = stretch.map((run) => run.text).join('');
  return text.split(MIRROR[next.text]).length > text.split(next.text).length;
};

/** Numbers without a Latin letter before them stand in the order of the line (rules W7 and N1), unless they touch. */
const staysTogether = (stretch: readonly Run[], next: Run): boolean =>
  stretch.some(hasLetter) || hasLetter(next) || !isWide([stretch.at(-1)!], [next]);

const PAIRS = ['()', '[]', '{}', '<>', '«»', '‹›'];
const MIRROR = Object.fromEntries(
  PAIRS.flatMap(([open, close]) => [
    [open, close],
    [close, open],
  ]),
);
const OPENS = new Set(PAIRS.map(([open]) => open));

/**
 * Some files name a bracket by its form in print, others by what it means, which in text from the right are not the same. Told by the
 * side on which a blank stands.
 */
const mirrorBrackets = (read: ReadRun[], facing: ReadonlySet<Run>): ReadRun[] => {
  const mayTurn = ({ run }: ReadRun): boolean => run.text in MIRROR && facing.has(run);
  let asPrinted = 0;
  read.forEach((piece, i) => {
    const [before, after] = [i === 0 || piece.gap, i === read.length - 1 || read[i + 1].gap];
    if (mayTurn(piece) && before !== after) asPrinted += OPENS.has(piece.run.text) === before ? -1 : 1;
  });
  if (asPrinted <= 0) return read;
  return read.map((piece) =>
    mayTurn(piece) ? { ...piece, run: { ...piece.run, text: MIRROR[piece.run.text] } } : piece,
  );
};
