// One page: a canvas at the screen's own resolution, its text above it for selection and screen readers, the boxes of the sentence
// that is shown, those of the block that is looked at in the text, and of what was found.
import { memo, useEffect, useRef } from 'react';
import type { Box } from '../../reading/document.ts';
import { placeOf } from '../document/page-layout.ts';
import type { Drawing, OpenPdf, PageSize } from '../document/pdf.ts';
import type { GlanceStore } from '../glance.ts';
import type { Finding } from '../search/finding.ts';
import { useSelected } from '../store.ts';
import { FindMarks } from './find-marks.tsx';

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
  glance: GlanceStore;
  finding: Finding;
}

/** Those that are there already are not drawn anew for each one that comes. */
export const PageView = memo(function PageView(props: PageViewProps) {
  const { pdf, number, size, scale, top, boxes, serial, glance, finding } = props;
  const paper = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const { width, height } = size;
  useEffect(
    () => drawPage(pdf, number, { width, height }, scale, paper.current!, text.current!),
    [pdf, number, width, height, scale],
  );
  return (
    <section
      className="page"
      aria-label={`Page ${number} of ${pdf.pageCount}`}
      data-page={number}
      style={{ top, width: size.width * scale, height: size.height * scale }}
    >
      <div className="page-paper" ref={paper} />
      <div className="page-text" ref={text} style={{ '--total-scale-factor': scale } as React.CSSProperties} />
      <Lit number={number} scale={scale} glance={glance} />
      <FindMarks number={number} scale={scale} finding={finding} />
      {boxes.map(
        (box, i) =>
          box.page === number && (
            <mark
              // biome-ignore lint/suspicious/noArrayIndexKey: boxes of one sentence have no other name, and never change places
              key={`${serial}-${i}`}
              className="marked-words"
              style={{ ...placeOf(box, scale), animationDelay: `${Math.min(i, 6) * 70}ms` }}
            />
          ),
      )}
    </section>
  );
});

/** The block that is looked at in the text, as one shape. */
function Lit({ number, scale, glance }: Pick<PageViewProps, 'number' | 'scale' | 'glance'>) {
  const lit = useSelected(glance, (g) => g.lit);
  const here = lit.filter(({ page }) => page === number);
  if (here.length === 0) return null;
  return (
    <div className="lit" aria-hidden="true">
      {here.map((box, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: boxes of one block have no other name
        <div key={i} style={placeOf(box, scale)} />
      ))}
    </div>
  );
}

/** Draws after a short pause, so that pages flown past are not drawn. Returns what takes it back. */
function drawPage(
  pdf: OpenPdf,
  number: number,
  size: PageSize,
  scale: number,
  paper: HTMLElement,
  text: HTMLElement,
): () => void {
  const pixels = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (size.width * size.height * scale * scale)));
  let drawing: Drawing | undefined;
  const timer = setTimeout(() => {
    drawing = pdf.draw(number, scale, pixels, paper, text);
    drawing.done.catch(() => {
      // Taken back, or a page that cannot be drawn: its paper stays blank and the other pages are not affected.
    });
  }, 30);
  return () => {
    clearTimeout(timer);
    drawing?.end();
  };
}
