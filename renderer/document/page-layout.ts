// Where each page of a document lies in one long column, and which point of which page is at a scroll position. Pure.
import type { Box } from '../../reading/document.ts';
import type { OpenDocument, Place } from '../state.ts';
import { lastAtOrAbove } from './first-where.ts';
import type { PageSize } from './pdf.ts';

export interface PageLayout {
  /** Per page, in CSS pixels from the top of the column. */
  tops: readonly number[];
  heights: readonly number[];
  widths: readonly number[];
  height: number;
  /** CSS pixels per PDF point. */
  scale: number;
}

/** Between two pages, and above the first and below the last, in CSS pixels. */
export const PAGE_GAP = 20;

/** Of each page; before its pages have been read, all are taken to be like the first. */
export const sizesOf = ({ pdf, read }: Pick<OpenDocument, 'pdf' | 'read'>): PageSize[] =>
  Array.from({ length: pdf.pageCount }, (_, i) => {
    const page = read?.pages[i];
    return page && page.width > 0 ? page : pdf.firstPage;
  });

export function layOutPages(sizes: readonly PageSize[], scale: number): PageLayout {
  const heights = sizes.map(({ height }) => height * scale);
  let height = PAGE_GAP;
  const tops = heights.map((pageHeight) => {
    const top = height;
    height += pageHeight + PAGE_GAP;
    return top;
  });
  return { tops, heights, widths: sizes.map(({ width }) => width * scale), height, scale };
}

/** Index of the last page that starts at or above `y`; 0 when none does. */
export const indexAt = ({ tops }: PageLayout, y: number): number => lastAtOrAbove(tops, tops.length, y);

/** Indices of the pages that touch [top, bottom], first and last. */
export const visiblePages = (layout: PageLayout, top: number, bottom: number): [number, number] => [
  indexAt(layout, top),
  indexAt(layout, bottom),
];

export function placeAt(layout: PageLayout, y: number): Place {
  const index = indexAt(layout, y);
  return { page: index + 1, y: Math.max(0, (y - layout.tops[index]!) / layout.scale) };
}

export const offsetOf = (layout: PageLayout, { page, y }: Place): number =>
  (layout.tops[page - 1] ?? 0) + y * layout.scale;

/** CSS pixels per point at which the widest page fills `width`; never more than 2 nor less than 0.25. */
export function fitScale(sizes: readonly PageSize[], width: number): number {
  const widest = Math.max(1, ...sizes.map((size) => size.width));
  return Math.min(2, Math.max(0.25, width / widest));
}

/** Of what is marked on a page, in CSS pixels: a little more than the letters, but not the letter before. */
export const placeOf = ({ x, y, width, height }: Box, scale: number) => ({
  left: (x - 1) * scale,
  top: (y - 0.5) * scale,
  width: (width + 2) * scale,
  height: (height + 1) * scale,
});
