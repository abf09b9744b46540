// `passkey`: passkey retrieval (reading/passkey.ts) in the terminal, as a table of length by depth.
import type { RunOptions } from '../../../gpu/api.ts';
import { uniform } from '../../../gpu/model/sampling.ts';
import { type Found, findsKey, longestFound, TooShort, type Trial, trialsOf } from '../../../reading/passkey.ts';
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

export interface PasskeyRow extends Found {
  /** Part of the text in which the key is hidden, as its beginning: 0, 0.1, … 0.9 for ten trials and more. */
  depth: number;
}

export async function passkey(path: string, options: PasskeyOptions, running: Running): Promise<void> {
  const { model, createEngine } = await prepareModel(path, options.adapter, running);
  const next = uniform(options.seed);
  const { trials, lengths } = options;
  const all = lengths.map((length) => {
    try {
      return trialsOf(model.tokenizer, length, { trials, next });
    } catch (error) {
      if (!(error instanceof TooShort)) throw error;
      throw new TerminalError(`${error.message}; give --lengths from ${error.shortest} on.`);
    }
  });
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
