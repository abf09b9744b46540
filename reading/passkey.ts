// Passkey retrieval: whether a model finds five digits that are hidden in a long text, by the length of the text and by their depth in
// it (the test of Mohtashami and Jaggi 2023, arXiv 2305.16300, with the prompt of Position Interpolation, arXiv 2306.15595, figure 2).
// The terminal measures with it, and the window tests a model with it on the reader's own machine.
import type { Engine, RunOptions, Tokenizer } from '../gpu/api.ts';

/** How many of the keys of one length, or of one part of it, were found. */
export interface Found {
  length: number;
  trials: number;
  correct: number;
}

const opening =
  'There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. I will quiz you about the important information there.';
const filler = 'The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.';
const closing = 'What is the pass key? The pass key is';
const hidden = (key: string) => `The pass key is ${key}. Remember it. ${key} is the pass key.`;
/** Tokens that are kept for the answer: five digits, one by one, and what a model may put before them. */
const answerTokens = 8;

/** The prompt with the filler `before` and `after` times around the key. */
export const passkeyPrompt = (key: string, before: number, after: number): string =>
  [opening, ...Array(before).fill(filler), hidden(key), ...Array(after).fill(filler), closing].join(' ');

export interface Trial {
  length: number;
  depth: number;
  key: string;
  ids: number[];
}

/** No key can be hidden in a text of so few tokens. */
export class TooShort extends Error {
  /** Tokens of the shortest text that is long enough. */
  readonly shortest: number;
  constructor(length: number, shortest: number) {
    super(`A text of ${length} tokens is too short to hide a key in`);
    this.name = 'TooShort';
    this.shortest = shortest;
  }
}

/**
 * Trials of one length, with the keys spread over the depth of the text, one in each of as many equal parts, the shallowest first: what
 * stands before a key is in the window already when the next one is deeper. Throws TooShort.
 */
export function trialsOf(
  tokenizer: Pick<Tokenizer, 'encode' | 'bos'>,
  length: number,
  { trials, next }: { trials: number; next: () => number },
): Trial[] {
  const lead = tokenizer.bos === undefined ? [] : [tokenizer.bos];
  const encode = (key: string, before: number, after: number) => [
    ...lead,
    ...tokenizer.encode(passkeyPrompt(key, before, after)),
  ];
  const least = encode('12345', 0, 0).length;
  const each = (encode('12345', 0, 64).length - least) / 64;
  const fillers = Math.floor((length - answerTokens - least) / each);
  if (fillers < 1) throw new TooShort(length, Math.ceil(least + each + answerTokens));
  return Array.from({ length: trials }, (_, i) => {
    const depth = (i + next()) / trials;
    const key = String(10_000 + Math.floor(next() * 90_000));
    const before = Math.round(depth * fillers);
    // Tokenizers join at the seams, so the count above may be off by some.
    for (let count = fillers; ; count--) {
      const ids = encode(key, Math.min(before, count), count - Math.min(before, count));
      if (ids.length + answerTokens <= length) return { length, depth, key, ids };
    }
  });
}

/** Whether what the model writes after a trial's prompt is the key. */
export async function findsKey(engine: Pick<Engine, 'generate'>, trial: Trial, options: RunOptions): Promise<boolean> {
  let text = '';
  for await (const token of engine.generate(trial.ids, { maxTokens: answerTokens, ...options })) {
    text += token.text;
    if (/\d{5}/.test(text)) break;
  }
  return /\d+/.exec(text)?.[0].startsWith(trial.key) ?? false;
}

/** The paper's k_max: the longest length at which, and at all shorter ones, a fifth of the keys is found; 0 for none. */
export function longestFound(rows: readonly Found[]): number {
  const lengths = [...new Set(rows.map(({ length }) => length))].sort((a, b) => a - b);
  const rate = (length: number) => {
    const own = rows.filter((row) => row.length === length);
    return own.reduce((sum, row) => sum + row.correct, 0) / own.reduce((sum, row) => sum + row.trials, 0);
  };
  const failed = lengths.findIndex((length) => rate(length) < 0.2);
  return (failed < 0 ? lengths.at(-1) : lengths[failed - 1]) ?? 0;
}
