// Where words were found: on the pages in one quiet colour, the present match in a stronger one, and as ticks on the context ribbon.
import { useMemo } from 'react';
import { placeOf } from '../document/page-layout.ts';
import { marksOnPage } from '../search/find.ts';
import { type PlaceOnStrip, ticksOf } from '../search/find-ticks.ts';
import type { Finding } from '../search/finding.ts';
import { useSelected } from '../store.ts';

export function FindMarks({ number, scale, finding }: { number: number; scale: number; finding: Finding }) {
  const found = useSelected(finding, (f) => f.found);
  const parts = useSelected(finding, (f) => f.parts);
  const now = useSelected(finding, (f) => f.now);
  const marks = useMemo(() => marksOnPage({ parts, found }, number), [parts, found, number]);
  if (marks.length === 0) return null;
  const all = marks.flatMap(({ index, boxes }) => (index === now ? [] : boxes));
  const present = marks.find(({ index }) => index === now)?.boxes ?? [];
  return (
    <>
      <div className="found" aria-hidden="true">
        {all.map((box) => (
          <div key={`${box.x} ${box.y}`} style={placeOf(box, scale)} />
        ))}
      </div>
      {present.map((box) => (
        <div key={`${box.x} ${box.y}`} className="found-now" aria-hidden="true" style={placeOf(box, scale)} />
      ))}
    </>
  );
}

interface TicksProps {
  finding: Finding;
  placeAt: PlaceOnStrip;
  /** Of the drawing, in its own units. */
  width: number;
  height: number;
}

/** Ticks along the foot of a strip. */
export function FindTicks({ finding, placeAt, width, height }: TicksProps) {
  const found = useSelected(finding, (f) => f.found);
  const parts = useSelected(finding, (f) => f.parts);
  const now = useSelected(finding, (f) => f.now);
  if (found.matches.length === 0) return null;
  const { ticks, now: present } = ticksOf({ parts, found, now }, placeAt);
  const rect = (from: number, to: number, top: number): string =>
    `M${from * width - 1.5} ${top}H${to * width + 1.5}V${height}H${from * width - 1.5}Z`;
  return (
    <g className="find-ticks" data-matches={found.matches.length}>
      <path d={ticks.map(([from, to]) => rect(from, to, height - (from === to ? 8 : 5))).join('')} />
      {present !== undefined && <path className="tick-now" d={rect(present - 0.0015, present + 0.0015, 0)} />}
    </g>
  );
}
