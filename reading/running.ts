// Running heads, feet and page numbers: what stands at the same height at the edge of several pages and differs in numbers
// only. They belong to the page, not to the text, and would tear apart the sentence that crosses from one page to the next.
import type { PageText, Segment } from './glyphs.ts';
import { type Line, toLines } from './lines.ts';

/** Part of a page's height at either end in which running lines are looked for. */
const EDGE = 0.14;
/** Lines at either end that are looked at. */
const DEEPEST = 3;

interface EdgeLine {
  page: PageText;
  line: Line;
  key: string;
  /** Distance of the baseline from its end of the page. */
  offset: number;
  top: boolean;
}

/** Takes running lines out of the pages' main frames, in place. */
export const removeRunningLines = (pages: readonly PageText[]): void => {
  for (const [page, segments] of findRunningLines(pages)) {
    const frame = page.frames[0];
    frame.segments = frame.segments.filter((segment) => !segments.has(segment));
  }
};

/** Running lines of the pages' main frames. */
export const findRunningLines = (pages: readonly PageText[]): Map<PageText, Set<Segment>> => {
  const edges = pages.flatMap(edgeLines);
  const groups = new Map<string, EdgeLine[]>();
  for (const edge of edges) {
    const group = groups.get(edge.key);
    if (group) group.push(edge);
    else groups.set(edge.key, [edge]);
  }
  const needed = pages.length < 6 ? 2 : 3;
  const running = new Map<PageText, Set<Segment>>();
  for (const edge of edges) {
    const same = groups.get(edge.key)!.filter((other) => Math.abs(other.offset - edge.offset) < 4);
    if (new Set(same.map((other) => other.page)).size < needed) continue;
    const segments = running.get(edge.page) ?? new Set<Segment>();
    for (const segment of edge.line.segments) segments.add(segment);
    running.set(edge.page, segments);
  }
  return running;
};

const edgeLines = (page: PageText): EdgeLine[] => {
  const frame = page.frames[0];
  if (frame === undefined || frame.angle % 90 !== 0) return [];
  const height = frame.angle % 180 === 0 ? page.height : page.width;
  const origin = frame.angle === 0 || frame.angle === 270 ? 0 : -height;
  const near = frame.segments.filter((s) => s.v - origin < EDGE * height || s.v - origin > (1 - EDGE) * height);
  const lines = toLines(near);
  const found: EdgeLine[] = [];
  const take = (line: Line, top: boolean): void => {
    const offset = top ? line.v - origin : height - (line.v - origin);
    if (offset < EDGE * height) found.push({ page, line, key: (top ? 't' : 'b') + pattern(line), offset, top });
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
