// Where matches lie along a strip that is as long as the document: a tick each, and where there are too many to be told apart, bars of
// those that touch. Pure.
import type { Find } from './find.ts';

/** Limits on everything: more ticks than these are no ticks any more. */
const MOST_TICKS = 400;

export type Tick = [from: number, to: number];

/** Where a page and a share of its text are on the strip, 0 … 1; undefined where the page is not on it. */
export type PlaceOnStrip = (page: number, share: number) => number | undefined;

interface Stretch {
  page: number;
  start: number;
  end: number;
}

/** Pages by where their text begins in all that is searched. */
const stretchesOf = (parts: Find['parts']): Stretch[] =>
  parts.flatMap(({ base, pages }) =>
    [...pages]
      .map(([page, [start, end]]) => ({ page, start: base + start, end: base + end }))
      .sort((a, b) => a.start - b.start),
  );

/** Of each match its place on the strip, in order. */
function placesOf({ parts, found }: Pick<Find, 'parts' | 'found'>, placeAt: PlaceOnStrip): (number | undefined)[] {
  const stretches = stretchesOf(parts);
  let at = 0;
  return found.matches.map(({ start }) => {
    while (at + 1 < stretches.length && stretches[at + 1]!.start <= start) at++;
    const stretch = stretches[at];
    if (!stretch) return undefined;
    const share = (start - stretch.start) / Math.max(1, stretch.end - stretch.start);
    return placeAt(stretch.page, Math.min(1, Math.max(0, share)));
  });
}

export function ticksOf(find: Pick<Find, 'parts' | 'found' | 'now'>, placeAt: PlaceOnStrip) {
  const places = placesOf(find, placeAt);
  const there = places.filter((place) => place !== undefined);
  const now = places[find.now];
  if (there.length <= MOST_TICKS) return { ticks: there.map((place): Tick => [place, place]), now };
  const taken = new Set(there.map((place) => Math.min(MOST_TICKS - 1, Math.floor(place * MOST_TICKS))));
  const ticks: Tick[] = [];
  for (let bin = 0; bin < MOST_TICKS; bin++) {
    if (!taken.has(bin)) continue;
    const [from, to] = [bin / MOST_TICKS, (bin + 1) / MOST_TICKS];
    const last = ticks.at(-1);
    if (last && taken.has(bin - 1)) last[1] = to;
    else ticks.push([from, to]);
  }
  return { ticks, now };
}
