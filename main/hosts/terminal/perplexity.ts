// `perplexity`: how well a model predicts a text with windows of several lengths, as Position Interpolation was measured (Chen et al.
// 2023, arXiv 2306.15595, section 3.2): a window slides over the text by `stride` tokens, and each token is predicted once, from as many
// tokens before it as the window holds (Press et al. 2021, arXiv 2108.12409).
import { readFile } from 'node:fs/promises';
import type { Engine, RunOptions, Tokenizer } from '../../../gpu/api.ts';
import { prepareModel } from './composition.ts';
import { print, printJson } from './output.ts';
import { fileProblem, TerminalError } from './problems.ts';
import { type RunModelOptions, startEngine } from './run-model.ts';
import type { Running } from './running.ts';

export interface PerplexityOptions extends RunModelOptions {
  text: string;
  windows: number[];
  stride: number;
  /** Most tokens of the text. */
  tokens?: number;
}

export interface PerplexityRow {
  window: number;
  factor: number;
  /** Tokens that were predicted. */
  tokens: number;
  perplexity: number;
}

/** A stretch of the text that is predicted in one go. */
interface Stretch {
  /** First token that is seen, first that is predicted, and end of both. */
  readonly from: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Where the window stands. Every window begins with one token that is only seen: BOS, or without one the text's own. In the first one
 * all others are predicted, in each further one the last `stride`.
 */
export function stretches(length: number, window: number, stride: number): Stretch[] {
  const found = [{ from: 0, first: 1, end: Math.min(window, length) }];
  for (let end = found[0].end; end < length; ) {
    const first = end;
    end = Math.min(end + stride, length);
    // The last one may be shorter; what it sees before is as long as for the others.
    found.push({ from: first + stride - window, first, end });
  }
  return found;
}

/** Natural-log probability of every token of the window lengths, each row as soon as it is known. */
export async function* slidingPerplexity(
  engine: Pick<Engine, 'logprobs' | 'ropeFactor'>,
  { ids, bos }: { ids: readonly number[]; bos: number | undefined },
  { windows, stride }: { windows: readonly number[]; stride: number },
  { signal, onProgress }: RunOptions = {},
): AsyncGenerator<PerplexityRow> {
  const text = bos === undefined ? ids : [bos, ...ids];
  const plan = windows.map((window) => stretches(text.length, window, stride));
  // What a short window's first stretch predicts, the longest window's has predicted from the same tokens.
  const longest = Math.min(Math.max(...windows), text.length);
  const total = longest + plan.flatMap((all) => all.slice(1)).reduce((sum, { from, end }) => sum + end - from, 0);
  let done = 0;
  const run = async (seen: readonly number[], predicted: readonly number[]) => {
    const size = seen.length + predicted.length;
    const started = performance.now();
    const [found] = await engine.logprobs(seen, [predicted], {
      signal,
      onProgress: (part) => onProgress?.({ done: done + (size * part.done) / part.total, total }),
    });
    done += size;
    const secondsLeft = ((performance.now() - started) / 1000) * ((total - done) / size);
    onProgress?.({ done, total, secondsLeft });
    return found;
  };
  const first = await run(text.slice(0, 1), text.slice(1, longest));
  for (const [i, window] of windows.entries()) {
    let sum = first.subarray(0, plan[i][0].end - 1).reduce((a, b) => a + b, 0);
    for (const { from, first, end } of plan[i].slice(1)) {
      const seen = bos === undefined ? text.slice(from, first) : [bos, ...text.slice(from + 1, first)];
      sum = (await run(seen, text.slice(first, end))).reduce((a, b) => a + b, sum);
    }
    const tokens = text.length - 1;
    yield { window, factor: engine.ropeFactor, tokens, perplexity: Math.exp(-sum / tokens) };
  }
}

export async function perplexity(path: string, options: PerplexityOptions, running: Running): Promise<void> {
  const text = await readFile(options.text, 'utf8').catch((error) => {
    throw fileProblem(error, options.text, 'a text file');
  });
  const { windows, stride } = options;
  if (stride >= Math.min(...windows))
    throw new TerminalError(
      `A window of ${Math.min(...windows)} tokens cannot slide by ${stride}; give a smaller --stride.`,
    );
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const ids = tokensOf(model.tokenizer, text, options);
  const longest = Math.max(...windows);
  const engine = await startEngine(createEngine, longest, options, running);
  const { signal, progress } = running;
  const onProgress: RunOptions['onProgress'] = (part) => progress.report({ stage: 'measure', ...part });
  const rows: PerplexityRow[] = [];
  const { bos } = model.tokenizer;
  for await (const row of slidingPerplexity(engine, { ids, bos }, { windows, stride }, { signal, onProgress })) {
    rows.push(row);
    if (!options.json) running.say(`Window ${row.window}: perplexity ${row.perplexity.toFixed(3)}.`);
  }
  progress.end();
  if (options.json) return printJson({ rows, stride, text: { tokens: ids.length }, adapter: engine.adapter });
  const line = (...cells: (string | number)[]) => cells.map((cell) => String(cell).padStart(12)).join('');
  const lines = rows.map(({ window, factor, tokens, perplexity }) =>
    line(window, `x${factor}`, tokens, perplexity.toFixed(3)),
  );
  await print([line('window', 'factor', 'tokens', 'perplexity'), ...lines].join('\n'));
}

function tokensOf(tokenizer: Tokenizer, text: string, { windows, tokens }: PerplexityOptions): number[] {
  const ids = tokenizer.encode(text).slice(0, tokens);
  const longest = Math.max(...windows);
  // Every window begins with that token, where the model has one.
  if (ids.length + Number(tokenizer.bos !== undefined) >= longest) return ids;
  throw new TerminalError(
    `This text has ${ids.length.toLocaleString('en')} tokens, fewer than the window of ${longest.toLocaleString('en')}; give a longer text, or shorter --windows.`,
  );
}
