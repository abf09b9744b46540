// Capitals over several lines at the head of a paragraph ("T" beside "HIS article"): they are drawn on the baseline of the last line beside
// them, in a type of their own, and belong to the first word of the first one. So do large ones on the first line's own baseline.
import type { Run, Segment } from './page-text.ts';

/** How much larger than its word such a capital is. */
const LARGER = 1.6;
const CAPITAL = /^["'“‘„«]?\p{Lu}$/u;
/** The rest of its word, or the next word where there is a blank; "A" beside "Apple" is the head of a list. */
const REST = /^['’]?(?:\p{Ll}|\p{Lu}(?!\p{Ll}))/u;
const WORD = /^\p{L}/u;
/** In units of the type size of the lines: how far behind the capital these begin, and what is near. */
const BEHIND = 1.2;
const NEAR = 0.3;
/** How far apart the tops of the capital and of the first line are, and share of its type that a capital is high. */
const UNEVEN = 0.7;
const HEIGHT = 0.68;
/** Of one page. */
const MOST = 40;

/** Whether a run in a line of type `size` is such a capital. */
export const isInitial = (run: Run, size: number): boolean => run.size >= LARGER * size && CAPITAL.test(run.text);

/** Segments with each such capital at the head of its first line. */
export const joinInitials = (segments: Segment[]): Segment[] => {
  const usual = segments.map(({ size }) => size).sort((a, b) => a - b)[(segments.length - 1) >> 1];
  const headed = segments.filter(({ runs: [head] }) => isInitial(head, usual));
  return headed.slice(0, MOST).reduce(joinInitial, segments);
};

const joinInitial = (segments: Segment[], whole: Segment): Segment[] => {
  const [capital, ...runs] = whole.runs;
  const rest = runs.length > 0 ? restOf(runs) : undefined;
  if (rest && !isInitial(capital, rest.size)) return segments;
  const isRaised = rest && Math.abs(capital.v - rest.v) < NEAR * rest.size;
  const parted = segments.flatMap((segment) => (segment !== whole ? [segment] : rest ? [rest] : []));
  const [first, ...others] = isRaised ? [rest] : linesBeside(capital, parted);
  if (!first || !goesOn(first.runs[0]) || !(isRaised || isDropped(capital, first, others.length))) return segments;
  // What stands beside the capital begins with it, as the lines under it do.
  return parted.map((segment) => {
    if (segment === first) return withInitial(capital, first);
    return others.includes(segment) ? { ...segment, u0: capital.u0 } : segment;
  });
};

const restOf = (runs: Run[]): Segment => {
  const { u0, v, size } = runs[0];
  return { runs, u0, u1: Math.max(...runs.map(({ u1 }) => u1)), v, size };
};

/** Segments that begin right of the capital at one place, from its top to its baseline. */
const linesBeside = (capital: Run, segments: readonly Segment[]): Segment[] => {
  const beside = segments.filter(
    ({ u0, v, size }) =>
      capital.size >= LARGER * size &&
      u0 > capital.u1 - NEAR * size &&
      u0 < capital.u1 + BEHIND * size &&
      v > capital.v - capital.size &&
      v < capital.v + NEAR * size,
  );
  return beside.sort((a, b) => a.v - b.v);
};

const goesOn = ({ text, blank }: Run): boolean => REST.test(text) || (blank && WORD.test(text));

const isDropped = (capital: Run, first: Segment, others: number): boolean =>
  others > 0 &&
  first.v < capital.v - NEAR * first.size &&
  Math.abs(capital.v - HEIGHT * capital.size - (first.v - HEIGHT * first.size)) < UNEVEN * first.size;

/** The first line with its capital, which reaches up to the rest of the word where it is no word of its own. */
const withInitial = (capital: Run, line: Segment): Segment => {
  const [next] = line.runs;
  const run = next.blank ? capital : { ...capital, u1: next.u0, edges: [...capital.edges.slice(0, -1), next.u0] };
  return { ...line, runs: [run, ...line.runs], u0: capital.u0 };
};
