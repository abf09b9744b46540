// A page's text, packed. A word with the places of its letters is a dozen objects, and a book has a million words, which wait until its
// last page is read: what is a running head, and what a broken word, shows in the whole. As numbers in two arrays, and one string, a
// page takes a tenth. Places are kept to 24 bits: 0.0001 points on a page of A4.
import type { Frame, PageText, Run, Segment } from './page-text.ts';

export interface PackedText extends Omit<PageText, 'frames'> {
  /** The letters of all runs, in order. */
  letters: string;
  fonts: string[];
  /** Frames; of each its angle and segments; of each segment its runs; of each run its letters, then font and flags. */
  counts: Uint32Array;
  /** Of each segment u0, u1, v, size; of each run its letters' edges, and where these do not give them u0, u1, v, size. */
  places: Float32Array;
}

const BLANK = 1;
const RTL = 2;
/** Its place follows from its letters and its segment. */
const PLAIN = 4;
const FLAGS = 8;

export const packText = ({ frames, ...page }: PageText): PackedText => {
  const [texts, counts, places] = [[] as string[], [frames.length], [] as number[]];
  const fonts = new Map<string, number>();
  const packRun = (run: Run, segment: Segment): void => {
    const font = fonts.get(run.font) ?? fonts.size;
    fonts.set(run.font, font);
    const plain = isPlain(run, segment);
    const flags = (run.blank ? BLANK : 0) | (run.rtl ? RTL : 0) | (plain ? PLAIN : 0);
    texts.push(run.text);
    counts.push(run.text.length, font * FLAGS + flags);
    for (const edge of run.edges) places.push(edge);
    if (!plain) places.push(run.u0, run.u1, run.v, run.size);
  };
  for (const { angle, segments } of frames) {
    counts.push(angle, segments.length);
    for (const segment of segments) {
      counts.push(segment.runs.length);
      places.push(segment.u0, segment.u1, segment.v, segment.size);
      for (const run of segment.runs) packRun(run, segment);
    }
  }
  return {
    ...page,
    letters: texts.join(''),
    fonts: [...fonts.keys()],
    counts: Uint32Array.from(counts),
    places: Float32Array.from(places),
  };
};

const isPlain = ({ edges, u0, u1, v, size, rtl }: Run, segment: Segment): boolean => {
  const [start, end] = rtl ? [edges.at(-1), edges[0]] : [edges[0], edges.at(-1)];
  return u0 === start && u1 === end && v === segment.v && size === segment.size;
};

/** The page, made anew each time: whoever has it may change it. */
export const unpackText = ({ letters, fonts, counts, places, ...page }: PackedText): PageText => {
  let [letter, count, place] = [0, 0, 0];
  const unpackRun = (segment: Segment): Run => {
    const length = counts[count++];
    const facts = counts[count++];
    const edges = Array.from(places.subarray(place, place + length + 1));
    place += length + 1;
    const text = letters.slice(letter, letter + length);
    letter += length;
    const rtl = (facts & RTL) !== 0;
    let [u0, u1] = rtl ? [edges[length], edges[0]] : [edges[0], edges[length]];
    let { v, size } = segment;
    if ((facts & PLAIN) === 0) {
      [u0, u1, v, size] = places.subarray(place, place + 4);
      place += 4;
    }
    return { text, edges, u0, u1, v, size, font: fonts[Math.floor(facts / FLAGS)], blank: (facts & BLANK) !== 0, rtl };
  };
  const unpackSegment = (): Segment => {
    const runs = counts[count++];
    const [u0, u1, v, size] = places.subarray(place, place + 4);
    place += 4;
    const segment: Segment = { runs: [], u0, u1, v, size };
    for (let i = 0; i < runs; i++) segment.runs.push(unpackRun(segment));
    return segment;
  };
  const unpackFrame = (): Frame => {
    const frame: Frame = { angle: counts[count++], segments: [] };
    for (let left = counts[count++]; left > 0; left--) frame.segments.push(unpackSegment());
    return frame;
  };
  const frames: Frame[] = [];
  for (let left = counts[count++]; left > 0; left--) frames.push(unpackFrame());
  return { ...page, frames };
};
