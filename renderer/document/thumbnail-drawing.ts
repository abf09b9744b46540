// Draws small pictures of pages: one at a time, only those that are wanted still when their turn comes, and keeps a bounded number of
// them, so that a document of 3,000 pages takes no more than one of 100.
import type { Drawing, OpenPdf } from './pdf.ts';

export interface ThumbnailDrawing {
  /** Puts the picture of a page into `paper` once it is drawn. Returns what takes the wish back. */
  show(number: number, scale: number, paper: HTMLElement): () => void;
  end(): void;
}

/** Pictures, of at most 132 × 211 CSS pixels: 28 MB where a CSS pixel is four of the screen's. */
const MOST_KEPT = 64;
/** Milliseconds. A page that takes longer stays blank and keeps no other waiting. */
const LONGEST = 4_000;
/** Milliseconds before anything is drawn, so that pages flown past are not. */
const PAUSE = 60;
/** Screens have more pixels than a small picture needs. */
const MOST_PIXELS = 2;

interface Wish {
  number: number;
  scale: number;
  paper: HTMLElement;
}

export function createThumbnailDrawing(pdf: OpenPdf, pixels: number): ThumbnailDrawing {
  const kept = new Map<string, Element>();
  const wishes = new Set<Wish>();
  let drawing: Drawing | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const keyOf = ({ number, scale }: Wish) => `${number} ${scale}`;

  const keep = (key: string, picture: Element) => {
    kept.delete(key);
    kept.set(key, picture);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
  };

  const draw = async (wish: Wish) => {
    const { number, scale, paper } = wish;
    const mine = pdf.draw(number, scale, Math.min(MOST_PIXELS, pixels), paper);
    drawing = mine;
    const limit = setTimeout(() => mine.end(), LONGEST);
    // Taken back, or a page that cannot be drawn: its paper stays blank.
    await mine.done.catch(() => undefined);
    clearTimeout(limit);
    const picture = paper.firstElementChild;
    if (picture) keep(keyOf(wish), picture);
    drawing = undefined;
  };

  const work = async () => {
    for (const wish of wishes) {
      if (ended) return;
      wishes.delete(wish);
      await draw(wish);
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (drawing) soon();
      else void work();
    }, PAUSE);
  };

  return {
    show(number, scale, paper) {
      const wish = { number, scale, paper };
      const picture = kept.get(keyOf(wish));
      if (picture) {
        paper.replaceChildren(picture);
        paper.dataset.drawn = 'true';
        keep(keyOf(wish), picture);
        return () => undefined;
      }
      wishes.add(wish);
      soon();
      return () => wishes.delete(wish);
    },
    end() {
      ended = true;
      clearTimeout(timer);
      drawing?.end();
      kept.clear();
    },
  };
}
