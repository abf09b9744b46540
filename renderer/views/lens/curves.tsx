// The curve of one rotary pair, twice: with the document's positions as they are, and stretched. What lies past the trained range is
// tinted and its tokens are lozenges; a token on known ground is a dot.
import { type ReactNode, useRef } from 'react';
import {
  across,
  curvePath,
  dotStep,
  dotsOf,
  dotsPath,
  dotWidth,
  type Frame,
  knownTokens,
  lozengesPath,
  type Pair,
  slowdown,
  type View,
  viewOf,
} from '../../engine/lens.ts';
import { WINDOW_TOKENS } from '../../engine/ribbon.ts';
import { count } from '../../format.ts';
import { useSize } from '../use-size.ts';
import { useGlide } from './use-glide.ts';

/** CSS pixels. */
const HEIGHT = 92;
const AXIS = 30;
const GLASS = 26;

interface CurvesProps {
  pair: Pair;
  trainedContext: number;
  /** Of the document. */
  tokens: number;
  /** What the second row shows. */
  stretched: string;
}

export function Curves({ pair, trainedContext, tokens, stretched }: CurvesProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const view = viewOf(pair.trained, trainedContext, tokens, WINDOW_TOKENS);
  const frame: Frame = { view, width, height: HEIGHT };
  const slow = useGlide(slowdown(pair), pair.index);
  const row = { frame, rate: pair.trained, trainedContext, tokens };
  return (
    <div ref={box} className="lens-curves">
      {width > 0 && <Glass view={view} width={width} trainedContext={trainedContext} tokens={tokens} />}
      <Row {...row} slow={1}>
        <RowHead name="Positions as they are" slow={1} tokens={tokens} trainedContext={trainedContext} />
      </Row>
      <Row {...row} slow={slow}>
        <RowHead name={stretched} slow={slowdown(pair)} tokens={tokens} trainedContext={trainedContext} />
      </Row>
      {width > 0 && <Axis frame={{ ...frame, height: AXIS }} trainedContext={trainedContext} />}
      <p className="lens-caption">{captionOf(dotStep(view))}</p>
    </div>
  );
}

const captionOf = (step: number): string =>
  `Positions on the curve: thick its cosine, thin its sine. A dot for every ${step > 1 ? `${count(step)} tokens` : 'token'}.`;

interface RowHeadProps extends Pick<CurvesProps, 'trainedContext' | 'tokens'> {
  name: string;
  slow: number;
}

function RowHead({ name, slow, tokens, trainedContext }: RowHeadProps) {
  const known = knownTokens(tokens, slow, trainedContext);
  return (
    <p className="lens-row-head" aria-live="polite">
      <strong>{name}</strong>
      <span className="lens-known">
        {count(known)} tokens on known ground{slow > 1 && `, at 0 to ${count((known - 1) / slow)}`}
      </span>
      {tokens > known && <span className="lens-unseen">{count(tokens - known)} where it was never trained</span>}
    </p>
  );
}

interface RowProps extends Pick<CurvesProps, 'trainedContext' | 'tokens'> {
  frame: Frame;
  rate: number;
  slow: number;
  children: ReactNode;
}

function Row({ frame, rate, slow, trainedContext, tokens, children }: RowProps) {
  const { view, width, height } = frame;
  const edge = Math.min(width, across(frame, trainedContext));
  const past = { from: trainedContext, to: view.to };
  const step = dotStep(view);
  const dots = dotsOf(view, step, tokens, slow, trainedContext);
  const bead = dotWidth(frame, step, slow);
  return (
    <div className="lens-row">
      {children}
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect className="lens-ground" width={width} height={height} rx={4} />
          <Tint x={edge} width={width - edge} height={height} />
          <path className="lens-sine" d={curvePath(frame, rate, Math.sin)} />
          <path className="lens-cosine" d={curvePath(frame, rate, Math.cos, { from: view.from, to: trainedContext })} />
          <path className="lens-cosine past" d={curvePath(frame, rate, Math.cos, past)} />
          {edge < width && <line className="lens-edge" x1={edge} x2={edge} y2={height} />}
          <path className="lens-lozenges" d={lozengesPath(frame, dots.unseen, rate, Math.min(4.5, bead))} />
          <path className="lens-dots" strokeWidth={bead} d={dotsPath(frame, dots.known, rate)} />
        </svg>
      )}
    </div>
  );
}

const Tint = ({ x, width, height }: { x: number; width: number; height: number }) => (
  <>
    <rect className="lens-tint" x={x} width={Math.max(0, width)} height={height} />
    <rect fill="url(#lens-hatch)" x={x} width={Math.max(0, width)} height={height} />
  </>
);

/** Where in the whole window the curves below lie, as the context ribbon shows where the pages lie; holds the rows' hatching too. */
function Glass({
  view,
  width,
  trainedContext,
  tokens,
}: { view: View; width: number } & Omit<RowHeadProps, 'name' | 'slow'>) {
  const at = (token: number) => (Math.min(token, WINDOW_TOKENS) / WINDOW_TOKENS) * width;
  const strip = 8;
  return (
    <svg width={width} height={GLASS} viewBox={`0 0 ${width} ${GLASS}`} aria-hidden="true">
      <defs>
        <pattern id="lens-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className="lens-hatch-line" y2="6" />
        </pattern>
      </defs>
      <rect className="window-all" width={width} height={strip} rx={2} />
      <rect className="window-taken" width={at(tokens)} height={strip} rx={2} />
      <rect className="window-trained" width={at(trainedContext)} height={strip} rx={2} />
      <path
        className="window-glass"
        d={`M${at(view.from)} ${strip}H${Math.max(at(view.to), at(view.from) + 1)}L${width} ${GLASS}H0Z`}
      />
    </svg>
  );
}

/** The trained range and what is past it, with the positions where they begin and end. */
function Axis({ frame, trainedContext }: { frame: Frame; trainedContext: number }) {
  const { view, width, height } = frame;
  const edge = across(frame, trainedContext);
  const inside = edge < width;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect className="window-trained" width={Math.min(width, edge)} height={5} rx={1} />
      {inside && <rect className="lens-past" x={edge} width={width - edge} height={5} rx={1} />}
      <text className="lens-tick" y={height - 8}>
        {count(view.from)}
      </text>
      {inside && (
        <text className="lens-tick strong" x={edge} y={height - 8} textAnchor="middle">
          {count(trainedContext)}
        </text>
      )}
      <text className="lens-tick" x={width} y={height - 8} textAnchor="end">
        {count(view.to)}
      </text>
    </svg>
  );
}
