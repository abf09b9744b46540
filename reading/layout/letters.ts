// Where each letter of a document's text is printed, so that a few words have rectangles of their own and not those of their lines. A
// book has millions of letters: a stretch is what a line prints in one direction, and its letters are 16 bits each, shares of its length.
import type { Box } from '../document.ts';
import { frameBox } from './glyphs.ts';
import { type Printed, placeOf } from './printed.ts';

export interface Letters {
  /** Of each stretch, in order of the text: its part of it [start, end), page, angle, and the place of its first edge. */
  stretches: Uint32Array<ArrayBuffer>;
  /** Of each stretch its bounds along the writing, its baseline and size. */
  places: Float32Array<ArrayBuffer>;
  /** Where each letter of a stretch begins and the last one ends: 0 … 65,535 from one bound to the other. */
  edges: Uint16Array<ArrayBuffer>;
}

const [START, END, PAGE, ANGLE, FIRST, FACTS] = [0, 1, 2, 3, 4, 5];
const PLACES = 4;
const WHOLE = 65_535;

/** What a stretch is made of. */
export interface Stretch {
  start: number;
  page: number;
  angle: number;
  v: number;
  size: number;
  /** One more than it has letters, along the writing in points; they rise, or fall where it is read from the right. */
  edges: readonly number[];
}

export class LettersWriter {
  readonly #stretches: number[] = [];
  readonly #places: number[] = [];
  #edges = new Uint16Array(1 << 14);
  #length = 0;

  /** What a block has printed. */
  add(printed: readonly Printed[]): void {
    let open: (Stretch & { edges: number[] }) | undefined;
    let before: Printed | undefined;
    for (const piece of printed) {
      const { start, end, line, run } = piece;
      if (!open || !before || !continues(before, piece)) {
        if (open) this.addStretch(open);
        const { page, angle } = line;
        const { v, size } = placeOf(piece);
        open = { start, page, angle, v, size, edges: [] };
      }
      // A blank reaches from the word before to this one.
      const last = open.edges.pop();
      while (open.start + open.edges.length < start) open.edges.push(last!);
      for (let i = 0; i <= end - start; i++) open.edges.push(run.edges[i]);
      before = piece;
    }
    if (open) this.addStretch(open);
  }

  addStretch({ start, page, angle, v, size, edges }: Stretch): void {
    const [u0, u1] = [edges[0], edges[edges.length - 1]].sort((a, b) => a - b);
    this.#stretches.push(start, start + edges.length - 1, page, angle, this.#length);
    this.#places.push(u0, u1, v, size);
    this.#makeRoom(edges.length);
    for (const edge of edges) {
      const share = u1 > u0 ? (edge - u0) / (u1 - u0) : 0;
      this.#edges[this.#length++] = Math.round(Math.min(1, Math.max(0, share)) * WHOLE);
    }
  }

  end(): Letters {
    return {
      stretches: Uint32Array.from(this.#stretches),
      places: Float32Array.from(this.#places),
      edges: this.#edges.slice(0, this.#length),
    };
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#edges.length) return;
    const wider = new Uint16Array(2 * (this.#length + more));
    wider.set(this.#edges);
    this.#edges = wider;
  }
}

/** Whether a run goes on where the one before it ends: on the same line, in the same direction. */
const continues = (before: Printed, piece: Printed): boolean => {
  const { line, run } = piece;
  if (placeOf(piece) !== placeOf(before) || run.rtl !== before.run.rtl) return false;
  const onward = run.edges[0] - before.run.edges[before.end - before.start];
  return (run.rtl ? -onward : onward) > -0.5 * line.size;
};

const countOf = ({ stretches }: Letters): number => stretches.length / FACTS;

/** Index of the first stretch that ends after an offset. */
const firstAfter = (letters: Letters, offset: number): number => {
  let [low, high] = [0, countOf(letters)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (letters.stretches[FACTS * middle + END] <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Rectangles of text[start, end), one for each line, and where a line changes its direction one for each direction. */
export const boxesAt = (letters: Letters, start: number, end: number): Box[] => {
  const { stretches, places, edges } = letters;
  const boxes: Box[] = [];
  for (let i = firstAfter(letters, start); i < countOf(letters); i++) {
    const facts = stretches.subarray(FACTS * i, FACTS * (i + 1));
    if (facts[START] >= end) break;
    const [u0, u1, v, size] = places.subarray(PLACES * i, PLACES * (i + 1));
    const place = (offset: number): number => u0 + (edges[facts[FIRST] + offset - facts[START]] / WHOLE) * (u1 - u0);
    const [from, to] = [place(Math.max(start, facts[START])), place(Math.min(end, facts[END]))];
    if (from !== to) boxes.push(frameBox(facts[PAGE], facts[ANGLE], Math.min(from, to), Math.max(from, to), v, size));
  }
  return boxes;
};

/** What of the text stands on each page, from its first letter to behind its last: those of two pages may overlap. */
export const rangesOfPages = ({ stretches }: Letters): Map<number, [number, number]> => {
  const ranges = new Map<number, [number, number]>();
  for (let at = 0; at < stretches.length; at += FACTS) {
    const range = ranges.get(stretches[at + PAGE]);
    if (range) range[1] = stretches[at + END];
    else ranges.set(stretches[at + PAGE], [stretches[at + START], stretches[at + END]]);
  }
  return ranges;
};
