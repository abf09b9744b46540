// Quotations that cannot be wrong: a model that writes is held to the document's own sentences. The sentences, as lines of a list,
// are paths of token ids in a trie; of the logits only those stay that go on along a path. Where one sentence is left, its rest is
// copied without asking the model. What comes out is an index, and what is shown are the document's own words at that place.
import type { LogitsProcessor, Tokenizer } from '../../gpu/api.ts';

interface Node {
  children: Map<number, Node>;
  /** Sentences below that may still be chosen. */
  live: number;
  /** Sentences that end here: more than one where the document says the same again. */
  sentences: number[];
}

const node = (): Node => ({ children: new Map(), live: 0, sentences: [] });

/** What the model reads and writes of a sentence: without ligatures, odd blanks and curled quotation marks. */
export const normalized = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201f]/g, '"')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/\u00ad/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Ids of one line of the list. */
const lineOf = (tokenizer: Pick<Tokenizer, 'encode'>, text: string): number[] =>
  tokenizer.encode(`- ${normalized(text)}\n`);

/** A walk along the trie, from sentence to sentence. */
export class QuoteWalk {
  readonly #root = node();
  readonly #paths = new Map<number, number[]>();
  #at = this.#root;
  /** Sentences chosen, in the order in which they were. */
  readonly chosen: number[] = [];

  /** `sentences`: index and text of each one that may be quoted. */
  constructor(tokenizer: Pick<Tokenizer, 'encode'>, sentences: Iterable<readonly [index: number, text: string]>) {
    for (const [index, text] of sentences) {
      const path = lineOf(tokenizer, text);
      this.#paths.set(index, path);
      let here = this.#root;
      here.live++;
      for (const id of path) {
        let next = here.children.get(id);
        if (!next) {
          next = node();
          here.children.set(id, next);
        }
        next.live++;
        here = next;
      }
      here.sentences.push(index);
    }
  }

  /** Between two sentences. */
  get atStart(): boolean {
    return this.#at === this.#root;
  }

  /** Nothing is left to choose. */
  get exhausted(): boolean {
    return this.#root.live === 0;
  }

  /** Tokens that may come next; at the start of a sentence the end may come too. */
  allowed(): number[] {
    return [...this.#at.children].filter(([, next]) => next.live > 0).map(([id]) => id);
  }

  /** The rest of the sentence, or of what all sentences share from here, where there is no choice. */
  forced(): number[] {
    const ids: number[] = [];
    for (let here = this.#at; here.sentences.length === 0; ) {
      const open = [...here.children].filter(([, next]) => next.live > 0);
      if (open.length !== 1) break;
      ids.push(open[0][0]);
      here = open[0][1];
    }
    return ids;
  }

  /** Goes one token on; returns the sentence that ends with it. */
  advance(id: number): number | undefined {
    const next = this.#at.children.get(id);
    if (!next || next.live === 0) throw new RangeError('A token that no sentence goes on with');
    this.#at = next;
    if (next.sentences.length === 0) return undefined;
    const sentence = next.sentences[0];
    this.remove(sentence);
    this.chosen.push(sentence);
    this.#at = this.#root;
    return sentence;
  }

  /** Takes a sentence out, so that it is not chosen (again). */
  remove(sentence: number): void {
    const path = this.#paths.get(sentence);
    if (!path) return;
    this.#paths.delete(sentence);
    let here = this.#root;
    here.live--;
    for (const id of path) {
      here = here.children.get(id)!;
      here.live--;
    }
    here.sentences = here.sentences.filter((one) => one !== sentence);
  }
}

/** Leaves of the logits only what the walk allows, and the end tokens where `mayEnd`. The walk must be where the text is. */
export const quoteProcessor =
  (walk: QuoteWalk, endTokens: readonly number[], mayEnd: () => boolean): LogitsProcessor =>
  (logits) => {
    const allowed = walk.allowed();
    if (walk.atStart && mayEnd()) allowed.push(...endTokens);
    const kept = allowed.map((id) => logits[id]);
    logits.fill(Number.NEGATIVE_INFINITY);
    allowed.forEach((id, i) => {
      logits[id] = Number.isFinite(kept[i]) ? kept[i] : -1e30;
    });
  };
