// Running heads, feet and page numbers: what stands at the same height at the edge of several pages and differs in numbers
// only, mostly in one that counts the pages. They belong to the page, not to the text, and would tear apart the sentence that crosses from one
// page to the next. Headings ("Lot 3") and rows of a table stand at the same height too: a word or two in large type, and numbers
// without words, must be the same in full.
import type { LeftOut } from '../document.ts';
import { frameBox, type PageText, type Segment } from './glyphs.ts';
import { type Line, toLines } from './lines.ts';

/** Part of a page's height at either end in which running lines are looked for. */
const EDGE = 0.14;
/** Lines at either end that are looked at. */
const DEEPEST = 3;

/** By page number: which segments of its main frame are running lines. */
export type RunningLines = ReadonlyMap<number, ReadonlySet<number>>;

interface EdgeLine {
  page: number;
  /** Its segments, as indices into the page's main frame. */
  segments: number[];
  key: string;
  /** As it stands, and the numbers in it. */
  text: string;
  numbers: number[];
  /** Distance of the baseline from its end of the page. */
  offset: number;
}

/** Points: running lines differ by less in height. */
const ALIKE = 4;

/** Takes running lines out of the page's main frame, in place, and says what they were. */
export const takeRunningLines = (page: PageText, marks: RunningLines): LeftOut[] => {
  const which = marks.get(page.number);
  if (!which) return [];
  const [frame] = page.frames;
  const taken = frame.segments.filter((_, i) => which.has(i));
  frame.segments = frame.segments.filter((_, i) => !which.has(i));
  return taken.map(({ runs, u0, u1, v, size }) => ({
    page: page.number,
    why: 'running',
    text: runs.map((run) => run.text).join(' '),
    boxes: [frameBox(page.number, frame.angle, u0, u1, v, size)],
  }));
};

/** Running lines of the pages' main frames. */
export const findRunningLines = (pages: Iterable<PageText>): RunningLines => {
  const edges: EdgeLine[] = [];
  let count = 0;
  for (const page of pages) {
    edges.push(...edgeLines(page));
    count++;
  }
  const needed = count < 6 ? 2 : 3;
  const running = new Map<number, Set<number>>();
  for (const group of Map.groupBy(edges, ({ key }) => key).values()) {
    const found = group.length < needed ? [] : furniture(repeated(group, needed));
    for (const { page, segments } of found) {
      const marked = running.get(page) ?? new Set<number>();
      for (const segment of segments) marked.add(segment);
      running.set(page, marked);
    }
  }
  return running;
};

/** Share of the steps from line to line in which a number that counts the pages grows: it may begin anew with each chapter. */
const GROWING = 0.7;

/** Less those with several numbers of their own, as rows of a table have: no other page has the same line, and no number counts the pages. */
const furniture = (lines: EdgeLine[]): EdgeLine[] => {
  const inOrder = lines.toSorted((a, b) => a.page - b.page);
  const steps = inOrder.slice(1).map(({ numbers }, k) => numbers.map((number, i) => number - inOrder[k].numbers[i]));
  const which = (inOrder[0]?.numbers ?? []).map((_, i) => steps.map((step) => step[i]));
  const changing = which.filter((ofOne) => ofOne.some((step) => step !== 0));
  const counts = changing.some((ofOne) => ofOne.filter((step) => step > 0).length >= GROWING * steps.length);
  if (changing.length < 2 || counts) return lines;
  const pages = Map.groupBy(lines, ({ text }) => text.replaceAll(' ', ''));
  return lines.filter(({ text }) => new Set(pages.get(text.replaceAll(' ', ''))!.map(({ page }) => page)).size > 1);
};

/** Those that stand at nearly the same height on as many pages as are needed. */
const repeated = (group: EdgeLine[], needed: number): EdgeLine[] => {
  group.sort((a, b) => a.offset - b.offset);
  // How many lines of each page lie within reach: a window that moves with the line.
  const pages = new Map<number, number>();
  const count = (page: number, more: number): void => {
    const lines = (pages.get(page) ?? 0) + more;
    if (lines > 0) pages.set(page, lines);
    else pages.delete(page);
  };
  let [first, after] = [0, 0];
  return group.filter(({ offset }) => {
    while (after < group.length && group[after].offset - offset < ALIKE) count(group[after++].page, 1);
    while (offset - group[first].offset >= ALIKE) count(group[first++].page, -1);
    return pages.size >= needed;
  });
};

const edgeLines = (page: PageText): EdgeLine[] => {
  const frame = page.frames[0];
  if (frame === undefined || frame.angle % 90 !== 0) return [];
  const height = frame.angle % 180 === 0 ? page.height : page.width;
  const origin = frame.angle === 0 || frame.angle === 270 ? 0 : -height;
  const near = frame.segments.filter((s) => s.v - origin < EDGE * height || s.v - origin > (1 - EDGE) * height);
  const indices = new Map(frame.segments.map((segment, i) => [segment, i]));
  const lines = toLines(near);
  const usual = usualSize(frame.segments);
  const found: EdgeLine[] = [];
  const take = (line: Line, top: boolean): void => {
    const offset = top ? line.v - origin : height - (line.v - origin);
    if (offset >= EDGE * height) return;
    const segments = line.segments.map((segment) => indices.get(segment)!);
    const text = textOf(line);
    const own = isNumberRow(text) || (line.size > LARGE * usual && isNumberedHeading(text));
    const key = (top ? 't' : 'b') + (own ? text : text.replace(NUMBER, '#').replaceAll(' ', ''));
    found.push({ page: page.number, segments, key, text, numbers: own ? [] : numbersOf(text), offset });
  };
  for (const line of lines.slice(0, DEEPEST)) take(line, true);
  for (const line of lines.slice(-DEEPEST)) take(line, false);
  return found;
};

/** From this on, in units of the page's usual type, a line is a heading's size. */
const LARGE = 1.14;

/** Size of most of the letters. */
const usualSize = (segments: readonly Segment[]): number => {
  const sizes = new Map<number, number>();
  for (const { size, runs } of segments)
    sizes.set(size, (sizes.get(size) ?? 0) + runs.reduce((sum, run) => sum + run.text.length, 0));
  return [...sizes].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])[0];
};

const textOf = (line: Line): string =>
  line.segments
    .flatMap((segment) => segment.runs.map((run) => run.text))
    .join(' ')
    .toLowerCase()
    .replace(/\s+/g, ' ');

const ROMAN: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };
const NUMBER = /\d+|(?<=^|\s)[ivxlc]+(?=$|\s)/g;

const numbersOf = (text: string): number[] =>
  (text.match(NUMBER) ?? []).map((number) => {
    if (/\d/.test(number)) return Number(number);
    const values = [...number].map((letter) => ROMAN[letter]);
    return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
  });

/** "lot 3", "part 2 b": a word or two with a number. What has more words, or says that it is a page's number, is a running head in large type. */
const isNumberedHeading = (text: string): boolean => {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  return (
    words.length > 0 &&
    words.length < 3 &&
    !/^\P{L}*(?:page|seite|p\u00e1gina|pagina|strona|side|sida|sivu)\b/u.test(text)
  );
};

/** Three numbers or more and not a word, nor a date or time: a row of a table. */
const isNumberRow = (text: string): boolean =>
  !/[\p{L}/:]/u.test(text) && (text.match(/(?<=^|\s)[(–-]?\d[\d.,]*%?\)?(?=$|\s)/gu)?.length ?? 0) > 2;
