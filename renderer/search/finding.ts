// Searches the open document while its reader types: in slices, so that the window is never held; in what has come so far while its pages
// are being read, and again in the whole when they are. Needs no model.
import type { Letters } from '../../reading/layout/letters.ts';
import type { PrintedText } from '../../reading/layout/so-far.ts';
import { findIn, type Match } from '../../reading/words/find.ts';
import type { Searcher } from '../document/extraction.ts';
import type { GlanceStore } from '../glance.ts';
import { matchShown } from '../places.ts';
import type { OpenDocument, Place } from '../state.ts';
import { createStoreOf, type Store } from '../store.ts';
import * as find from './find.ts';

export interface Finding extends Store<find.Find> {
  /** Shows the bar, with these words in its field when there are some. */
  open(words?: string): void;
  close(): void;
  change(change: Partial<Pick<find.Find, 'query' | 'matchCase' | 'wholeWords'>>): void;
  /** Next (+1) or previous (−1) match, from the last to the first; opens the bar where it is closed. */
  step(step: 1 | -1): void;
  /** What the reading of a document tells. */
  searcherOf(id: string): Searcher;
}

/** Milliseconds of searching at a time, and between two words of how far it is. */
const SLICE = 8;
const TELL_EVERY = 100;
/** Points above the reader's eye from which on a match is the first: so much of a page is on show there. */
const ABOVE_EYE = 180;

const turn = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0));

/** What was read of a document, before it is the one on show. */
interface Coming {
  id: string;
  texts: PrintedText[];
  letters?: Letters;
}

const TOP: Place = { page: 1, y: 0 };

/**
 * While the reader is where the present match is, another search goes on from it; else from what is on show. `before`: where the reader
 * was when that match was gone to.
 */
function whereToBegin(finds: find.Find, here: Place, before: Place | undefined): Place {
  const place = find.placeOfMatch(finds);
  const near = place && place.page === here.page && Math.abs(place.y - here.y) < 2 * ABOVE_EYE;
  return place && (near || here === before) ? place : { page: here.page, y: Math.max(0, here.y - ABOVE_EYE) };
}

export function createFinding(store: Store, glance: GlanceStore): Finding {
  const finds = createStoreOf(find.noFind);
  const searches = createSearches(finds, () => reveal());
  let coming: Coming | undefined;
  let opened: OpenDocument | undefined;
  const asks = new Set<() => void>();
  let before: Place | undefined;
  const from = () => whereToBegin(finds.get(), glance.get().here, before);

  const reveal = () => {
    const place = find.placeOfMatch(finds.get());
    if (!place) return;
    before = glance.get().here;
    store.update((s) => matchShown(s, place));
    finds.update((f) => ({ ...f, shown: f.shown + 1 }));
  };
  const take = (text: PrintedText) =>
    finds.update((f) => ({ ...f, parts: [...f.parts, find.partOf(text, find.endOf(f.parts), f.matchCase)] }));

  /** Another document, or the same one read anew: the query stays, and is looked for in what there is. */
  store.subscribe(() => {
    const { document } = store.get();
    if (document?.pdf === opened?.pdf && document?.read === opened?.read) return;
    const same = document?.id === opened?.id;
    // A file that could not be read may be tried again, with its pictures recognised: the bar waits for it.
    const waits = opened !== undefined && !opened.read;
    const wish = { from: same ? from() : TOP, reveals: same && searches.wished() };
    opened = document;
    finds.update((f) => ({ ...f, open: f.open && (document !== undefined || waits), parts: [], whole: false }));
    const mine = coming?.id === document?.id ? coming : undefined;
    for (const text of mine?.texts ?? []) take(text);
    if (document?.read && mine?.letters) {
      take({ text: document.read.text, letters: mine.letters });
      finds.update((f) => ({ ...f, whole: true }));
      coming = undefined;
    }
    searches.start(wish);
  });

  const open = (words?: string, reveals = words !== undefined) => {
    const { open: shown, query } = finds.get();
    finds.update((f) => ({ ...f, open: true, asked: f.asked + 1, query: words ?? f.query }));
    for (const ask of asks) ask();
    asks.clear();
    if (!shown || (words !== undefined && words !== query)) searches.start({ from: from(), reveals });
  };

  return {
    ...finds,
    open,
    close() {
      searches.stop();
      // What was folded takes as much room as the text itself.
      const closed = { open: false, found: find.NOTHING, now: -1 };
      finds.update((f) => ({ ...f, ...closed, parts: find.foldedAnew(f.parts, f.matchCase) }));
    },
    change(change) {
      const wish = { from: from(), reveals: true };
      finds.update((f) => {
        const next = { ...f, ...change };
        return next.matchCase === f.matchCase ? next : { ...next, parts: find.foldedAnew(f.parts, next.matchCase) };
      });
      searches.start(wish);
    },
    step(step) {
      if (!finds.get().open) return open(undefined, true);
      const { found, now } = finds.get();
      const { length } = found.matches;
      if (length === 0) return;
      const next = now < 0 ? (step === 1 ? 0 : length - 1) : (now + step + length) % length;
      finds.update((f) => ({ ...f, now: next }));
      reveal();
    },
    searcherOf(id) {
      const mine: Coming = { id, texts: [] };
      coming = mine;
      const onShow = () => {
        const { document } = store.get();
        return coming === mine && document?.id === id && !document.read;
      };
      const heard = (text: PrintedText) => {
        if (!onShow()) return;
        take(text);
        searches.goOn();
      };
      return searcherInto(mine, finds, asks, heard);
    },
  };
}

/** Keeps what comes of a document, and lets `heard` know. `asks`: who asks for more once the bar is opened. */
const searcherInto = (
  coming: Coming,
  finds: Store<find.Find>,
  asks: Set<() => void>,
  heard: (text: PrintedText) => void,
): Searcher => ({
  whenWanted(ask) {
    if (finds.get().open) ask();
    else asks.add(ask);
    return () => asks.delete(ask);
  },
  take(text) {
    coming.texts.push(text);
    heard(text);
  },
  takeLetters(letters) {
    coming.texts = [];
    coming.letters = letters;
  },
});

interface Wish {
  /** The first match from there on is gone to. */
  from: Place;
  /** Whether the reader asked: then the pages go there. */
  reveals: boolean;
}

/** One search at a time, part by part; what comes while it goes on is searched too. */
function createSearches(finds: Store<find.Find>, reveal: () => void) {
  let serial = 0;
  let [next, running] = [0, false];
  let wish: Wish | undefined;
  let matches: Match[] = [];

  /** Goes to the match that was wished for, as soon as it is known which one that is. */
  const choose = () => {
    const { now, found, whole } = finds.get();
    if (!wish || now >= 0 || found.matches.length === 0) return;
    const first = find.firstFrom(finds.get(), wish.from) ?? (found.done && whole ? 0 : undefined);
    if (first === undefined) return;
    const { reveals } = wish;
    wish = undefined;
    finds.update((f) => ({ ...f, now: first }));
    if (reveals) reveal();
  };
  const tell = (done: boolean, more = false) => {
    finds.update((f) => ({ ...f, found: { matches, done, more } }));
    choose();
  };

  async function run() {
    const mine = serial;
    let [until, told] = [performance.now() + SLICE, performance.now()];
    running = true;
    for (; next < finds.get().parts.length; next++) {
      const { query, wholeWords, parts } = finds.get();
      const { folded, base } = parts[next]!;
      for (const slice of findIn(folded, query, { wholeWords })) {
        for (const { start, end } of slice) matches.push({ start: base + start, end: base + end });
        if (matches.length >= find.MOST_MATCHES) {
          matches.length = find.MOST_MATCHES;
          next = Number.POSITIVE_INFINITY;
          running = false;
          return tell(true, true);
        }
        if (performance.now() < until) continue;
        if (performance.now() - told > TELL_EVERY) {
          tell(false);
          told = performance.now();
        }
        await turn();
        if (serial !== mine) return;
        until = performance.now() + SLICE;
      }
    }
    running = false;
    tell(true);
  }

  const stop = () => {
    serial++;
    [next, running, matches] = [0, false, []];
  };
  return {
    stop,
    /** Whether the reader is still waiting to be brought to a match. */
    wished: () => wish?.reveals === true,
    start(wished: Wish) {
      stop();
      wish = wished;
      finds.update((f) => ({ ...f, now: -1, found: { ...find.NOTHING, done: false } }));
      if (finds.get().open && finds.get().query.trim() !== '') void run();
      else finds.update((f) => ({ ...f, found: find.NOTHING }));
    },
    /** After a part was added. */
    goOn() {
      if (!running && finds.get().open && finds.get().query.trim() !== '') void run();
    },
  };
}
