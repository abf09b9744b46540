// Joins neighbouring symbols, the best pair first, until no pair can be joined: the inner loop of both BPE and SentencePiece. A heap
// of pairs over a linked list of symbols, so a "word" of a megabyte takes n log n, not n squared.

/** Lower joins earlier, the left-most first among equals; undefined never joins. */
export type Priority = (left: string, right: string) => number | undefined;

/** The symbols that are left of `symbols` after all merges. */
export function merge(symbols: readonly string[], priority: Priority): string[] {
  if (symbols.length < 2) return [...symbols];
  const text = [...symbols];
  const next = Int32Array.from(symbols, (_, i) => (i + 1 < symbols.length ? i + 1 : -1));
  const previous = Int32Array.from(symbols, (_, i) => i - 1);
  const heap = new PairHeap();
  const offer = (left: number, right: number) => {
    if (left < 0 || right < 0) return;
    const rank = priority(text[left], text[right]);
    if (rank !== undefined) heap.push(rank, left, right, text[left].length + text[right].length);
  };
  for (let i = 0; i + 1 < symbols.length; i++) offer(i, i + 1);
  for (let pair = heap.pop(); pair >= 0; pair = heap.pop()) {
    const { left, right, length } = heap.pair(pair);
    // Symbols only grow or become empty: a pair whose parts have another length than when it was offered is no more.
    if (text[left] === '' || text[right] === '' || text[left].length + text[right].length !== length) continue;
    text[left] += text[right];
    text[right] = '';
    next[left] = next[right];
    if (next[right] >= 0) previous[next[right]] = left;
    offer(previous[left], left);
    offer(left, next[left]);
  }
  const merged: string[] = [];
  for (let i = 0; i >= 0; i = next[i]) merged.push(text[i]);
  return merged;
}

/** Binary min-heap over (rank, left); pairs stay where they are, the heap holds their numbers. */
class PairHeap {
  readonly #ranks: number[] = [];
  readonly #lefts: number[] = [];
  readonly #rights: number[] = [];
  readonly #lengths: number[] = [];
  readonly #heap: number[] = [];

  pair(number: number): { left: number; right: number; length: number } {
    return { left: this.#lefts[number], right: this.#rights[number], length: this.#lengths[number] };
  }

  #before(a: number, b: number): boolean {
    const difference = this.#ranks[a] - this.#ranks[b];
    return difference < 0 || (difference === 0 && this.#lefts[a] < this.#lefts[b]);
  }

  push(rank: number, left: number, right: number, length: number): void {
    const number = this.#ranks.length;
    this.#ranks.push(rank);
    this.#lefts.push(left);
    this.#rights.push(right);
    this.#lengths.push(length);
    const heap = this.#heap;
    let at = heap.length;
    heap.push(number);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(number, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = number;
  }

  /** The number of the best pair, taken off the heap; -1 when there is none. */
  pop(): number {
    const heap = this.#heap;
    if (heap.length === 0) return -1;
    const best = heap[0];
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return best;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(heap[child + 1], heap[child])) child++;
      if (!this.#before(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return best;
  }
}
