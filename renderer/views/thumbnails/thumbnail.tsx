// One page in small, with its number and how often the reply on show quotes it.
import { Quote } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import type { PageSize } from '../../document/pdf.ts';
import type { ThumbnailDrawing } from '../../document/thumbnail-drawing.ts';
import { THUMBNAIL_GAP, thumbnailScale } from '../../document/thumbnail-layout.ts';

interface ThumbnailProps {
  id: string;
  drawing: ThumbnailDrawing;
  number: number;
  pages: number;
  /** As printed on it. */
  label: string | undefined;
  size: PageSize;
  /** CSS pixels. */
  cell: number;
  columns: number;
  top: number;
  quotes: number;
  /** The reader is on it. */
  isHere: boolean;
  /** The keyboard is on it. */
  isActive: boolean;
  onGo(number: number): void;
}

const same = (a: ThumbnailProps, b: ThumbnailProps) =>
  (Object.keys(a) as (keyof ThumbnailProps)[]).every((key) => key === 'onGo' || a[key] === b[key]);

export const Thumbnail = memo(function Thumbnail(props: ThumbnailProps) {
  const { id, drawing, number, pages, label, size, cell, columns, top, quotes, isHere, isActive, onGo } = props;
  const paper = useRef<HTMLDivElement>(null);
  const scale = thumbnailScale(size, cell);
  useEffect(() => drawing.show(number, scale, paper.current!), [drawing, number, scale]);
  const column = (number - 1) % columns;
  return (
    <div
      id={id}
      className="thumbnail"
      role="option"
      tabIndex={-1}
      aria-selected={isHere}
      aria-posinset={number}
      aria-setsize={pages}
      data-here={isHere || undefined}
      data-active={isActive || undefined}
      // The middle of its cell: cells stand around the middle of the rail.
      style={{
        top,
        width: cell,
        left: `calc(50% + ${(column - columns / 2) * (cell + THUMBNAIL_GAP) + THUMBNAIL_GAP / 2}px)`,
      }}
      onClick={() => onGo(number)}
      onKeyDown={undefined}
    >
      <div className="thumbnail-paper" ref={paper} style={{ width: size.width * scale, height: size.height * scale }} />
      <span className="thumbnail-foot">
        <span>
          <span className="unseen">Page </span>
          {number}
        </span>
        {label && label !== String(number) && (
          <span className="thumbnail-label">
            <span className="unseen">, printed </span>
            {label}
          </span>
        )}
        {quotes > 0 && (
          <span className="thumbnail-quotes">
            <Quote size={10} strokeWidth={2.4} aria-hidden="true" />
            <span className="unseen">, </span>
            {quotes}
            <span className="unseen">{quotes === 1 ? ' quotation' : ' quotations'}</span>
          </span>
        )}
      </span>
    </div>
  );
}, same);
