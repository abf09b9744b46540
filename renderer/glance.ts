// What moves with the mouse and the scroll, kept apart from the state: it changes many times a second, and only what shows it is
// drawn again. The pages, the text beside them and the outline keep in step through it.
import type { Box } from '../reading/document.ts';
import type { Place } from './state.ts';
import { createStoreOf, type Store } from './store.ts';

export interface Glance {
  /** Where the reader's eye is in the pages. */
  here: Place;
  /** Rectangles of the block of text under the mouse or with the focus. */
  lit: readonly Box[];
  /** Where the text asks the pages to be; a new object is a new request. */
  wanted?: { place: Place };
  /** A point of a page that was clicked, in PDF points; a new object is a new click. */
  pointed?: { page: number; x: number; y: number };
}

export type GlanceStore = Store<Glance>;

export const createGlance = (): GlanceStore => createStoreOf<Glance>({ here: { page: 1, y: 0 }, lit: [] });

/** The reader's eye, as a share of a pane's height from its top: where a citation is put, and where pages and text meet. */
export const EYE = 0.3;
