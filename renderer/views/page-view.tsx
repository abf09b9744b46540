// One page: a canvas at the screen's own resolution, its text above it for selection and screen readers, and the boxes of the
// sentence that is shown.
import { useEffect, useRef } from 'react';
import type { Box } from '../../reading/document.ts';
import { type OpenPdf, type PageSize, pdfjs } from '../pdf.ts';

/** A larger canvas is drawn coarser: browsers refuse canvases past this many pixels. */
const MOST_PIXELS = 1 << 24;

interface PageViewProps {
  pdf: OpenPdf;
  number: number;
  size: PageSize;
  /** CSS pixels per PDF point. */
  scale: number;
  top: number;
  boxes: readonly Box[];
  serial: number;
}

export function PageView({ pdf, number, size, scale, top, boxes, serial }: PageViewProps) {
  const paper = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => drawPage(pdf, number, scale, paper.current!, text.current!), [pdf, number, scale]);
  return (
    <section
      className="page"
      aria-label={`Page ${number} of ${pdf.pageCount}`}
      data-page={number}
      style={{ top, width: size.width * scale, height: size.height * scale }}
    >
      <div className="page-paper" ref={paper} />
      <div className="page-text" ref={text} style={{ '--total-scale-factor': scale } as React.CSSProperties} />
      {boxes.map(
        (box, i) =>
          box.page === number && (
            <mark
              // biome-ignore lint/suspicious/noArrayIndexKey: boxes of one sentence have no other name, and never change places
              key={`${serial}-${i}`}
              className="marked-words"
              style={{
                left: (box.x - 1.5) * scale,
                top: (box.y - 1) * scale,
                width: (box.width + 3) * scale,
                height: (box.height + 2) * scale,
                animationDelay: `${Math.min(i, 6) * 70}ms`,
              }}
            />
          ),
      )}
    </section>
  );
}

/** Draws after a short pause, so that pages flown past are not drawn. Returns what takes it back. */
function drawPage(pdf: OpenPdf, number: number, scale: number, paper: HTMLElement, text: HTMLElement): () => void {
  let ended = false;
  let end = () => {};
  const draw = async () => {
    const page = await pdf.page(number);
    if (ended) return;
    const viewport = page.getViewport({ scale });
    const pixels = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * pixels);
    canvas.height = Math.floor(viewport.height * pixels);
    const task = page.render({ canvas, viewport, transform: [pixels, 0, 0, pixels, 0, 0] });
    end = () => task.cancel();
    await task.promise;
    if (ended) return;
    paper.replaceChildren(canvas);
    paper.dataset.drawn = 'true';
    const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    end = () => layer.cancel();
    text.replaceChildren();
    await layer.render();
  };
  const timer = setTimeout(() => {
    draw().catch(() => {
      // Cancelled, or a page that cannot be drawn: its paper stays blank and the other pages are not affected.
    });
  }, 30);
  return () => {
    ended = true;
    clearTimeout(timer);
    end();
  };
}
