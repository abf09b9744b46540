// Running heads, feet and page numbers: what stands at the same height at the edge of several pages and differs in numbers
// only. They belong to the page, not to the text, and would tear apart the sentence that crosses from one page to the next.
import type { LeftOut } from './document.ts';
import { frameBox, type PageText } from './glyphs.ts';
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
    for (const { page, segments } of group.length < needed ? [] : repeated(group, needed)) {
      const marked = running.get(page) ?? new Set<number>();
      for (const segment of segments) marked.add(segment);
      running.set(page, marked);
    }
  }
  return running;
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
  const found: EdgeLine[] = [];
  const take = (line: Line, top: boolean): void => {
    const offset = top ? line.v - origin : height - (line.v - origin);
    if (offset >= EDGE * height) return;
    const segments = line.segments.map((segment) => indices.get(segment)!);
    found.push({ page: page.number, segments, key: (top ? 't' : 'b') + pattern(line), offset });
  };
  for (const line of lines.slice(0, DEEPEST)) take(line, true);
  for (const line of lines.slice(-DEEPEST)) take(line, false);
  return found;
};

/** The words of a line with every number made alike. */
const pattern = (line: Line): string =>
  line.segments
    .flatMap((segment) => segment.runs.map((run) => run.text))
    .join(' ')
    .toLowerCase()
    .replace(/\d+/g, '#')
    .replace(/(?<=^|\s)[ivxlc]+(?=$|\s)/g, '#')
    .replace(/\s+/g, '');
