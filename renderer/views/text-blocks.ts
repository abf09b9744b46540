// The blocks of the text under mouse and keys: the one that is looked at lights its rectangles on the page, a press goes there, arrow
// keys go from block to block; and a click on a page finds its block.
import { type RefObject, useCallback, useEffect, useEffectEvent } from 'react';
import type { ReadDocument } from '../../reading/document.ts';
import { type BlockPlace, blockAt, boxesOfBlock, placeOfBlock } from '../document/text-pages.ts';
import type { GlanceStore } from '../glance.ts';
import { placeChosen } from '../places.ts';
import type { Store } from '../store.ts';
import { NARROW, useMedia } from '../theme.ts';
import { elementOf } from './text-step.ts';

interface Blocks {
  read: ReadDocument;
  glance: GlanceStore;
  store: Store;
  /** Puts a block at the reader's eye. */
  show(place: BlockPlace): void;
  /** The block that Tab comes to. */
  setActive(index: number): void;
}

const blockOf = ({ target }: Event): number | undefined => {
  const block = target instanceof Element ? target.closest<HTMLElement>('[data-block]') : null;
  return block ? Number(block.dataset.block) : undefined;
};

/** Selecting words is no wish to go to the page. */
const selecting = () => !(getSelection()?.isCollapsed ?? true);

export function useBlocks(scroller: RefObject<HTMLElement | null>, blocks: Blocks) {
  const { read, glance, show, setActive } = blocks;
  const light = useLight(scroller, blocks);
  usePresses(scroller, blocks);
  useEffect(() => {
    let pointed = glance.get().pointed;
    return glance.subscribe(() => {
      const next = glance.get().pointed;
      if (!next || next === pointed) return;
      pointed = next;
      const index = blockAt(read, next.page, next.x, next.y);
      if (index === undefined) return;
      setActive(index);
      show({ index, share: 0 });
      light(index);
    });
  }, [glance, read, setActive, show, light]);
}

/** What is under the mouse or has the focus is lit on its page. */
function useLight(scroller: RefObject<HTMLElement | null>, { read, glance, setActive }: Blocks) {
  const light = useCallback(
    (index: number | undefined) =>
      glance.update((g) => ({ ...g, lit: index === undefined ? [] : boxesOfBlock(read, read.blocks[index]!) })),
    [glance, read],
  );
  useEffect(() => {
    const over = (event: Event) => {
      const leftOut = (event.target as Element).closest<HTMLElement>('[data-boxes]');
      if (leftOut) glance.update((g) => ({ ...g, lit: JSON.parse(leftOut.dataset.boxes!) }));
      else light(blockOf(event));
    };
    const focus = (event: Event) => {
      const index = blockOf(event);
      if (index === undefined) return;
      setActive(index);
      light(index);
    };
    const leave = () => light(undefined);
    const end = listen(scroller.current!, { mouseover: over, mouseleave: leave, focusin: focus, focusout: leave });
    return () => {
      end();
      leave();
    };
  }, [scroller, glance, setActive, light]);
  return light;
}

function usePresses(scroller: RefObject<HTMLElement | null>, { read, glance, store, show, setActive }: Blocks) {
  const narrow = useMedia(NARROW);
  /** A narrow window has no page beside the text: a press shows the other pane. */
  const press = useEffectEvent((index: number) => {
    const place = placeOfBlock(read, { index, share: 0 });
    if (place && narrow) store.update((s) => placeChosen(s, place));
    else if (place) glance.update((g) => ({ ...g, wanted: { place } }));
  });
  const step = useEffectEvent((index: number) => {
    if (!read.blocks[index]) return;
    setActive(index);
    show({ index, share: 0 });
    requestAnimationFrame(() =>
      requestAnimationFrame(() => elementOf(scroller.current, index)?.focus({ preventScroll: true })),
    );
    if (!narrow) press(index);
  });
  useEffect(() => {
    const click = (event: Event) => {
      const index = blockOf(event);
      if (index !== undefined && !selecting()) press(index);
    };
    const key = (event: KeyboardEvent) => {
      const index = blockOf(event);
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (index === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter') press(index);
      else if (by) step(index + by);
      else return;
      event.preventDefault();
    };
    return listen(scroller.current!, { click, keydown: key });
  }, [scroller]);
}

/** Returns what ends it. */
function listen<Kinds extends { [Kind in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Kind]) => void }>(
  element: HTMLElement,
  listeners: Kinds,
): () => void {
  const all = Object.entries(listeners) as [string, EventListener][];
  for (const [kind, listener] of all) element.addEventListener(kind, listener);
  return () => {
    for (const [kind, listener] of all) element.removeEventListener(kind, listener);
  };
}
