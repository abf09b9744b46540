// From lines to blocks: paragraphs, headings and list items, found by spacing, indents, fonts and where a line could have gone
// on but did not. A paragraph that a column or a page cuts in two is put together again.
import { goesOnAfterPoint } from './abbreviations.ts';
import type { ReadRun } from './bidi.ts';
import { cellsOf, extentOf, type Line } from './lines.ts';
import { CJK } from './runs.ts';

export interface PlacedLine extends Line {
  page: number;
  angle: number;
  /** Its runs as they are read. */
  runs: readonly ReadRun[];
  /** The words of the line, one blank where there is a gap. */
  text: string;
  /** The font of nearly all of the line; empty when mixed. */
  font: string;
  /** The font of most of it. */
  mostly: string;
}

export interface Block {
  kind: 'prose' | 'heading' | 'item';
  lines: PlacedLine[];
  size: number;
  /** Of a cell of a table: what it shares with the other cells of its row. */
  row?: object;
}

/** What is usual in the document: the type of its running text. */
export interface BodyType {
  size: number;
  font: string;
}

const BULLET = /^[•●▪■◦‣∙◆➢➤▶✓](?=[\s\p{L}])|^[·o](?=\s)|^[–—-](?=\s+\S)|^_{3,}(?=\s)/u;
/** Not "z. B.", "i. d. R." and initials, which only begin like it. */
const NUMBERED =
  /^(?!\p{L}\.\s?\p{L}\.(?:\s|$))(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,5}[.)]|\[\d{1,3}\])(?=\s)/u;
/** The end of a line of the contents: dots that lead to the number of a page. */
const CONTENTS = /(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})$/iu;
const ENDED = /[.!?:;…。!?][)\]”"’'»]*\d{0,3}$/u;
/** How the words under a figure or over a table begin. */
export const CAPTION =
  /^(?:Fig(?:ure|\.)?|Table|Tab\.|Chart|Box|Exhibit|Plate|Scheme|Listing|Abb(?:ildung|\.)|Tabelle|Tableau|Figura|Tabla|[\u56fe\u56f3\u8868])\s*(?:\d[\d.\-–]*|[A-Z]\.?\d*|[IVXL]+)\s*[:.|—–\u3000]/iu;
const HEADING_NUMBER =
  /^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-Z]\.(?:\d+\.?)*|[IVX]{1,5}\.|(?:Chapter|Section|Part|Appendix)\s+[\dA-Z]+[.:]?)\s+\p{Lu}/u;

/** Blocks of one region (a column, or a band of the page), in order. */
export const toBlocks = (
  region: readonly PlacedLine[],
  body: BodyType,
  extent: readonly [number, number] = extentOf(region),
): Block[] => {
  const [left, right] = extent;
  const pitch = usualPitch(region);
  const pairs = pairsOf(region);
  const groups: PlacedLine[][] = [];
  region.forEach((line, i) => {
    const group = groups.at(-1);
    const column = { left, right, pitch, pairs, titleSize: 1.14 * body.size };
    if (group && !startsPair(line, group, pairs) && continues(group, line, region[i + 1], column)) group.push(line);
    else groups.push([line]);
  });
  return groups.map((lines) => ({ kind: kindOf(lines, right - left, body), lines, size: lines[0].size }));
};

/** Lines of two cells whose second cells begin in one place, most of them far from the first: names and what is said of them. */
const pairsOf = (lines: readonly PlacedLine[]): ReadonlySet<PlacedLine> => {
  const seconds = lines.flatMap((line) => {
    const cells = line.segments.length > 1 ? cellsOf(line) : [];
    if (cells.length !== 2) return [];
    const u = cells[1][0].u0;
    return [{ line, u, far: u - cells[0].at(-1)!.u1 > PAIR_GAP * line.size }];
  });
  const found = seconds.filter(({ u }) => {
    const alike = seconds.filter((other) => Math.abs(other.u - u) < 1);
    return alike.length >= LEAST_PAIRS && 2 * alike.filter(({ far }) => far).length > alike.length;
  });
  return new Set(found.map(({ line }) => line));
};

/** In units of the type size; and how many make a table. */
const PAIR_GAP = 1.5;
const LEAST_PAIRS = 3;

/** Whether a line begins another pair under the one that its block begins with. */
const startsPair = (line: PlacedLine, [first]: readonly PlacedLine[], pairs: ReadonlySet<PlacedLine>): boolean =>
  pairs.has(line) && pairs.has(first) && line.u0 < first.u0 + 0.5 * line.size;

/** Distance of baselines within a paragraph: a low quantile, since gaps between paragraphs only make it larger. */
const usualPitch = (lines: readonly PlacedLine[]): number => {
  const pitches: number[] = [];
  for (let i = 1; i < lines.length; i++) {
    const distance = (lines[i].v - lines[i - 1].v) / Math.max(lines[i].size, lines[i - 1].size);
    if (distance > 0.8 && distance < 3) pitches.push(distance);
  }
  pitches.sort((a, b) => a - b);
  return pitches.length > 2 ? pitches[Math.floor(pitches.length * 0.35)] : 1.25;
};

interface Column {
  left: number;
  right: number;
  /** In units of the type size. */
  pitch: number;
  pairs: ReadonlySet<PlacedLine>;
  /** From this size on, a short line is a title broken for its looks. */
  titleSize: number;
}

const continues = (
  group: readonly PlacedLine[],
  next: PlacedLine,
  after: PlacedLine | undefined,
  column: Column,
): boolean => {
  const last = group.at(-1)!;
  const size = Math.max(last.size, next.size);
  const room = column.right - last.u1 - firstWord(next);
  const ended = ENDED.test(last.text) && !(room < 0 && goesOnAfterPoint(last.text, next.text));
  const runsOn = !ended && !column.pairs.has(next) && goesOnInWord(last.text, next.text, room < 0);
  if (size / Math.min(last.size, next.size) > (runsOn && /^\p{L}{2}/u.test(next.text) ? 1.2 : 1.12)) return false;
  const farthest = Math.max(1.35 * column.pitch, runsOn && last.text.length > LONG_LINE ? WIDEST_PITCH : 1.2);
  if (next.v - last.v > farthest * size || next.v < last.v) return false;
  if (BULLET.test(next.text) || CONTENTS.test(last.text)) return false;
  if (isRow(last) && !isJustified(last, column)) return false;
  if (isRow(next) && !isJustified(next, column) && !(runsOn && last.text.length > LONG_LINE)) return false;
  const marked = BULLET.test(group[0].text) || NUMBERED.test(group[0].text);
  if (NUMBERED.test(next.text) && (marked || ended || room > size) && next.u0 <= group[0].u0 + 0.8 * size) return false;
  if (HEADING_NUMBER.test(next.text) && HEADING_NUMBER.test(group[0].text) && room > size) return false;
  if (runsOn) return true;
  const shift = next.u0 - last.u0;
  const otherFont = last.font !== next.font && last.font !== '' && next.font !== '';
  if (otherFont && (room > 2 * size || Math.abs(shift) > 0.7 * size)) return false;
  if (room > size && after && isTitleOver(group, next, after, column)) return false;
  if (shift > 0.7 * size && !indentGoesOn(group, next, after, marked, ended)) return false;
  if (shift < -0.7 * size && outdentEnds(group, next, marked && (ended || room > 0.8 * size))) return false;
  if (room > 0.8 * size && ended && /^[\p{Lu}\d“"'([]/u.test(next.text) && !/[;:,]$/.test(last.text)) return false;
  return !(room > 0.4 * (column.right - column.left) && /^[\p{Lu}\d“"]/u.test(next.text) && size < column.titleSize);
};

/** Whether a line that is full, or breaks within a word, is gone on with in small letters: one sentence, however the two are indented. */
const goesOnInWord = (end: string, start: string, full: boolean): boolean =>
  /^\p{Ll}/u.test(start) && (/\p{Ll}[-\u2010]$/u.test(end) || (full && end.length > SHORT_LINE));

/** Letters, up to which a line that is full may be a cell's or a formula's. */
const SHORT_LINE = 28;

/**
 * A short line over a text, although nothing but its place tells it from one: in the middle over lines that end together, or where the
 * text begins but for its first line, which is indented and full.
 */
const isTitleOver = (
  [title, second]: readonly PlacedLine[],
  next: PlacedLine,
  after: PlacedLine,
  { left, right }: Column,
): boolean => {
  if (second || next.text.length <= SHORT_LINE) return false;
  if (after.u0 > next.u0 + 1 || after.v - next.v > 2 * next.size) return false;
  if (Math.abs(after.u0 - title.u0) < 0.5 * next.size)
    return next.u0 - title.u0 > 0.7 * next.size && right - next.u1 < firstWord(after) && /^\p{Lu}/u.test(next.text);
  const isMid = (from: number, to: number): boolean => Math.abs(title.u0 + title.u1 - from - to) < title.size;
  return (
    Math.abs(next.u1 - after.u1) < 1 &&
    title.u1 - title.u0 < 0.5 * (next.u1 - next.u0) &&
    title.u0 > after.u0 + 2 * title.size &&
    (isMid(left, right) || isMid(after.u0, after.u1))
  );
};

/** Distance of baselines, in units of the type size, of a text that is set wide, where a sentence goes on in the next line. */
const WIDEST_PITCH = 2.4;
/** Letters, from which on a line is no cell. */
const LONG_LINE = 40;

/** Three cells or more on one line. */
export const isRow = (line: PlacedLine): boolean => line.segments.length > 2 && cellsOf(line).length > 2;

/**
 * A line of words from end to end of its column, all with the same blank between them but after a stop: set wide to be justified, and no
 * row of cells.
 */
const isJustified = ({ runs, u0, u1, size }: PlacedLine, { left, right }: Column): boolean => {
  const gaps = runs.slice(1).flatMap(({ run, gap }, i) => {
    const before = runs[i].run;
    return gap ? [{ width: run.u0 - before.u1, stop: /[.,:;!?]$/.test(before.text) }] : [];
  });
  const plain = gaps.filter(({ stop }) => !stop);
  const widths = (plain.length > 1 ? plain : gaps).map(({ width }) => width);
  const words = runs.filter(({ run }) => /\p{L}\p{Ll}/u.test(run.text));
  const many = widths.length >= MANY;
  const [narrowest, widest] = [Math.min(...widths), Math.max(...widths)];
  const isFull = right - u1 < 0.3 * size && (many || u0 - left < 2 * size);
  if (words.length < 0.6 * runs.length) return false;
  // The last line of a paragraph is set like the others in some files.
  if (!isFull) return many && widest < EVEN_OF_LAST * narrowest && widest < WIDEST_OF_LAST * size;
  return widest < (many ? EVEN_OF_MANY : EVEN) * narrowest;
};

/** How much wider than the narrowest the widest blank of a justified line is at most, and of one with so many that no row has them. */
const EVEN = 1.3;
const EVEN_OF_MANY = 1.6;
const MANY = 5;
const EVEN_OF_LAST = 1.15;
/** In units of the type size. */
const WIDEST_OF_LAST = 2;

/** A line further in than the one above: the rest of a list item or of a hanging entry, not a new paragraph. */
const indentGoesOn = (
  group: readonly PlacedLine[],
  next: PlacedLine,
  after: PlacedLine | undefined,
  marked: boolean,
  ended: boolean,
): boolean => {
  if (group.length > 1) return false;
  if (marked) return true;
  return (
    !ended || (after !== undefined && Math.abs(after.u0 - next.u0) < 0.3 * next.size && !ENDED.test(group[0].text))
  );
};

/** A line further out than the one above: the end of a list item or hanging entry. */
const outdentEnds = (group: readonly PlacedLine[], next: PlacedLine, marked: boolean): boolean => {
  if (group.length === 1) return marked;
  return next.u0 < group[0].u0 - 0.7 * next.size || next.u0 <= group[0].u0 + 0.3 * next.size;
};

const firstWord = (line: PlacedLine): number => {
  const length = /^\S+/.exec(line.text)?.[0].length ?? 0;
  return ((length + 1) / Math.max(1, line.text.length)) * (line.u1 - line.u0);
};

const kindOf = (lines: readonly PlacedLine[], width: number, body: BodyType): Block['kind'] => {
  const text = lines.map((line) => line.text).join(' ');
  if (looksLikeHeading(text, lines, width, body) && !isNoHeading(text)) return 'heading';
  return BULLET.test(text) || NUMBERED.test(text) ? 'item' : 'prose';
};

const looksLikeHeading = (text: string, lines: readonly PlacedLine[], width: number, body: BodyType): boolean => {
  const size = lines[0].size;
  if (text.length > 220 || lines.length > 4 || !/\p{L}{2}/u.test(text)) return false;
  if (size > 1.14 * body.size && !(ENDED.test(text) && text.length > 120)) return true;
  if (!mayBeShortHeading(text, lines, width)) return false;
  const other = lines.every((line) => line.font !== '' && line.font !== body.font);
  if (size > 0.95 * body.size && other && /^[\p{Lu}\d]/u.test(text)) return true;
  // A numbered heading may hold a name in another font: "3.1.9 Privilege in mstatus".
  const mostlyOther = body.font !== '' && lines.every((line) => line.mostly !== body.font);
  if (HEADING_NUMBER.test(text) && mostlyOther) return true;
  return /\p{Lu}{3}/u.test(text) && text === text.toUpperCase();
};

/** What begins as an item does, leads on to what follows ("the Council found:") or to a page, or is written in code. */
const isNoHeading = (text: string): boolean =>
  BULLET.test(text) ||
  /[\\{}]/.test(text) ||
  /(?:\.\s?){5}/.test(text) ||
  (/:\p{Pd}?$/u.test(text) && text.split(' ').length > MOST_WORDS_BEFORE_COLON);

const MOST_WORDS_BEFORE_COLON = 5;

/** In the size of the text a heading is a line or two that does not fill its column and is no sentence. */
const mayBeShortHeading = (text: string, lines: readonly PlacedLine[], width: number): boolean =>
  lines.length <= 2 &&
  text.length < (CJK.test(text) ? LONGEST_IN_SIGNS : LONGEST_HEADING) &&
  !/[.,;。，；]$/.test(text) &&
  lines[0].u1 - lines[0].u0 < 0.95 * width;

const LONGEST_HEADING = 110;
/** Of scripts that write a word in one sign or two. */
const LONGEST_IN_SIGNS = 50;

/**
 * Puts together paragraphs that go on in the next column or on the next page. Blocks that stand between the two parts (footnotes, a
 * caption) come after the paragraph, and before it where it goes on overleaf, so that each page's text stays in one piece. `asPrinted`: no
 * block is moved, and such a paragraph stays in two pieces unless it breaks within a word. Yields what no later region can change.
 */
export function* joinAcrossBreaks(
  regions: Iterable<{ blocks: Block[]; cell: boolean }>,
  body: BodyType,
  asPrinted = false,
): Generator<Block> {
  /** What the next region may go on with, and the blocks after it. */
  let open: Block[] = [];
  let afterCell = false;
  for (const { blocks, cell } of regions) {
    const at = cell ? 0 : blocks.findIndex((block) => !isCaption(block));
    const next = blocks[at];
    const previous = next && !cell && !afterCell ? unfinished(open, next, body, at > 0) : -1;
    const isAside = at < 0 && open.length > 0 && !afterCell;
    afterCell = cell;
    const apart = at > 0 || previous < open.length - 1;
    const stays = asPrinted && apart && !/\p{Pd}$/u.test(open[previous]?.lines.at(-1)?.text ?? '');
    if (previous >= 0 && !stays) {
      yield* open.splice(0, previous);
      const [paragraph, ...others] = open;
      const { page } = next.lines[0];
      const isOver = ({ lines }: Block): boolean => paragraph.lines.at(-1)!.page !== page && lines[0].page !== page;
      yield* others.filter(isOver);
      const under = others.filter((block) => !isOver(block));
      paragraph.lines.push(...next.lines);
      open = [paragraph, ...under, ...blocks.toSpliced(at, 1)];
    } else if (isAside) open.push(...blocks);
    else {
      yield* open;
      open = [...blocks];
    }
  }
  yield* open;
}

const isCaption = ({ kind, lines }: Block): boolean => kind === 'prose' && CAPTION.test(lines[0].text);

/** Index of the paragraph that `next` goes on with, or -1. */
const unfinished = (open: readonly Block[], next: Block, body: BodyType, afterCaption: boolean): number => {
  if (next.kind !== 'prose' || isCaption(next)) return -1;
  let isAcross = afterCaption;
  for (let i = open.length - 1; i >= 0; i--) {
    const block = open[i];
    if (block.kind === 'heading') return -1;
    if (isCaption(block)) {
      isAcross = true;
      continue;
    }
    const last = block.lines.at(-1)!;
    if (isAcross && !(last.text.length > LONG_LINE && /^\p{Ll}/u.test(next.lines[0].text))) return -1;
    const alike = Math.abs(block.size - next.size) < 0.08 * next.size && last.angle === next.lines[0].angle;
    if (alike) {
      const unended = !ENDED.test(last.text) || /[;:,]$/.test(last.text);
      return unended && /^[\p{Ll}\d(“"‘'[]|^\p{Lu}/u.test(next.lines[0].text) && goesOn(last.text, next.lines[0].text)
        ? i
        : -1;
    }
    if (block.size > 0.95 * body.size) return -1;
  }
  return -1;
};

/** Capitals after an open end are taken for the same sentence only when the end is an open one for sure. */
const goesOn = (end: string, start: string): boolean =>
  /^[\p{Ll}([]/u.test(start) ||
  /(?:[,\p{Pd}]|\b(?:the|a|an|of|and|or|in|on|to|for|by|with|from|at|as|that|which|is|are|was|were|be|its|their|this|these|not|than))$/iu.test(
    end,
  ) ||
  (/\p{L}$/u.test(end) && end.split(/\s+/).length > 5);
