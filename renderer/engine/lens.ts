// What the position lens draws, in numbers: the cosine and sine of one rotary pair over the positions that were trained and past them,
// and where the tokens of a document stand on it, used as they are and with a stretched window (Chen et al. 2023, arXiv 2306.15595,
// figure 1). Rates come from the model (gpu/rotary-report.ts); a position on the curve is the one that was trained with the same angle.
import type { RotaryReport } from '../../gpu/api.ts';
import { count } from '../format.ts';

/** One pair of dimensions, which turns together. Rates are radians a position. */
export interface Pair {
  /** From 0, the fastest. */
  index: number;
  trained: number;
  stretched: number;
}

export const pairsOf = ({ trained, stretched }: RotaryReport, factor: number): Pair[] => {
  const rates = stretched.find((one) => one.factor === factor)?.perPosition ?? trained;
  return trained.map((rate, index) => ({ index, trained: rate, stretched: rates[index]! }));
};

/** How many times slower the stretched window turns it: 1 leaves it alone, Position Interpolation divides all by the factor. */
export const slowdown = ({ trained, stretched }: Pair): number => trained / stretched;

/** Tokens of one turn. */
export const wavelength = (rate: number): number => (2 * Math.PI) / rate;

/** The pair that turns not quite once in the trained range: past it come angles that it has never seen, and the eye can follow it. */
export function clearestPair(rates: readonly number[], trainedContext: number): number {
  const miss = (rate: number) => Math.abs(Math.log(wavelength(rate) / (1.4 * trainedContext)));
  return rates.reduce((best, rate, i) => (miss(rate) < miss(rates[best]!) ? i : best), 0);
}

/** Positions of the curve that are drawn, from … to. */
export interface View {
  from: number;
  to: number;
}

/** With more turns than this beside one another the dots of a stretched window run together. */
const MOST_TURNS = 4;
/** The trained range stays at least this share of what is drawn. */
const LEAST_TRAINED = 1 / 4;
/** Dots beside one another, of tokens that are used as they are. */
const DOTS = 26;

/**
 * From the first token on as many turns as the eye can take in, of a slow pair the trained range and up to three times as much past it.
 * A trained range beyond the `largest` window has no end to show.
 */
export function viewOf(rate: number, trainedContext: number, tokens: number, largest: number): View {
  const past = Math.min(Math.max(tokens, 1.5 * trainedContext), trainedContext / LEAST_TRAINED);
  const end = trainedContext >= largest ? largest : past;
  return { from: 0, to: Math.min(end, MOST_TURNS * wavelength(rate)) };
}

/** Every how many tokens a dot is drawn. */
export const dotStep = ({ from, to }: View): number => Math.max(1, Math.round((to - from) / DOTS));

export interface Dots {
  /** Positions on the curve, within the view; tokens of the document in their order. */
  known: number[];
  /** Past the trained range. */
  unseen: number[];
}

/** `slow`: how many times slower the pair turns than it was trained to. */
export function dotsOf(view: View, step: number, tokens: number, slow: number, trainedContext: number): Dots {
  const dots: Dots = { known: [], unseen: [] };
  const first = Math.ceil((view.from * slow) / step) * step;
  for (let token = first; token < tokens && token / slow <= view.to; token += step) {
    const at = token / slow;
    (at < trainedContext ? dots.known : dots.unseen).push(at);
  }
  return dots;
}

/** Of all the document's tokens, how many stand where the model was trained. */
export const knownTokens = (tokens: number, slow: number, trainedContext: number): number =>
  Math.min(tokens, Math.ceil(trainedContext * slow));

export interface Frame {
  view: View;
  width: number;
  height: number;
}

/** Room around the curve for a dot. */
const MARGIN = 7;

export const across = ({ view: { from, to }, width }: Frame, position: number): number =>
  MARGIN + ((position - from) / (to - from)) * (width - 2 * MARGIN);

/** Width of a dot where neighbours stand so many tokens apart: beads as long as they can be told from one another, then a string. */
export const dotWidth = (frame: Frame, step: number, slow: number): number =>
  Math.min(6.5, Math.max(4, 0.7 * (across(frame, step / slow) - across(frame, 0))));

export const down = ({ height }: Frame, value: number): number => height / 2 - value * (height / 2 - MARGIN);

const rounded = (value: number): string => value.toFixed(1);

/** The cosine, or another `wave`, of a pair over `part` of the view as an SVG path; empty where none of it is in the view. */
export function curvePath(frame: Frame, rate: number, wave: (angle: number) => number, part = frame.view): string {
  const from = Math.max(part.from, frame.view.from);
  const to = Math.min(part.to, frame.view.to);
  if (to <= from) return '';
  const steps = Math.max(2, Math.ceil(across(frame, to) - across(frame, from)));
  const points = Array.from({ length: steps + 1 }, (_, i) => {
    const position = from + ((to - from) * i) / steps;
    return `${rounded(across(frame, position))} ${rounded(down(frame, wave(position * rate)))}`;
  });
  return `M${points.join('L')}`;
}

/** Places of no length: a round stroke makes dots of them. */
export const dotsPath = (frame: Frame, positions: readonly number[], rate: number): string =>
  positions.map((p) => `M${rounded(across(frame, p))} ${rounded(down(frame, Math.cos(p * rate)))}h0`).join('');

/** Lozenges, which differ from dots in shape too. */
export const lozengesPath = (frame: Frame, positions: readonly number[], rate: number, half: number): string =>
  positions
    .map((p) => {
      const [x, y] = [across(frame, p), down(frame, Math.cos(p * rate))];
      return `M${rounded(x - half)} ${rounded(y)}l${half} ${-half} ${half} ${half} ${-half} ${half}z`;
    })
    .join('');

/** "6.3", "42", "54,410". */
export const rough = (value: number): string => (value < 10 ? value.toFixed(1) : count(value));

/** How far a pair turns within the trained range, and what that means past it. */
export function turnsWords({ trained }: Pair, trainedContext: number): string {
  const turns = trainedContext / wavelength(trained);
  const within = `Within the ${count(trainedContext)} trained positions it turns ${turns < 10 ? turns.toFixed(turns < 1 ? 2 : 1) : count(turns)} times`;
  return turns < 1
    ? `${within}: past them come angles that it has never seen.`
    : `${within}: it has seen every angle, but never so far apart.`;
}

/** What a stretched window does to neighbours. */
export function stepWords(pair: Pair): string {
  const slow = slowdown(pair);
  if (Math.abs(slow - 1) < 1e-9) return 'This pair is not slowed.';
  return `Neighbours turn by ${radians(pair.stretched)} radians instead of ${radians(pair.trained)}: ${Number(slow.toPrecision(3))} times finer.`;
}

/** "0.0625", "1.2e-5". */
export const radians = (value: number): string =>
  value >= 1e-4 ? String(Number(value.toPrecision(3))) : value.toExponential(1);

/** "×16", "×3.7". */
export const times = (slow: number): string => `×${Number(slow.toPrecision(3))}`;

/** The sinusoids that the first transformers added to each token (Vaswani et al. 2017, arXiv 1706.03762, section 3.5). */
export function sinusoid(position: number, dimension: number, dimensions: number): number {
  const angle = position / 10_000 ** ((dimension - (dimension % 2)) / dimensions);
  return dimension % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

/** Cells of a heat map, dimensions by positions, sorted into `levels` from -1 to 1: a path of unit squares for each. */
export function sinusoidPaths(positions: number, dimensions: number, levels: number): string[] {
  const paths: string[][] = Array.from({ length: levels }, () => []);
  for (let d = 0; d < dimensions; d++) {
    for (let p = 0; p < positions; p++) {
      const level = Math.min(levels - 1, Math.floor(((sinusoid(p, d, dimensions) + 1) / 2) * levels));
      paths[level]!.push(`M${p} ${d}h1v1h-1z`);
    }
  }
  return paths.map((path) => path.join(''));
}
