// Where the small pictures of a document's pages lie in the rail: rows of equal cells, as many beside one another as there is room
// for. Pure; lengths in CSS pixels.
import { lastAtOrAbove } from './first-where.ts';
import type { PageSize } from './pdf.ts';

export interface ThumbnailLayout {
  columns: number;
  /** Width of a cell. */
  cell: number;
  /** Top of each row, and of what would come after the last. */
  tops: readonly number[];
}

const NARROWEST = 92;
const WIDEST = 132;
/** Between cells, and beside them. */
export const THUMBNAIL_GAP = 12;
/** Below a picture: its number. */
const CAPTION = 26;
/** No picture is higher than so many widths: a page of one long strip is shown smaller. */
const HIGHEST = 1.6;

/** Pixels per PDF point. */
export const thumbnailScale = ({ width, height }: PageSize, cell: number): number =>
  Math.min(cell / width, (HIGHEST * cell) / height);

export function layOutThumbnails(sizes: readonly PageSize[], width: number): ThumbnailLayout {
  const room = Math.max(NARROWEST, width - 2 * THUMBNAIL_GAP);
  const columns = Math.max(1, Math.floor((room + THUMBNAIL_GAP) / (NARROWEST + THUMBNAIL_GAP)));
  const cell = Math.min(WIDEST, Math.floor((room + THUMBNAIL_GAP) / columns - THUMBNAIL_GAP));
  const tops = [THUMBNAIL_GAP / 2];
  for (let first = 0; first < sizes.length; first += columns) {
    const row = sizes.slice(first, first + columns).map((size) => size.height * thumbnailScale(size, cell));
    tops.push(tops.at(-1)! + Math.max(...row) + CAPTION);
  }
  return { columns, cell, tops };
}

const rowAt = ({ tops }: ThumbnailLayout, y: number): number => lastAtOrAbove(tops, tops.length - 1, y);

/** First and last page of the rows that touch [top, bottom]. */
export function thumbnailsWithin(layout: ThumbnailLayout, pages: number, top: number, bottom: number) {
  const first = rowAt(layout, top) * layout.columns + 1;
  return [first, Math.min(pages, (rowAt(layout, bottom) + 1) * layout.columns)] as const;
}

export const rowOf = ({ columns }: ThumbnailLayout, page: number): number => Math.floor((page - 1) / columns);

/** The scroll position nearest to `scrollTop` at which all of a page's row is on show. */
export function scrollTopToShow(layout: ThumbnailLayout, page: number, scrollTop: number, height: number): number {
  const row = rowOf(layout, page);
  const top = layout.tops[row]! - THUMBNAIL_GAP / 2;
  const bottom = layout.tops[row + 1]!;
  if (top < scrollTop) return top;
  return bottom > scrollTop + height ? Math.min(top, bottom - height) : scrollTop;
}

/** The page that an arrow key and its like lead to; undefined for a key that leads nowhere. */
export function pageByKey(key: string, page: number, pages: number, columns: number, rows: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * rows,
    PageUp: -columns * rows,
    Home: -pages,
    End: pages,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.min(pages, Math.max(1, page + step));
}
