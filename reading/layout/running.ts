// Running heads, feet and page numbers: what stands at the same height at the edge of several pages and differs in numbers
// only, mostly in one that counts the pages. They belong to the page, not to the text, and would tear apart the sentence that crosses from one
// page to the next. Headings ("Lot 3") and rows of a table stand at the same height too: a word or two in large type, and numbers
// without words, must be the same in full. So does the first line of a text that begins alike on every page: it goes on in the next.
import type { LeftOut } from '../document.ts';
import { frameBox } from './glyphs.ts';
import { cellsOf, type Line, toLines } from './lines.ts';
import type { PageText, Segment } from './page-text.ts';

/** Part of a page's height at either end in which running lines are looked for. */
const EDGE = 0.14;
/** Likewise, of the outermost line where it stands apart: pages with wide margins have their numbers that far in. */
const WIDE_EDGE = 0.2;
/** In units of the type size, how far such a line is from the text at least. */
const APART = 1.7;
/** Lines at either end that are looked at. */
const DEEPEST = 3;

/** By page number: which segments of its main frame are running lines. */
export type RunningLines = ReadonlyMap<number, ReadonlySet<number>>;

interface EdgeLine {
  page: number;
  /** The first page with the same text between its edges: some files hold pages twice. */
  like: number;
  /** Its segments, as indices into the page's main frame. */
  segments: number[];
  key: string;
  /** As it stands, and the numbers in it. */
  text: string;
  numbers: number[];
  /** Distance of the baseline from its end of the page. */
  offset: number;
  /** Segments of the line further in, of the same type and at the distance of lines of a paragraph. */
  next?: number[];
  /** A word or two with a number at the head of the page, in a font that the text has not. */
  titled: boolean;
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
  const bodies = new Map<string, number>();
  let count = 0;
  for (const page of pages) {
    const body = bodyOf(page);
    const like = (body !== '' && bodies.get(body)) || page.number;
    bodies.set(body, like);
    for (const line of edgeLines(page)) edges.push({ ...line, like });
    count++;
  }
  const needed = count < FEW ? 2 : 3;
  const running = new Map<number, Set<number>>();
  const keyOf = ({ key, text, titled }: EdgeLine): string => (titled && count < FEW ? text : key);
  for (const group of Map.groupBy(edges, keyOf).values()) {
    const found = group.length < needed ? [] : furniture(repeated(group, needed));
    for (const { page, segments } of found) {
      const marked = running.get(page) ?? new Set<number>();
      for (const segment of segments) marked.add(segment);
      running.set(page, marked);
    }
  }
  // From the inside out: of a head with two lines the second is one too.
  for (const { page, segments, next } of edges.toReversed()) {
    const marked = running.get(page);
    if (next && marked && !next.some((segment) => marked.has(segment)))
      for (const segment of segments) marked.delete(segment);
  }
  return running;
};

/** In documents of fewer pages a line that is on two of them is a running one, and "Lot 3" in a font of its own a heading. */
const FEW = 6;

/** Share of the steps from line to line in which a number that counts the pages grows: it may begin anew with each chapter. */
const GROWING = 0.7;

/**
 * Less those that no other page has and whose numbers do not count the pages: rows of a table, with several numbers of their own, and
 * headings with one ("Chapter 3"), pages apart.
 */
const furniture = (lines: EdgeLine[]): EdgeLine[] => {
  const inOrder = lines.toSorted((a, b) => a.page - b.page);
  const steps = inOrder.slice(1).map(({ numbers }, k) => numbers.map((number, i) => number - inOrder[k].numbers[i]));
  const which = (inOrder[0]?.numbers ?? []).map((_, i) => steps.map((step) => step[i]));
  const changing = which.filter((ofOne) => ofOne.some((step) => step !== 0));
  const grows = (ofOne: number[]): boolean => ofOne.filter((step) => step > 0).length >= GROWING * steps.length;
  const turned = inOrder.slice(1).map(({ page }, k) => page - inOrder[k].page);
  const counts = (ofOne: number[]): boolean => 2 * ofOne.filter((step, k) => step === turned[k]).length >= steps.length;
  if (changing.length === 0 || (changing.length > 1 && changing.some(grows))) return lines;
  if (changing.length === 1 && (!isNumberedHeading(inOrder[0].text) || counts(changing[0]))) return lines;
  const pages = Map.groupBy(lines, ({ text }) => text.replaceAll(' ', ''));
  return lines.filter(({ text }) => new Set(pages.get(text.replaceAll(' ', ''))!.map(({ like }) => like)).size > 1);
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
    while (after < group.length && group[after].offset - offset < ALIKE) count(group[after++].like, 1);
    while (offset - group[first].offset >= ALIKE) count(group[first++].like, -1);
    return pages.size >= needed;
  });
};

/** Height of a page in its main frame, and where its top is there; undefined where no edge is level with its lines. */
const edgesOf = ({ frames: [frame], width, height }: PageText): { height: number; origin: number } | undefined => {
  if (frame === undefined || frame.angle % 90 !== 0) return undefined;
  const own = frame.angle % 180 === 0 ? height : width;
  return { height: own, origin: frame.angle === 0 || frame.angle === 270 ? 0 : -own };
};

/** What tells the text between a page's edges from others: its length, beginning and end. Empty where there is little. */
const bodyOf = (page: PageText): string => {
  const edges = edgesOf(page);
  if (!edges) return '';
  const { height, origin } = edges;
  const between = page.frames[0].segments.filter(
    ({ v }) => v - origin > WIDE_EDGE * height && v - origin < (1 - WIDE_EDGE) * height,
  );
  const text = between.flatMap(({ runs }) => runs.map((run) => run.text)).join(' ');
  return text.length < LEAST_BODY ? '' : `${text.length} ${text.slice(0, LEAST_BODY)} ${text.slice(-LEAST_BODY)}`;
};

/** Characters. */
const LEAST_BODY = 100;

const edgeLines = (page: PageText): Omit<EdgeLine, 'like'>[] => {
  const edges = edgesOf(page);
  if (!edges) return [];
  const { height, origin } = edges;
  const [frame] = page.frames;
  const near = frame.segments.filter(
    ({ v }) => v - origin < (WIDE_EDGE + BEYOND) * height || v - origin > (1 - WIDE_EDGE - BEYOND) * height,
  );
  const indices = new Map(frame.segments.map((segment, i) => [segment, i]));
  const lines = toLines(near);
  const usual = usualType(frame.segments);
  const found: Omit<EdgeLine, 'like'>[] = [];
  const indicesOf = (line: Line): number[] => line.segments.map((segment) => indices.get(segment)!);
  const take = (line: Line, inner: Line | undefined, top: boolean): void => {
    const offset = top ? line.v - origin : height - (line.v - origin);
    const isOutermost = line === (top ? lines[0] : lines.at(-1));
    if (offset >= (isOutermost && standsApart(line, inner, usual.size) ? WIDE_EDGE : EDGE) * height) return;
    const text = textOf(line);
    const own = isNumberRow(text) || (line.size > LARGE * usual.size && isNumberedHeading(text));
    const key = (top ? 't' : 'b') + (own ? text : text.replace(NUMBER, '#').replaceAll(' ', ''));
    const numbers = own ? [] : numbersOf(text);
    const titled = top && line.segments[0].runs[0].font !== usual.font && isNumberedHeading(text);
    const next = inner && areOneText(line, inner) ? indicesOf(inner) : undefined;
    found.push({
      page: page.number,
      segments: indicesOf(line),
      key,
      text,
      numbers,
      offset,
      titled,
      ...(next && { next }),
    });
  };
  const last = lines.length - 1;
  for (let i = 0; i <= Math.min(last, DEEPEST - 1); i++) take(lines[i], lines[i + 1], true);
  for (let i = last; i >= Math.max(0, last - DEEPEST + 1); i--) take(lines[i], lines[i - 1], false);
  return found;
};

/** Whether two lines are of one paragraph: of the same type, whole, and no further apart than lines of a text. */
const areOneText = (line: Line, inner: Line): boolean => {
  const [a, b] = [line, inner].map(({ segments }) => segments.flatMap(({ runs }) => runs));
  return (
    Math.abs(line.v - inner.v) < LINE_PITCH * line.size &&
    Math.abs(line.size - inner.size) < 0.05 * line.size &&
    a.at(-1)!.font === b[0].font &&
    line.u1 - line.u0 > 0.5 * (inner.u1 - inner.u0) &&
    cellsOf(line).length === 1 &&
    a.length > 4
  );
};

/** Whether words in the type of the text or smaller, or one number in not much more, have more white before the next line than lines of a text. */
const standsApart = (line: Line, inner: Line | undefined, size: number): boolean => {
  if (inner && Math.abs(line.v - inner.v) <= APART * Math.max(line.size, inner.size)) return false;
  const text = textOf(line);
  return line.size < (LONE_NUMBER.test(text) ? 1.5 : 1.05) * size && (LONE_NUMBER.test(text) || /\p{L}{2}/u.test(text));
};

const LONE_NUMBER = /^[\s\p{P}]*(?:\d{1,4}|[ivxlc]+)[\s\p{P}]*$/u;

/** Part of a page's height beyond the edge in which the line after a running one may stand. */
const BEYOND = 0.03;
/** Distance of baselines, in units of the type size, that lines of a paragraph have at most. */
const LINE_PITCH = 1.35;

/** From this on, in units of the page's usual type, a line is a heading's size. */
const LARGE = 1.14;

/** Size and font of most of the letters. */
const usualType = (segments: readonly Segment[]): { size: number; font: string } => {
  const most = <K>(keyOf: (segment: Segment) => K): K | undefined => {
    const counts = new Map<K, number>();
    for (const segment of segments) {
      const key = keyOf(segment);
      counts.set(key, (counts.get(key) ?? 0) + segment.runs.reduce((sum, run) => sum + run.text.length, 0));
    }
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  };
  return { size: most(({ size }) => size) ?? 0, font: most(({ runs }) => runs[0].font) ?? '' };
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
