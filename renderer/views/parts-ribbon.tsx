// The ribbon of a document beyond the window: its parts at the width of their tokens, those that were read filled, so that the
// coverage of every page is seen while it grows.
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { PartSpan } from '../engine/engine-protocol.ts';
import { partAt } from '../engine/ribbon.ts';
import { count, pagesPhrase, plural } from '../format.ts';
import { pageChosen } from '../places.ts';
import type { PlaceOnStrip } from '../search/find-ticks.ts';
import type { Finding } from '../search/finding.ts';
import { type State, shownSummary } from '../state.ts';
import type { Store } from '../store.ts';
import { FindTicks } from './find-marks.tsx';

const WIDTH = 1000;
const HEIGHT = 26;

interface PartsRibbonProps {
  now: State;
  store: Store;
  finding: Finding;
  parts: readonly PartSpan[];
}

export function PartsRibbon({ now, store, finding, parts }: PartsRibbonProps) {
  const [hover, setHover] = useState<number>();
  const total = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  const done = tokensRead(now, total);
  const at = now.job ? partAt(parts, done) : undefined;
  const here = Math.max(
    0,
    parts.findLastIndex(({ pages: [first] }) => first <= now.here.page),
  );
  const go = (part: PartSpan | undefined) => part && store.update((s) => pageChosen(s, part.pages[0]));
  const under = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return partAt(parts, ((event.clientX - left) / width) * total);
  };
  const step = (event: KeyboardEvent) => {
    const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? parts.length - 1 : move && here + move;
    if (next === undefined) return;
    event.preventDefault();
    go(parts[next]);
  };
  return (
    <section className="ribbon" aria-label="Parts of the document">
      <p className="ribbon-facts" aria-hidden="true">
        <strong>Beyond the window</strong>
        <span>
          {count(total)} tokens in {plural(parts.length, 'part')}
        </span>
      </p>
      <div
        className="ribbon-pages parts"
        role="slider"
        tabIndex={0}
        aria-label="Part of the document"
        aria-valuemin={1}
        aria-valuemax={parts.length}
        aria-valuenow={here + 1}
        aria-valuetext={describe(parts, here)}
        onKeyDown={step}
        onPointerMove={(event) => setHover(under(event))}
        onPointerLeave={() => setHover(undefined)}
        onPointerDown={(event) => go(parts[under(event) ?? parts.length - 1])}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <Cells parts={parts} total={total} done={done} at={at} here={here} hovered={hover} />
          <FindTicks finding={finding} placeAt={placeIn(parts, total)} width={WIDTH} height={HEIGHT} />
        </svg>
      </div>
      <p className="ribbon-words">{hover === undefined ? coverage(now, parts, done) : describe(parts, hover)}</p>
    </section>
  );
}

/** Where a page is among the parts: those of one part share its width alike. */
const placeIn = (parts: readonly PartSpan[], total: number): PlaceOnStrip => {
  let start = 0;
  const spans = parts.map(({ pages: [first, last], tokens }) => {
    start += tokens;
    return { first, last, start: start - tokens, tokens };
  });
  return (page, share) => {
    const span = spans.find(({ last }) => page <= last);
    return span && (span.start + ((page - span.first + share) / (span.last - span.first + 1)) * span.tokens) / total;
  };
};

/** While it is read, what was read so far; after that all or nothing, as the reply on show says. */
function tokensRead(now: State, total: number): number {
  const { progress } = now.job ?? {};
  if (now.job) return progress?.stage === 'parts' ? Math.min(progress.done, total) : 0;
  return shownSummary(now)?.reply.parts ? total : 0;
}

const describe = (parts: readonly PartSpan[], at: number): string => {
  const { pages, tokens } = parts[at]!;
  return `Part ${at + 1} of ${parts.length}: ${pagesPhrase([pages])}, ${count(tokens)} tokens`;
};

function coverage(now: State, parts: readonly PartSpan[], done: number): string {
  const last = parts.at(-1)!.pages[1];
  const at = partAt(parts, done);
  const read = at === undefined ? last : at === 0 ? 0 : parts[at - 1]!.pages[1];
  if (read === 0)
    return now.job ? 'No part has been read to its end yet' : 'Longer than the window; nothing has been read yet';
  return read === last ? `Every page was read: 1–${last}` : `Read so far: ${pagesPhrase([[1, read]])} of ${last}`;
}

interface CellsProps {
  parts: readonly PartSpan[];
  total: number;
  done: number;
  at: number | undefined;
  here: number;
  hovered: number | undefined;
}

function Cells({ parts, total, done, at, here, hovered }: CellsProps) {
  let start = 0;
  return parts.map(({ tokens, pages }, i) => {
    const x = (start / total) * WIDTH;
    const full = (tokens / total) * WIDTH;
    const width = Math.max(0.5, full - (parts.length < 200 ? 1.5 : 0));
    const read = Math.min(1, Math.max(0, (done - start) / tokens));
    start += tokens;
    return (
      <g
        key={`${pages[0]}-${x}`}
        className="part"
        data-state={i === hovered ? 'hovered' : i === at ? 'now' : undefined}
      >
        <rect className="part-all" x={x} width={width} height={HEIGHT} />
        {read > 0 && <rect className="part-read" x={x} width={width * read} height={HEIGHT} />}
        {i === here && <rect className="cell-here" x={x} y={HEIGHT - 3} width={width} height={3} />}
      </g>
    );
  });
}
