// Which tokens lie in the cache, and which beginnings of them can still be continued. Layers with a sliding window keep a ring of slots:
// each token takes the place of one that no later token sees. So a text can be taken back by as many tokens as the ring has to spare;
// what is taken back further has to be read again, because what it would see was written over.
import { tileBegins } from '../kernels/attention.ts';
import type { ModelConfig } from './config.ts';

/** Most tokens of one pass. */
export const largestPass = 256;
/** Tokens that can be taken back in any case: a question with its answer, so that the next one finds the document as it was. */
const leastTakenBack = 1024;

/** What a row of a layer with a sliding window reads: the window, and the slots of a tile that begins before it. */
const readBy = (window: number) => window + tileBegins;

/** Slots of layers with a sliding window, a power of two; undefined where there are none. */
export function ringOf({ slidingWindow }: ModelConfig): number | undefined {
  if (!slidingWindow) return undefined;
  return 2 ** Math.ceil(Math.log2(readBy(slidingWindow.tokens) + largestPass + leastTakenBack));
}

export class Window {
  /** Ids whose keys and values are in slots 0, 1, … of the cache. */
  #ids: number[] = [];
  /** Where there is a ring: nothing was written to this slot or any behind it since the window was empty. */
  #reach = 0;
  readonly #ring: number | undefined;
  /** Slots behind a text that may have been written when it is continued. */
  readonly #takenBack: number;

  constructor(config: ModelConfig) {
    this.#ring = ringOf(config);
    this.#takenBack = (this.#ring ?? 0) - readBy(config.slidingWindow?.tokens ?? 0);
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  get reach(): number {
    return this.#reach;
  }

  /** Whether all that tokens behind the first `length` ones see is still there. */
  continues(length: number): boolean {
    return this.#ring === undefined || this.#reach <= this.#ring || this.#reach - length <= this.#takenBack;
  }

  /** Leaves what begins like `ids`, or nothing where that cannot be continued; how many tokens stay. */
  keep(ids: readonly number[]): number {
    const common = commonPrefix(this.#ids, ids);
    if (!this.continues(common)) this.empty();
    else this.#ids.length = common;
    return this.#ids.length;
  }

  /** To be called before slots below `end` are written, whether or not that comes to its end. */
  writes(end: number): void {
    if (this.#ring !== undefined) this.#reach = Math.max(this.#reach, end);
  }

  push(id: number): void {
    this.#ids.push(id);
  }

  /** What another window was, whose slots were put in place of these. */
  restore({ ids, reach }: { ids: readonly number[]; reach: number }): void {
    this.#ids = [...ids];
    this.#reach = reach;
  }

  empty(): void {
    this.#ids = [];
    this.#reach = 0;
  }
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
