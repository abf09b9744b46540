// The text that the model reads and the pages beside it in step: whichever the reader moves leads, the other follows.
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { ReadDocument } from '../../reading/document.ts';
import { type BlockPlace, blockAtHeight, pageOfBlock, placeOfBlock } from '../document/text-pages.ts';
import { EYE, type GlanceStore } from '../glance.ts';
import type { Place } from '../state.ts';
import type { VirtualColumn } from './virtual-column.ts';

export const elementOf = (scroller: HTMLElement | null, index: number) =>
  scroller?.querySelector<HTMLElement>(`[data-block="${index}"]`) ?? undefined;

/** Puts a share of a block at the reader's eye. Its page may not exist yet: then it is gone to first, and drawn. */
export function showBlock(
  scroller: HTMLElement | null,
  column: VirtualColumn,
  read: ReadDocument,
  { index, share }: BlockPlace,
): void {
  if (!scroller) return;
  const put = (): boolean => {
    const element = elementOf(scroller, index);
    if (!element) return false;
    const { top, height } = element.getBoundingClientRect();
    const from = scroller.getBoundingClientRect().top + EYE * scroller.clientHeight;
    scroller.scrollTop += top + share * height - from;
    return true;
  };
  if (put()) return;
  scroller.scrollTop = column.top(pageOfBlock(read, index) - 1);
  column.look();
  requestAnimationFrame(() => put());
}

/** The block at the reader's eye, and how far into it. */
function blockAtEye(scroller: HTMLElement, column: VirtualColumn): BlockPlace | undefined {
  const item = column.at(scroller.scrollTop + EYE * scroller.clientHeight);
  const eye = scroller.getBoundingClientRect().top + EYE * scroller.clientHeight;
  let last: BlockPlace | undefined;
  for (const element of scroller.querySelectorAll<HTMLElement>(`[data-item="${item}"] [data-block]`)) {
    const { top, height } = element.getBoundingClientRect();
    if (top > eye && last) return last;
    last = { index: Number(element.dataset.block), share: Math.min(1, Math.max(0, (eye - top) / Math.max(1, height))) };
  }
  return last;
}

const SCROLL_KEYS = /^(?:Arrow|Page|Home|End|Enter|Tab| $)/;

const scrolls = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) =>
  SCROLL_KEYS.test(key) && !ctrlKey && !metaKey && !altKey;

interface Step {
  read: ReadDocument;
  glance: GlanceStore;
  show(place: BlockPlace): void;
  box: { width: number; height: number };
  /** Changes when the pages are asked to go somewhere: the text follows them there. */
  asked: number;
}

/** Text and pages follow one another: whichever the reader moves leads. */
export function useStep(
  scroller: RefObject<HTMLElement | null>,
  column: RefObject<VirtualColumn>,
  { read, glance, show, box, asked }: Step,
) {
  const leads = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment at which the pages lead
  useLayoutEffect(() => {
    leads.current = false;
  }, [asked]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || box.height === 0) return;
    let here: Place | undefined;
    const moved = (event: Event) => {
      if (event instanceof KeyboardEvent && !scrolls(event)) return;
      leads.current = event.target instanceof Node && element.contains(event.target);
    };
    const follow = () => {
      const now = glance.get().here;
      if (leads.current || now === here) return;
      here = now;
      const place = blockAtHeight(read, now);
      if (now.y === 0) element.scrollTop = column.current.top(now.page - 1);
      else if (place) show(place);
      else element.scrollTop = column.current.top(now.page - 1);
    };
    const lead = () => {
      if (!leads.current) return;
      const at = element.scrollTop < 2 ? undefined : blockAtEye(element, column.current);
      const place = at ? placeOfBlock(read, at) : { page: 1, y: 0 };
      if (place) glance.update((g) => ({ ...g, wanted: { place } }));
    };
    follow();
    const kinds = ['wheel', 'pointerdown', 'touchstart', 'keydown'] as const;
    for (const kind of kinds) addEventListener(kind, moved, { capture: true, passive: true });
    element.addEventListener('scroll', lead);
    const end = glance.subscribe(follow);
    return () => {
      for (const kind of kinds) removeEventListener(kind, moved, { capture: true });
      element.removeEventListener('scroll', lead);
      end();
    };
  }, [scroller, column, glance, read, show, box]);
}
