// The context ribbon: the model's window of 32,768 tokens as one strip, and under it, as through a glass, the document's pages
// at the width of their tokens. What the model was trained on is solid; what interpolation adds is hatched.
import { ScanSearch } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { PageSpan, WindowLayout } from '../engine/engine-protocol.ts';
import { describePage, describeWindow, layoutOf, pageAtShare, reachOf, WINDOW_TOKENS } from '../engine/ribbon.ts';
import { count, ranges } from '../format.ts';
import { pageChosen } from '../places.ts';
import { citedPages } from '../replies/cited.ts';
import type { PlaceOnStrip } from '../search/find-ticks.ts';
import type { State } from '../state.ts';
import { FindTicks } from './find-marks.tsx';
import { PartsRibbon } from './parts-ribbon.tsx';
import type { ViewProps } from './view-props.ts';

/** Of the drawing, in its own units; it is stretched to the pane's width. */
const WIDTH = 1000;
const STRIP = 10;
const GLASS = 14;
const CELLS = 26;

export function Ribbon({ now, store, finding }: ViewProps) {
  const [hover, setHover] = useState<number>();
  const layout = layoutOf(now);
  if (now.document?.parts && !now.document.layout)
    return <PartsRibbon now={now} store={store} finding={finding} parts={now.document.parts} />;
  if (!layout || layout.pages.length === 0) return <EmptyRibbon now={now} finding={finding} />;
  const { receipt, pages } = layout;
  const from = pages[0]!.start;
  const to = pages.at(-1)!.end;
  const reading = tokensRead(now);
  const hovered = hover === undefined ? undefined : pageAtShare(pages, hover);
  const go = (page: number) => store.update((s) => pageChosen(s, page));
  const at = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.min(0.999_999, Math.max(0, (event.clientX - left) / width));
  };
  return (
    <section className="ribbon" aria-label="Context window">
      <RibbonFacts layout={layout} most={now.settings.largestWindow} />
      <svg
        className="ribbon-window"
        viewBox={`0 0 ${WIDTH} ${STRIP + GLASS}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect className="window-all" width={WIDTH} height={STRIP} />
        <rect className="window-taken" width={share(receipt.tokens)} height={STRIP} />
        <rect className="window-trained" width={share(Math.min(receipt.native, receipt.tokens))} height={STRIP} />
        <line className="window-native" x1={share(receipt.native)} x2={share(receipt.native)} y1={0} y2={STRIP} />
        <path className="window-glass" d={`M${share(from)} ${STRIP}H${share(to)}L${WIDTH} ${STRIP + GLASS}H0Z`} />
      </svg>
      <div
        className="ribbon-pages"
        role="slider"
        tabIndex={0}
        aria-label="Page in the window"
        aria-valuemin={pages[0]!.page}
        aria-valuemax={pages.at(-1)!.page}
        aria-valuenow={now.here.page}
        aria-valuetext={valueText(pages, now.here.page, receipt.native)}
        onKeyDown={(event) => stepPage(event, pages, now.here.page, go)}
        onPointerMove={(event) => setHover(at(event))}
        onPointerLeave={() => setHover(undefined)}
        onPointerDown={(event) => {
          const page = pageAtShare(pages, at(event));
          if (page) go(page.page);
        }}
      >
        <svg viewBox={`0 0 ${WIDTH} ${CELLS}`} preserveAspectRatio="none" aria-hidden="true">
          <Hatch />
          <Cells
            pages={pages}
            native={receipt.native}
            from={from}
            to={to}
            here={now.here.page}
            hovered={hovered?.page}
          />
          <Cited now={now} pages={pages} from={from} to={to} />
          <FindTicks finding={finding} placeAt={placeIn(pages)} width={WIDTH} height={CELLS} />
          {reading !== undefined && <NotYet x={scaled(reading, from, to)} height={CELLS} />}
        </svg>
      </div>
      <p className="ribbon-words" data-covered={hovered !== undefined || undefined}>
        <Legend layout={layout} open={() => store.update((s) => ({ ...s, dialog: { kind: 'lens' } }))} />
        {hovered && <span className="ribbon-hovered">{describePage(hovered, receipt.native)}</span>}
      </p>
      <p className="unseen">{describeWindow(layout)}</p>
    </section>
  );
}

const share = (tokens: number) => (Math.min(tokens, WINDOW_TOKENS) / WINDOW_TOKENS) * WIDTH;

/** Where a share of a page's text is among the pages in the window. */
const placeIn = (pages: readonly PageSpan[]): PlaceOnStrip => {
  const spans = new Map(pages.map((span) => [span.page, span]));
  const [from, to] = [pages[0]!.start, pages.at(-1)!.end];
  return (page, share) => {
    const span = spans.get(page);
    return span && (span.start + share * (span.end - span.start) - from) / (to - from);
  };
};

const EmptyRibbon = ({ now, finding }: Pick<ViewProps, 'now' | 'finding'>) => (
  <section className="ribbon" aria-label="Context window">
    <p className="ribbon-facts">
      <strong>Context window</strong>
      <span>{count(now.settings.largestWindow)} tokens</span>
    </p>
    <div className="ribbon-blank">
      <svg viewBox={`0 0 ${WIDTH} ${CELLS}`} preserveAspectRatio="none" aria-hidden="true">
        <FindTicks
          finding={finding}
          placeAt={(page, share) => (page - 1 + share) / (now.document?.pdf.pageCount ?? 1)}
          width={WIDTH}
          height={CELLS}
        />
      </svg>
    </div>
    <p className="ribbon-words">{emptyWords(now)}</p>
  </section>
);

function emptyWords({ opening, document }: State): string {
  if (document?.refused) return 'The document as a whole is longer than the window.';
  return opening ? 'The pages take their places here once they have been read.' : 'No page has been laid in yet.';
}

const RibbonFacts = ({ layout: { receipt }, most }: { layout: WindowLayout; most: number }) => (
  <p className="ribbon-facts" aria-hidden="true">
    <strong>Context window</strong>
    <span>
      {count(receipt.tokens)} of {count(most)} tokens
    </span>
  </p>
);

/** What the strip's two patterns mean, as a button to the position lens, which says why. */
function Legend({ layout: { receipt }, open }: { layout: WindowLayout; open(): void }) {
  return (
    <>
      <TooltipTrigger delay={400}>
        <Button className="legend-button" onPress={open}>
          <span className="legend" data-reach="trained">
            trained on {count(receipt.native)}
          </span>
          {receipt.factor > 1 && receipt.tokens > receipt.native && (
            <span className="legend" data-reach="stretched">
              stretched ×{receipt.factor}
            </span>
          )}
          <ScanSearch size={13} strokeWidth={1.8} aria-hidden="true" />
        </Button>
        <Tooltip className="tooltip" offset={6}>
          Position lens: what stretching the window does
        </Tooltip>
      </TooltipTrigger>
      {receipt.pagesLeftOut.length > 0 && (
        <span className="legend-out">left out: p. {ranges(receipt.pagesLeftOut)}</span>
      )}
    </>
  );
}

/** Oblique lines for what interpolation adds. */
const Hatch = () => (
  <defs>
    <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect className="hatch-ground" width="7" height="7" />
      <line className="hatch-line" y2="7" />
    </pattern>
  </defs>
);

interface CellsProps {
  pages: readonly PageSpan[];
  native: number;
  from: number;
  to: number;
  here: number;
  hovered?: number;
}

const scaled = (token: number, from: number, to: number) => ((token - from) / (to - from)) * WIDTH;

function Cells({ pages, native, from, to, here, hovered }: CellsProps) {
  // Between cells of fewer than 4 units a gap would take more than the cell.
  const gap = WIDTH / pages.length > 4 ? 1.5 : 0;
  return pages.map((span) => {
    const x = scaled(span.start, from, to);
    const width = Math.max(0.5, scaled(span.end, from, to) - x - gap);
    const state = span.page === hovered ? 'hovered' : span.page === here ? 'here' : undefined;
    const reach = reachOf(span, native);
    const part = reach === 'across' ? scaled(native, from, to) - x : 0;
    return (
      <g key={span.page} className="cell" data-reach={reach} data-state={state}>
        <rect x={x} width={width} height={CELLS} />
        {part > 0 && <rect className="cell-trained" x={x} width={Math.min(part, width)} height={CELLS} />}
        {state === 'here' && <rect className="cell-here" x={x} y={CELLS - 3} width={width} height={3} />}
      </g>
    );
  });
}

/** Tokens laid in so far, while a document is being read into the model. */
function tokensRead({ job, document }: State): number | undefined {
  const progress = job ? (job.progress ?? { stage: 'model', done: 0 }) : document?.readIn?.progress;
  if (!progress) return undefined;
  const { stage, done } = progress;
  return stage === 'window' ? done : stage === 'model' ? 0 : undefined;
}

/** Veils what has not been read yet; the line at its edge is where the model is. */
const NotYet = ({ x, height }: { x: number; height: number }) => (
  <g>
    <rect className="not-yet" x={Math.max(0, x)} width={Math.max(0, WIDTH - x)} height={height} />
    <line className="read-head" x1={x} x2={x} y1={0} y2={height} />
  </g>
);

/** A notch on each page that the reply on show cites. */
function Cited({ now, pages, from, to }: { now: State; pages: readonly PageSpan[]; from: number; to: number }) {
  const cited = citedPages(now);
  return pages
    .filter(({ page }) => cited.has(page))
    .map(({ page, start, end }) => {
      const x = (scaled(start, from, to) + scaled(end, from, to)) / 2;
      return (
        <g key={page}>
          <line className="cell-cited under" x1={x} x2={x} y1={0} y2={12} />
          <line className="cell-cited" x1={x} x2={x} y1={0} y2={10} />
        </g>
      );
    });
}

const valueText = (pages: readonly PageSpan[], here: number, native: number) => {
  const span = pages.find(({ page }) => page === here);
  return span ? describePage(span, native) : `Page ${here}: not in the window`;
};

function stepPage(event: KeyboardEvent, pages: readonly PageSpan[], here: number, go: (page: number) => void) {
  const numbers = pages.map(({ page }) => page);
  const next = {
    ArrowRight: numbers.find((page) => page > here),
    ArrowUp: numbers.find((page) => page > here),
    ArrowLeft: numbers.findLast((page) => page < here),
    ArrowDown: numbers.findLast((page) => page < here),
    Home: numbers[0],
    End: numbers.at(-1),
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  go(next);
}
