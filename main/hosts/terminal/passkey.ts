// `passkey`: whether a model finds five digits that are hidden in a long text, by the length of the text and by their depth in it (the
// test of Mohtashami and Jaggi 2023, arXiv 2305.16300, with the prompt of Position Interpolation, arXiv 2306.15595, figure 2).
import type { Engine, RunOptions, Tokenizer } from '../../../gpu/api.ts';
import { uniform } from '../../../gpu/model/sampling.ts';
import { prepareModel } from './composition.ts';
import { print, printJson } from './output.ts';
import { TerminalError } from './problems.ts';
import { type RunModelOptions, startEngine } from './run-model.ts';
import type { Running } from './running.ts';

export interface PasskeyOptions extends RunModelOptions {
  /** Tokens of prompt and answer together. */
  lengths: number[];
  /** For each length. */
  trials: number;
  seed: number;
}

export interface PasskeyRow {
  length: number;
  /** Part of the text in which the key is hidden, as its beginning: 0, 0.1, … 0.9 for ten trials and more. */
  depth: number;
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

/**
 * Trials of one length, with the keys spread over the depth of the text, one in each of as many equal parts, the shallowest first: what
 * stands before a key is in the window already when the next one is deeper. Throws where the length is too short for the prompt.
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
  if (fillers < 1)
    throw new TerminalError(
      `A text of ${length} tokens is too short to hide a key in; give --lengths from ${Math.ceil(least + each + answerTokens)} on.`,
    );
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

export async function passkey(path: string, options: PasskeyOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const next = uniform(options.seed);
  const { trials, lengths } = options;
  const all = lengths.map((length) => trialsOf(model.tokenizer, length, { trials, next }));
  const engine = await startEngine(createEngine, Math.max(...lengths), options, running);
  const { signal, progress } = running;
  const total = all.flat().reduce((sum, { ids }) => sum + ids.length, 0);
  let done = 0;
  const rows: PasskeyRow[] = [];
  for (const trialsOfLength of all) {
    for (const trial of trialsOfLength) {
      const onProgress: RunOptions['onProgress'] = (part) =>
        progress.report({ stage: 'measure', done: done + (trial.ids.length * part.done) / part.total, total });
      const correct = await findsKey(engine, trial, { signal, onProgress });
      count(rows, trial, Math.min(10, trials), correct);
      done += trial.ids.length;
    }
  }
  progress.end();
  const kMax = longestFound(rows);
  if (options.json) return printJson({ rows, kMax, factor: engine.ropeFactor, adapter: engine.adapter });
  await print([...table(rows), '', `k_max (>= 20 % at this and all shorter lengths): ${kMax || 'none'}`].join('\n'));
}

/** `parts`: into how many the text is divided by depth. */
function count(rows: PasskeyRow[], { length, depth }: Trial, parts: number, correct: boolean): void {
  const begin = Math.floor(depth * parts) / parts;
  let row = rows.find((one) => one.length === length && one.depth === begin);
  if (!row) {
    row = { length, depth: begin, trials: 0, correct: 0 };
    rows.push(row);
  }
  row.trials++;
  row.correct += Number(correct);
}

/** The paper's k_max: the longest length at which, and at all shorter ones, a fifth of the keys is found; 0 for none. */
export function longestFound(rows: readonly PasskeyRow[]): number {
  const lengths = [...new Set(rows.map(({ length }) => length))].sort((a, b) => a - b);
  const rate = (length: number) => {
    const own = rows.filter((row) => row.length === length);
    return own.reduce((sum, row) => sum + row.correct, 0) / own.reduce((sum, row) => sum + row.trials, 0);
  };
  const failed = lengths.findIndex((length) => rate(length) < 0.2);
  return (failed < 0 ? lengths.at(-1) : lengths[failed - 1]) ?? 0;
}

/** Length by depth, in per cent of the keys found. */
function table(rows: readonly PasskeyRow[]): string[] {
  const depths = [...new Set(rows.map(({ depth }) => depth))].sort((a, b) => a - b);
  const line = (cells: (string | number)[]) => cells.map((cell) => String(cell).padStart(7)).join('');
  const lengths = [...new Set(rows.map(({ length }) => length))];
  return [
    line(['length', ...depths.map((depth) => `${Math.round(depth * 100)} %`)]),
    ...lengths.map((length) =>
      line([
        length,
        ...depths.map((depth) => {
          const row = rows.find((one) => one.length === length && one.depth === depth);
          return row ? `${Math.round((100 * row.correct) / row.trials)} %` : '';
        }),
      ]),
    ),
  ];
}
