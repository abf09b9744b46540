// Where the pages are asked to go: citations, places of the outline, the way back, zoom. Pure functions from a state to the next.
import type { Box } from '../reading/document.ts';
import {
  answers,
  citationAt,
  comparingBack,
  type Place,
  type Selection,
  type State,
  type Step,
  shownSummary,
  type Target,
} from './state.ts';

/** The reader is there from now on: pages that were not on the screen, as in a narrow window, begin where the reader is. */
const goTo = (state: State, { page, y }: Place, by: Target['by'], boxes: readonly Box[]): State => ({
  ...state,
  pane: 'pages',
  here: { page, y },
  target: { page, y, by, boxes, serial: state.target.serial + 1 },
});

/** Limits on everything: how many jumps can be taken back. */
const LONGEST_TRAIL = 100;

const trailed = ({ trail, here, pane }: State): Step[] => [...trail, { ...here, pane }].slice(-LONGEST_TRAIL);

/** Shows the words that a sentence of a reply was taken from; where the reader was is remembered. */
export function citationChosen(state: State, selection: Selection): State {
  const citation = citationAt(state, selection);
  if (!citation) return state;
  const first = citation.boxes[0];
  const place = { page: first?.page ?? citation.page, y: first?.y ?? 0 };
  return { ...goTo(state, place, 'citation', citation.boxes), selection, trail: trailed(state) };
}

/** The same from several documents that are on show together: the first step back leads to them. */
export const citationOfSeveral = (state: State, selection: Selection): State => ({
  ...citationChosen(state, selection),
  trail: [],
});

/** Next (+1) or previous (−1) citation of the reply on show; starts at its first or last. */
export function citationStepped(state: State, step: 1 | -1): State {
  const shown = shownSummary(state);
  const runs = state.tab === 'summary' || !answers(state).length ? (shown ? [shown] : []) : answers(state);
  const all = runs.flatMap((run) =>
    run.reply.sentences.flatMap((sentence, s) =>
      sentence.citations.map((_, c) => ({ run: run.id, sentence: s, citation: c })),
    ),
  );
  if (all.length === 0) return state;
  const at = all.findIndex(
    ({ run, sentence, citation }) =>
      run === state.selection?.run && sentence === state.selection.sentence && citation === state.selection.citation,
  );
  const next = at < 0 ? (step === 1 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
  return citationChosen(state, all[next]!);
}

/** Where Back leads, in words; undefined where the reader has come from nowhere. */
export function backOf({ trail, comparing }: State): string | undefined {
  const place = trail.at(-1);
  return place ? `p. ${place.page}` : comparing?.aside ? `all ${comparing.rows.length}` : undefined;
}

export function wentBack(state: State): State {
  const place = state.trail.at(-1);
  if (!place) return comparingBack(state);
  return { ...goTo(state, place, 'back', []), pane: place.pane, selection: undefined, trail: state.trail.slice(0, -1) };
}

/** A page from the page box or the ribbon. */
export const pageChosen = (state: State, page: number): State => placeChosen(state, { page, y: 0 });

/** A place from the outline. Going on from place to place is one step on the way back. */
export const placeChosen = (state: State, place: Place): State => ({
  ...goTo(state, place, 'page', state.target.boxes),
  trail: state.target.by === 'page' && state.trail.length > 0 ? state.trail : trailed(state),
});

/** Words that were found. Going on from match to match is one step on the way back, which begins on another page; who finds in the text stays in it. */
export const matchShown = (state: State, { page, y, x, width, height }: Box): State => {
  const { target, trail, here } = state;
  const stays = page === here.page || (target.by === 'find' && trail.length > 0);
  return {
    ...state,
    pane: state.pane === 'reply' && state.tab === 'text' ? 'reply' : 'pages',
    target: { page, y, by: 'find', boxes: target.boxes, serial: target.serial + 1, size: { x, width, height } },
    trail: stays ? trail : trailed(state),
  };
};

export const scrolledTo = (state: State, here: Place): State =>
  state.here.page === here.page && Math.abs(state.here.y - here.y) < 1 ? state : { ...state, here };

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/** One step larger or smaller than `shown`, the zoom on the screen now (1 = the page's own size). */
export const zoomStepped = (state: State, shown: number, step: 1 | -1): State => {
  const zoom =
    step === 1
      ? (ZOOMS.find((z) => z > shown * 1.01) ?? ZOOMS.at(-1)!)
      : (ZOOMS.findLast((z) => z < shown * 0.99) ?? ZOOMS[0]!);
  return { ...state, zoom };
};
