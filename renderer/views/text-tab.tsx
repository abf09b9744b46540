// What the model reads: the document's text beside its pages, in step with them. The block under the mouse or with the focus lights its
// rectangles on the page; a click on a page finds its block.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ViewProps } from '../app.tsx';
import { plural } from '../format.ts';
import { EYE, type GlanceStore } from '../glance.ts';
import { chosenCitation, type OpenDocument, type Place } from '../state.ts';
import {
  type BlockPlace,
  blockAt,
  blockAtHeight,
  boxesOfBlock,
  pageOfBlock,
  placeOfBlock,
  roughLines,
  textEnd,
} from '../text-pages.ts';
import { OpeningBar } from './start.tsx';
import { TextPageView } from './text-page.tsx';
import { useSize } from './use-size.ts';
import { useVirtualColumn, type VirtualColumn } from './virtual-column.ts';

type Read = NonNullable<OpenDocument['read']>;

export function TextTab(props: ViewProps) {
  const { document, opening } = props.now;
  if (opening || !document?.read)
    return (
      <div className="reply-scroll">
        {opening && <OpeningBar opening={opening} onStop={() => void props.session.stopRecognising()} />}
      </div>
    );
  return <TextColumn key={document.id} {...props} opened={document} read={document.read} />;
}

/** CSS pixels: a line of text, a letter of it, and the margins beside it. */
const [LINE, LETTER, MARGINS] = [25, 7.6, 48];

function TextColumn({ now, glance, opened, read }: ViewProps & { opened: OpenDocument; read: Read }) {
  const scroller = useRef<HTMLElement>(null);
  const box = useSize(scroller);
  const perLine = Math.max(20, (Math.min(box.width, 640) - MARGINS) / LETTER);
  const guess = (index: number) => roughLines(read, index + 1, perLine) * LINE;
  const column = useVirtualColumn(scroller, read.pages.length, box, guess);
  const [active, setActive] = useState(() => blockAtHeight(read, glance.get().here)?.index ?? 0);
  const latest = useRef(column);
  latest.current = column;
  const show = useCallback((place: BlockPlace) => showBlock(scroller.current, latest.current, read, place), [read]);

  useStep(scroller, latest, glance, read, show, box);
  useBlocks(scroller, glance, read, { active, setActive, show });

  const citation = chosenCitation(now);
  const left = opened.layout?.receipt.pagesLeftOut ?? [];
  const numbers = [];
  for (let i = column.shown[0]; i <= column.shown[1]; i++) numbers.push(i + 1);
  const activePage = pageOfBlock(read, active);
  if (!numbers.includes(activePage)) numbers.push(activePage);
  return (
    <>
      <header className="text-head">
        <h2>What the model reads</h2>
        <p id="text-facts">
          {plural(read.blocks.length, 'block')} · {plural(read.words, 'word')}
          <span className="unseen">. Arrow keys go from block to block, Enter shows it on its page.</span>
        </p>
      </header>
      <section
        className="text-scroll"
        role="feed"
        ref={scroller}
        aria-label="What the model reads"
        aria-describedby="text-facts"
        onScroll={column.look}
      >
        <div className="text-column" style={{ height: column.height }}>
          {numbers.map((number) => (
            <TextPageView
              key={number}
              document={read}
              number={number}
              top={column.top(number - 1)}
              inWindow={read.pages[number - 1]!.state !== 'text' || !isWithin(left, number)}
              marked={citation && touches(read, number, citation) ? citation : undefined}
              active={activePage === number ? active : -1}
            />
          ))}
        </div>
      </section>
    </>
  );
}

const isWithin = (ranges: readonly [number, number][], number: number) =>
  ranges.some(([first, last]) => number >= first && number <= last);

const touches = (read: Read, number: number, { start, end }: { start: number; end: number }) =>
  start < textEnd(read, number) && end > read.pages[number - 1]!.start;

const elementOf = (scroller: HTMLElement | null, index: number) =>
  scroller?.querySelector<HTMLElement>(`[data-block="${index}"]`) ?? undefined;

/** Puts a share of a block at the reader's eye. Its page may not exist yet: then it is gone to first, and drawn. */
function showBlock(
  scroller: HTMLElement | null,
  column: VirtualColumn,
  read: Read,
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

const SCROLL_KEYS = /^(?:Arrow|Page|Home|End| $)/;

/** Text and pages follow one another: whichever the reader moves leads. */
function useStep(
  scroller: RefObject<HTMLElement | null>,
  column: RefObject<VirtualColumn>,
  glance: GlanceStore,
  read: Read,
  show: (place: BlockPlace) => void,
  box: { width: number; height: number },
) {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || box.height === 0) return;
    let leads = false;
    let here: Place | undefined;
    const moved = (event: Event) => {
      if (event instanceof KeyboardEvent && !SCROLL_KEYS.test(event.key)) return;
      leads = event.target instanceof Node && element.contains(event.target);
    };
    const follow = () => {
      const now = glance.get().here;
      if (leads || now === here) return;
      here = now;
      const place = blockAtHeight(read, now);
      if (now.y === 0) element.scrollTop = column.current.top(now.page - 1);
      else if (place) show(place);
      else element.scrollTop = column.current.top(now.page - 1);
    };
    const lead = () => {
      if (!leads) return;
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

interface Blocks {
  active: number;
  setActive(index: number): void;
  show(place: BlockPlace): void;
}

/** Mouse and keys on the blocks, and clicks on the pages. */
function useBlocks(
  scroller: RefObject<HTMLElement | null>,
  glance: GlanceStore,
  read: Read,
  { active, setActive, show }: Blocks,
) {
  const current = useRef(active);
  current.current = active;
  useEffect(() => {
    const element = scroller.current!;
    const light = (index: number | undefined) =>
      glance.update((g) => ({ ...g, lit: index === undefined ? [] : boxesOfBlock(read, read.blocks[index]!) }));
    const blockOf = ({ target }: Event) => {
      const block = target instanceof Element ? target.closest<HTMLElement>('[data-block]') : null;
      return block ? Number(block.dataset.block) : undefined;
    };
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
    /** Selecting words is no wish to go to the page. */
    const selecting = () => !(getSelection()?.isCollapsed ?? true);
    const goToPage = (index: number) => {
      const place = placeOfBlock(read, { index, share: 0 });
      if (place) glance.update((g) => ({ ...g, wanted: { place } }));
    };
    const click = (event: Event) => {
      const index = blockOf(event);
      if (index !== undefined && !selecting()) goToPage(index);
    };
    const goTo = (index: number) => {
      if (!read.blocks[index]) return;
      setActive(index);
      const landed = () => elementOf(element, index)?.focus({ preventScroll: true });
      show({ index, share: 0 });
      requestAnimationFrame(() => requestAnimationFrame(landed));
      goToPage(index);
    };
    const press = (event: KeyboardEvent) => {
      const index = blockOf(event);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (index === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter') goToPage(index);
      else if (step) goTo(index + step);
      else return;
      event.preventDefault();
    };
    const leave = () => light(undefined);
    const listeners = { mouseover: over, mouseleave: leave, focusin: focus, focusout: leave, click, keydown: press };
    for (const [kind, listener] of Object.entries(listeners)) element.addEventListener(kind, listener as EventListener);
    let pointed = glance.get().pointed;
    const end = glance.subscribe(() => {
      const next = glance.get().pointed;
      if (!next || next === pointed) return;
      pointed = next;
      const index = blockAt(read, next.page, next.x, next.y);
      if (index === undefined) return;
      setActive(index);
      show({ index, share: 0 });
      light(index);
    });
    return () => {
      for (const [kind, listener] of Object.entries(listeners))
        element.removeEventListener(kind, listener as EventListener);
      end();
      leave();
    };
  }, [scroller, glance, read, setActive, show]);
}
