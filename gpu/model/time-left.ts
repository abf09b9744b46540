// How long the rest of a prefill will take. A pass costs so much for each token (matrix products) and so much for each pair of tokens
// that attention compares; the second part grows with the square of the window, so both are fitted to the passes that were measured.
export interface Work {
  readonly tokens: number;
  /** Pairs of a token and one that it attends to. */
  readonly pairs: number;
}

/** Work of `rows` tokens that come after `before` others. */
export const workOf = (before: number, rows: number): Work => ({ tokens: rows, pairs: rows * (before + rows / 2) });

/** How much the prior counts, in passes. */
const priorWeight = 0.01;

/**
 * Least squares over passes, t = a * tokens + b * pairs. Early passes say little of b, so the fit is held to what the operations counted
 * beforehand predict: `pairCost` is what a pair costs when a token costs 1. The prior yields within the first tenth of a long window.
 */
export class Forecast {
  readonly #pairCost: number;
  #passes = 0;
  #milliseconds = 0;
  /** Sums over passes of x², xy, y², xt, yt and x + y, with x tokens and y pairs in costs of tokens. */
  #xx = 0;
  #xy = 0;
  #yy = 0;
  #xt = 0;
  #yt = 0;
  #cost = 0;

  constructor(pairCost: number) {
    this.#pairCost = pairCost;
  }

  add({ tokens, pairs }: Work, milliseconds: number): void {
    const [x, y] = [tokens, pairs * this.#pairCost];
    this.#passes++;
    this.#milliseconds += milliseconds;
    this.#xx += x * x;
    this.#xy += x * y;
    this.#yy += y * y;
    this.#xt += x * milliseconds;
    this.#yt += y * milliseconds;
    this.#cost += x + y;
  }

  /** Seconds that `work` will take; undefined before anything was measured. */
  seconds({ tokens, pairs }: Work): number | undefined {
    if (this.#passes === 0) return undefined;
    const usual = this.#milliseconds / this.#cost;
    const prior = (priorWeight * this.#xx) / this.#passes;
    const [xx, yy] = [this.#xx + prior, this.#yy + prior];
    const [xt, yt] = [this.#xt + prior * usual, this.#yt + prior * usual];
    const determinant = xx * yy - this.#xy ** 2;
    const perToken = Math.max(0, (xt * yy - yt * this.#xy) / determinant);
    const perPair = Math.max(0, (yt * xx - xt * this.#xy) / determinant);
    return (perToken * tokens + perPair * pairs * this.#pairCost) / 1000;
  }
}
