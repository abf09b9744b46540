// The document's pages in one long column. Only the pages near the screen exist; where the reader is survives zoom, a change
// of width, and leaving and coming back.
import { ArrowLeft, Minus, MoveHorizontal, PanelLeftOpen, Plus, TextSearch } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  fitScale,
  layOutPages,
  offsetOf,
  PAGE_GAP,
  type PageLayout,
  placeAt,
  sizesOf,
  visiblePages,
} from '../document/page-layout.ts';
import type { PageSize } from '../document/pdf.ts';
import { EYE, type GlanceStore } from '../glance.ts';
import { modifier } from '../modifier.ts';
import { backOf, pageChosen, scrolledTo, wentBack, zoomStepped } from '../places.ts';
import { openFind } from '../search/open-find.ts';
import type { OpenDocument, Place, State, Target } from '../state.ts';
import { FindBar } from './find-bar.tsx';
import { IconButton } from './icon-button.tsx';
import { PageView } from './page-view.tsx';
import { useSize } from './use-size.ts';
import type { ViewProps } from './view-props.ts';

/** CSS pixels per PDF point at which a page has its own size. */
const ACTUAL = 96 / 72;
/** Beside the widest page, in CSS pixels. */
const MARGIN = 56;

export function Pages(props: ViewProps & { onShowLibrary?(): void }) {
  const { now, store, glance, finding } = props;
  const document = now.document!;
  const scroller = useRef<HTMLDivElement>(null);
  const box = useSize(scroller);
  // Whatever else of the document changes lays nothing out anew: a jump under way would be cut short.
  const { pdf, read } = document;
  const sizes = useMemo(() => sizesOf({ pdf, read }), [pdf, read]);
  const scale = now.zoom === 'fit' ? fitScale(sizes, box.width - MARGIN) : now.zoom * ACTUAL;
  const layout = useMemo(() => layOutPages(sizes, scale), [sizes, scale]);
  const [shown, setShown] = useState<[number, number]>([0, 0]);

  const look = () => {
    const at = scroller.current;
    if (!at || box.height === 0) return;
    const [first, last] = visiblePages(layout, at.scrollTop - box.height, at.scrollTop + 2 * box.height);
    setShown((was) => (was[0] === first && was[1] === last ? was : [first, last]));
  };
  const report = (exact: boolean) => {
    const at = scroller.current;
    if (!at || box.height === 0) return;
    const here = placeOnShow(at.scrollTop, layout, box.height, now.target);
    glance.update((g) => ({ ...g, here }));
    store.update((s) => (exact || here.page !== s.here.page ? scrolledTo(s, here) : s));
  };

  usePosition(scroller, layout, box.height, now);
  useWanted(scroller, layout, box.height, glance);
  usePointing(scroller, scale, glance);
  useLayoutEffect(look);

  return (
    <div className="pages" data-shown-zoom={scale / ACTUAL}>
      <PagesHead {...props} scale={scale} document={document} />
      <FindBar {...props} />
      <section
        className="pages-scroll"
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        data-pane="pages"
        aria-label="Pages of the document"
        onScroll={() => {
          look();
          report(false);
        }}
        onScrollEnd={() => report(true)}
      >
        <div className="pages-column" style={{ height: layout.height, minWidth: columnWidth(sizes, scale) }}>
          {sizes.slice(shown[0], shown[1] + 1).map((size, i) => {
            const number = shown[0] + i + 1;
            return (
              <PageView
                key={`${document.id}-${number}`}
                pdf={document.pdf}
                number={number}
                size={size}
                scale={scale}
                top={layout.tops[number - 1]!}
                boxes={now.target.boxes}
                serial={now.target.serial}
                glance={glance}
                finding={finding}
              />
            );
          })}
        </div>
      </section>
    </div>
  );
}

const columnWidth = (sizes: readonly PageSize[], scale: number) =>
  Math.max(...sizes.map(({ width }) => width)) * scale + 24;

/** A click that selects nothing names a place of a page, for the text beside it. */
function usePointing(scroller: RefObject<HTMLElement | null>, scale: number, glance: GlanceStore) {
  useEffect(() => {
    const point = ({ target, clientX, clientY }: MouseEvent) => {
      const page = target instanceof Element ? target.closest<HTMLElement>('[data-page]') : null;
      if (!page || !(getSelection()?.isCollapsed ?? true)) return;
      const { left, top } = page.getBoundingClientRect();
      const pointed = { page: Number(page.dataset.page), x: (clientX - left) / scale, y: (clientY - top) / scale };
      glance.update((g) => ({ ...g, pointed }));
    };
    const element = scroller.current!;
    element.addEventListener('click', point);
    return () => element.removeEventListener('click', point);
  }, [scroller, scale, glance]);
}

const scrollTopOf = (layout: PageLayout, place: Place, height: number): number =>
  place.y === 0 ? offsetOf(layout, place) - 12 : offsetOf(layout, place) - EYE * height;

/** Where the reader's eye is; the top of the page that was asked for, while that is on show. */
function placeOnShow(scrollTop: number, layout: PageLayout, height: number, { page, y }: Place): Place {
  if (scrollTop <= PAGE_GAP) return { page: 1, y: 0 };
  if (y === 0 && Math.abs(scrollTop - scrollTopOf(layout, { page, y }, height)) < 2) return { page, y };
  return placeAt(layout, scrollTop + EYE * height);
}

/** Keeps the reader's place when the layout changes, and goes where the state says when it asks for a new one. */
function usePosition(scroller: RefObject<HTMLElement | null>, layout: PageLayout, height: number, now: State) {
  const laid = useRef<PageLayout>(undefined);
  const serial = useRef(now.target.serial);
  useLayoutEffect(() => {
    const at = scroller.current;
    if (!at || height === 0 || laid.current === layout) return;
    laid.current = layout;
    at.scrollTo({ top: scrollTopOf(layout, now.here, height), behavior: 'instant' });
  });
  useEffect(() => {
    const at = scroller.current;
    if (!at || height === 0 || serial.current === now.target.serial) return;
    serial.current = now.target.serial;
    if (now.target.by === 'find') return showFound(at, layout, now.target);
    const top = scrollTopOf(layout, now.target, height);
    const near = Math.abs(top - at.scrollTop) < 2.5 * height;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    at.scrollTo({ top, behavior: near && !still ? 'smooth' : 'instant' });
  });
}

/** Words that are on show stay where they are, and others are brought to the reader's eye, sideways too on a page that is wider. */
function showFound(at: HTMLElement, layout: PageLayout, { page, y, size }: Target) {
  const { x = 0, width = 0, height = 0 } = size ?? {};
  const edge = 24;
  const [top, bottom] = [y, y + height].map((to) => offsetOf(layout, { page, y: to }) - at.scrollTop) as [
    number,
    number,
  ];
  const inset = Math.max(0, at.scrollWidth - (layout.widths[page - 1] ?? 0)) / 2;
  const [left, right] = [x, x + width].map((to) => inset + to * layout.scale - at.scrollLeft) as [number, number];
  const isIn = (from: number, to: number, room: number) => from >= edge && to <= room - edge;
  if (isIn(top, bottom, at.clientHeight) && isIn(left, right, at.clientWidth)) return;
  at.scrollTo({
    ...(!isIn(top, bottom, at.clientHeight) && { top: at.scrollTop + top - EYE * at.clientHeight }),
    ...(!isIn(left, right, at.clientWidth) && { left: at.scrollLeft + (left + right - at.clientWidth) / 2 }),
    behavior: 'instant',
  });
}

/** Goes where the text beside the pages asks them to be. */
function useWanted(scroller: RefObject<HTMLElement | null>, layout: PageLayout, height: number, glance: GlanceStore) {
  useEffect(() => {
    let { wanted } = glance.get();
    return glance.subscribe(() => {
      const next = glance.get().wanted;
      if (!next || next === wanted) return;
      wanted = next;
      scroller.current?.scrollTo({ top: scrollTopOf(layout, next.place, height), behavior: 'instant' });
    });
  }, [scroller, layout, height, glance]);
}

interface HeadProps extends ViewProps {
  onShowLibrary?(): void;
  scale: number;
  document: OpenDocument;
}

function PagesHead({ now, store, finding, scale, document, onShowLibrary }: HeadProps) {
  const back = backOf(now);
  const zoom = scale / ACTUAL;
  return (
    <header className="pane-head pages-head">
      {onShowLibrary && (
        <IconButton label="Show the library" onPress={onShowLibrary}>
          <PanelLeftOpen size={17} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
      )}
      {back ? (
        <button type="button" className="back" onClick={() => store.update(wentBack)}>
          <ArrowLeft size={15} strokeWidth={2} aria-hidden="true" /> Back to {back}
        </button>
      ) : (
        <span className="pages-title" title={document.name}>
          {document.name}
        </span>
      )}
      <PageBox
        page={now.here.page}
        pages={document.pdf.pageCount}
        onGo={(page) => store.update((s) => pageChosen(s, page))}
      />
      <IconButton label={`Find in the document (${modifier} F)`} onPress={() => openFind(store, finding)}>
        <TextSearch size={16} strokeWidth={1.8} aria-hidden="true" />
      </IconButton>
      <div className="zoom">
        <IconButton label="Smaller" onPress={() => store.update((s) => zoomStepped(s, zoom, -1))}>
          <Minus size={16} strokeWidth={1.8} aria-hidden="true" />
        </IconButton>
        <span className="zoom-value">{Math.round(zoom * 100)} %</span>
        <IconButton label="Larger" onPress={() => store.update((s) => zoomStepped(s, zoom, 1))}>
          <Plus size={16} strokeWidth={1.8} aria-hidden="true" />
        </IconButton>
        <IconButton label="Fit the width" onPress={() => store.update((s) => ({ ...s, zoom: 'fit' }))}>
          <MoveHorizontal size={16} strokeWidth={1.8} aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}

function PageBox({ page, pages, onGo }: { page: number; pages: number; onGo(page: number): void }) {
  const [typed, setTyped] = useState<string>();
  return (
    <form
      className="page-box"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = Number.parseInt(typed ?? '', 10);
        if (Number.isFinite(wanted)) onGo(Math.min(pages, Math.max(1, wanted)));
        setTyped(undefined);
      }}
    >
      <input
        aria-label={`Page, of ${pages}`}
        inputMode="numeric"
        value={typed ?? String(page)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => setTyped(undefined)}
      />
      <span aria-hidden="true">/ {pages}</span>
    </form>
  );
}
