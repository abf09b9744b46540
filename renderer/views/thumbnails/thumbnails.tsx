// The pages in small, in the rail: those near the screen exist and are drawn, the one that the reader is on is marked, and so are those
// that the reply on show quotes. A list for the keyboard: arrows go from page to page, Enter shows one.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { sizesOf } from '../../document/page-layout.ts';
import { createThumbnailDrawing } from '../../document/thumbnail-drawing.ts';
import {
  layOutThumbnails,
  pageByKey,
  rowOf,
  scrollTopToShow,
  thumbnailsWithin,
} from '../../document/thumbnail-layout.ts';
import { pageChosen } from '../../places.ts';
import { citedPages } from '../../replies/cited.ts';
import type { OpenDocument } from '../../state.ts';
import { useSelected } from '../../store.ts';
import { useSize } from '../use-size.ts';
import type { ViewProps } from '../view-props.ts';
import { Thumbnail } from './thumbnail.tsx';

export function Thumbnails(props: ViewProps) {
  const { document } = props.now;
  return document && <List key={document.id} {...props} document={document} />;
}

const idOf = (page: number) => `thumbnail-${page}`;

function List({ now, store, glance, document }: ViewProps & { document: OpenDocument }) {
  const { pdf, read } = document;
  const pages = pdf.pageCount;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const sizes = useMemo(() => sizesOf({ pdf, read }), [pdf, read]);
  const layout = useMemo(() => layOutThumbnails(sizes, width), [sizes, width]);
  const drawing = useDrawing(pdf);
  const cited = useMemo(() => citedPages(now), [now]);
  const here = useSelected(glance, (g) => g.here.page);
  const [active, setActive] = useState(here);
  const [top, setTop] = useState(0);

  const show = (page: number) => {
    const at = scroller.current;
    if (!at || height === 0) return;
    at.scrollTop = scrollTopToShow(layout, page, at.scrollTop, height);
    setTop(at.scrollTop);
  };
  // The list follows the reader through the pages, and is laid out anew around the page that it is on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the moments
  useEffect(() => {
    setActive(here);
    show(here);
  }, [here, layout, height]);

  const go = (page: number) => {
    setActive(page);
    store.update((s) => pageChosen(s, page));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = layout.tops[1]! - layout.tops[0]!;
    const to = pageByKey(event.key, active, pages, layout.columns, Math.max(1, Math.floor(height / row)));
    if (to !== undefined) {
      setActive(to);
      show(to);
    } else if (event.key === 'Enter' || event.key === ' ') go(active);
    else return;
    event.preventDefault();
  };
  const [first, last] = thumbnailsWithin(layout, pages, top - height / 2, top + 1.5 * height);
  const numbers = Array.from({ length: height === 0 ? 0 : last - first + 1 }, (_, i) => first + i);
  if (height > 0 && (active < first || active > last)) numbers.push(active);
  return (
    <div
      className="thumbnails"
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label="Pages in small"
      aria-activedescendant={height > 0 ? idOf(active) : undefined}
      onKeyDown={press}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: layout.tops.at(-1) }}>
        {numbers.map((number) => (
          <Thumbnail
            key={number}
            id={idOf(number)}
            drawing={drawing}
            number={number}
            pages={pages}
            label={read?.pages[number - 1]?.label}
            size={sizes[number - 1]!}
            cell={layout.cell}
            columns={layout.columns}
            top={layout.tops[rowOf(layout, number)]!}
            quotes={cited.get(number) ?? 0}
            isHere={number === here}
            isActive={number === active}
            onGo={go}
          />
        ))}
      </div>
    </div>
  );
}

/** Ends with the list: what it has drawn is let go. */
function useDrawing(pdf: OpenDocument['pdf']) {
  const drawing = useMemo(() => createThumbnailDrawing(pdf, devicePixelRatio || 1), [pdf]);
  useEffect(() => () => drawing.end(), [drawing]);
  return drawing;
}
